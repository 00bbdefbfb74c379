"""Somebody has a coupon: a fresh one of a sheet, or one that he keeps and shows as often as he may, and more."""

from __future__ import annotations

from typing import Final

from pos_agent.protocol import Code, Prepare
from simulator.people import Coupon
from simulator.stories.sale import basket, card, is_paid, money
from simulator.story import Say, Story
from simulator.terms import CAMPAIGNS
from simulator.visit import Visit

KEPT_MAX: Final = 3  # in a purse


def uses_coupon(visit: Visit) -> Story:
    chance, one = visit.chance, coupon(visit)
    shows = Say(command=Code(text=one.text, sale=visit.number))
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


def coupon(visit: Visit) -> Coupon:
    """One that was shown before, as likely as not: nobody throws them away."""
    chance, kept = visit.chance, visit.person.coupons
    if kept and chance.random() < 0.5:
        return chance.choice(kept)
    member = visit.person.member if chance.random() < 0.1 else ""
    days = chance.choice((2, 30, 300))
    fresh = visit.world.press.coupon(chance.choice(CAMPAIGNS), visit.name, days=days, member=member)
    kept.append(fresh)
    del kept[:-KEPT_MAX]
    return fresh
