"""`pos-hub member staff WHO`: the card of somebody who works here."""

from __future__ import annotations

from pathlib import Path

import click

from hub.commands.ledger_option import ledger_option
from hub.commands.ordering import office
from hub.people.orders import Order
from hub.people.staff_cards import mark_staff


@click.command(name="staff")
@ledger_option
@click.argument("who")
@click.option("--by", required=True, help="Who says so.")
@click.option("--off", is_flag=True, help="Somebody who works here no more.")
def staff_command(ledger: Path | str, who: str, by: str, off: bool) -> None:
    """Mark a member as one of those who work here: his cards ring earlier on strangers' purchases."""
    with office(ledger) as hub:
        marked = mark_staff(hub, who, Order(by=by), staff=not off)
    is_now = "no card of staff" if off else "marked as a card of staff"
    already = "" if marked.changed else " already"
    click.echo(f"member {marked.member}: {is_now}{already}")
