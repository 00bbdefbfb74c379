"""One receipt, worked out whole: discounts, the limit of points, their split, what is paid, what is earned.

A pure function of its arguments: the till and the hub get the same answer from the same input.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from operator import sub
from typing import Literal, NamedTuple

from loyalty.accrual import Accrual, Receipt, accrue, stickers_earned
from loyalty.allocation import allocate
from loyalty.basket import BadBasket, Basket, Line
from loyalty.cards import may_earn
from loyalty.certificates import check_tender, may_pay, spend
from loyalty.member import MemberView
from loyalty.money import shown
from loyalty.offers import Counter, CouponUse, after_coupons, after_promotions, with_points
from loyalty.positions import Position, positions
from loyalty.programme import UNKNOWN, Category, Link, Programme
from loyalty.redemption import Limit, headroom, line_base, points_may_pay, redemption_limit, stepped

YEARS = range(2000, 2200)  # a clock outside has lost its battery

Excluded = Literal["category", "unknown", "no_min_price", "at_floor"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Redeemed:
    """Points really spent on this receipt, and their worth."""

    points: int
    amount_kopecks: int


class QuotedLine(NamedTuple):
    """A line after everything. `discount_kopecks` is by points alone; `excluded`: why points take nothing of it."""

    id: str
    net_before_kopecks: int
    discount_kopecks: int
    net_kopecks: int
    positions: tuple[Position, ...]
    excluded: Excluded | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The answer for a receipt. `certificates` are the kopecks taken from each certificate, in order."""

    limit: Limit
    redemption: Redeemed
    lines: tuple[QuotedLine, ...]
    total_kopecks: int
    to_pay_kopecks: int
    accrual: Accrual
    coupons: tuple[CouponUse, ...]
    certificates: tuple[int, ...]
    stickers: int
    promotions: tuple[CouponUse, ...] = ()  # those that took something off


def quote(
    programme: Programme,
    basket: Basket,
    member: MemberView | None,
    *,
    at: datetime,
    link: Link = "online",
    requested_points: int | None = None,
) -> Quote:
    """The whole arithmetic of a receipt. Without `requested_points` the whole limit is redeemed.

    `member` None = no card was shown. Raises BadBasket naming the field that cannot be.
    """
    _check(programme, basket, at, requested_points)
    categories = _categories(programme, basket)
    day = programme.day(at)
    earns = member is not None and may_earn(member.card_status)
    counter = Counter(programme, basket.lines, categories, day, earns)
    shelf = [line.gross_kopecks - line.discount_kopecks for line in basket.lines]
    promoted, promotion_uses = after_promotions(counter, shelf)
    nets, coupon_uses = after_coupons(counter, basket.coupons, promoted)

    by_points = list(map(points_may_pay, basket.lines, categories))
    floor = programme.redemption.unit_floor_kopecks
    heads = [
        headroom(line, net, floor) if may else 0 for line, may, net in zip(basket.lines, by_points, nets, strict=True)
    ]
    limit = redemption_limit(programme, basket, line_base(nets, by_points, heads), member, at=at, link=link)
    redeemed = _redeemed(programme, limit, requested_points)
    shares = allocate(nets, heads, redeemed.amount_kopecks)

    total = sum(nets) - redeemed.amount_kopecks
    taken = spend(basket.certificates, total if may_pay(basket.lines) else 0)
    paid = list(map(sub, nets, shares))
    receipt = Receipt(
        categories=categories,
        before=nets,
        paid=paid,
        coupons=basket.coupons,
        certificate_kopecks=sum(taken),
        day=day,
    )
    accrual = accrue(programme, member, receipt)
    return Quote(
        limit=limit,
        redemption=redeemed,
        lines=tuple(map(_quoted, basket.lines, categories, nets, shares, paid, heads)),
        total_kopecks=total,
        to_pay_kopecks=total - sum(taken),
        accrual=accrual,
        coupons=with_points(coupon_uses, basket.coupons, dict(accrual.offers), earns),
        certificates=taken,
        stickers=stickers_earned(programme, receipt) if earns else 0,
        promotions=promotion_uses,
    )


def _redeemed(programme: Programme, limit: Limit, requested_points: int | None) -> Redeemed:
    points = limit.points if requested_points is None else min(limit.points, requested_points)
    points = stepped(programme, points)
    return Redeemed(points=points, amount_kopecks=points * programme.currency.kop_per_point)


def _quoted(line: Line, category: Category, net: int, share: int, paid: int, head: int) -> QuotedLine:
    excluded = None if head else _excluded(line, category)
    return tuple.__new__(QuotedLine, (line.id, net, share, paid, positions(line, paid), excluded))


def _excluded(line: Line, category: Category) -> Excluded:
    if category.redeem == "no":
        return "unknown" if category.id == UNKNOWN else "category"
    return "at_floor" if points_may_pay(line, category) else "no_min_price"


def _check(programme: Programme, basket: Basket, at: datetime, requested_points: int | None) -> None:
    """What only the programme and the moment can tell of bad input."""
    if at.tzinfo is None:
        raise BadBasket("at", "needs a time zone, like 2026-03-01T12:00:00+03:00")
    if at.year not in YEARS:
        raise BadBasket("at", "is not within {first} to {last}", first=YEARS[0], last=YEARS[-1])
    if requested_points is not None and requested_points < 0:
        raise BadBasket("requested_points", "must not be negative")
    for index, kopecks in enumerate(basket.certificates):
        try:
            check_tender(programme, kopecks)
        except BadBasket as error:
            raise error.within(f"tenders[{index}]") from None
    for index, coupon in enumerate(basket.coupons):
        for name in coupon.categories:
            if name not in programme.categories:
                raise _no_category(programme, name, f"coupons[{index}].categories")


def _categories(programme: Programme, basket: Basket) -> tuple[Category, ...]:
    """The rules of each line's category; a line without one is goods that nobody knows, whoever asks."""
    known: dict[str | None, Category] = {None: programme.category(None)}
    known.update(programme.categories)
    try:
        return tuple([known[line.category] for line in basket.lines])
    except KeyError as error:
        index = [line.category for line in basket.lines].index(error.args[0])
        raise _no_category(programme, error.args[0], f"lines[{index}].category") from None


def _no_category(programme: Programme, name: str, field: str) -> BadBasket:
    known = ", ".join(sorted(programme.categories))
    return BadBasket(field, "the programme has no category {name}; it has {known}", name=shown(name), known=known)
