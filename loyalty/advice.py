"""What the customer could still gain on this receipt, by asking the quote «what if»: one piece of advice, or none.

Never towards alcohol, tobacco or goods that nobody knows: what is added in thought are goods like those that are there
already and are open to everything. Nothing is told that the quote does not confirm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import compress
from typing import NamedTuple

import msgspec

from loyalty.basket import LINES_MAX, Basket, Line
from loyalty.bodies import Advice, Sale
from loyalty.cards import may_earn
from loyalty.lots import Account
from loyalty.member import MemberView
from loyalty.money import ceil_div
from loyalty.offers import Counter, discounted, kopecks_short
from loyalty.points_life import last_day_of
from loyalty.programme import Category, Link, Offer, PercentAccrual, Programme, Tier
from loyalty.quote import Quote, quote
from loyalty.stickers import is_right

DYING = timedelta(days=7)  # a week is what people plan
NEAR_KOPECKS = 100_00  # something small from beside the till
NEAR_PART = 4  # or a quarter of the receipt; for a coupon that somebody brought along, as much again
TRIES_MAX = 3  # discounts take off a part of what is added


class _Gain(NamedTuple):
    advice: Advice
    kopecks: int  # what it is worth to the customer


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A receipt with its answer, as `quote` had it; `decided`: how many points to redeem was said by the customer."""

    programme: Programme
    basket: Basket
    member: MemberView | None
    account: Account
    quoted: Quote
    at: datetime
    link: Link
    requested_points: int | None
    decided: bool = False

    @property
    def point_kopecks(self) -> int:
        return self.programme.currency.kop_per_point


def advice(receipt: Receipt) -> Advice | None:
    """The one that is worth most; of equals what costs the customer nothing, then the coupon in his hand."""
    gains = [*_dying(receipt), *_coupons(receipt), *_tier(receipt)]
    return max(gains, key=lambda gain: gain.kopecks).advice if gains else None


def taken(told: Advice, sale: Sale, limit_points: int) -> bool:
    """Whether the paid receipt reached what the advice was about."""
    if told.kind == "coupon":
        return any(use.campaign == told.offer for use in sale.coupons)
    if told.kind == "tier":
        return sale.qualifying_kopecks >= told.goal_kopecks
    return 0 < min(told.points, limit_points) <= sale.redeemed.points


# points that die


def _dying(receipt: Receipt) -> Iterator[_Gain]:
    """Points whose last days have come, where some of them could pay here and nobody has decided yet."""
    account, at, quoted = receipt.account, receipt.at, receipt.quoted
    alive = [lot for lot in account.lots if lot.active(at) and lot.points]
    ends = [lot.expires_at for lot in alive if lot.expires_at is not None and lot.expires_at - at <= DYING]
    if not ends or account.debt or receipt.decided:
        return
    points = sum(lot.points for lot in alive if lot.expires_at == min(ends))
    saved = min(points, quoted.limit.points) - quoted.redemption.points  # those that die first are spent first
    if saved > 0:
        last_day = last_day_of(receipt.programme, min(ends)).isoformat()
        yield _Gain(Advice(kind="expiring", points=points, last_day=last_day), saved * receipt.point_kopecks)


# a little more on the receipt


def _coupons(receipt: Receipt) -> Iterator[_Gain]:
    """Those that only wait for a larger receipt, and would then give something."""
    refusals = {use.id: use.refusal for use in receipt.quoted.coupons}
    most = max(NEAR_KOPECKS, receipt.quoted.total_kopecks)
    for offer in receipt.basket.coupons:
        if refusals[offer.id] != "basket_too_small" or is_right(offer.id):  # stickers are said to be kept
            continue
        found = _reaching(receipt, partial(_coupon_short, receipt, offer), most)
        if found is None:
            continue
        more, basket = found
        grown = _asked(receipt, basket)
        gained = _given(receipt, grown) - _given(receipt, receipt.quoted)
        if gained > 0 and any(use.id == offer.id and use.refusal is None for use in grown.coupons):
            yield _Gain(Advice(kind="coupon", more_kopecks=more, offer=offer.id), gained)


def _coupon_short(receipt: Receipt, offer: Offer, basket: Basket) -> int:
    return kopecks_short(_counter(receipt, basket), basket.coupons, offer)


