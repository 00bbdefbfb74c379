"""`pos-hub holds …`: points that are reserved for receipts, and letting go of them."""

from __future__ import annotations

import json
from pathlib import Path

import click

from hub.commands.ledger_option import ledger_option
from hub.commands.ordering import office, order_options, tell
from hub.hub import Hub
from hub.people.freeing import free, state_of
from hub.people.orders import Order
from hub.people.reserved import until_words
from hub.people.who import person_called
from hub.store.records import HoldRow
from hub.store.seam import Reader
from loyalty.utc import utc_text


@click.group()
def holds() -> None:
    """Points that tills have reserved for receipts which are not paid yet: nobody else may spend them meanwhile.

    A hold ends when its receipt is paid or given up, and by itself when its time is over.
    """


@holds.command(name="list")
@ledger_option
@click.option("--card", default="", help="Only of the member who has this card.")
@click.option("--member", "who", default="", metavar="WHO", help="Only of this member: a card, a phone or an id.")
@click.option("--all", "every", is_flag=True, help="Also those that were spent, let go or are over.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, one hold a line.")
def list_command(ledger: Path | str, card: str, who: str, every: bool, as_json: bool) -> None:
    """List holds: whose points, how many, at which till, until when."""
    if card and who:
        raise click.UsageError("Say --card or --member.")
    with office(ledger) as hub:
        now = hub.now()
        with hub.store.reading() as reader:
            found = [hold for hold in _holds(hub, reader, card or who) if every or hold.holds_at(now)]
            lines = [_json(hub, hold) if as_json else _line(hub, reader, hold) for hold in found]
    for line in lines:
        click.echo(line)
    if not lines and not as_json:
        click.echo("There are none." if every else "None holds points now.")


@holds.command(name="free")
@order_options
@click.argument("hold_id", metavar="ID")
def free_command(ledger: Path | str, order: Order, as_json: bool, hold_id: str) -> None:
    """Let go of a hold whose till is gone: others may spend its points. ID, or its beginning, is as `holds list` says.

    The till is not told. If it pays its receipt with the points all the same, that is booked: what is not there any
    more becomes a debt and its case. Who let go, and when, stays in the ledger and in the member's history.
    """
    with office(ledger) as hub:
        tell(free(hub, hold_id, order), as_json)


def _holds(hub: Hub, reader: Reader, who: str) -> list[HoldRow]:
    """Raises NotFound."""
    if who:
        return reader.holds_of([person_called(reader, hub.programmes, who).member])
    return list(reader.all_holds())


def _line(hub: Hub, reader: Reader, hold: HoldRow) -> str:
    now = hub.now()
    row = reader.members([hold.member]).get(hold.member)
    until = until_words(hold.until, now, hub.zone_of(row.programme if row else ""))
    cards = [card.number for card in reader.cards_of([hold.member]) if card.status != "replaced"]
    told = [hold.hold, f"{hold.points} points", f"at {hold.till}", f"until {until}", state_of(hold, now)]
    return "  ".join([*told, " ".join([f"member {hold.member}", *cards])])


def _json(hub: Hub, hold: HoldRow) -> str:
    told = hold._asdict() | {"until": utc_text(hold.until), "state": state_of(hold, hub.now())}
    return json.dumps(told, ensure_ascii=False)
