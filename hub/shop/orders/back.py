"""`POST /orders/N/returns` and `/cancel`: goods come back, by the rules of the day of sale, exact to the point, in any
order of partial returns, wherever the others came back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from hub.bearing import Said
from hub.books.intake import held_end
from hub.hub import Hub
from hub.people.receipts import FoundReceipt
from hub.shop.call import ShopAsked, ShopRefused
from hub.shop.orders.bearing import bear
from hub.shop.orders.freeing import free_all
from hub.shop.orders.look import receipt_of, told
from hub.shop.orders.order import Found, done_before, found, held, with_key, written
from hub.shop.orders.states import after
from hub.store.records import Place
from hub.store.rows import Rows
from hub.store.seam import Writer
from loyalty.basket import BadBasket
from loyalty.bodies import Return
from loyalty.claims import as_claimed
from loyalty.operation import ONLINE_CHAIN
from loyalty.returns import LineReturn, all_left, came_back, take_back
from loyalty.sold import return_of
from sync.shop.orders import CancelOrder, OrderTold, ReturnGoods

Lines = Callable[[FoundReceipt], Sequence[LineReturn]]


def take_goods_back(hub: Hub, asked: ShopAsked, body: ReturnGoods) -> OrderTold:
    """Part of a paid order, or the rest of it."""

    def lines(receipt: FoundReceipt) -> list[LineReturn]:
        return [LineReturn(id=line.id, quantity_m=line.quantity_m) for line in body.lines]

    def decide(writer: Writer) -> Said:
        one = held(writer, asked)
        if done_before(one.order, asked, "returns", body) is not None:
            return Said(())
        after(one.row.state, "returned")
        return _came_back(hub, writer, asked, one, "returns", body, lines, body.reason)

    return _borne(hub, asked, decide)


def cancel(hub: Hub, asked: ShopAsked, body: CancelOrder) -> OrderTold:
    """Before it is paid nothing was taken; after that, all that is left of it comes back."""

    def decide(writer: Writer) -> Said:
        one = held(writer, asked)
        if done_before(one.order, asked, "cancel", body) is not None:
            return Said(())
        state = after(one.row.state, "cancelled")
        if one.order.delivery == "delivered":
            raise ShopRefused("delivered", f"order {one.order.number} is delivered")
        gone = Found(one.row._replace(state=state, due_at=None, at=hub.now()), one.order)
        if one.row.state != "paid":
            return _freed(hub, writer, asked, gone, body)
        return _came_back(hub, writer, asked, gone, "cancel", body, _all_of_it, body.reason)

    return _borne(hub, asked, decide)


def _borne(hub: Hub, asked: ShopAsked, decide: Callable[[Writer], Said]) -> OrderTold:
    with hub.store.reading() as reader:
        first = found(reader, asked)
    bear(hub, asked, first.order.promise, decide)
    with hub.store.reading() as reader:
        now = found(reader, asked)
        return told(reader, now, now.order.keys[asked.key].receipt)


def _all_of_it(receipt: FoundReceipt) -> Sequence[LineReturn]:
    return all_left(receipt.sale, came_back(receipt.sale, receipt.bodies))


def _came_back(
    hub: Hub, writer: Writer, asked: ShopAsked, one: Found, what: str, body: msgspec.Struct, lines: Lines, reason: str
) -> Said:
    """Raises ShopRefused."""
    if one.row.member:
        writer.locked_members([one.row.member])
    receipt, end = receipt_of(writer, one), held_end(writer, ONLINE_CHAIN)
    assert receipt is not None, "it is paid"
    back = _return(hub, receipt, lines(receipt), hub.now(), reason)
    made = Place(end.chain, end.generation, end.sequence + 1)
    order = with_key(one.order, asked, what, body, made.id)
    writer.write(Rows(errands=[written(one.row, order)]))
    return Said([back], whole=True)


def _return(hub: Hub, receipt: FoundReceipt, lines: Sequence[LineReturn], at: datetime, reason: str) -> Return:
    """Raises ShopRefused."""
    rules, sold = hub.rules(receipt.sold.programme_hash), as_claimed(receipt.sold, receipt.claim)
    if rules is None:
        raise ShopRefused("not_now", "the rules of the day of sale are not here")
    if not lines:
        raise ShopRefused("not_now", "nothing of it is left")
    try:
        step = take_back(rules, sold, came_back(receipt.sale, receipt.bodies), lines)
    except BadBasket as error:
        raise ShopRefused("not_so_much", str(error)) from error
    return return_of(rules, sold, step, at, before=receipt.bodies, reason=reason)


# before it is paid


def _freed(hub: Hub, writer: Writer, asked: ShopAsked, one: Found, body: CancelOrder) -> Said:
    free_all(writer, one.row, hub.now())
    writer.write(Rows(errands=[written(one.row, with_key(one.order, asked, "cancel", body))]))
    return Said(())
