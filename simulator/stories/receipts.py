"""What people and POS do with a receipt besides paying it once: told twice, under a number of before, by an old quote,
put aside, over midnight, by two POS at one till, with documents that come later."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from pos_agent.protocol import (
    Cancel,
    Code,
    DropCard,
    FiscalDocument,
    Pay,
    Prepare,
    PutAside,
    Redeem,
    TakeUp,
)
from simulator.stories.sale import basket, buys, card, is_paid, money
from simulator.story import Say, Story
from simulator.visit import Visit

PASTS_MIDNIGHT_S: Final = 120.0
LONG_S: Final = 5_400.0  # longer than the hub keeps points for a receipt


def adds_fiscal(visit: Visit) -> Story:
    """The fiscal device answers late, or again."""
    yield card(visit)
    yield Say(command=basket(visit))
    if is_paid(visit, (yield money(visit))):
        yield Say(command=Pay(sale=visit.number, fiscal=(_document(visit),)))


def tells_twice(visit: Visit) -> Story:
    """A POS that has not heard the answer, and calls it another command."""
    yield card(visit)
    told = yield Say(command=basket(visit))
    quote = told.told.quote if told.told is not None and visit.chance.random() < 0.5 else None
    pay = Pay(sale=visit.number, quote=quote)
    paid = is_paid(visit, (yield money(visit, pay)))
    again = yield Say(command=pay, after_s=visit.chance.choice((1.0, 60.0)))
    if not paid:
        is_paid(visit, again)


def counts_anew(visit: Visit) -> Story:
    """A POS that has forgotten how far it had counted; it is told so, and takes another number, or insists."""
    old = next((one.sale.number for one in reversed(visit.person.receipts) if one.till == visit.works_as), None)
    if old is None:
        yield from buys(visit)
        return
    visit.is_of(visit.person)
    taken = yield Say(command=basket(visit, number=old))
    if visit.chance.random() < 0.5:
        yield Say(command=Cancel(sale=old))
        yield from buys(visit)
        return
    yield Say(command=Code(text=visit.person.card, sale=old))
    if visit.chance.random() < 0.3:  # or does not look
        yield money(visit, Pay(sale=old))
    mine = visit.person.receipts  # of two receipts with one number nobody could say which comes back
    mine[:] = [one for one in mine if (one.till, one.sale.number) != (visit.works_as, old)]
    yield money(visit, Pay(sale=old, another=taken.code == "sale_number_taken"))
    visit.throws_away(old)


def changes_basket(visit: Visit) -> Story:
    """After the last word before the money."""
    yield card(visit)
    yield Say(command=basket(visit))
    yield Say(command=Prepare(sale=visit.number))
    yield Say(command=basket(visit))
    is_paid(visit, (yield money(visit)))


def pays_old_quote(visit: Visit) -> Story:
    """He paid what he was told first."""
    yield card(visit)
    told = yield Say(command=basket(visit))
    if visit.chance.random() < 0.5:
        yield Say(command=Redeem(points=None, sale=visit.number))
    else:
        yield Say(command=basket(visit))
    quote = told.told.quote if told.told is not None else None
    is_paid(visit, (yield money(visit, Pay(sale=visit.number, quote=quote))))


def puts_aside(visit: Visit) -> Story:
    """He has forgotten his purse; others are served meanwhile, and what the hub kept for him is free again perhaps."""
    chance = visit.chance
    yield card(visit)
    yield Say(command=basket(visit))
    if chance.random() < 0.5:
        yield Say(command=Redeem(points=None, sale=visit.number))
    yield Say(command=PutAside(sale=visit.number))
    visit.later(chance.choice((chance.uniform(60.0, 1_800.0), LONG_S)), _comes_back(visit))


def over_midnight(visit: Visit) -> Story:
    """Told today, and paid tomorrow."""
    moments, zone = visit.world.moments, visit.world.rules.timezone
    today = moments.now.astimezone(zone)
    midnight = (today + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    yield card(visit)
    yield Say(command=basket(visit))
    if visit.chance.random() < 0.5:
        yield Say(command=Redeem(points=None, sale=visit.number))
    yield Say(command=PutAside(sale=visit.number))
    visit.later((midnight - today).total_seconds() + PASTS_MIDNIGHT_S, _comes_back(visit))


def _comes_back(visit: Visit) -> Story:
    yield Say(command=TakeUp(sale=visit.number))
    is_paid(visit, (yield money(visit)))


def changes_mind(visit: Visit) -> Story:
    """He wanted to spend his points, and what the hub kept for it is free again."""
    chance, number = visit.chance, visit.number
    yield card(visit)
    yield Say(command=basket(visit))
    yield Say(command=Redeem(points=None, sale=number))
    if chance.random() < 0.4:
        yield Say(command=Cancel(sale=number))
        return
    yield Say(command=Redeem(points=0, sale=number))
    is_paid(visit, (yield money(visit)))


def drops_card(visit: Visit) -> Story:
    """It was another's, who stood beside him. Whoever pays names no quote: a till that has lost its power meanwhile may
    remember the other's card, and knows the payment by its key."""
    other = visit.chance.choice(visit.world.people)
    visit.is_of(other)
    yield Say(command=Code(text=other.card, sale=visit.number))
    yield Say(command=DropCard(sale=visit.number))
    yield card(visit)
    yield Say(command=basket(visit))
    is_paid(visit, (yield money(visit)))


def two_pos(visit: Visit) -> Story:
    """At one till, with one number each, in between one another; one person stands at both."""
    visit.is_of(visit.person)
    both = ("left", "right")
    for pos in both:
        yield Say(command=Code(text=visit.person.card, sale=visit.number), pos=pos)
    quotes = []
    for pos in both:
        told = yield Say(command=basket(visit), pos=pos)
        quotes.append(told.told.quote if told.told is not None else None)
    for pos, quote in zip(both, quotes, strict=True):
        yield Say(command=Pay(sale=visit.number, quote=quote), pos=pos)


def _document(visit: Visit) -> FiscalDocument:
    at = visit.world.moments.now.isoformat()
    return FiscalDocument(device="9999", document=visit.number, sign="77", at=at, sum="100.00")
