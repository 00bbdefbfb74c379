"""Cards that go out, take another's place, become numbers on a telephone, are lost and found."""

from __future__ import annotations

from pos_agent.protocol import IssueCard, ReissueCard
from pos_agent.protocol_cards import BlockCard, IssueVirtual, MakeVirtual, UnblockCard
from simulator.people import Person, till_blank
from simulator.stories.sale import basket, buys, card, is_paid, money
from simulator.story import Say, Story
from simulator.visit import Visit

KIN_MAX = 2  # of one person


def takes_card(visit: Visit) -> Story:
    """Somebody of his, who has none: a blank of the drawer, or a number where there is none left."""
    chance, number = visit.chance, visit.number
    if len(visit.person.kin) >= KIN_MAX:
        yield from buys(visit)
        return
    yield Say(command=basket(visit, 3))
    if chance.random() < 0.6:
        blank = till_blank(visit.world.rules, visit.name)
        given = yield Say(command=IssueCard(card=blank, sale=number))
    else:
        given = yield Say(command=IssueVirtual(sale=number))
        blank = given.card.number or "" if given.card is not None else ""
    if given.ok:
        visit.is_of_holder(blank)
    paid = yield money(visit)
    if not paid.ok or not given.ok:
        return
    record = visit.world.tills[visit.till].cache.members.card(blank)
    if paid.told is not None and record is not None:
        one = visit.is_now(Person(member=record.member, card=blank, phone=""))
        visit.has_new_card(one, blank)
        visit.person.kin.append(one)
    is_paid(visit, paid)


def reissues(visit: Visit) -> Story:
    """His own breaks, and he gets another with the purchase."""
    person = visit.person
    yield card(visit)
    yield Say(command=basket(visit))
    blank = till_blank(visit.world.rules, visit.name)
    again = ReissueCard(new_card=blank, manager=True, by="Ольга", sale=visit.number)
    given = yield Say(command=again, role="manager")
    if is_paid(visit, (yield money(visit))) and given.ok:
        visit.has_new_card(person, blank)


def makes_virtual(visit: Visit) -> Story:
    person = visit.person
    made = yield Say(command=MakeVirtual(card=person.card), role="manager")
    if made.ok and made.card is not None and made.card.number is not None:
        visit.has_new_card(person, made.card.number)


def loses_card(visit: Visit) -> Story:
    """And whoever has found it comes with it, or he himself."""
    person = visit.person
    blocked = yield Say(command=BlockCard(card=person.card, reason="потеряна"), role="manager")
    if blocked.ok:
        person.lost.append(person.card)
    if visit.chance.random() < 0.5:
        yield from buys(visit)


def finds_card(visit: Visit) -> Story:
    """At whichever till; and then he buys, where his card is good again."""
    person = visit.person
    if not person.lost:
        yield from buys(visit)
        return
    found = person.lost[0]
    free = yield Say(command=UnblockCard(card=found, reason="нашлась"), role="manager")
    if free.ok:
        person.lost.remove(found)
