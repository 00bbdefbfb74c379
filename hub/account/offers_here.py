"""What runs in the shops, picked for one member (P8, A15): what is on categories that he chose first, then on what he
buys, then what members alone get. Nothing that the law lets nobody advertise (loyalty/lawful.py) is ever among it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple, get_args

from hub.account.showcase import Shelf, Shown, on_shelf, priced
from hub.store.records import Place, ProfileRow
from hub.store.seam import Reader
from loyalty.accrual import birthday_in
from loyalty.bodies import Sale
from loyalty.effects import maker_of_lot
from loyalty.lawful import may_be_advertised
from loyalty.lots import Account
from loyalty.offers import refusal_by_date
from loyalty.operation import BadOperation, Operation, read_operation
from loyalty.programme import Offer, Programme
from sync.account.home import GoodsHere, OfferHere, Why
from sync.account.programme import Pair

OFFERS_MAX: Final = 12  # of a first page
GOODS_MAX: Final = 4  # of an offer
RECEIPTS_READ: Final = 20  # of his newest: what he buys lately
ARTICLES_MAX: Final = 100
BIRTHDAY_SOON: Final = timedelta(days=14)
ORDER: Final[tuple[Why, ...]] = get_args(Why)


class Bought(NamedTuple):
    """What stood on his newest receipts, the newest first. `store`: of the last one."""

    store: str = ""
    articles: tuple[str, ...] = ()
    categories: frozenset[str] = frozenset()


def bought_by(reader: Reader, account: Account) -> Bought:
    """Of the receipts whose points live still: his newest ones, and to find them nothing has to be looked through."""
    made = {lot.id: maker_of_lot(lot.id) for lot in sorted(account.lots, key=lambda lot: lot.active_from, reverse=True)}
    places = [Place(*place) for place in made.values() if place is not None][:RECEIPTS_READ]
    sales = list(_sales(reader, places))
    lines = [line for _, sale in sales for line in sale.lines]
    stores = [one.store.id for one, _ in sales if one.store is not None]
    return Bought(
        stores[0] if stores else "",
        tuple(dict.fromkeys(line.article for line in lines if line.article))[:ARTICLES_MAX],
        frozenset(line.category for line in lines if line.category),
    )


def _sales(reader: Reader, places: Sequence[Place]) -> Iterator[tuple[Operation, Sale]]:
    kept = reader.operations(places) if places else {}
    for place in places:
        if place in kept and kept[place].reason is None:
            try:
                operation = read_operation(kept[place].text)
            except BadOperation:
                continue  # of a newer program: his picks are less well picked, and that is all
            if isinstance(operation.body, Sale):
                yield operation, operation.body


def offers_for(
    reader: Reader, programme: Programme, profile: ProfileRow, bought: Bought, day: date, shelf: Shelf
) -> tuple[OfferHere, ...]:
    """Those that he has the most of, first."""
    his = tuple(on_shelf(reader, programme, bought.articles, bought.store, day))
    picks = _Picks(programme, profile, bought, his, shelf, day)
    picked = [_promotion(picks, offer) for offer in promotions_on(programme, day)]
    picked += _rules(programme, profile, day)
    return tuple(sorted(picked, key=lambda one: ORDER.index(one.why))[:OFFERS_MAX])


class _Picks(NamedTuple):
    """For whom, of what. `his`: goods that he bought, at the prices of his store."""

    programme: Programme
    profile: ProfileRow
    bought: Bought
    his: tuple[Shown, ...]
    shelf: Shelf
    day: date


def promotions_on(programme: Programme, day: date) -> list[Offer]:
    """Those that run and may be shown."""
    return [one for one in programme.promotions if refusal_by_date(one, day) is None and may_be_shown(programme, one)]


def may_be_shown(programme: Programme, offer: Offer) -> bool:
    """One forbidden category is enough: what the offer is called speaks of all."""
    return all(may_be_named(programme, id) for id in offer.categories)


def _promotion(picks: _Picks, offer: Offer) -> OfferHere:
    why, because = _why(picks, offer)
    return offer_here(picks.programme, offer, why, because, _goods(picks, offer))


def offer_here(
    programme: Programme, offer: Offer, why: Why, because: Pair | None = None, goods: tuple[GoodsHere, ...] = ()
) -> OfferHere:
    return OfferHere(
        id=offer.id,
        kind=offer.kind,
        why=why,
        because=because,
        title=(offer.ru, offer.en),
        categories=names_of(programme, offer.categories),
        percent_bp=offer.percent_bp,
        amount_kopecks=offer.amount_kopecks,
        points=offer.points,
        step_kopecks=offer.step_kopecks or 0,
        times=offer.times,
        min_basket_kopecks=offer.min_basket_kopecks,
        most_kopecks=offer.most_kopecks,
        first_day=offer.first_day.isoformat() if offer.first_day else None,
        last_day=offer.last_day.isoformat() if offer.last_day else None,
        members_only=offer.members_only,
        goods=goods,
    )


def _why(picks: _Picks, offer: Offer) -> tuple[Why, Pair | None]:
    chosen = [id for id in picks.profile.favourites if id in offer.categories]
    if chosen:
        return "favourite", names_of(picks.programme, chosen)[0]
    of_his = sorted(picks.bought.categories & set(offer.categories))
    if of_his:
        return "bought", names_of(picks.programme, of_his)[0]
    return ("members" if offer.members_only else "all"), None


def _goods(picks: _Picks, offer: Offer) -> tuple[GoodsHere, ...]:
    """What he bought before the rest. Only percents say what one thing costs then: rubles off are a whole receipt's."""
    if offer.kind != "percent_off":
        return ()
    his = [one for one in picks.his if one.fits(offer)]
    known = {one.article for one in his}
    others = [one for one in picks.shelf.of(offer) if one.article not in known]
    return tuple(
        GoodsHere(
            name=one.name,
            old_kopecks=one.kopecks,
            new_kopecks=kopecks,
            by_weight=one.unit == "kg",
            bought=one.article in known,
        )
        for one in (*his, *others)[:GOODS_MAX]
        if (kopecks := priced(picks.programme, offer, one, picks.day)) < one.kopecks
    )