def _given(receipt: Receipt, quoted: Quote) -> int:
    """By all coupons, in kopecks."""
    ids = {use.id for use in quoted.coupons}
    points = sum(given for id, given in quoted.accrual.offers if id in ids)
    return sum(use.discount_kopecks for use in quoted.coupons) + points * receipt.point_kopecks


def _tier(receipt: Receipt) -> Iterator[_Gain]:
    """The next rate, where the receipt's own sum chooses it."""
    rule, tier = receipt.programme.accrual, _next_tier(receipt)
    if tier is None:
        return
    assert isinstance(rule, PercentAccrual)
    most = max(NEAR_KOPECKS, receipt.quoted.total_kopecks // NEAR_PART)
    found = _reaching(receipt, partial(_tier_short, receipt, tier), most)
    if found is None:
        return
    more, basket = found
    below = tuple(one for one in rule.tiers if one.from_kopecks < tier.from_kopecks)
    without = replace(receipt, programme=replace(receipt.programme, accrual=replace(rule, tiers=below)))
    gained = _asked(receipt, basket).accrual.points - _asked(without, basket).accrual.points
    if gained > 0:
        told = Advice(
            kind="tier",
            more_kopecks=more,
            goal_kopecks=tier.from_kopecks,
            rate_bp=tier.rate_bp,
            before_bp=max(one.rate_bp for one in below),
        )
        yield _Gain(told, gained * receipt.point_kopecks)


def _next_tier(receipt: Receipt) -> Tier | None:
    rule, member = receipt.programme.accrual, receipt.member
    if not isinstance(rule, PercentAccrual) or rule.tier_metric != "receipt":
        return None
    if member is None or not may_earn(member.card_status):
        return None
    spent = receipt.quoted.accrual.qualifying_kopecks
    return next((tier for tier in rule.tiers if tier.from_kopecks > spent), None)


def _tier_short(receipt: Receipt, tier: Tier, basket: Basket) -> int:
    """Of what chooses the rate: goods that earn, before points."""
    counter = _counter(receipt, basket)
    nets = discounted(counter, basket.coupons)
    return tier.from_kopecks - sum(compress(nets, [category.earn for category in counter.categories]))


# what if


def _reaching(receipt: Receipt, short: Callable[[Basket], int], most: int) -> tuple[int, Basket] | None:
    """So much more, and the basket with it, that nothing is short any more; None where that is too much, or where
    nothing of what is added counts. Discounts take a part off, so what is still short is added in proportion."""
    like = _goods(receipt)
    if like is None or len(receipt.basket.lines) >= LINES_MAX:
        return None
    more = missing = short(receipt.basket)
    for _ in range(TRIES_MAX):
        if not 0 < more <= most:
            return None
        basket = _with_more(receipt.basket, like, more)
        left = short(basket)
        if left <= 0:
            return more, basket
        if left >= missing:
            return None
        more += ceil_div(left * more, missing - left)
    return None


def _goods(receipt: Receipt) -> Line | None:
    """The dearest of the lines whose goods are open to everything."""
    open_lines = [line for line in receipt.basket.lines if is_open(receipt.programme.category(line.category))]
    return max(open_lines, key=lambda line: line.gross_kopecks, default=None)


def is_open(category: Category) -> bool:
    """Goods that one may be advised to buy more of."""
    return category.redeem == "yes" and category.earn and category.discount and not category.needs_least_price


def _with_more(basket: Basket, like: Line, kopecks: int) -> Basket:
    ids = {line.id for line in basket.lines}
    id = "more"
    while id in ids:
        id += "+"
    return replace(basket, lines=(*basket.lines, Line(id=id, name="", price_kopecks=kopecks, category=like.category)))


def _counter(receipt: Receipt, basket: Basket) -> Counter:
    """The basket as the offers see it."""
    programme, member = receipt.programme, receipt.member
    categories = tuple([programme.category(line.category) for line in basket.lines])
    is_member = member is not None and may_earn(member.card_status)
    return Counter(programme, basket.lines, categories, programme.day(receipt.at), is_member)


def _asked(receipt: Receipt, basket: Basket) -> Quote:
    return quote(
        receipt.programme,
        basket,
        receipt.member,
        at=receipt.at,
        link=receipt.link,
        requested_points=receipt.requested_points,
    )


def recorded(told: Advice, sale: Sale, limit_points: int) -> Advice:
    """As the paid sale keeps it."""
    return msgspec.structs.replace(told, taken=taken(told, sale, limit_points))
