"""Orders that nobody comes for, and those of whoever is forgotten."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from hub.card_orders.order import TRANSITIONS, Event, ended, is_open, state_of, stepped
from hub.store.office_records import CardOrderRow
from hub.store.seam import Reader, Writer
from sync.account.card_orders import OrderState

WAITS_FOR: Final = timedelta(days=60)  # in a shop, or with the post: then it is as if it had come back
WAITING: Final[tuple[OrderState, ...]] = ("sent", "waiting")
BY_HUB: Final = "hub"


def due(reader: Reader, until: datetime, most: int) -> list[CardOrderRow]:
    """Nobody has come for them for so long, by then."""
    found = [row for state in WAITING for row in reader.card_orders_in(state, most)]
    return [row for row in found if row.at + WAITS_FOR <= until][:most]


def close_due(writer: Writer, until: datetime, most: int) -> int:
    """How many there were."""
    rows = writer.locked_card_orders([row.id for row in due(writer, until, most)])
    late = [row for row in rows.values() if row.state in WAITING and row.at + WAITS_FOR <= until]
    for row in late:
        writer.write(ended(writer, stepped(row, "returned", until, BY_HUB)))
    return len(late)


def forget_orders(writer: Writer, members: Collection[str], now: datetime) -> None:
    """None of theirs goes on, and what was written on them is forgotten."""
    rows = writer.locked_card_orders([row.id for row in writer.card_orders_of(members)])
    for row in filter(is_open, rows.values()):
        writer.write(ended(writer, stepped(row, _end_of(row), now, BY_HUB)))


def _end_of(row: CardOrderRow) -> Event:
    return "cancelled" if "cancelled" in TRANSITIONS[state_of(row)] else "returned"
