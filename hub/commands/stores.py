"""`pos-hub store …`: the chain's stores, and of whom their tills are told."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, TextIO

import click

from hub.batches import batches
from hub.commands.ledger_option import ledger_option
from hub.commands.ledger_there import open_ledger
from hub.commands.store_import import import_command
from hub.hub import Hub
from hub.places.place import FIELDS, NOTHING, BadPlace, as_fields, place_of, told, with_place
from hub.regulars import bought_in
from hub.store.office_records import StoreRow
from hub.store.seam import Writer
from hub.stores import STORE_LETTERS_MAX, is_seen, keep_store, see
from loyalty.possible import is_text
from loyalty.utc import is_zone

MEMBERS_AT_ONCE: Final = 200  # of one transaction, for which a till's push has to wait
UNKNOWN_SHOWN_MAX: Final = 20  # cards: as many as a screen holds
KEEP_DAYS_MAX: Final = 3_650


@click.group()
def store() -> None:
    """Stores, and of whom their tills are told.

    A till is told of every member of the chain (`--members chain`), as is one whose store is not listed here, or of
    those alone who are seen in its store (`--members shop`): who buys there, whom a till there asks the hub for, whom
    `store send` names. They are forgotten there when they were not seen for `--keep-days`. Till and hub know a store by
    the same id: `store.id` of the till's settings.
    """


store.add_command(import_command)


def _row_options(command: Callable[..., None]) -> Callable[..., None]:
    """What can be said of a store."""
    options = (
        click.option("--members", type=click.Choice(["chain", "shop"]), help="Of whom its tills are told."),
        click.option("--keep-days", type=click.IntRange(1, KEEP_DAYS_MAX), help="For so long after the last time."),
        click.option("--entity", callback=_text, help="The legal entity."),
        click.option("--format", callback=_text, help="What kind of store: hypermarket, kiosk, …"),
        click.option("--timezone", callback=_zone, help="IANA, such as Asia/Omsk; else the programme's."),
        click.option("--name", help="What people call it."),
        click.option("--city", help="Where it is."),
        click.option("--address", help="Street and house."),
        click.option("--phones", help="Several with commas."),
        click.option("--hours", help="'mon-fri 9:00-22:00; sat, sun 10:00-20:00', 'daily 8-23', '24/7'."),
        click.option("--days", help="That are others: '2026-12-31 9:00-18:00; 2027-01-01 closed'."),
        click.option("--latitude", help="Degrees, like 55.755864."),
        click.option("--longitude", help="Degrees, like 37.617698."),
        click.option("--closed", help="yes: for good; people are not told of it any more."),
        click.option("--programmes", help="Whose members are told of it; else all."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _text(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    if value and not is_text(value):
        raise click.BadParameter("short and without control characters, please")
    return value


def _zone(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    if value and not is_zone(value):
        raise click.BadParameter(f"{value!r} is no time zone; they are called like Europe/Moscow")
    return value


def _id(context: click.Context, option: click.Parameter, value: str) -> str:
    if not is_text(value, STORE_LETTERS_MAX):
        raise click.BadParameter(f"an id has 1 to {STORE_LETTERS_MAX} letters, and no control characters")
    return value


@store.command()
@ledger_option
@click.argument("store_id", metavar="STORE", callback=_id)
@_row_options
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of words.")
def add(ledger: Path | str, store_id: str, as_json: bool, **said: Any) -> None:
    """Add a store, or change one: what is not said stays as it is.

    Where its tills are told of others from now on, they read their feed anew, and forget the rest a day later. A shop's
    tills know nobody at first but those who are seen there from now on: `store send` names the others.

    What people are told of it (from --name on) stands in their account, on the page of shops; "" takes it away.

    \b
    pos-hub store add omsk-7 --members shop --timezone Asia/Omsk
    pos-hub store add omsk-7 --city Омск --address "ул. Ленина, 7" --hours "daily 9:00-21:00"
    """
    hub = open_ledger(ledger)
    changed = {name: value for name, value in said.items() if value is not None}
    of_place: dict[str, str] = {name: changed.pop(name) or NOTHING for name in FIELDS if name in changed}
    if "timezone" in changed:
        changed["timezone"] = changed["timezone"] or None  # said to be none

    def work(writer: Writer) -> StoreRow:
        row = writer.named_stores([store_id]).get(store_id, StoreRow(store_id))._replace(**changed)
        if of_place:
            row = with_place(row, told(place_of(row), of_place, hub.programmes))
        keep_store(writer, row)
        return row

    try:
        row = hub.within(work)
    except BadPlace as error:
        raise click.UsageError(str(error)) from error
    finally:
        hub.close()
    click.echo(json.dumps(_told(row), ensure_ascii=False) if as_json else _line(row))


@store.command(name="list")
@ledger_option
@click.option("--json", "as_json", is_flag=True, help="As JSON, one store a line.")
def list_command(ledger: Path | str, as_json: bool) -> None:
    """List stores."""
    hub = open_ledger(ledger)
    with hub.store.reading() as reader:
        rows = reader.stores()
    hub.close()
    for row in rows.values():
        click.echo(json.dumps(_told(row), ensure_ascii=False) if as_json else _line(row))
    if not rows and not as_json:
        click.echo("There are none: every till is told of all members.")


@store.command()
@ledger_option
@click.argument("store_id", metavar="STORE")
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of words.")
def show(ledger: Path | str, store_id: str, as_json: bool) -> None:
    """Show a store, and how many members are seen there."""
    hub = open_ledger(ledger)
    row = _known(hub, store_id)
    now = hub.now()
    with hub.store.reading() as reader:
        seen = [one.member for one in reader.all_seen() if one.store == store_id and is_seen(one, now)]
        count = Counter(member.programme for member in reader.members(seen).values())
    hub.close()
    if as_json:
        click.echo(json.dumps({**_told(row), "seen": dict(count)}, ensure_ascii=False))
        return
    click.echo(_line(row))
    for field, text in _place(row).items():
        click.echo(f"  {field}: {text}")
    for programme, members in sorted(count.items()):
        click.echo(f"  {programme}: {'1 member is' if members == 1 else f'{members} members are'} seen there")


@store.command()
@ledger_option
@click.argument("store_id", metavar="STORE")
@click.option("--card", "cards", multiple=True, help="A card of the member; may be given several times.")
@click.option("--file", type=click.File(encoding="utf-8-sig"), help="Cards, one a line.")
@click.option(
    "--bought-days",
    type=click.IntRange(1, KEEP_DAYS_MAX),
    help="Whoever bought there in so many days; all operations are looked through.",
)
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of words.")
def send(
    ledger: Path | str,
    store_id: str,
    cards: tuple[str, ...],
    file: TextIO | None,
    bought_days: int | None,
    as_json: bool,
) -> None:
    """Tell the tills of a shop of members, as if they were seen there today. It may be stopped and begun again.

    \b
    pos-hub store send omsk-7 --card 2600000000017
    pos-hub store send omsk-7 --file regulars.txt
    pos-hub store send omsk-7 --bought-days 60
    """
    hub = open_ledger(ledger)
    try:
        if _known(hub, store_id).members != "shop":
            raise click.ClickException(f"The tills of {store_id} are told of all members: there is nobody to send.")
        numbers = [*cards, *(line.strip() for line in file or () if line.strip())]
        if not numbers and bought_days is None:
            raise click.UsageError("Whom? By --card, --file or --bought-days.")
        members, unknown = _of_cards(hub, numbers)
        if bought_days is not None:
            with hub.store.reading() as reader:
                members |= bought_in(reader, store_id, hub.now() - timedelta(days=bought_days))
        new = sum(_see(hub, store_id, some) for some in batches(sorted(members), MEMBERS_AT_ONCE))
    finally:
        hub.close()
    _tell_sent(new, len(members), unknown, as_json)


def _known(hub: Hub, store_id: str) -> StoreRow:
    with hub.store.reading() as reader:
        row = reader.named_stores([store_id]).get(store_id)
    if row is None:
        raise click.ClickException(f"There is no store {store_id!r}. `pos-hub store add` adds it.")
    return row


def _of_cards(hub: Hub, numbers: Sequence[str]) -> tuple[set[str], list[str]]:
    """The members who have them, and the cards that nobody has."""
    members, unknown = set[str](), list[str]()
    with hub.store.reading() as reader:
        for some in batches(numbers, MEMBERS_AT_ONCE):
            found = reader.cards(some)
            members |= {card.member for card in found.values()}
            unknown += [number for number in some if number not in found]
    return members, unknown


def _see(hub: Hub, store_id: str, members: Sequence[str]) -> int:
    return hub.within(lambda writer: see(writer, store_id, members, hub.now()))


def _tell_sent(new: int, members: int, unknown: Sequence[str], as_json: bool) -> None:
    """With exit code 1 where a card is nobody's: the others were sent."""
    if as_json:
        click.echo(json.dumps({"sent": members, "new": new, "unknown": list(unknown)}, ensure_ascii=False))
    else:
        click.echo(f"Members sent: {members}; {new} of them were not known there.")
        for number in unknown[:UNKNOWN_SHOWN_MAX]:
            click.echo(f"nobody has card {number}", err=True)
        if more := len(unknown[UNKNOWN_SHOWN_MAX:]):
            click.echo(f"… and {more} more cards that nobody has", err=True)
    if unknown:
        sys.exit(1)


def _told(row: StoreRow) -> dict[str, Any]:
    return row._asdict() | {"place": _place(row)}


def _place(row: StoreRow) -> dict[str, str]:
    """What is known of it, as it may be said again."""
    return {field: text for field, text in as_fields(place_of(row)).items() if text}


def _line(row: StoreRow) -> str:
    whom = "all members" if row.members == "chain" else f"who is seen there, for {row.keep_days} days"
    place = place_of(row)
    where = (place.name, place.city, place.address, "closed for good" if place.closed else "")
    more = [text for text in (row.format, row.entity, row.timezone, *where) if text]
    return "  ".join([row.store, f"tills are told of {whom}", *more])
