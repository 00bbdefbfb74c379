"""The law's least retail prices: what one bottle of a kind, strength and volume may not be sold below on a day.

The tables are data (config/law/*.toml), each with its source and days. What no table knows has no least price here,
and then takes neither points nor discounts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from loyalty.money import ceil_div


@dataclass(frozen=True, slots=True, kw_only=True)
class LeastPrice:
    """One row of a table: so many kopecks for `per_ml` of these kinds. Strengths are basis points (4000 = 40 %), above
    `strength_over_bp`, up to `strength_to_bp`; None = without a bound."""

    table: str
    kinds: tuple[str, ...]
    category: str  # what goods of these kinds are at least
    kopecks: int
    per_ml: int
    first_day: date
    last_day: date
    strength_over_bp: int = 0
    strength_to_bp: int | None = None


class Least(NamedTuple):
    """Kopecks of one unit, and the table that says so."""

    kopecks: int
    table: str


def least_price(
    prices: Iterable[LeastPrice], kind: str | None, strength_bp: int | None, volume_ml: int | None, day: date
) -> Least | None:
    """The highest that any table asks for; None where none knows these goods or this day. Other volumes pro rata,
    rounded up to the kopeck: rounded down it would lie below the law by a part of one."""
    if kind is None or volume_ml is None:
        return None
    found = (
        Least(ceil_div(row.kopecks * volume_ml, row.per_ml), row.table)
        for row in prices
        if kind in row.kinds and row.first_day <= day <= row.last_day and _has_strength(row, strength_bp)
    )
    return max(found, default=None)


def _has_strength(row: LeastPrice, strength_bp: int | None) -> bool:
    """A strength that nobody told fits only a row without an upper bound: stronger goods may cost more."""
    if strength_bp is None:
        return row.strength_to_bp is None
    return row.strength_over_bp < strength_bp and (row.strength_to_bp is None or strength_bp <= row.strength_to_bp)


SMALLEST_ML = 50  # the smallest bottle that is sold


def least_plausible(prices: Iterable[LeastPrice], category: str, volume_ml: int | None) -> int:
    """Below so many kopecks nobody's least price of such goods can be right: the lowest that any table asked for on any
    day, and of the smallest bottle where nobody knows how large it is. 0 for a category without tables."""
    volume = SMALLEST_ML if volume_ml is None else volume_ml
    return min((ceil_div(row.kopecks * volume, row.per_ml) for row in prices if row.category == category), default=0)


def known_to(prices: Iterable[LeastPrice]) -> date:
    """The last day on which every category still has a table; afterwards its goods take neither points nor
    discounts."""
    last: dict[str, date] = {}
    for row in prices:
        last[row.category] = max(row.last_day, last.get(row.category, row.last_day))
    return min(last.values(), default=date.max)


def category_of_kind(prices: Iterable[LeastPrice], kind: str | None) -> str | None:
    """What goods of this kind are at least, on whatever day: vodka is strong alcohol, whoever calls it grocery."""
    return next((row.category for row in prices if kind in row.kinds), None)
