"""What goods are: what the shop's goods file and the POS say of a line, and the stricter of both.

The file comes from config/goods.py; it is no part of a programme and changes no hash. A POS may know less than the
shop's office, or the other way round: whoever is stricter is believed, for the law asks the shop, not the POS.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from loyalty.basket import TEXT_MAX, Line, LineFacts
from loyalty.card_numbers import is_digits
from loyalty.categories import BUILT_IN, EXCISE_SUBJECTS, strictest
from loyalty.least_price import Least, LeastPrice, category_of_kind, least_price
from loyalty.programme import EXCISE, UNKNOWN, Category, Programme

BARCODE_MAX = 48  # characters; a prefix is never longer


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What the file says of one article. `strength_bp`: basis points of alcohol; `subject`: fiscal tag 1212."""

    category: str
    kind: str | None = None
    strength_bp: int | None = None
    volume_ml: int | None = None
    subject: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """Items by article, by barcode (as `barcode_key` spells it), and by how a barcode begins."""

    articles: Mapping[str, Item] = field(default_factory=dict)
    barcodes: Mapping[str, Item] = field(default_factory=dict)
    prefixes: Mapping[str, Item] = field(default_factory=dict)

    def find(self, article: str | None, barcode: str | None) -> Item | None:
        """By the article first, then by the barcode, then by the longest beginning of it."""
        if article is not None and (item := self.articles.get(article)) is not None:
            return item
        if barcode is None or len(barcode) > BARCODE_MAX:
            return None
        key = barcode_key(barcode)
        return self.barcodes.get(key) or self._by_prefix(key)

    def _by_prefix(self, key: str) -> Item | None:
        lengths = range(len(key), 0, -1) if self.prefixes else ()
        found = (self.prefixes.get(key[:length]) for length in lengths)
        return next((item for item in found if item is not None), None)


NO_GOODS = Goods()


def barcode_key(barcode: str) -> str:
    """One spelling for a barcode: UPC-A, EAN-13 and GTIN-14 with zeros before are the same number."""
    if not is_digits(barcode):
        return barcode
    if len(barcode) == 12:
        return f"0{barcode}"
    return barcode[1:] if len(barcode) == 14 and barcode.startswith("0") else barcode


def decided(line: Line, programme: Programme, goods: Goods, prices: tuple[LeastPrice, ...], day: date) -> Line:
    """The line with the category and the least price that count; `facts` keeps what the POS said where that is another.
    A category that the programme does not have is none, and refuses no basket (R31)."""
    item = goods.find(line.facts.article, line.facts.barcode)
    kopecks, table = line.min_unit_price_kopecks, None
    least = _least(line, item, prices, day)
    if least is not None and (kopecks is None or least.kopecks >= kopecks):
        kopecks, table = least
    category = _category(line, item, programme, prices, kopecks is not None)
    if category == line.category and table is None:
        return line
    told = line.category[:TEXT_MAX] if line.category and line.category != category else None
    facts = replace(line.facts, category_told=told, least_price_table=table)
    return replace(line, category=category, min_unit_price_kopecks=kopecks, facts=facts)


def _least(line: Line, item: Item | None, prices: tuple[LeastPrice, ...], day: date) -> Least | None:
    """What the tables ask for goods as the POS describes them and as the file does, each with what only the other
    knows; the higher of both."""
    facts = line.facts
    if facts.kind is None and (item is None or item.kind is None):  # as nearly all goods are
        return None
    if item is None:
        return least_price(prices, facts.kind, facts.strength_bp, facts.volume_ml, day)
    found = (
        least_price(prices, one.kind or other.kind, _or(one.strength_bp, other.strength_bp), volume, day)
        for one, other in ((facts, item), (item, facts))
        for volume in [_or(one.volume_ml, other.volume_ml)]
    )
    return max((least for least in found if least is not None), default=None)


def _or(one: int | None, other: int | None) -> int | None:
    return other if one is None else one


def _category(
    line: Line, item: Item | None, programme: Programme, prices: tuple[LeastPrice, ...], least_price_known: bool
) -> str:
    """The strictest of what the file, the POS and the kind of goods say; goods that nobody knows have theirs."""
    told = (item.category if item else None, line.category, *_by_kind(line.facts, item, prices))
    known = [category for name in told if name != UNKNOWN and (category := _named(programme, name)) is not None]
    strict = strictest(known, least_price_known)
    if _is_excise(line.facts, item) and (strict is None or not strict.excise):
        strict = strictest([*known, BUILT_IN[EXCISE]], least_price_known)
    return strict.id if strict is not None else UNKNOWN


def _named(programme: Programme, name: str | None) -> Category | None:
    return programme.categories.get(name) if name is not None else None


def _by_kind(facts: LineFacts, item: Item | None, prices: tuple[LeastPrice, ...]) -> Iterable[str | None]:
    return [category_of_kind(prices, kind) for kind in (facts.kind, item.kind if item else None) if kind is not None]


def _is_excise(facts: LineFacts, item: Item | None) -> bool:
    """Marked on the fiscal receipt as excise goods: where their category says nothing of it they may be tobacco."""
    return facts.subject in EXCISE_SUBJECTS or (item is not None and item.subject in EXCISE_SUBJECTS)
