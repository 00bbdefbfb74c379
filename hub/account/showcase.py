"""Goods with what they cost, as offers show them, looked up once a day or after the goods file has changed: of each
category some, for whoever comes to a first page; and as many as anybody leafs through, with those that are new."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Final, NamedTuple
from weakref import WeakKeyDictionary

from hub.goods import PARTITION, GoodsBody, format_of, readable_body, told
from hub.hub import Hub
from hub.store.office_records import GoodsRow
from hub.store.seam import Reader
from loyalty.basket import Line, LineFacts, Unit
from loyalty.goods import Goods, Item, decided
from loyalty.lawful import may_be_advertised
from loyalty.offers import Counter, covers, discounts
from loyalty.programme import Category, Offer, Programme

OF_CATEGORY: Final = 8  # goods kept of each
ROWS_MAX: Final = 50_000  # looked at for it: some two seconds, once a day
LEAFED_MAX: Final = 1_000  # goods of a category, or new ones, that are shown page by page


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One piece or kilogram, at the price of a store's day; it may be advertised."""

    article: str
    name: str
    kopecks: int
    unit: Unit
    category: Category

    since: str = ""  # the day on which it was new, if that is known

    def fits(self, offer: Offer) -> bool:
        return covers(offer, self.category)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Some goods of each category, at the prices that all shops have."""

    goods: Mapping[str, tuple[Shown, ...]]

    def of(self, offer: Offer) -> list[Shown]:
        return [one for category in offer.categories for one in self.goods.get(category, ())]


@dataclass(frozen=True, slots=True)
class Assortment:
    """Goods of each category on which promotions give percents, by their names; and new ones of all categories (A14),
    the newest first. What came with the first file of all was in the shops before it."""

    shelf: Shelf
    new: tuple[Shown, ...]


class _Kept(NamedTuple):
    of: tuple[str, str, date]
    shelf: Shelf


class _KeptWhole(NamedTuple):
    of: tuple[str, str, date]
    assortment: Assortment


_kept: WeakKeyDictionary[Hub, dict[str, _Kept]] = WeakKeyDictionary()
_kept_whole: WeakKeyDictionary[Hub, dict[str, _KeptWhole]] = WeakKeyDictionary()
_filling = threading.Lock()


def shelf_of(hub: Hub, reader: Reader, programme: Programme, day: date) -> Shelf:
    """Of the categories that its promotions are on."""
    wanted = _on_offer(programme)
    if not wanted:
        return Shelf({})
    of = (programme.content_hash, reader.newest_change(PARTITION), day)
    with _filling:  # whoever comes meanwhile waits for it, and does not look through all goods too
        kept = _kept.setdefault(hub, {})
        if programme.id not in kept or kept[programme.id].of != of:
            kept[programme.id] = _Kept(of, _filled(reader, programme, wanted, day))
        return kept[programme.id].shelf


def _on_offer(programme: Programme) -> Collection[str]:
    """Categories on which promotions give percents."""
    return {id for offer in programme.promotions if offer.kind == "percent_off" for id in offer.categories}


def _filled(reader: Reader, programme: Programme, wanted: Collection[str], day: date) -> Shelf:
    found: dict[str, list[Shown]] = {id: [] for id in wanted}
    for row in islice(reader.all_goods(), ROWS_MAX):
        shown = _shown(programme, row, "", "", day)
        if shown is not None and len(found.get(shown.category.id, "x" * OF_CATEGORY)) < OF_CATEGORY:
            found[shown.category.id].append(shown)
        if all(len(some) == OF_CATEGORY for some in found.values()):
            break
    return Shelf({id: tuple(some) for id, some in found.items()})


def assortment_of(hub: Hub, reader: Reader, programme: Programme, day: date) -> Assortment:
    """Looked up as the shelf is."""
    of = (programme.content_hash, reader.newest_change(PARTITION), day)
    with _filling:
        kept = _kept_whole.setdefault(hub, {})
        if programme.id not in kept or kept[programme.id].of != of:
            kept[programme.id] = _KeptWhole(of, _whole(reader, programme, day))
        return kept[programme.id].assortment


def _whole(reader: Reader, programme: Programme, day: date) -> Assortment:
    """An article is looked at closely only where it may be shown: whatever may be advertised is of the category that
    its file says."""
    found: dict[str, list[Shown]] = {id: [] for id in _on_offer(programme)}
    least = (day - timedelta(days=programme.new_days)).isoformat()
    first, later = "9", list[tuple[str, GoodsRow]]()
    for row in islice(reader.all_goods(), ROWS_MAX):
        body = readable_body(row)
        first = min(first, body.since)
        if body.since > least:
            later.append((body.since, row))
        some = found.get(body.category or "")
        if some is not None and len(some) < LEAFED_MAX and (one := _shown(programme, row, "", "", day)) is not None:
            some.append(one)
    by_name = {id: tuple(sorted(some, key=lambda one: one.name.casefold())) for id, some in found.items()}
    new = (_shown(programme, row, "", "", day) for since, row in sorted(later, reverse=True) if since > first)
    return Assortment(Shelf(by_name), tuple(islice((one for one in new if one is not None), LEAFED_MAX)))


def on_shelf(reader: Reader, programme: Programme, articles: Collection[str], store: str, day: date) -> Iterator[Shown]:
    """These goods at the prices of a store, in their order; without those that are sold no more, or have no price."""
    rows = reader.goods(articles) if articles else {}
    format = format_of(reader, store)
    shown = (_shown(programme, rows[one], store, format, day) for one in articles if one in rows)
    return (one for one in shown if one is not None)


def priced(programme: Programme, offer: Offer, one: Shown, day: date) -> int:
    """What one of it costs with the offer, as a till works it out."""
    line = Line(id="1", name=one.name or one.article, price_kopecks=one.kopecks, unit=one.unit)
    counter = Counter(programme, (line,), (one.category,), day, True)
    return one.kopecks - discounts(counter, offer, [one.kopecks])[0]


def _shown(programme: Programme, row: GoodsRow, store: str, format: str, day: date) -> Shown | None:
    body = readable_body(row)
    item = _item(body)
    try:
        snapshot = told(row, store, format, day)
    except ValueError:
        return None
    kopecks = snapshot.price_on(day) if snapshot is not None else None
    if not (kopecks and body.name):
        return None
    unit: Unit = "kg" if body.unit == "kg" else "pc"
    line = Line(id="1", name=body.name, price_kopecks=kopecks, unit=unit, facts=LineFacts(article=row.article))
    known = Goods(articles={row.article: item})
    category = programme.categories.get(decided(line, programme, known, (), day).category or "")
    if category is None or not may_be_advertised(category, item):
        return None
    return Shown(article=row.article, name=body.name, kopecks=kopecks, unit=unit, category=category, since=body.since)


def _item(body: GoodsBody) -> Item:
    return Item(
        category=body.category,
        kind=body.kind,
        strength_bp=body.strength_bp,
        volume_ml=body.volume_ml,
        subject=body.subject,
        name=body.name,
    )
