"""Somebody has a coupon: a fresh one of a sheet, or one that he keeps and shows as often as he may, and more."""

from __future__ import annotations

from typing import Final

from pos_agent.protocol import Code, Prepare
from simulator.stories.sale import basket, card, is_paid, money
from simulator.story import Say, Story
from simulator.terms import CAMPAIGNS
from simulator.visit import Visit

KEPT_MAX: Final = 3  # in a purse


def uses_coupon(visit: Visit) -> Story:
    chance = visit.chance
    shows = Say(command=Code(text=coupon(visit), sale=visit.number))
    is_early = chance.random() < 0.2
    if chance.random() < 0.6:
        yield card(visit)
    if is_early:
        yield shows
    yield Say(command=basket(visit, 2))
    if not is_early:
        yield shows
    if chance.random() < 0.2:
        yield Say(command=Prepare(sale=visit.number))
    is_paid(visit, (yield money(visit)))


def coupon(visit: Visit) -> str:
    """One that was shown before, as likely as not, or that he has made himself: nobody throws them away."""
    chance, person = visit.chance, visit.person
    kept = [*person.coupons, *person.has("coupons")[-KEPT_MAX:]]
    if kept and chance.random() < 0.5:
        return chance.choice(kept)
    member = person.member if chance.random() < 0.1 else ""
    days = chance.choice((2, 30, 300))
    fresh = visit.world.press.coupon(chance.choice(CAMPAIGNS), visit.name, days=days, member=member)
    person.coupons.append(fresh)
    del person.coupons[:-KEPT_MAX]
    return fresh
