"""What points, promotions and coupons took off each line of a receipt, and what a return gives back of it.

A return gives back a share of each line, as its refund is one: all that is back by then, less what was back before. So
parts in any order give back in total what the sale had taken off. What a return withholds, because the rest lost a
discount with it, is a discount that is given back too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from loyalty.allocation import allocate
from loyalty.bodies import CAME_BACK_TWICE, Return, Sale, SoldLine
from loyalty.money import half_up
from loyalty.returns import all_lines, came, came_back, lines_of, still_out


class Off(NamedTuple):
    """Kopecks off a line, under its VAT sign; `coupons` are a part of `offers`."""

    tax: str
    points: int
    offers: int
    coupons: int


def off_sold(sale: Sale) -> Iterator[Off]:
    lines = all_lines(sale)
    offers = list(map(by_offers, lines))
    for line, off, coupons in zip(lines, offers, _by_coupons(sale, offers), strict=True):
        yield Off(line.tax or "", line.discount_kopecks, off, coupons)


def off_back(sale: Sale, before: Sequence[Return], back: Return) -> Iterator[Off]:
    """`before`: what came back of the sale earlier."""
    earlier = came_back(sale, before)
    after = earlier.with_lines(still_out(sale, earlier, lines_of(back)))
    refunds = _refunds(back)

    def share(kopecks: int, line: SoldLine) -> int:
        return came(kopecks, line, after) - came(kopecks, line, earlier)

    lines = all_lines(sale)
    taken_off = list(map(by_offers, lines))
    for line, off, coupons in zip(lines, taken_off, _by_coupons(sale, taken_off), strict=True):
        paid = share(line.net_kopecks, line)
        withheld = paid - refunds[line.id] if refunds is not None and line.id in refunds else 0
        before_points = share(line.net_before_kopecks, line)
        offers = share(line.net_before_kopecks + off, line) - before_points + withheld
        yield Off(line.tax or "", before_points - paid, offers, share(coupons, line))


def by_offers(line: SoldLine) -> int:
    """What promotions and coupons took off."""
    gross = half_up(line.price_kopecks * line.quantity_m, 1000)
    return gross - line.pos_discount_kopecks - line.net_before_kopecks


def _by_coupons(sale: Sale, offers: Sequence[int]) -> Sequence[int]:
    """Of each line, what coupons took off: a receipt says it as one sum, which is spread as all that was taken off."""
    coupons = sum([use.discount_kopecks for use in sale.coupons])
    if not coupons or coupons == sum(offers):  # as on nearly every receipt
        return offers if coupons else [0] * len(offers)
    heads = [max(0, off) for off in offers]
    return allocate(heads, heads, min(sum(heads), coupons))


def _refunds(back: Return) -> dict[str, int] | None:
    """By line; None where they do not tell what was withheld: an older till's, and goods that came back twice."""
    refunds = {line.id: line.refund_kopecks for line in back.lines}
    twice = any(deviation.kind == CAME_BACK_TWICE for deviation in back.deviations)
    return None if twice or sum(refunds.values()) != back.refund_kopecks else refunds
