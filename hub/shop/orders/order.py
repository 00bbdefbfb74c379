"""An order as it is kept, and how it is found: by the shop and its number."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from hub.books.intake import held_end
from hub.errands.errand import errand_id
from hub.shop.asked import digest_of
from hub.shop.call import ShopAsked, ShopRefused
from hub.shop.coupons import HeldCoupon
from hub.shop.promise import Promise
from hub.store.errand_records import ErrandRow
from hub.store.records import Place
from hub.store.seam import Reader, Writer
from loyalty.operation import ONLINE_CHAIN
from sync.shop.orders import DeliveryState, Slot

ORDER: Final = "shop_order"  # its kind among errands
REQUESTS_MAX: Final = 500  # that change an order: more is a program that has lost its way


class Done(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was asked under a key: a digest, and the operation that it made."""

    asked: str
    receipt: str = ""


class Order(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`promise`: what was told, and will be recorded. `receipt`: the sale's operation. `keys`: what was asked of it."""

    number: str
    promise: Promise
    placed_at: str
    pay_until: str
    coupons: tuple[HeldCoupon, ...] = ()
    slot: Slot | None = None
    delivery: DeliveryState = "waiting"
    delivery_at: str = ""
    paid_at: str = ""
    receipt: tuple[str, int, int] | None = None
    keys: dict[str, Done] = {}

    @property
    def place(self) -> Place | None:
        return Place(*self.receipt) if self.receipt is not None else None


class Found(msgspec.Struct, frozen=True):
    row: ErrandRow
    order: Order


def order_id(shop: str, number: str) -> str:
    return errand_id(ORDER, shop, number)


def hold_of(id: str) -> str:
    """The hold of its points."""
    return f"{ONLINE_CHAIN}:{id}"


def read_order(row: ErrandRow) -> Found:
    return Found(row, msgspec.json.decode(row.body, type=Order))


def written(row: ErrandRow, order: Order) -> ErrandRow:
    return row._replace(body=msgspec.json.encode(order).decode())


def found(reader: Reader, asked: ShopAsked) -> Found:
    """Another shop's is as none. Raises ShopRefused."""
    return _of(asked, reader.errands([order_id(asked.shop.name, asked.path["number"])]))


def held(writer: Writer, asked: ShopAsked) -> Found:
    """Nobody else changes it, nor any other order, until this is written. Raises ShopRefused."""
    held_end(writer, ONLINE_CHAIN)
    return _of(asked, writer.locked_errands([order_id(asked.shop.name, asked.path["number"])]))


def _of(asked: ShopAsked, rows: dict[str, ErrandRow]) -> Found:
    row = next((one for one in rows.values() if one.kind == ORDER), None)
    if row is None:
        raise ShopRefused("unknown_order", f"{asked.shop.name} has no order {asked.path['number']}")
    return read_order(row)


def done_before(order: Order, asked: ShopAsked, what: str, body: msgspec.Struct) -> Done | None:
    """What was done under this key. Raises ShopRefused where something else was."""
    known = order.keys.get(asked.key)
    if known is not None and known.asked != digest_of(asked, what, body):
        raise ShopRefused("key_taken", f"order {order.number}: something else was asked under this key")
    if known is None and len(order.keys) >= REQUESTS_MAX:
        raise ShopRefused("not_now", f"order {order.number} was changed {REQUESTS_MAX} times")
    return known


def with_key(order: Order, asked: ShopAsked, what: str, body: msgspec.Struct, receipt: str = "") -> Order:
    done = Done(digest_of(asked, what, body), receipt)
    return msgspec.structs.replace(order, keys=order.keys | {asked.key: done})


def moment_in(text: str) -> datetime:
    """Raises ShopRefused."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise ShopRefused("bad_request", f"{text!r} is no moment: {error}") from error
    if at.tzinfo is None:
        raise ShopRefused("bad_request", f"{text!r} needs a time zone, like 2026-03-01T12:00:00+03:00")
    return at


def check_slot(slot: Slot | None) -> Slot | None:
    """Raises ShopRefused."""
    if slot is not None and not moment_in(slot.since) < moment_in(slot.until):
        raise ShopRefused("bad_request", "a slot ends after it begins")
    return slot
