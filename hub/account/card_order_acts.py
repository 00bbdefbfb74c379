"""A plastic card ordered by the form, as the account shows it (A3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hub.account.act import AccountAct, AccountAsked, ordered, signed_in
from hub.card_orders.closing import WAITING, WAITS_FOR
from hub.card_orders.code import code_of
from hub.card_orders.order import is_open, order_of, state_of
from hub.card_orders.ordering import Form, another_code, cancel, order_card, orders_of
from hub.hub import Hub
from hub.people.who import Person
from hub.places.place import place_of
from hub.store.office_records import CardOrderRow
from loyalty.utc import utc_text
from sync.account.card_orders import (
    AskOrders,
    CancelOrder,
    NewOrderCode,
    OrderCard,
    OrderDone,
    OrdersTold,
    OrderTold,
)


def orders(hub: Hub, asked: AccountAsked, body: AskOrders) -> OrdersTold:
    with hub.store.reading() as reader:
        person = signed_in(reader, asked)
        rows = orders_of(reader, person.member)
        stores = tuple(sorted(store for store, row in reader.stores().items() if not place_of(row).closed))
    return OrdersTold(
        orders=tuple(_told(hub, row) for row in rows),
        stores=stores,
        fee_kopecks=hub.programmes[asked.programme].cards.form_fee_kopecks,
        name=person.profile.name or "",
        may_order=person.row.registered and not any(map(is_open, rows)),
    )


def _told(hub: Hub, row: CardOrderRow) -> OrderTold:
    order = order_of(row)
    waits = row.state in WAITING
    return OrderTold(
        id=row.id,
        state=state_of(row),
        made_at=order.made_at,
        at=utc_text(row.at),
        name=order.name,
        address=order.address,
        store=order.store,
        fee_kopecks=order.fee_kopecks,
        code=code_of(hub.keys.phones, row),
        ends=hub.programmes[order.programme].day(row.at + WAITS_FOR).isoformat() if waits else "",
    )


def order(hub: Hub, asked: AccountAsked, body: OrderCard) -> OrderDone:
    member = _member(hub, asked).member
    row = ordered(lambda: order_card(hub, member, Form(body.name, body.address, body.store), asked.key))
    return OrderDone(id=row.id)


def cancel_order(hub: Hub, asked: AccountAsked, body: CancelOrder) -> OrderDone:
    member = _member(hub, asked).member
    ordered(lambda: cancel(hub, member, body.id))
    return OrderDone(id=body.id)


def new_code(hub: Hub, asked: AccountAsked, body: NewOrderCode) -> OrderDone:
    member = _member(hub, asked).member
    ordered(lambda: another_code(hub, member, body.id))
    return OrderDone(id=body.id)


def _member(hub: Hub, asked: AccountAsked) -> Person:
    with hub.store.reading() as reader:
        return signed_in(reader, asked)


CARD_ORDER_ACTS: Final[Mapping[str, AccountAct]] = {
    "card_orders": AccountAct(takes=AskOrders, do=orders),
    "card_order": AccountAct(takes=OrderCard, do=order),
    "card_order_cancel": AccountAct(takes=CancelOrder, do=cancel_order),
    "card_order_code": AccountAct(takes=NewOrderCode, do=new_code),
}
