"""Promotions and coupons: money off before points, and what points they add.

The order is fixed: promotions, then coupons, then points. A discount is worked out on the sum of the goods it
is for, rounded down, and spread over them like points are; it respects the same floors and the law.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import compress
from operator import sub
from typing import Literal, NamedTuple

from loyalty.allocation import allocate
from loyalty.basket import Line
from loyalty.programme import Category, Offer, Programme
from loyalty.redemption import discount_may_touch, headroom

Refusal = Literal[
    "not_yet", "over", "members_only", "basket_too_small", "nothing_to_discount", "nothing_to_earn", "another_is_better"
]

# A gift takes its piece out at the shelf price, so it goes first; rubles off come after percents, for the
# customer loses least that way.
DISCOUNT_ORDER = ("gift", "percent_off", "amount_off")
WHOLE_BP = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponUse:
    """What became of one coupon: kopecks it took off, or why it did nothing. Points are in the accrual."""

    id: str
    discount_kopecks: int = 0
    refusal: Refusal | None = None


class Counter(NamedTuple):
    """The lines with their categories, and what promotions and coupons need to know besides."""

    programme: Programme
    lines: tuple[Line, ...]
    categories: tuple[Category, ...]
    day: date
    is_member: bool


def refusal_by_date(offer: Offer, day: date) -> Refusal | None:
    if offer.first_day is not None and day < offer.first_day:
        return "not_yet"
    return "over" if offer.last_day is not None and day > offer.last_day else None


def refusal(offer: Offer, day: date, is_member: bool, basket_kopecks: int) -> Refusal | None:
    """Why this offer does not hold today, for this customer and basket; None when it does. `basket_kopecks` counts
    only the goods that the offer may touch (R25): cigarettes never help a coupon to hold."""
    if (by_date := refusal_by_date(offer, day)) is not None:
        return by_date
    if offer.members_only and not is_member:
        return "members_only"
    return "basket_too_small" if basket_kopecks < offer.min_basket_kopecks else None


def of_value(offer: Offer, value: int) -> Offer:
    """What a coupon of this campaign gives by its own value, which is in the unit of its kind: basis points, kopecks or
    points. 0 is the campaign's. A gift and a multiplier have none."""
    match offer.kind:
        case _ if not value:
            return offer
        case "percent_off":
            return replace(offer, percent_bp=min(value, WHOLE_BP))
        case "amount_off":
            return replace(offer, amount_kopecks=value)
        case "extra_points":
            return replace(offer, points=value)
    return offer


def covers(offer: Offer, category: Category) -> bool:
    return not offer.categories or category.id in offer.categories


def _basket_kopecks(counter: Counter, offer: Offer, nets: Sequence[int]) -> int:
    """What the offer's least basket counts: goods with discounts for a discount, goods that earn for points."""
    if offer.kind not in DISCOUNT_ORDER:
        return sum([net for net, category in zip(nets, counter.categories, strict=True) if category.earn])
    may = map(discount_may_touch, counter.lines, counter.categories)
    return sum(compress(nets, may))


