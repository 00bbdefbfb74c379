"""What an online shop may show (A14, P33): goods at the prices of its store today, with the best offer on each; looked
up once a day, or after the goods file has changed. Only what may be advertised is ever among them."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Final, NamedTuple
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from hub.account.showcase import Shown, on_shelf, priced
from hub.batches import batches
from hub.goods import PARTITION, GoodsBody, readable_body
from hub.hub import Hub
from hub.shop.call import Call, ShopAsked
from hub.store.seam import Reader
from loyalty.lawful import may_be_advertised
from loyalty.offers import refusal_by_date
from loyalty.programme import Offer, Programme
from sync.shop.catalogue import PAGE, AskCatalogue, CatalogueTold, CategoryTold, GoodsTold, OfferOn

GOODS_MAX: Final = 50_000
AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Catalogue:
    """`goods` by name; `places`: where each article stands among them; `texts`: what is looked for in each."""

    goods: tuple[GoodsTold, ...]
    places: dict[str, int]
    texts: tuple[str, ...]
    categories: tuple[CategoryTold, ...]


class _Kept(NamedTuple):
    of: tuple[str, str, date]
    catalogue: Catalogue


_kept: WeakKeyDictionary[Hub, dict[tuple[str, str], _Kept]] = WeakKeyDictionary()
_filling = threading.Lock()


def catalogue(hub: Hub, asked: ShopAsked, body: AskCatalogue) -> CatalogueTold:
    found = catalogue_of(hub, asked.shop.programme, asked.shop.store)
    if body.articles:
        wanted = dict.fromkeys(one.strip() for one in body.articles.split(","))
        return CatalogueTold(
            goods=tuple(found.goods[found.places[one]] for one in wanted if one in found.places)[:PAGE]
        )
    fitting = [one for one, text in zip(found.goods, found.texts, strict=True) if _fits(one, text, body)]
    first = next((n for n, one in enumerate(fitting) if found.places[one.article] > _after(found, body)), len(fitting))
    page = tuple(fitting[first : first + PAGE])
    more = len(fitting) > first + PAGE
    return CatalogueTold(goods=page, categories=found.categories, next=page[-1].article if more else "")


def catalogue_of(hub: Hub, programme_id: str, store: str) -> Catalogue:
    programme = hub.programmes[programme_id]
    with hub.store.reading() as reader:
        day = hub.now().astimezone(_zone(reader, programme, store)).date()
        of = (programme.content_hash, reader.newest_change(PARTITION), day)
        with _filling:  # whoever comes meanwhile waits for it, and does not look through all goods too
            kept = _kept.setdefault(hub, {})
            key = (programme_id, store)
            if key not in kept or kept[key].of != of:
                kept[key] = _Kept(of, _filled(reader, programme, store, day))
            return kept[key].catalogue


def _zone(reader: Reader, programme: Programme, store: str) -> ZoneInfo:
    row = reader.named_stores([store]).get(store)
    return ZoneInfo(row.timezone) if row is not None and row.timezone else programme.timezone


def _after(found: Catalogue, body: AskCatalogue) -> int:
    """The place of the last one that was seen. Where it is gone meanwhile it begins anew."""
    return found.places.get(body.after, -1)


def _fits(one: GoodsTold, text: str, body: AskCatalogue) -> bool:
    if body.category and one.category != body.category:
        return False
    if (body.only == "offers" and one.offer is None) or (body.only == "new" and not one.is_new):
        return False
    return all(word in text for word in _folded(body.q).split())


def _folded(text: str) -> str:
    return text.casefold().replace("ё", "е")


def _filled(reader: Reader, programme: Programme, store: str, day: date) -> Catalogue:
    offers = [offer for offer in programme.promotions if _is_told(programme, offer, day)]
    bodies = {row.article: readable_body(row) for row in islice(reader.all_goods(), GOODS_MAX)}
    shown = (one for some in batches(bodies, AT_ONCE) for one in on_shelf(reader, programme, some, store, day))
    told = [_told(programme, one, bodies[one.article], offers, day) for one in shown]
    told.sort(key=lambda one: (_folded(one.name), one.article))
    counts = Counter(one.category for one in told)
    categories = [one for one in programme.categories.values() if counts[one.id]]
    return Catalogue(
        tuple(told),
        {one.article: n for n, one in enumerate(told)},
        tuple(_folded(f"{one.name} {one.brand}") for one in told),
        tuple(CategoryTold(id=one.id, title=(one.ru, one.en), goods=counts[one.id]) for one in categories),
    )


def _is_told(programme: Programme, offer: Offer, day: date) -> bool:
    """Does it say what one thing costs? One forbidden category is enough: what it is called speaks of all."""
    says = offer.kind == "percent_off" and not offer.min_basket_kopecks and refusal_by_date(offer, day) is None
    return says and all(may_be_advertised(programme.category(id)) for id in offer.categories)


def _told(programme: Programme, one: Shown, body: GoodsBody, offers: Iterable[Offer], day: date) -> GoodsTold:
    return GoodsTold(
        article=one.article,
        name=one.name,
        category=one.category.id,
        kopecks=one.kopecks,
        unit=one.unit,
        offer=_best(programme, one, offers, day),
        is_new=_is_new(programme, body, day),
        brand=body.brand,
        picture=body.picture,
    )


def _best(programme: Programme, one: Shown, offers: Iterable[Offer], day: date) -> OfferOn | None:
    found = [(priced(programme, offer, one, day), offer) for offer in offers if one.fits(offer)]
    kopecks, offer = min(found, key=lambda each: each[0], default=(one.kopecks, None))
    if offer is None or kopecks >= one.kopecks:
        return None
    return OfferOn(
        id=offer.id,
        title=(offer.ru, offer.en),
        kopecks=kopecks,
        last_day=offer.last_day.isoformat() if offer.last_day else "",
        members_only=offer.members_only,
    )


def _is_new(programme: Programme, body: GoodsBody, day: date) -> bool:
    return body.since > (day - timedelta(days=programme.new_days)).isoformat()


CATALOGUE_CALLS: Final[tuple[Call, ...]] = (
    Call(
        method="GET",
        path="/catalogue",
        summary="Goods by name, a page of 50: of a category, by what stands in the name, on offer, or new",
        scope="catalogue",
        takes=AskCatalogue,
        gives=CatalogueTold,
        do=catalogue,
        example={"q": "шоколад", "only": "offers"},
    ),
)
