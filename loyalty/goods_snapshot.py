"""Goods as tills are told of them: only what a line needs that comes by its article or barcode alone.

Prices are those of the till's own store, by the days from which they are in force.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import msgspec

from loyalty.basket import PRICE_MAX_KOPECKS, TEXT_MAX
from loyalty.goods import STRENGTHS_BP, VOLUMES_ML, Item
from loyalty.possible import is_text
from loyalty.spellings import BARCODE_MAX, article_keys, barcode_key

ARTICLE_MAX: Final = 64  # characters
CODES_MAX: Final = 100  # barcodes and beginnings of one article
PRICES_TOLD_MAX: Final = 8  # today's and the next ones
SUBJECTS: Final = range(1, 100)  # fiscal tag 1212 has two digits


class ImpossibleGoods(ValueError):
    """No goods are like this; the message says what of them."""


class PriceSince(msgspec.Struct, frozen=True, array_like=True):
    """From that day (YYYY-MM-DD, by the store's clock) on; None: there is none."""

    since: str
    kopecks: int | None


class GoodsSnapshot(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`barcodes`: as `barcode_key` spells them; `beginnings`: of barcodes. `strength_bp`: basis points of alcohol;
    `subject`: fiscal tag 1212. `prices`: in the order of their days, of one piece or kilogram."""

    article: str
    name: str = ""
    barcodes: tuple[str, ...] = ()
    beginnings: tuple[str, ...] = ()
    category: str | None = None
    kind: str | None = None
    strength_bp: int | None = None
    volume_ml: int | None = None
    subject: int | None = None
    prices: tuple[PriceSince, ...] = ()

    def item(self) -> Item:
        return Item(
            category=self.category,
            kind=self.kind,
            strength_bp=self.strength_bp,
            volume_ml=self.volume_ml,
            subject=self.subject,
            name=self.name,
        )

    def codes(self) -> tuple[str, ...]:
        """All that these goods are found by: `a` and an article, `b` and a barcode, `p` and a beginning."""
        articles = [f"a{key}" for key in article_keys(self.article)]
        barcodes = [f"b{barcode_key(code)}" for code in self.barcodes]
        return tuple(dict.fromkeys((*articles, *barcodes, *(f"p{code}" for code in self.beginnings))))

    def price_on(self, day: date) -> int | None:
        """Kopecks of one piece or kilogram on that day; None: nobody said."""
        in_force = [price for price in self.prices if price.since <= day.isoformat()]
        return in_force[-1].kopecks if in_force else None


def check_goods(told: GoodsSnapshot) -> None:
    """Raises ImpossibleGoods."""
    names = (told.name, told.category, told.kind)
    if not is_text(told.article, ARTICLE_MAX) or any(name and not is_text(name, TEXT_MAX) for name in names):
        raise ImpossibleGoods("a name is none")
    codes = (*told.barcodes, *told.beginnings)
    if len(codes) > CODES_MAX or not all(is_text(code, BARCODE_MAX) for code in codes):
        raise ImpossibleGoods("a barcode is none")
    measures = ((told.strength_bp, STRENGTHS_BP), (told.volume_ml, VOLUMES_ML), (told.subject, SUBJECTS))
    if any(value is not None and value not in right for value, right in measures):
        raise ImpossibleGoods("a strength, a volume or a subject is none")
    _check_prices(told.prices)


def _check_prices(prices: tuple[PriceSince, ...]) -> None:
    if len(prices) > PRICES_TOLD_MAX or any(not 0 <= (price.kopecks or 0) <= PRICE_MAX_KOPECKS for price in prices):
        raise ImpossibleGoods("a price is none")
    for price in prices:
        if date.fromisoformat(price.since).isoformat() != price.since:
            raise ImpossibleGoods("a day is none")
    if [price.since for price in prices] != sorted({price.since for price in prices}):
        raise ImpossibleGoods("days of prices are in no order")