def discounts(counter: Counter, offer: Offer, nets: Sequence[int]) -> list[int]:
    """Kopecks that the offer takes off each line."""
    heads = [
        _discount_head(counter.programme, line, category, net) if covers(offer, category) else 0
        for line, category, net in zip(counter.lines, counter.categories, nets, strict=True)
    ]
    if offer.kind == "gift":
        return _gift(counter, [_at_most(offer, head) for head in heads], nets, offer.gift_price_kopecks)
    base = sum(net for head, net in zip(heads, nets, strict=True) if head)
    wanted = _at_most(offer, offer.amount_kopecks + base * offer.percent_bp // WHOLE_BP)
    return allocate(nets, heads, min(wanted, sum(heads)))


def _at_most(offer: Offer, kopecks: int) -> int:
    return kopecks if offer.most_kopecks is None else min(kopecks, offer.most_kopecks)


def _discount_head(programme: Programme, line: Line, category: Category, net: int) -> int:
    if not discount_may_touch(line, category):
        return 0
    return headroom(line, net, programme.redemption.unit_floor_kopecks)


def _gift(counter: Counter, heads: Sequence[int], nets: Sequence[int], price_kopecks: int) -> list[int]:
    """One piece, the cheapest that comes down to the gift's price; where none does, the cheapest of those that come
    nearer to it. Never a drink: alcohol may not be given away."""
    off = [0] * len(counter.lines)
    pieces = [
        (net * 1000 // line.quantity_m - price_kopecks, head, index)
        for index, (line, head, net) in enumerate(zip(counter.lines, heads, nets, strict=True))
        if head and line.unit == "pc" and not _may_be_alcohol(counter.categories[index])
    ]
    if gifts := [(head < wanted, wanted, index, head) for wanted, head, index in pieces if wanted > 0]:
        _, wanted, index, head = min(gifts)
        off[index] = min(head, wanted)
    return off


def _may_be_alcohol(category: Category) -> bool:
    return category.excise or category.needs_least_price


def after_promotions(counter: Counter, nets: list[int]) -> tuple[list[int], tuple[CouponUse, ...]]:
    """Nets after every promotion that holds, in the programme's order, and what each took off; each sees what the one
    before left."""
    uses = []
    for offer in counter.programme.promotions:
        if offer.kind in DISCOUNT_ORDER and _use(counter, offer, nets).refusal is None:
            off = discounts(counter, offer, nets)
            uses.append(CouponUse(id=offer.id, discount_kopecks=sum(off)))
            nets = _minus(nets, off)
    return nets, tuple(uses)


def after_coupons(
    counter: Counter, coupons: Sequence[Offer], nets: list[int]
) -> tuple[list[int], tuple[CouponUse, ...]]:
    """Nets after the coupons, and what became of each, in the order they were given.

    The least basket of a discount is measured before the first coupon, so that one never spoils another; that of
    a coupon for points on what is then left, which is all that a later return can still see.
    """
    uses = {offer.id: _use(counter, offer, nets) for offer in coupons}
    holding = [offer for offer in coupons if offer.kind in DISCOUNT_ORDER and uses[offer.id].refusal is None]
    for offer in _stacked(counter, holding, nets, uses):
        off = discounts(counter, offer, nets)
        why: Refusal | None = None if any(off) else "nothing_to_discount"
        uses[offer.id] = CouponUse(id=offer.id, discount_kopecks=sum(off), refusal=why)
        nets = _minus(nets, off)
    for offer in coupons:
        if offer.kind not in DISCOUNT_ORDER:
            uses[offer.id] = _use(counter, offer, nets)
    return nets, tuple(uses.values())


def kopecks_short(counter: Counter, coupons: Sequence[Offer], offer: Offer) -> int:
    """What this coupon's least basket lacks of the lines as they are; zero or less: nothing."""
    nets = discounted(counter, () if offer.kind in DISCOUNT_ORDER else coupons)
    return offer.min_basket_kopecks - _basket_kopecks(counter, offer, nets)


def discounted(counter: Counter, coupons: Sequence[Offer]) -> list[int]:
    """Nets of the lines after promotions and these coupons."""
    nets, _ = after_promotions(counter, [line.gross_kopecks - line.discount_kopecks for line in counter.lines])
    return after_coupons(counter, coupons, nets)[0]


def _use(counter: Counter, offer: Offer, nets: Sequence[int]) -> CouponUse:
    basket_kopecks = _basket_kopecks(counter, offer, nets)
    return CouponUse(id=offer.id, refusal=refusal(offer, counter.day, counter.is_member, basket_kopecks))


def _stacked(counter: Counter, holding: list[Offer], nets: list[int], uses: dict[str, CouponUse]) -> list[Offer]:
    """Which discount coupons are applied, in their order; `best` keeps the one that takes most off. One that takes
    nothing off is no choice, and no other is better than it."""
    if counter.programme.coupon_stacking == "all" or len(holding) < 2:
        return sorted(holding, key=lambda offer: DISCOUNT_ORDER.index(offer.kind))
    off = {offer.id: sum(discounts(counter, offer, nets)) for offer in holding}
    best = max(holding, key=lambda offer: off[offer.id])
    for offer in holding:
        if offer is not best:
            why: Refusal = "another_is_better" if off[offer.id] else "nothing_to_discount"
            uses[offer.id] = CouponUse(id=offer.id, refusal=why)
    return [best]


def with_points(
    uses: Sequence[CouponUse], coupons: Sequence[Offer], points: Mapping[str, int], is_member: bool
) -> tuple[CouponUse, ...]:
    """What became of the coupons, now that their points are known: one that adds none gives nothing, and is not used up
    (R19, R20)."""
    adds = {offer.id for offer in coupons if offer.kind not in DISCOUNT_ORDER}
    why: Refusal = "nothing_to_earn" if is_member else "members_only"
    return tuple(
        [
            replace(use, refusal=why) if use.refusal is None and use.id in adds and not points.get(use.id) else use
            for use in uses
        ]
    )


def _minus(nets: Sequence[int], off: Sequence[int]) -> list[int]:
    return list(map(sub, nets, off))
