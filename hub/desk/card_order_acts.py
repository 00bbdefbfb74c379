"""Acts for plastic cards that members have ordered by the form on the site: which there are, and one step further.

To which address one is sent is said to those alone who see all shops; of the others, those that wait in their own shop.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final

import msgspec

from hub.card_orders.giving import ORDERS_MAX, handed_over, made, moved_on
from hub.card_orders.order import Event, order_of, state_of
from hub.desk.act import Act, ActRefused, Asked
from hub.hub import Hub
from hub.people.orders import NotDone, Order
from hub.store.office_records import CardOrderRow
from loyalty.utc import utc_text
from sync.account.card_orders import OrderState


class AskCardOrders(msgspec.Struct, frozen=True, kw_only=True):
    state: OrderState = "new"


class CardOrderTold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`at`: since when it is in its state; `happened`: what, when, by whom."""

    id: str
    programme: str
    member: str
    state: OrderState
    at: str
    made_at: str
    name: str = ""
    address: str = ""
    store: str = ""
    number: str = ""
    fee_kopecks: int = 0
    happened: tuple[tuple[str, str, str], ...] = ()


class CardOrdersTold(msgspec.Struct, frozen=True, kw_only=True):
    """Those that are in their state longest first. `more`: there are others behind them."""

    orders: tuple[CardOrderTold, ...]
    more: bool


class StepCardOrder(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`card`: which was made for it; `code`: that the member shows when it is handed over. Refused: no_card_order,
    card_order_step, card_not_blank, card_order_code (tries_left), card_order_tries."""

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    event: Event
    card: Annotated[str, msgspec.Meta(max_length=60)] = ""
    code: Annotated[str, msgspec.Meta(max_length=20)] = ""


def _list(hub: Hub, asked: Asked, body: AskCardOrders) -> CardOrdersTold:
    with hub.store.reading() as reader:
        rows = reader.card_orders_in(body.state, ORDERS_MAX + 1)
    seen = tuple(order_told(row) for row in rows[:ORDERS_MAX] if _sees(asked, row))
    return CardOrdersTold(orders=seen, more=len(rows) > ORDERS_MAX)


def order_told(row: CardOrderRow) -> CardOrderTold:
    order = order_of(row)
    return CardOrderTold(
        id=row.id,
        programme=order.programme,
        member=row.member,
        state=state_of(row),
        at=utc_text(row.at),
        made_at=order.made_at,
        name=order.name,
        address=order.address,
        store=order.store,
        number=row.number,
        fee_kopecks=order.fee_kopecks,
        happened=tuple((one.event, one.at, one.by) for one in order.happened),
    )


def _sees(asked: Asked, row: CardOrderRow) -> bool:
    """Of a card that goes by post the office alone knows."""
    store = order_of(row).store
    return asked.sees(store) if store else not asked.till and asked.stores is None


def _step(hub: Hub, asked: Asked, body: StepCardOrder) -> CardOrderTold:
    with hub.store.reading() as reader:
        row = reader.card_orders([body.id]).get(body.id)
    if row is None or not _sees(asked, row):
        raise ActRefused("no_card_order", f"there is no order {body.id}")
    try:
        return order_told(step(hub, body, Order(by=asked.by, key=asked.key, person=asked.person)))
    except NotDone as why:
        raise ActRefused(why.code, str(why)) from why


def step(hub: Hub, body: StepCardOrder, order: Order) -> CardOrderRow:
    """Raises ActRefused, NotDone."""
    if body.event == "made":
        return made(hub, body.id, body.card, order.by)
    if body.event == "handed_over":
        return handed_over(hub, body.id, body.code, order)
    return moved_on(hub, body.id, body.event, order.by)


CARD_ORDER_ACTS: Final[Mapping[str, Act]] = {
    "card_orders": Act(takes=AskCardOrders, right="give_cards", do=_list),
    "card_order_step": Act(takes=StepCardOrder, right="give_cards", do=_step),
}
