"""The same right at two tills at once: two of a family, one purse."""

from __future__ import annotations

from functools import partial

from pos_agent.protocol import Code, Command, Redeem
from pos_agent.protocol_certificates import UseCertificate
from pos_agent.protocol_stickers import ExchangeStickers
from simulator.stories.coupons import coupon
from simulator.stories.sale import basket, card, is_paid, money
from simulator.story import Say, Story
from simulator.terms import KNIFE
from simulator.visit import Visit


def races(visit: Visit) -> Story:
    chance = visit.chance
    right = _right(visit)
    others = [till for till in visit.world.tills if till != visit.till]
    if others:
        visit.beside(chance.choice(others), partial(_rushes, right=right))
    return _rushes(visit, right)


def _right(visit: Visit) -> Command:
    chance, person = visit.chance, visit.person
    if person.certificates and chance.random() < 0.4:
        return UseCertificate(text=chance.choice(person.certificates).text)
    luck = chance.random()
    if luck < 0.5:
        return Redeem(points=None)
    if luck < 0.8:
        return Code(text=coupon(visit))
    return ExchangeStickers(offer=KNIFE)


def _rushes(visit: Visit, right: Command) -> Story:
    yield card(visit)
    yield Say(command=basket(visit, 2))
    yield Say(command=right)
    is_paid(visit, (yield money(visit)))
