"""`pos-hub card …`: a member's card on his phone, and cards that were ordered on the site."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any, Final

import click
import msgspec

from hub.card_orders.giving import ORDERS_MAX
from hub.card_orders.order import EVENTS, OPEN, TRANSITIONS, Event
from hub.card_phones.linking import make_link, page_at
from hub.card_phones.revoking import Phone, phones_of, revoke
from hub.commands.ledger_option import ledger_option
from hub.commands.ledger_there import programme_called
from hub.commands.ordering import by_option, office, order_options, who_is_here
from hub.coupons.faces import card_face
from hub.coupons.written import write_drawing
from hub.desk.act import ActRefused
from hub.desk.card_order_acts import CardOrderTold, StepCardOrder, order_told, step
from hub.files.whole import unfinished
from hub.people.orders import Order
from hub.people.who import NotFound
from loyalty.programme import Language
from sync.account.card_orders import OrderState

NO_NAME: Final = "a phone without a name"
STEPS: Final = tuple(state for state in TRANSITIONS if state in OPEN)


@click.group()
def card() -> None:
    """A member's card on his phone: a link for one, which phones show it, and that one does not any more; and plastic
    cards that members have ordered by the form on the site."""


@card.command(name="phone")
@ledger_option
@click.argument("number", metavar="CARD")
@click.option("--png", type=click.Path(path_type=Path, dir_okay=False), help="The link as a QR for its camera.")
@by_option
def phone_command(ledger: Path | str, number: str, png: Path | None, by: str | None) -> None:
    """Make a link by which a phone gets CARD: good for an hour and for one phone. Whoever has the link has the card."""
    with office(ledger) as hub:
        with hub.store.reading() as reader:
            page = page_at(reader)
        link = make_link(hub, number, key=secrets.token_hex(16), by=by or who_is_here())
    url = link.at(page)
    if png is not None:
        _write(png, url)
    click.echo(url)
    click.echo(f"Open it on the member's phone before {link.ends_at:%H:%M} UTC.", err=True)


@card.command(name="phones")
@ledger_option
@click.argument("number", metavar="CARD")
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of words.")
def phones_command(ledger: Path | str, number: str, as_json: bool) -> None:
    """List the phones that show CARD."""
    with office(ledger) as hub, hub.store.reading() as reader:
        found = phones_of(reader, number)
    for one in found:
        fields = _fields(one)
        click.echo(json.dumps(fields, ensure_ascii=False) if as_json else _line(fields))
    if not found and not as_json:
        click.echo(f"No phone shows it. `pos-hub card phone {number}` makes a link for one.")


@card.command(name="forget-phone")
@ledger_option
@click.argument("number", metavar="CARD")
@click.argument("phone")
@by_option
def forget_command(ledger: Path | str, number: str, phone: str, by: str | None) -> None:
    """PHONE shows CARD no more: its codes prove nothing at any till that has heard of it."""
    with office(ledger) as hub:
        changed = revoke(hub, number, phone, by or who_is_here())
    click.echo(f"Phone {phone} was taken off card {number}{'' if changed else ' before'}.")


@card.command(name="picture")
@ledger_option
@click.argument("number", metavar="CARD")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--name", default="", help="Whose it is, above the number.")
@click.option("--language", type=click.Choice(("ru", "en")), default="ru", show_default=True)
def picture_command(ledger: Path | str, number: str, file: Path, name: str, language: Language) -> None:
    """Draw CARD into FILE (.png, .pdf or .svg): the programme's colours and words, the number, and its QR.

    It is the card's number and nothing more: it identifies and earns, from a screen, a picture or paper.
    """
    with office(ledger) as hub:
        with hub.store.reading() as reader:
            row = reader.cards([number]).get(number)
            holder = reader.members([row.member])[row.member] if row is not None else None
        if holder is None:
            raise NotFound(f"Nobody has a card {number}.")
        write_drawing(card_face(number, programme_called(hub, holder.programme), language, name), file)
    click.echo(f"{file} is drawn.", err=True)


@card.command(name="orders")
@ledger_option
@click.option("--state", type=click.Choice(tuple(TRANSITIONS)), help="Those in this state.  [default: all that go on]")
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of words.")
def orders_command(ledger: Path | str, state: OrderState | None, as_json: bool) -> None:
    """List plastic cards that members have ordered on the site, those first that wait longest."""
    with office(ledger) as hub, hub.store.reading() as reader:
        rows = [row for one in ((state,) if state else STEPS) for row in reader.card_orders_in(one, ORDERS_MAX)]
    for told in map(order_told, rows):
        click.echo(msgspec.json.encode(told).decode() if as_json else _order_line(told))
    if not rows and not as_json:
        click.echo("There are none.")


@card.command(name="order")
@order_options
@click.argument("id", metavar="ORDER")
@click.argument("event", type=click.Choice(EVENTS))
@click.option("--card", "number", default="", help="Which card was made for it.")
@click.option("--code", default="", help="That the member shows when he gets it.")
def order_command(
    ledger: Path | str, order: Order, as_json: bool, id: str, event: Event, number: str, code: str
) -> None:
    """One step of ORDER: a card was made for it, it was sent by post or has arrived in the shop where it waits, it was
    handed over against the code of the member's account, it has come back, or it is not to be.

    \b
    pos-hub card order 3f0c… made --card 2600000000017
    pos-hub card order 3f0c… handed_over --code 482915
    """
    with office(ledger) as hub:
        try:
            told = order_told(step(hub, StepCardOrder(id=id, event=event, card=number, code=code), order))
        except ActRefused as refused:
            raise click.ClickException(f"{str(refused).capitalize()}.") from refused
    click.echo(msgspec.json.encode(told).decode() if as_json else _order_line(told))


def _order_line(told: CardOrderTold) -> str:
    where = f"to wait in store {told.store}" if told.store else told.address and f"to {told.address}"
    parts = (told.id, told.state, f"since {told.at[:10]}", told.programme, told.member, told.name, told.number, where)
    return "  ".join(part for part in parts if part)


def _write(path: Path, url: str) -> None:
    import qrcode  # type: ignore[import-untyped]  # the picture alone needs it

    try:
        with unfinished(path) as half, half.open("wb") as file:
            qrcode.make(url, error_correction=qrcode.ERROR_CORRECT_M).save(file)
    except OSError as error:
        raise click.ClickException(f"Cannot write {path}: {error.strerror or error}.") from error


def _fields(one: Phone) -> dict[str, Any]:
    row, phone = one
    return {
        "phone": phone.phone or row.id,
        "name": phone.name,
        "took_at": phone.took_at,
        "until": phone.until,
        "revoked_at": phone.revoked_at,
    }


def _line(fields: dict[str, Any]) -> str:
    until = f"until {fields['until'][:10]}" if fields["until"] else "shows the number alone"
    state = f"taken off {fields['revoked_at'][:10]}" if fields["revoked_at"] else until
    return f"{fields['phone']}  {fields['name'] or NO_NAME}  since {fields['took_at'][:10]}  {state}"
