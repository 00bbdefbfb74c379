"""An online shop's orders: `/shop/v1/orders`. Points are held when an order is placed, and taken when it is paid."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from loyalty.basket import LINES_MAX, QUANTITY_MAX_M, RECEIPT_MAX_KOPECKS
from sync.shop.quotes import LineId, LineTold, OfferTold, QuoteAsked, QuoteId

OrderNumber = Annotated[str, msgspec.Meta(pattern="^[0-9A-Za-z][0-9A-Za-z._-]{0,39}$")]
Moment = Annotated[str, msgspec.Meta(max_length=40)]  # ISO 8601 with a zone
Text = Annotated[str, msgspec.Meta(max_length=200)]
OrderState = Literal["placed", "paid", "cancelled", "lapsed", "returned"]
DeliveryState = Literal["waiting", "packed", "on_the_way", "delivered", "missed"]
PAGE: int = 50


class Slot(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """When it is brought."""

    since: Moment
    until: Moment


class PlaceOrder(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """`number`: the shop's own, never used before. Either `quote`, a promise that still holds, or `basket`, which is
    quoted now. The header `Member-Token` says whose it is."""

    number: OrderNumber
    quote: QuoteId = ""
    basket: QuoteAsked | None = None
    slot: Slot | None = None


class FiscalDone(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The shop's fiscal document of it, so that its receipt leads to the order."""

    device: Annotated[str, msgspec.Meta(min_length=1, max_length=20)]
    document: Annotated[str, msgspec.Meta(min_length=1, max_length=20)]
    sign: Annotated[str, msgspec.Meta(min_length=1, max_length=20)]
    at: Moment


class PayOrder(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The shop has the money: a fact. `paid_kopecks`: what the order said is to be paid, no other sum."""

    paid_kopecks: Annotated[int, msgspec.Meta(ge=0, le=RECEIPT_MAX_KOPECKS)]
    fiscal: FiscalDone | None = None


class CancelOrder(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Before it is paid: what was held is free. Paid and not delivered: all that has not come back comes back."""

    reason: Text = ""


class LineBack(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    id: LineId
    quantity_m: Annotated[int, msgspec.Meta(ge=1, le=QUANTITY_MAX_M)]


class ReturnGoods(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Goods of a paid order came back."""

    lines: Annotated[tuple[LineBack, ...], msgspec.Meta(min_length=1, max_length=LINES_MAX)]
    reason: Text = ""


class TellDelivery(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Where it is now. `slot`: another time than before; `at`: when, if not now."""

    state: DeliveryState
    slot: Slot | None = None
    at: Moment = ""


class LineGone(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    quantity_m: int
    refund_kopecks: int


class ReturnTold(msgspec.Struct, frozen=True, kw_only=True):
    """`refund_kopecks`: the money that the customer gets, `certificate_kopecks`: what is on his certificate
    again; `restored`: spent points that he has again, `taken_back`:
    earned ones that he has no longer. `receipt`: id of the operation at the hub; `here`: it was told by the shop, not
    at a till."""

    receipt: str
    at: str
    lines: tuple[LineGone, ...]
    refund_kopecks: int
    certificate_kopecks: int = 0
    restored: int = 0
    taken_back: int = 0
    reason: str = ""
    here: bool = True


class OrderTold(msgspec.Struct, frozen=True, kw_only=True):
    """`pay_until`: as long as its points are held. `receipt`: id of the sale's operation, once it is paid. `done`: what
    this very request has returned."""

    number: str
    state: OrderState
    delivery: DeliveryState = "waiting"
    placed_at: str
    pay_until: str
    paid_at: str = ""
    slot: Slot | None = None
    member: bool = False
    lines: tuple[LineTold, ...]
    before_kopecks: int
    off_kopecks: int = 0
    spends: int = 0
    points_kopecks: int = 0
    certificate_kopecks: int = 0
    to_pay_kopecks: int
    earns: int = 0
    stickers: int = 0
    offers: tuple[OfferTold, ...] = ()
    receipt: str = ""
    returns: tuple[ReturnTold, ...] = ()
    done: ReturnTold | None = None


class AskOrder(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`GET /orders/NUMBER`."""


class AskOrders(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`GET /orders`: of the member whose `Member-Token` it is, at this shop, the newest first. `after`: the number of
    the last one of the page before."""

    after: Annotated[str, msgspec.Meta(max_length=40)] = ""


class OrdersTold(msgspec.Struct, frozen=True, kw_only=True):
    orders: tuple[OrderTold, ...] = ()
    more: bool = False