def _rules(programme: Programme, profile: ProfileRow, day: date) -> Iterator[OfferHere]:
    """What the programme itself gives him: for his favourites (P24), and around his birthday (A18)."""
    favourite = programme.favourite
    allowed = favourite.categories or profile.favourites if favourite is not None else ()
    chosen = [id for id in profile.favourites if id in allowed and may_be_named(programme, id)]
    if favourite is not None and chosen:
        yield OfferHere(
            id="favourite",
            kind="favourite",
            why="favourite",
            categories=names_of(programme, chosen[: favourite.categories_max]),
            points=favourite.points,
            step_kopecks=favourite.step_kopecks,
        )
    window = _birthday_window(programme, profile, day)
    rule, grant = programme.birthday, programme.grants.birthday
    if window is not None and (rule is not None or grant is not None):
        per_step = rule.per_step if rule is not None else None
        yield OfferHere(
            id="birthday",
            kind="birthday",
            why="birthday",
            points=per_step.points if per_step else grant.points if grant else 0,
            step_kopecks=per_step.step_kopecks if per_step else 0,
            rate_bp=(rule.rate_bp or 0) if rule is not None else 0,
            first_day=window[0].isoformat(),
            last_day=window[1].isoformat(),
        )


def may_be_named(programme: Programme, id: str) -> bool:
    """Is it a category of which pages may speak?"""
    category = programme.categories.get(id)
    return category is not None and may_be_advertised(category)


def _birthday_window(programme: Programme, profile: ProfileRow, day: date) -> tuple[date, date] | None:
    """Of a birthday that is now or soon."""
    rule = programme.birthday
    if rule is None or profile.birthday is None:
        return None
    born = date.fromisoformat(profile.birthday)
    for year in (day.year - 1, day.year, day.year + 1):
        birthday = birthday_in(born, year)
        first, last = birthday - timedelta(days=rule.days_before), birthday + timedelta(days=rule.days_after)
        if first - BIRTHDAY_SOON <= day <= last:
            return first, last
    return None


def names_of(programme: Programme, ids: Iterable[str]) -> tuple[Pair, ...]:
    return tuple((programme.categories[id].ru, programme.categories[id].en) for id in ids)
