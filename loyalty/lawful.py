"""Discounts that the POS gave already and the law does not allow: said and recorded, never refused, for the goods are
on the counter and their price is the POS's. Ours never take such a line further: it has no headroom left.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from loyalty.bodies import Deviation, SoldLine
from loyalty.categories import EXCISE_SUBJECTS
from loyalty.goods import Item
from loyalty.money import ceil_div, half_up
from loyalty.programme import EXCISE, LEAST_PRICED, UNKNOWN, Category
from loyalty.spellings import category_key

UNLAWFUL_DISCOUNT: Final = "unlawful_discount"  # a deviation; `note` names the goods
# 38-FZ art. 7, 21 and 24, 15-FZ art. 16: what is shown to nobody as an offer, whatever a programme calls it
_ENGLISH: Final = ("alcohol", "beer", "wine", "tobacco", "nicotine", "hookah", "medicine", "medicines", "lottery")
_RUSSIAN: Final = ("алкоголь", "пиво", "вино", "табак", "никотин", "кальян", "лекарства", "аптека", "лотерея")
NEVER_ADVERTISED: Final = frozenset(map(category_key, (*_ENGLISH, *_RUSSIAN, EXCISE, *LEAST_PRICED)))
NEVER_CHEAPER: Final = ("tobacco", "nicotine", EXCISE)  # 15-FZ art. 16: no discount at all; excise goods may be tobacco


def unlawful_discounts(lines: Iterable[SoldLine], *, witnessed: bool = True) -> tuple[Deviation, ...]:
    """One for each such line, with what it is too cheap by. Not `witnessed`: points too are as the POS says, and may
    have gone where ours never do."""
    costs = ((line.name, _too_cheap_by(line, 0 if witnessed else line.discount_kopecks)) for line in lines)
    return tuple(Deviation(kind=UNLAWFUL_DISCOUNT, cost_kopecks=cost, note=name) for name, cost in costs if cost)


def may_be_advertised(category: Category, item: Item | None = None) -> bool:
    """May goods of this category be shown as an offer? `item`: what is known of one of them besides: a drink is none,
    and nor is what a fiscal receipt marks as excise goods."""
    return category.discount and not _is_forbidden(category, item)


def may_be_sent(category: Category, item: Item | None = None) -> bool:
    """May goods of this category be ordered from afar? Also those that no offer may touch, such as a bag; nothing that
    nobody knows."""
    return category.id != UNKNOWN and not _is_forbidden(category, item)


def _is_forbidden(category: Category, item: Item | None) -> bool:
    if category.excise or category.needs_least_price:
        return True
    if not NEVER_ADVERTISED.isdisjoint(map(category_key, (category.id, category.ru, category.en))):
        return True
    return item is not None and bool(item.kind or item.strength_bp or item.subject in EXCISE_SUBJECTS)


def is_price_itself(line: SoldLine) -> bool:
    """Is the line too cheap before anything is taken off it?"""
    return _gross(line) < _least(line)


def _too_cheap_by(line: SoldLine, by_points: int) -> int:
    off = line.pos_discount_kopecks + by_points
    if off and _is_never_cheaper(line):
        return off
    if by_points and line.category in LEAST_PRICED and line.least_price_kopecks is None:
        return by_points
    return max(0, _least(line) - (_gross(line) - off))


def _is_never_cheaper(line: SoldLine) -> bool:
    return line.category in NEVER_CHEAPER or category_key(line.category_told or "") in NEVER_CHEAPER


def _least(line: SoldLine) -> int:
    return ceil_div((line.least_price_kopecks or 0) * line.quantity_m, 1000)


def _gross(line: SoldLine) -> int:
    return half_up(line.price_kopecks * line.quantity_m, 1000)
