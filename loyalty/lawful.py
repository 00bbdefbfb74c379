"""Discounts that the POS gave already and the law does not allow: said and recorded, never refused, for the goods are
on the counter and their price is the POS's. Ours never take such a line further: it has no headroom left.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from loyalty.bodies import Deviation, SoldLine
from loyalty.money import ceil_div, half_up

UNLAWFUL_DISCOUNT: Final = "unlawful_discount"  # a deviation; `note` names the goods
NEVER_CHEAPER: Final = ("tobacco", "nicotine")  # 15-FZ art. 16: no discount at all


def unlawful_discounts(lines: Iterable[SoldLine]) -> tuple[Deviation, ...]:
    """One for each such line, with what it is too cheap by."""
    costs = ((line.name, _too_cheap_by(line)) for line in lines)
    return tuple(Deviation(kind=UNLAWFUL_DISCOUNT, cost_kopecks=cost, note=name) for name, cost in costs if cost)


def _too_cheap_by(line: SoldLine) -> int:
    if line.category in NEVER_CHEAPER and line.pos_discount_kopecks:
        return line.pos_discount_kopecks
    least = ceil_div((line.least_price_kopecks or 0) * line.quantity_m, 1000)
    shelf = half_up(line.price_kopecks * line.quantity_m, 1000) - line.pos_discount_kopecks
    return max(0, least - shelf)
