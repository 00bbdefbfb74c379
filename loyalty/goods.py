"""What goods are: what the shop's goods file, the hub and the POS say of a line, and the strictest of all.

The file comes from config/goods.py, what the hub told from offline_cache/goods.py; neither is part of a programme or
changes a hash. A POS may know less than the shop's office, or the other way round: whoever is stricter is believed, for
the law asks the shop, not the POS.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import product
from typing import NamedTuple, Protocol, TypeVar

from loyalty.basket import TEXT_MAX, Line, LineFacts
from loyalty.categories import BUILT_IN, EXCISE_SUBJECTS, OF_METHOD, OF_SUBJECT, STRONG, strictest
from loyalty.least_price import Least, LeastPrice, category_of_kind, least_plausible, least_price
from loyalty.money import format_kopecks
from loyalty.programme import EXCISE, UNKNOWN, Category, Programme
from loyalty.spellings import (
    BARCODE_MAX,
    article_keys,
    barcode_key,
    beginnings_of,
    category_key,
    is_weak,
    kind_key,
)

STRONG_OVER_BP = 2_800  # above 28 % the law sets a least price
STRENGTHS_BP = range(1, 10_001)  # up to pure alcohol
VOLUMES_ML = range(20, 100_001)  # from a miniature to a barrel: half a litre written in millilitres is none
OUT_OF_MEASURE = "is none; write percent like 40 or 37.5, and litres like 0.5 (0.02 to 100)"
TOO_LOW = "min_unit_price"  # under this name a line keeps a least price of the POS that cannot be one


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What is said of one article. `strength_bp`: basis points of alcohol; `subject`: fiscal tag 1212."""

    category: str | None
    kind: str | None = None
    strength_bp: int | None = None
    volume_ml: int | None = None
    subject: int | None = None
    name: str = ""


class KnowsGoods(Protocol):
    """Whoever can say what is sold under an article or a barcode."""

    def find(self, article: str | None, barcode: str | None) -> tuple[Item, ...]:
        """All that is known of these goods; it may differ, and then the stricter counts."""
        ...

    def price_on(self, article: str | None, barcode: str | None, day: date) -> int | None:
        """Kopecks of one piece or kilogram in this store on that day; None: nobody told one, or more than one."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """Items by article, by barcode (as `barcode_key` spells it), and by how a barcode begins."""

    articles: Mapping[str, Item] = field(default_factory=dict)
    barcodes: Mapping[str, Item] = field(default_factory=dict)
    prefixes: Mapping[str, Item] = field(default_factory=dict)

    def find(self, article: str | None, barcode: str | None) -> tuple[Item, ...]:
        """All that the file says of these goods: by the article, and by the barcode or else by the longest beginning of
        it. The rows may differ, and then the stricter counts."""
        found = [self.articles.get(key) for key in article_keys(article or "")]
        if barcode:
            key = barcode_key(barcode)
            whole = self.barcodes.get(key)
            found += [whole] if whole is not None else map(self._by_beginning, beginnings_of(barcode))
        return tuple(dict.fromkeys(item for item in found if item is not None))

    def _by_beginning(self, code: str) -> Item | None:
        lengths = range(len(code), 0, -1) if self.prefixes and len(code) <= BARCODE_MAX else ()
        found = (self.prefixes.get(code[:length]) for length in lengths)
        return next((item for item in found if item is not None), None)

    def price_on(self, article: str | None, barcode: str | None, day: date) -> int | None:
        """The file tells none."""
        return None


NO_GOODS = Goods()


class AllGoods:
    """What each of several knows, the first one's word first."""

    def __init__(self, *known: KnowsGoods) -> None:
        self._known = known

    def find(self, article: str | None, barcode: str | None) -> tuple[Item, ...]:
        return tuple(dict.fromkeys(item for known in self._known for item in known.find(article, barcode)))

    def price_on(self, article: str | None, barcode: str | None, day: date) -> int | None:
        prices = (known.price_on(article, barcode, day) for known in self._known)
        return next((price for price in prices if price is not None), None)


def decided(line: Line, programme: Programme, goods: KnowsGoods, prices: tuple[LeastPrice, ...], day: date) -> Line:
    """The line with the category and the least price that count; `facts` keeps what the POS said where that is another.
    A category that the programme does not have is none, and refuses no basket (R31)."""
    items = goods.find(line.facts.article, line.facts.barcode)
    said = _said(line.facts, items)
    known = _known(line, items, said, programme, prices)
    kopecks, table, too_low = _least(line, said, known, prices, day)
    category = _category(line.facts, items, known, kopecks is not None)
    if category == line.category and table is None and kopecks == line.min_unit_price_kopecks:
        return line
    told = line.category[:TEXT_MAX] if line.category and line.category != category else None
    besides = (*line.facts.told, (TOO_LOW, format_kopecks(too_low))) if too_low else line.facts.told
    facts = replace(line.facts, category_told=told, least_price_table=table, told=besides)
    return replace(line, category=category, min_unit_price_kopecks=kopecks, facts=facts)


