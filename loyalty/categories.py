"""The categories that every programme has, whatever its file leaves out, and which of two is the stricter.

What a shop may not do with tobacco does not depend on whether somebody remembered three keys (R29), and goods that
nobody knows may be tobacco (R31, L1).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from loyalty.programme import EXCISE, UNKNOWN, Category

# 15-FZ art. 16: no discount on tobacco and nicotine "by any means"; goods marked as excise goods may be tobacco
CLOSED_BY_LAW: Final = ("tobacco", "nicotine", EXCISE)
STRONG: Final = "alcohol_strong"
CLOSED: Final = (*CLOSED_BY_LAW, "lottery", "gift_certificate", "card_fee", "charity", "deposit")
EXCISE_SUBJECTS: Final = frozenset({2, 30, 31})  # of tag 1212: excise goods; marked ones without their code and with it
# what other values of tag 1212 say of a line: bets, prizes and lottery tickets, a payment in advance, a deposit; and
# those of tag 1214 that say the same: prepaid in whole, in part, an advance
OF_SUBJECT: Final[Mapping[int, str]] = MappingProxyType(
    {**dict.fromkeys(range(5, 9), "lottery"), 10: "gift_certificate", 19: "deposit"}
)
OF_METHOD: Final[Mapping[int, str]] = MappingProxyType(dict.fromkeys(range(1, 4), "gift_certificate"))


def _closed(id: str, ru: str, en: str, *, excise: bool = False) -> Category:
    return Category(id=id, ru=ru, en=en, redeem="no", earn=False, discount=False, excise=excise)


def _least_priced(id: str, ru: str, en: str) -> Category:
    return Category(id=id, ru=ru, en=en, redeem="above_min_price", excise=True)


BUILT_IN: Final[Mapping[str, Category]] = MappingProxyType(
    {
        category.id: category
        for category in (
            _closed("tobacco", "Табак", "Tobacco", excise=True),
            _closed("nicotine", "Никотин", "Nicotine", excise=True),
            _closed("lottery", "Лотерея", "Lottery"),
            _closed("gift_certificate", "Сертификат", "Gift certificate"),
            _closed("card_fee", "Карта", "Card fee"),
            _closed("charity", "Пожертвование", "Charity"),
            _closed("deposit", "Залог", "Deposit"),
            _closed(EXCISE, "Подакцизный товар", "Excise goods", excise=True),
            Category(id=UNKNOWN, ru="Неизвестный товар", en="Unknown goods", redeem="no", discount=False),
            _least_priced(STRONG, "Крепкий алкоголь", "Strong alcohol"),
            _least_priced("sparkling_wine", "Игристое вино", "Sparkling wine"),
        )
    }
)

_REDEEM_ORDER = {"yes": 0, "above_min_price": 1, "no": 2}


def strictest(categories: Iterable[Category], least_price_known: bool) -> Category | None:
    """The one that allows least; of equals the first. A least price that nobody knows closes its goods."""
    return max(categories, key=lambda category: _strictness(category, least_price_known), default=None)


def _strictness(category: Category, least_price_known: bool) -> tuple[bool, int, bool]:
    if category.needs_least_price and not least_price_known:
        return (True, _REDEEM_ORDER["no"], not category.earn)
    return (not category.discount, _REDEEM_ORDER[category.redeem], not category.earn)
