"""`pos-hub certificate …`: gift certificates as the office sees them and puts them right."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import tzinfo
from pathlib import Path
from typing import Any, Final

import click
import msgspec

from hub.certificates import orders
from hub.certificates.picture import drawn
from hub.certificates.view import CertificateView, viewed
from hub.commands.ledger_option import ledger_option
from hub.commands.ledger_there import programme_called
from hub.commands.ordering import key_of, office, order_options, same, tell, today
from hub.coupons.written import write_drawing
from hub.hub import Hub
from hub.people.history import shown_at
from hub.people.orders import Done, Order
from hub.store.certificate_records import CertificateRow
from loyalty.money import BadNumber, format_kopecks, parse_kopecks
from loyalty.programme import Language

STATES: Final = ("open", "blocked", "replaced", "given", "empty", "beyond")
AGAIN: Final = "To do it once more, give it a key of its own: --asked KEY."

picture_option = click.option(
    "--picture",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write it there, with its QR, number and PIN: .png, .pdf or .svg.",
)
language_option = click.option(
    "--language", type=click.Choice(("ru", "en")), default="ru", show_default=True, help="Of the picture."
)


def kopecks(context: click.Context, parameter: click.Parameter, text: str | None) -> int | None:
    """A sum of rubles, like 494.90."""
    try:
        return None if text is None else parse_kopecks(text.replace(",", "."))
    except BadNumber as error:
        raise click.BadParameter(f"write rubles like 494.90: {error}") from error


@click.group()
def certificate() -> None:
    """Gift certificates: what is on one, and what happened to it. One that is paid for never ends and is never kept: it
    is used, refunded, or replaced by another number.

    A certificate is named by its number, or by the text of its QR.
    """


@certificate.command()
@ledger_option
@click.argument("certificate")
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of words.")
def show(ledger: Path | str, certificate: str, as_json: bool) -> None:
    """What is on a certificate, and its history."""
    with office(ledger) as hub, hub.store.reading() as reader:
        found = viewed(reader, orders.called(hub, reader, certificate), hub.now())
        zone = hub.zone_of(found.programme)
    if as_json:
        click.echo(msgspec.json.encode(found).decode())
    else:
        click.echo("\n".join(_words(found, zone)))


@certificate.command(name="list")
@ledger_option
@click.option("--state", type=click.Choice(STATES), help="Only these; beyond: whose receipts the shop bears a part of.")
@click.option("--store", help="Only those that this store has sold.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, one certificate a line.")
def list_command(ledger: Path | str, state: str | None, store: str | None, as_json: bool) -> None:
    """All certificates, in the order of their numbers."""
    left = count = 0
    with office(ledger) as hub, hub.store.reading() as reader:
        for row in reader.all_certificates():
            if store in (None, row.store) and (state is None or _is(row, state)):
                click.echo(_line(row, as_json))
                left += row.left
                count += 1
    if not as_json:
        click.echo(f"{count} in all, with {format_kopecks(left)} rubles on them.", err=True)


@certificate.command()
@order_options
@click.option("--programme", required=True, help="alenka, perekrestok, …")
@click.option("--sum", "kopecks", required=True, callback=kopecks, metavar="RUBLES", help="Of how much.")
@click.option("--reason", required=True, help="Why; it stands in the history.")
@picture_option
@language_option
def give(
    ledger: Path | str,
    order: Order,
    as_json: bool,
    programme: str,
    kopecks: int,
    reason: str,
    picture: Path | None,
    language: Language,
) -> None:
    """Give a certificate that nobody pays for: it ends after so many days as the programme says. The same order on the
    same day is carried out once."""
    order = _keyed(order, "give", programme, str(kopecks), reason)
    with office(ledger) as hub:
        programme_called(hub, programme)
        _paper(hub, orders.give(hub, programme, kopecks, order, reason), as_json, picture, language)


@certificate.command()
@order_options
@click.argument("certificate")
@click.option("--reason", required=True, help="Why; it stands in the history.")
def block(ledger: Path | str, order: Order, as_json: bool, certificate: str, reason: str) -> None:
    """Nobody pays with it any more; what is on it waits for its owner (`replace`)."""
    order = _keyed(order, "block", certificate, reason)
    with office(ledger) as hub:
        tell(orders.block(hub, certificate, order, reason), as_json)


@certificate.command()
@order_options
@click.argument("certificate")
@click.option("--reason", required=True, help="Why; it stands in the history.")
@picture_option
@language_option
def replace(
    ledger: Path | str,
    order: Order,
    as_json: bool,
    certificate: str,
    reason: str,
    picture: Path | None,
    language: Language,
) -> None:
    """Put all that is on it onto a new number, and print that with its PIN and the text of its QR. The same order on
    the same day is carried out once, and says the same again."""
    order = _keyed(order, "replace", certificate, reason)
    with office(ledger) as hub:
        _paper(hub, orders.replace(hub, certificate, order, reason), as_json, picture, language)


@certificate.command()
@order_options
@click.argument("certificate")
@click.option("--sum", "kopecks", callback=kopecks, metavar="RUBLES", help="So much of it; else all that is on it.")
@click.option("--reason", required=True, help="Why; it stands in the history.")
def refund(ledger: Path | str, order: Order, as_json: bool, certificate: str, kopecks: int | None, reason: str) -> None:
    """Record that money was given back for it. The same order on the same day is carried out once."""
    order = _keyed(order, "refund", certificate, str(kopecks), reason)
    with office(ledger) as hub:
        done = orders.refund(hub, certificate, kopecks, order, reason)
    tell(done, as_json)
    if done.before is not None:
        click.echo(AGAIN, err=True)


# the pieces


def _keyed(order: Order, *parts: str) -> Order:
    key = order.key or key_of("certificate", *map(same, parts), same(order.by), today())
    return Order(by=order.by, key=key)


def _paper(hub: Hub, done: Done, as_json: bool, picture: Path | None, language: Language) -> None:
    with hub.store.reading() as reader:
        row = reader.certificates([done.member])[done.member]
    told = {"number": row.number, "pin": hub.certificate_pins.of(row.number)}
    told["text"] = hub.certificate_text(row.number, row.programme)
    if picture is not None:
        rules = programme_called(hub, row.programme)
        write_drawing(drawn(row, rules, language, text=told["text"], pin=told["pin"]), picture)
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(done) | told, ensure_ascii=False))
        return
    tell(done, as_json=False)
    for name, text in told.items():
        click.echo(f"  {name:<6} {text}")
    if done.before is not None:
        click.echo(AGAIN, err=True)


_IS: Final[dict[str, Callable[[CertificateRow], bool]]] = {
    "given": lambda row: not row.paid,
    "empty": lambda row: row.face > 0 and row.left == 0 and row.state == "open",
    "beyond": lambda row: row.beyond > 0,
}


def _is(row: CertificateRow, state: str) -> bool:
    return _IS[state](row) if state in _IS else row.state == state


def _line(row: CertificateRow, as_json: bool) -> str:
    if as_json:
        return msgspec.json.encode(row._asdict()).decode()
    parts = [row.number, f"{format_kopecks(row.left):>10} of {format_kopecks(row.face)}", row.state]
    parts += ["given"] if not row.paid else []
    parts += [f"beyond {format_kopecks(row.beyond)}"] if row.beyond else []
    return "  ".join([*parts, row.programme, row.store or "-"])


def _words(found: CertificateView, zone: tzinfo) -> Iterator[str]:
    yield f"certificate {found.number} of {found.programme}: {found.state}"
    facts: tuple[tuple[str, Any], ...] = (
        ("left", format_kopecks(found.left_kopecks)),
        ("face", format_kopecks(found.face_kopecks)),
        ("kept", format_kopecks(found.held_kopecks) if found.held_kopecks else ""),
        ("beyond", format_kopecks(found.beyond_kopecks) if found.beyond_kopecks else ""),
        ("store", found.store),
        ("until", shown_at(found.until, zone) if found.until else ""),
        ("instead", f"of {found.instead_of}" if found.instead_of else ""),
        ("now", found.successor or ""),
        ("pins", f"{found.wrong_pins} wrong ones were typed" if found.wrong_pins else ""),
    )
    yield from (f"  {name:<8} {value}" for name, value in facts if value)
    for one in found.history:
        moved = f"  {'+' if one.kopecks > 0 else ''}{format_kopecks(one.kopecks)}" if one.kopecks else ""
        refused = f"  refused: {one.refused}" if one.refused else ""
        by = f", {one.by}" if one.by else ""
        yield f"  {shown_at(one.at, zone)}  {one.words}{moved}{refused}  ({one.where}{by}, {one.id})"
