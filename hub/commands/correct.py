"""`pos-hub correct`: a member's points put right by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from hub.commands.ordering import day, key_of, office, order_options, same, tell, today
from hub.people.orders import Order
from hub.people.points import correct


@click.command(name="correct")
@order_options
@click.argument("who")
@click.option("--points", type=int, required=True, help="Points more; less, with a minus: --points -50.")
@click.option("--reason", required=True, help="Why; it stands in the history.")
@click.option(
    "--until", "last_day", callback=day, help="Of points more: their last day.  [default: as of points bought today]"
)
@click.option("--into-debt", is_flag=True, help="Take more than there are: the rest is owed.")
def correct_command(
    ledger: Path | str,
    order: Order,
    as_json: bool,
    who: str,
    points: int,
    reason: str,
    last_day: date | None,
    into_debt: bool,
) -> None:
    """Put a member's points right by hand. The same order on the same day is carried out once. More points than one
    person may give at once are a gift, which waits for a second one: `pos-hub grant`.

    WHO is a card, a phone or a member's id.
    """
    order = Order(
        by=order.by, key=order.key or key_of("correct", who, str(points), same(reason), same(order.by), today())
    )
    with office(ledger) as hub:
        done = correct(hub, who, points, order, reason, last_day=last_day, into_debt=into_debt)
    tell(done, as_json)
    if done.before is not None:
        click.echo("To do it once more, give it a key of its own: --asked KEY.", err=True)
