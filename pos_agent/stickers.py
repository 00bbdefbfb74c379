"""A receipt's stickers as the till knows them: what is exchanged on it, what the member has, and how that is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from loyalty.bodies import Sale
from loyalty.money import format_kopecks
from loyalty.paper.stickers import name_of as name_of
from loyalty.programme import Language, Offer, Stickers
from loyalty.stickers import (
    RIGHT,
    collection_of,
    moved,
    next_offer,
    offer_named,
    rights,
    running,
    spent_offers,
)
from pos_agent.answers_stickers import ToldExchange, ToldStickerOffer, ToldStickers
from pos_agent.counter import Counter
from pos_agent.open_receipts import stickers_promised
from pos_agent.shown_words import say_shown
from pos_agent.visit import Visit, Who


def exchanged(visit: Visit) -> tuple[str, ...]:
    """The offers that this receipt's member gives stickers for."""
    who, exchange = visit.who, visit.exchange
    return exchange.offers if who is not None and exchange is not None and exchange.member == who.member else ()


def balances(counter: Counter, who: Who | None) -> Mapping[str, int]:
    """By collection; nothing of whom this till does not know."""
    if who is None or who.member is None or not counter.is_known(who):
        return {}
    return counter.member(who.member)[1].stickers


def balances_after(before: Mapping[str, int], body: object) -> Mapping[str, int]:
    after = dict(before)
    for collection, count in moved(body):
        after[collection] = after.get(collection, 0) + count
    return after


def collection_now(counter: Counter) -> Stickers | None:
    """The one that runs today; a clock that was set back opens none that is over."""
    return running(counter.programme, counter.programme.day(counter.latest))


def free_stickers(counter: Counter, visit: Visit, rule: Stickers) -> int:
    """Those that nothing on this receipt takes, nor any other."""
    taken = (one.stickers for id in exchanged(visit) if (one := offer_named(rule, id)) is not None)
    return _left(counter, visit, rule) - sum(taken)


def _left(counter: Counter, visit: Visit, rule: Stickers) -> int:
    return balances(counter, visit.who).get(collection_of(rule), 0) - stickers_elsewhere(counter, visit, rule)


def stickers_elsewhere(counter: Counter, visit: Visit, rule: Stickers) -> int:
    """Those that other open receipts of his were told to take."""
    member = visit.who.member if visit.who is not None else None
    return stickers_promised(counter, visit, member, collection_of(rule)) if member is not None else 0


def rights_of(counter: Counter, visit: Visit) -> tuple[Offer, ...]:
    """What they give, as far as the stickers go: some may have been spent elsewhere since, or told to another."""
    rule, ids = counter.programme.stickers, exchanged(visit)
    if rule is None or not ids:
        return ()
    left, good = _left(counter, visit, rule), []
    for id in ids:
        one = offer_named(rule, id)
        if one is not None and one.stickers <= left:
            left -= one.stickers
            good.append(id)
    return rights(counter.programme, good)


def refusal_of(sale: Sale, offer: str) -> str | None:
    """Why what was exchanged gives nothing; None: it gives something."""
    if offer in spent_offers(sale):
        return None
    refused = {one.id: one.refusal for one in sale.offers}
    return refused.get(f"{RIGHT}{offer}") or "too_few"


# how it is told


def told_stickers(counter: Counter, visit: Visit, sale: Sale) -> ToldStickers | None:
    """With a quote; None where there is nothing to say of them."""
    rule, who = collection_now(counter), visit.who
    if rule is None or who is None or who.member is None or not counter.is_known(who):
        return told_of_record(sale, counter.programme.stickers, counter.language)
    collection, here = collection_of(rule), balances(counter, who)
    names, free = exchanged(visit), free_stickers(counter, visit, rule)
    return ToldStickers(
        collection=collection,
        given=sale.stickers.given if sale.stickers is not None else 0,
        exchanged=tuple(_exchanges(sale, names, rule, counter.language)),
        balance=here.get(collection, 0),
        left=balances_after(here, sale).get(collection, 0),
        offers=tuple(
            ToldStickerOffer(
                offer=one.offer.id,
                name=name_of(one, counter.language),
                stickers=one.stickers,
                missing=max(0, one.stickers - free),
            )
            for one in rule.offers
            if one.offer.id not in names
        ),
    )


def told_of_record(sale: Sale, rule: Stickers | None, language: Language) -> ToldStickers | None:
    """What a recorded sale says of them by itself."""
    told = sale.stickers
    if told is None:
        return None
    return ToldStickers(
        collection=told.collection,
        given=told.given,
        exchanged=tuple(_exchanges(sale, spent_offers(sale), rule, language)),
    )


def as_recorded(told: ToldStickers | None, sale: Sale) -> ToldStickers | None:
    """What a quote told, once it is recorded: only what became of it."""
    if sale.stickers is None:
        return None
    if told is None or told.collection != sale.stickers.collection:
        return told_of_record(sale, None, "ru")
    spent = tuple(one for one in told.exchanged if one.refusal is None)
    return ToldStickers(
        collection=told.collection, given=sale.stickers.given, exchanged=spent, balance=told.balance, left=told.left
    )


def _exchanges(sale: Sale, offers: Sequence[str], rule: Stickers | None, language: Language) -> Iterator[ToldExchange]:
    spent = {one.offer: one for one in sale.stickers.spent} if sale.stickers is not None else {}
    for id in offers:
        offer, gave = offer_named(rule, id), spent.get(id)
        name = name_of(offer, language) if offer is not None else id
        if gave is not None:
            yield ToldExchange(
                offer=id,
                name=name,
                stickers=gave.count,
                discount=format_kopecks(gave.discount_kopecks),
                points=gave.points or None,
            )
        else:
            count = offer.stickers if offer is not None else 0
            yield ToldExchange(offer=id, name=name, stickers=count, refusal=refusal_of(sale, id))


def guest_line(counter: Counter, told: ToldStickers | None) -> str:
    """For the customer, in his language: what the receipt gives, what he has then, and what the next offer lacks."""
    rule, language = collection_now(counter), counter.house.receipt_language
    if told is None or told.left is None or rule is None or not (told.left or told.given or told.exchanged):
        return ""
    if told.given:
        said = say_shown("stickers_guest_given", language, given=str(told.given), left=str(told.left))
    else:
        said = say_shown("stickers_guest", language, left=str(told.left))
    if (after := next_offer(rule, told.left)) is None:
        return said
    name = name_of(after[0], language)
    return f"{said} {say_shown('stickers_guest_next', language, name=name, missing=str(after[1]))}"
