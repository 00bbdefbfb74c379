"""`POST /orders/N/paid`: the shop has the money, and what was told is recorded: a sale, once."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from hub.bearing import Said
from hub.books.intake import held_end
from hub.hub import Hub
from hub.shop.call import ShopAsked, ShopRefused
from hub.shop.orders.bearing import bear
from hub.shop.orders.freeing import free_rights
from hub.shop.orders.look import told
from hub.shop.orders.order import Found, done_before, found, held, moment_in, with_key, written
from hub.shop.orders.states import after
from hub.store.records import Place
from hub.store.rows import Rows
from hub.store.seam import Writer
from loyalty.bodies import Fiscal, Sale, SaleNumber
from loyalty.operation import ONLINE_CHAIN, zone_of
from loyalty.utc import utc_text
from sync.shop.orders import OrderTold, PayOrder


def pay(hub: Hub, asked: ShopAsked, body: PayOrder) -> OrderTold:
    """Also late, when its time was over: its points are taken, to debt if need be."""
    if body.fiscal is not None:
        moment_in(body.fiscal.at)
    with hub.store.reading() as reader:
        first = found(reader, asked)

    def decide(writer: Writer) -> Said:
        one = held(writer, asked)
        if done_before(one.order, asked, "paid", body) is not None:
            return Said(())
        state = after(one.row.state, "paid")
        if body.paid_kopecks != one.order.promise.sale.paid_kopecks:
            raise ShopRefused("wrong_sum", f"{one.order.promise.sale.paid_kopecks} kopecks are to be paid")
        now, end = hub.now(), held_end(writer, ONLINE_CHAIN)
        receipt = Place(end.chain, end.generation, end.sequence + 1)
        order = replace(one.order, paid_at=utc_text(now), receipt=tuple(receipt))
        order = with_key(order, asked, "paid", body, receipt.id)
        row = one.row._replace(state=state, due_at=None, at=now)
        writer.write(Rows(errands=[written(row, order)]))
        free_rights(writer, one.row)
        return Said([_sale(hub, asked, one, body, now)], whole=True)

    bear(hub, asked, first.order.promise, decide)
    with hub.store.reading() as reader:
        return told(reader, found(reader, asked))


def _sale(hub: Hub, asked: ShopAsked, one: Found, body: PayOrder, now: datetime) -> Sale:
    """What was told, with its number and what came since."""
    promise = one.order.promise
    day = now.astimezone(zone_of(promise.store, hub.zone_of(asked.shop.programme))).date()
    number = SaleNumber(day=day.isoformat(), number=one.order.number, pos=promise.shop)
    return replace(promise.sale, sale=number, member=one.row.member or None, fiscal=_fiscal(body))


def _fiscal(body: PayOrder) -> tuple[Fiscal, ...]:
    told = body.fiscal
    if told is None:
        return ()
    at, kopecks = utc_text(moment_in(told.at)), body.paid_kopecks
    return (Fiscal(device=told.device, document=told.document, sign=told.sign, at=at, kopecks=kopecks, kind="sale"),)
