"""A plastic card that a member has ordered by the form on the site (A3): its life as a table, and what is kept of it.

    new ──made──▶ made ──sent──────▶ sent ─────┬─handed_over─▶ handed_over, and only now it is his card
     │             ├────arrived───▶ waiting ───┤
     └─cancelled───┴─▶ cancelled               └─returned────▶ returned

One that is sent by post is handed over when he types its number in his account: who types it has it in his hand. One
that waits in a shop is handed over against a code that his account shows. His name and his address are forgotten as
soon as nobody needs them: with the last step, whichever it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal, get_args

import msgspec

from hub.people.orders import NotDone
from hub.store.office_records import BlankRow, CardOrderRow
from hub.store.rows import Rows
from hub.store.seam import Reader
from loyalty.utc import utc_text
from sync.account.card_orders import OrderState

Event = Literal["made", "sent", "arrived", "handed_over", "returned", "cancelled"]

EVENTS: Final[tuple[Event, ...]] = get_args(Event)
# state → event → state. What is missing is refused and changes nothing.
TRANSITIONS: Final[Mapping[OrderState, Mapping[Event, OrderState]]] = {
    "new": {"made": "made", "cancelled": "cancelled"},
    "made": {"sent": "sent", "arrived": "waiting", "cancelled": "cancelled"},
    "sent": {"handed_over": "handed_over", "returned": "returned"},
    "waiting": {"handed_over": "handed_over", "returned": "returned"},
    "handed_over": {},
    "returned": {},
    "cancelled": {},
}
OPEN: Final = frozenset[OrderState](state for state, events in TRANSITIONS.items() if events)


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    event: Event
    at: str
    by: str


class CardOrder(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`name`: on the card; `address`: to which it is sent, "" for one that waits in `store`. `tries`: wrong codes since
    he saw the last one, which is the `codes`th."""

    programme: str
    made_at: str
    name: str = ""
    address: str = ""
    store: str = ""
    fee_kopecks: int = 0
    happened: tuple[Happened, ...] = ()
    codes: int = 1
    tries: int = 0


def order_of(row: CardOrderRow) -> CardOrder:
    return msgspec.json.decode(row.body, type=CardOrder)


def with_order(row: CardOrderRow, order: CardOrder) -> CardOrderRow:
    return row._replace(body=msgspec.json.encode(order).decode())


def state_of(row: CardOrderRow) -> OrderState:
    """One that this program does not know may do nothing."""
    return next((state for state in TRANSITIONS if state == row.state), "cancelled")


def is_open(row: CardOrderRow) -> bool:
    return state_of(row) in OPEN


def stepped(row: CardOrderRow, event: Event, now: datetime, by: str, *, number: str = "") -> CardOrderRow:
    """Follow the table. Raises NotDone."""
    state, order = state_of(row), order_of(row)
    after = TRANSITIONS[state].get(event)
    if after is None or (event == "sent" and order.store) or (event == "arrived" and not order.store):
        raise NotDone(f"Order {row.id} is {row.state}: it cannot be {event}.", code="card_order_step")
    happened = (*order.happened, Happened(event=event, at=utc_text(now), by=by))
    order = msgspec.structs.replace(order, happened=happened)
    if after not in OPEN:
        order = msgspec.structs.replace(order, name="", address="")
    return with_order(row._replace(state=after, number=number or row.number, at=now), order)


def ended(reader: Reader, row: CardOrderRow) -> Rows:
    """A row that ended without its card being anybody's: nobody else gets a card with his name on it."""
    blank = reader.blanks([row.number]).get(row.number) if row.number else None
    spoiled: list[BlankRow] = [blank._replace(state="spoiled")] if blank is not None else []
    return Rows(card_orders=[row], blanks=spoiled)
