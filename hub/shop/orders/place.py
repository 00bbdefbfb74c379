"""`POST /orders`: what was quoted is ordered, and its points and coupons are held until it is paid, or its time is
over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from msgspec.structs import replace

from hub.books.holds import AskRefused, reserve
from hub.books.intake import held_end
from hub.hub import Hub
from hub.merges import stands_for
from hub.shop import certificates
from hub.shop import coupons as coupon_holds
from hub.shop.asked import digest_of
from hub.shop.buyer import buyer
from hub.shop.call import Shop, ShopAsked, ShopRefused
from hub.shop.coupons import HeldCoupon
from hub.shop.orders.look import told
from hub.shop.orders.order import (
    ORDER,
    Found,
    Order,
    check_slot,
    done_before,
    hold_of,
    order_id,
    read_order,
    with_key,
    written,
)
from hub.shop.promise import Promise, promised, quote_row, read_promise, stands
from hub.store.errand_records import ErrandRow
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from loyalty.operation import ONLINE_CHAIN
from loyalty.utc import utc_text
from sync.protocol import HoldRequest
from sync.shop.orders import OrderTold, PlaceOrder

PAY_MAX: Final = timedelta(days=1)  # as long as points may be held at most


def place(hub: Hub, asked: ShopAsked, body: PlaceOrder) -> OrderTold:
    """The same key and number are the same order, whatever has become of it since."""
    check_slot(body.slot)
    if bool(body.quote) == (body.basket is not None):
        raise ShopRefused("bad_request", "say either a quote or a basket")
    hub.look_at_programmes()
    return hub.within(lambda writer: _placed(hub, writer, asked, body), first=True)


def _placed(hub: Hub, writer: Writer, asked: ShopAsked, body: PlaceOrder) -> OrderTold:
    held_end(writer, ONLINE_CHAIN)
    id, now = order_id(asked.shop.name, body.number), hub.now()
    known = writer.locked_errands([id]).get(id)
    if known is not None:
        return told(writer, _again(read_order(known), asked, body))
    _check_key(writer, asked)
    promise = _promise(hub, writer, asked, body, id, now)
    until = now + min(PAY_MAX, timedelta(minutes=asked.shop.pay_minutes))
    order = _held(hub, writer, asked.shop, promise, id, now, until)
    order = with_key(replace(order, number=body.number, slot=body.slot), asked, "place", body)
    row = written(ErrandRow(id, ORDER, promise.member, _about(asked), "placed", until, now, ""), order)
    writer.write(Rows(errands=[row]))
    return told(writer, Found(row, order))


def _again(known: Found, asked: ShopAsked, body: PlaceOrder) -> Found:
    if asked.key not in known.order.keys:
        raise ShopRefused("number_taken", f"there is an order {body.number} already")
    done_before(known.order, asked, "place", body)
    return known


def _about(asked: ShopAsked) -> str:
    """By which key it was placed."""
    return f"{asked.shop.name}\n{asked.key}"


def _check_key(reader: Reader, asked: ShopAsked) -> None:
    if reader.errands_about(ORDER, [_about(asked)]):
        raise ShopRefused("key_taken", "an order of another number was placed under this key")


# what is ordered


def _promise(hub: Hub, writer: Writer, asked: ShopAsked, body: PlaceOrder, id: str, now: datetime) -> Promise:
    """What was told is what holds. Raises ShopRefused."""
    if body.basket is not None:
        return promised(hub, writer, asked, body.basket, id, digest_of(asked, "quote", body.basket))
    row = writer.locked_errands([body.quote]).get(body.quote)
    if row is None or not stands(row, now) or (promise := read_promise(row)).shop != asked.shop.name:
        raise ShopRefused("unknown_quote", f"no quote {body.quote} holds now")
    if promise.order:
        raise ShopRefused("quote_used", f"order {promise.order} has quote {body.quote}")
    if _now(writer, promise.member) != asked.member:
        raise ShopRefused("quote_of_another", f"quote {body.quote} is of another customer")
    writer.write(Rows(errands=[quote_row(replace(promise, order=body.number), row.at)]))
    return promise


def _now(reader: Reader, member: str) -> str:
    row = stands_for(lambda id: reader.members([id]).get(id), member) if member else None
    return row.member if row is not None else ""


def _held(hub: Hub, writer: Writer, shop: Shop, promise: Promise, id: str, now: datetime, until: datetime) -> Order:
    """Its points and coupons are nobody else's from now on. Raises ShopRefused."""
    sale, rules = promise.sale, hub.programmes[shop.programme]
    who = buyer(writer, rules, promise.member, now)
    if who is not None and sale.seen is not None and who.view.card_status != sale.seen.card_status:
        raise ShopRefused("card_changed", f"his card is {who.view.card_status} now")
    if who is not None and sale.redeemed.points:
        _hold_points(writer, shop, who.member, id, sale.redeemed.points, now, until)
        redeemed = replace(sale.redeemed, hold=hold_of(id))
        promise = replace(promise, member=who.member, sale=replace(sale, redeemed=redeemed))
    coupons = tuple(
        HeldCoupon(use.serial, use.campaign, use.uses, use.value, use.discount_kopecks) for use in sale.coupons
    )
    coupon_holds.hold_all(writer, rules, shop, id, coupons, promise.member, until, now)
    certificates.hold_all(writer, sale, shop.programme, id, until - now, now)
    return Order(number="", promise=promise, placed_at=utc_text(now), pay_until=utc_text(until), coupons=coupons)


def _hold_points(writer: Writer, shop: Shop, member: str, id: str, points: int, now: datetime, until: datetime) -> None:
    request = HoldRequest(
        till=ONLINE_CHAIN,
        programme=shop.programme,
        member=member,
        hold=hold_of(id),
        points=points,
        until=utc_text(until),
    )
    try:
        got = reserve(writer, request, now, PAY_MAX)
    except AskRefused as error:
        raise ShopRefused("points_gone", str(error)) from error
    if got.points < points:
        raise ShopRefused("points_gone", f"of {points} points, {got.points} are free")
