"""What an online shop asks of a basket before anybody has paid, and what it is told: `POST /shop/v1/quotes`.

Money is kopecks, quantities are thousandths of a piece or kilogram, points are whole, moments are UTC (ISO 8601).
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from loyalty.basket import LINES_MAX, PRICE_MAX_KOPECKS, QUANTITY_MAX_M, Unit
from loyalty.bodies import AMOUNT_MAX

LineId = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Article = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Name = Annotated[str, msgspec.Meta(max_length=300)]
Points = Annotated[int, msgspec.Meta(ge=0, le=AMOUNT_MAX)]
Kopecks = Annotated[int, msgspec.Meta(ge=0, le=PRICE_MAX_KOPECKS)]
CouponText = Annotated[str, msgspec.Meta(min_length=1, max_length=1_000)]
QuoteId = Annotated[str, msgspec.Meta(max_length=32, pattern="^[0-9a-f]*$")]
Pair = tuple[str, str]  # Russian and English
Forbidden = Literal["unknown", "law"]  # no goods of this article are known; the law lets nobody send it
COUPONS_MAX: int = 20


class LineAsked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """`price_kopecks` of one piece or kilogram; None: as the goods of the hub have it, and another is refused
    (`other_price`) where the key has no scope `prices`. Goods by weight are so by the goods of the hub. `category`: the
    shop's own word; the stricter one counts."""

    id: LineId
    article: Article
    quantity_m: Annotated[int, msgspec.Meta(ge=1, le=QUANTITY_MAX_M)] = 1_000
    price_kopecks: Kopecks | None = None
    name: Name = ""
    category: Name = ""


class QuoteAsked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The member is said by the header `Member-Token`; without one it is nobody's. `spend`: all points that may be
    spent, none, or so many at most. `coupons` and `certificate`: what stands in their QR."""

    lines: Annotated[tuple[LineAsked, ...], msgspec.Meta(min_length=1, max_length=LINES_MAX)]
    spend: Literal["all", "none"] | Points = "none"
    coupons: Annotated[tuple[CouponText, ...], msgspec.Meta(max_length=COUPONS_MAX)] = ()
    certificate: Annotated[str, msgspec.Meta(max_length=1_000)] = ""


class LineTold(msgspec.Struct, frozen=True, kw_only=True):
    """`before_kopecks`: price by quantity; `off_kopecks` of that by offers and coupons, `points_kopecks` by points;
    `net_kopecks`: what it costs in the end. `excluded`: why points take nothing of it (loyalty/quote.py). `back_m`: of
    an order, what has come back."""

    id: str
    article: str
    name: str
    unit: Unit
    quantity_m: int
    price_kopecks: int
    before_kopecks: int
    off_kopecks: int = 0
    points_kopecks: int = 0
    net_kopecks: int
    excluded: str = ""
    back_m: int = 0


class OfferTold(msgspec.Struct, frozen=True, kw_only=True):
    """A promotion or a coupon: what it gives, or why nothing (`refusal`)."""

    id: str
    kind: Literal["promotion", "coupon"]
    title: Pair
    off_kopecks: int = 0
    points: int = 0
    refusal: str = ""


class LimitTold(msgspec.Struct, frozen=True, kw_only=True):
    """The most that may be spent on this basket. `reason`: why nothing (no_card, not_registered, …); `bound_by`: the
    caps that are as low as that (percent, lines, active_points, …). `text`: all of it in words."""

    points: int
    kopecks: int
    reason: str = ""
    bound_by: tuple[str, ...] = ()
    text: Pair


class QuoteTold(msgspec.Struct, frozen=True, kw_only=True):
    """A promise: an order that names it before `until` gets it, unless points or a coupon were spent elsewhere since.
    `before_kopecks`: of the shelf; `to_pay_kopecks`: after offers, coupons, points and what a certificate pays.
    `points`: of the member, that may be spent now; `spends`: on this basket; `earns`: with this basket."""

    quote: str
    until: str
    lines: tuple[LineTold, ...]
    before_kopecks: int
    off_kopecks: int = 0
    spends: int = 0
    points_kopecks: int = 0
    certificate_kopecks: int = 0
    to_pay_kopecks: int
    points: int = 0
    limit: LimitTold
    earns: int = 0
    earns_from: str = ""
    stickers: int = 0
    offers: tuple[OfferTold, ...] = ()


class LineRefused(msgspec.Struct, frozen=True, kw_only=True):
    """`why`: with `may_not_be_sold_online`, Forbidden; `price_kopecks`: with `other_price`, the hub's."""

    id: str
    article: str
    why: str = ""
    price_kopecks: int | None = None


class ProblemTold(msgspec.Struct, frozen=True, kw_only=True):
    """What was not done (RFC 9457). `code` for programs, `text` for people; `lines`: those that are why. `scope`: the
    one that the key has not."""

    type: str
    title: str
    status: int
    code: str
    text: Pair
    detail: str = ""
    lines: tuple[LineRefused, ...] = ()
    scope: str = ""