class _Said(NamedTuple):
    """Everything that the POS and the file say of a drink, without doubles."""

    kinds: tuple[str, ...]
    strengths_bp: tuple[int, ...]
    volumes_ml: tuple[int, ...]


_NOTHING = _Said((), (), ())


def _said(facts: LineFacts, items: tuple[Item, ...]) -> _Said:
    if not items and facts.kind is None and facts.strength_bp is None and facts.volume_ml is None:  # as most goods are
        return _NOTHING
    all_of: tuple[LineFacts | Item, ...] = (facts, *items)
    return _Said(
        _told(kind_key(one.kind) for one in all_of),
        _told(one.strength_bp or None for one in all_of),
        _told(one.volume_ml or None for one in all_of),
    )


_T = TypeVar("_T")


def _told(values: Iterable[_T | None]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(value for value in values if value is not None))


# the least price


def _least(
    line: Line, said: _Said, known: Sequence[Category], prices: tuple[LeastPrice, ...], day: date
) -> tuple[int | None, str | None, int | None]:
    """The least price that counts, the table that says so, and what the POS told where that cannot be one: lower than
    any such bottle ever cost. Nothing is not a price."""
    told = line.min_unit_price_kopecks or None
    floor = _plausible(said, known, prices)
    too_low = told if told is not None and told < floor else None
    kopecks = told if too_low is None else None
    least = _of_tables(said, prices, day) if said.kinds else None
    if least is not None and least.kopecks >= max(floor, kopecks or 0):
        return least.kopecks, least.table, too_low
    return kopecks, None, too_low


def _plausible(said: _Said, known: Sequence[Category], prices: tuple[LeastPrice, ...]) -> int:
    volumes = said.volumes_ml or (None,)
    priced = {category.id for category in known if category.needs_least_price}
    return max((least_plausible(prices, id, volume) for id in priced for volume in volumes), default=0)


def _of_tables(said: _Said, prices: tuple[LeastPrice, ...], day: date) -> Least | None:
    """The highest that the tables ask for goods of any kind, strength and volume that somebody says."""
    every = product(said.kinds, said.strengths_bp or (None,), said.volumes_ml or (None,))
    found = (least_price(prices, kind, strength, volume, day) for kind, strength, volume in every)
    return max((least for least in found if least is not None), default=None)


# the category


def _known(
    line: Line, items: tuple[Item, ...], said: _Said, programme: Programme, prices: tuple[LeastPrice, ...]
) -> list[Category]:
    """Everything that these goods are said to be, the file's own word first. That nobody knows them is a word of the
    file's, and none of a POS's."""
    names = [item.category for item in items if item.category is not None]
    if line.category is not None and (told := _told_category(line.category, programme)) != UNKNOWN:
        names.append(told)
    names += _by_drink(said, prices)
    names += _by_tags(line.facts, items)
    return [category for name in names if (category := programme.categories.get(name)) is not None]


def _told_category(name: str, programme: Programme) -> str:
    return name if name in programme.categories else category_key(name)


def _by_drink(said: _Said, prices: tuple[LeastPrice, ...]) -> Iterable[str]:
    """A kind that no table knows, and anything above 28 %, may be strong alcohol (L1)."""
    for kind in said.kinds:
        if not is_weak(kind):
            yield category_of_kind(prices, kind) or STRONG
    if any(strength > STRONG_OVER_BP for strength in said.strengths_bp):
        yield STRONG


def _by_tags(facts: LineFacts, items: tuple[Item, ...]) -> Iterable[str]:
    """Tickets, advances and deposits by the fiscal tags 1212 and 1214."""
    subjects = (facts.subject, *(item.subject for item in items))
    tags = (*(OF_SUBJECT.get(subject or 0) for subject in subjects), OF_METHOD.get(facts.method or 0))
    return [name for name in tags if name is not None]


def _category(facts: LineFacts, items: tuple[Item, ...], known: list[Category], least_price_known: bool) -> str:
    """The strictest of all that is said; goods that nobody knows have their own."""
    strict = strictest(known, least_price_known)
    if _is_excise(facts, items) and (strict is None or not strict.excise):
        strict = strictest([*known, BUILT_IN[EXCISE]], least_price_known)
    return strict.id if strict is not None else UNKNOWN


def _is_excise(facts: LineFacts, items: tuple[Item, ...]) -> bool:
    """Marked on the fiscal receipt as excise goods: where their category says nothing of it they may be tobacco."""
    return facts.subject in EXCISE_SUBJECTS or any(item.subject in EXCISE_SUBJECTS for item in items)
