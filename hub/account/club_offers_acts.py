"""Offers by category with their goods, and novelties: of everybody, so nobody is asked who he is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final, TypeVar

from hub.account.act import AccountAct, AccountAsked
from hub.account.offers_here import GOODS_MAX, offer_here, promotions_on
from hub.account.showcase import Shelf, Shown, assortment_of, priced
from hub.desk.act import ActRefused
from hub.hub import Hub
from loyalty.programme import Offer, Programme
from sync.account.home import GoodsHere, OfferHere
from sync.account.offers import (
    PAGE_MAX,
    AskNovelties,
    AskOffers,
    CategoryOffered,
    GoodsNew,
    GoodsOffered,
    NoveltiesTold,
    OffersTold,
)

_T = TypeVar("_T")


def offers(hub: Hub, asked: AccountAsked, body: AskOffers) -> OffersTold:
    programme = hub.programmes[asked.programme]
    day = programme.day(hub.now())
    with hub.store.reading() as reader:
        shelf = assortment_of(hub, reader, programme, day).shelf
    all_of_them = promotions_on(programme, day)
    categories = _categories(programme, all_of_them)
    here = [one for one in all_of_them if body.category in one.categories]
    if body.category and not here:
        raise ActRefused("no_such_category", "no offer is on such a category")
    on_it = [(offer, one) for offer in here if _has_price(offer) for one in shelf.goods.get(body.category, ())]
    some, pages = paged(on_it, body.page)
    return OffersTold(
        today=day.isoformat(),
        categories=categories,
        offers=tuple(
            _told(programme, one, () if body.category else _some(programme, one, shelf, day))
            for one in (here if body.category else all_of_them)
            if one.categories
        ),
        everywhere=tuple(_told(programme, one, ()) for one in all_of_them if not one.categories),
        goods=tuple(_cheaper(programme, some, day)),
        page=body.page,
        pages=pages,
    )


def paged(all_of_them: Sequence[_T], page: int) -> tuple[Sequence[_T], int]:
    """Those of a page, and how many pages there are."""
    first = (page - 1) * PAGE_MAX
    return all_of_them[first : first + PAGE_MAX], -(-len(all_of_them) // PAGE_MAX)


def _categories(programme: Programme, running: Sequence[Offer]) -> tuple[CategoryOffered, ...]:
    counts: Mapping[str, int] = {id: sum(id in one.categories for one in running) for id in programme.categories}
    return tuple(
        CategoryOffered(id=id, title=(programme.categories[id].ru, programme.categories[id].en), offers=count)
        for id, count in counts.items()
        if count
    )


def _has_price(offer: Offer) -> bool:
    """Only percents say what one thing costs then: rubles off are a whole receipt's."""
    return offer.kind == "percent_off"


def _told(programme: Programme, offer: Offer, goods: tuple[GoodsHere, ...]) -> OfferHere:
    return offer_here(programme, offer, "members" if offer.members_only else "all", goods=goods)


def _some(programme: Programme, offer: Offer, shelf: Shelf, day: date) -> tuple[GoodsHere, ...]:
    """As many as a first look needs."""
    if not _has_price(offer):
        return ()
    first = [one for id in offer.categories for one in shelf.goods.get(id, ())[:GOODS_MAX]][:GOODS_MAX]
    return tuple(
        GoodsHere(name=one.name, old_kopecks=one.old_kopecks, new_kopecks=one.new_kopecks, by_weight=one.by_weight)
        for one in _cheaper(programme, [(offer, one) for one in first], day)
    )


def _cheaper(programme: Programme, some: Sequence[tuple[Offer, Shown]], day: date) -> Iterator[GoodsOffered]:
    for offer, one in some:
        kopecks = priced(programme, offer, one, day)
        if kopecks < one.kopecks:
            yield GoodsOffered(
                name=one.name,
                old_kopecks=one.kopecks,
                new_kopecks=kopecks,
                offer=offer.id,
                by_weight=one.unit == "kg",
            )


def novelties(hub: Hub, asked: AccountAsked, body: AskNovelties) -> NoveltiesTold:
    programme = hub.programmes[asked.programme]
    with hub.store.reading() as reader:
        new = assortment_of(hub, reader, programme, programme.day(hub.now())).new
    some, pages = paged(new, body.page)
    return NoveltiesTold(
        goods=tuple(
            GoodsNew(
                name=one.name,
                kopecks=one.kopecks,
                category=(one.category.ru, one.category.en),
                since=one.since,
                by_weight=one.unit == "kg",
            )
            for one in some
        ),
        days=programme.new_days,
        page=body.page,
        pages=pages,
    )


CLUB_OFFERS_ACTS: Final[Mapping[str, AccountAct]] = {
    "offers": AccountAct(takes=AskOffers, do=offers, signed_in=False),
    "novelties": AccountAct(takes=AskNovelties, do=novelties, signed_in=False),
}
