"""`pos-hub member stickers WHO`: a member's stickers put right by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from hub.commands.ordering import day, key_of, office, order_options, same, tell, today
from hub.people.orders import Order
from hub.people.stickers import correct_stickers


@click.command(name="stickers")
@order_options
@click.argument("who")
@click.option("--count", type=int, required=True, help="Stickers more; less, with a minus: --count -5.")
@click.option("--reason", required=True, help="Why; it stands in the history.")
@click.option(
    "--collection", callback=day, help="Its first day, YYYY-MM-DD.  [default: that of the member's programme]"
)
def stickers_command(
    ledger: Path | str,
    order: Order,
    as_json: bool,
    who: str,
    count: int,
    reason: str,
    collection: date | None,
) -> None:
    """Put a member's stickers right by hand. The same order on the same day is carried out once.

    WHO is a card, a phone or a member's id.
    """
    parts = ("stickers", who, str(count), str(collection or ""), same(reason), same(order.by), today())
    order = Order(by=order.by, key=order.key or key_of(*parts))
    with office(ledger) as hub:
        done = correct_stickers(hub, who, count, order, reason, collection=collection)
    tell(done, as_json)
