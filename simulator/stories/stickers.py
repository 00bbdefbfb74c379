"""Somebody's album is full, or he thinks so."""

from __future__ import annotations

from pos_agent.protocol_stickers import DropStickers, ExchangeStickers
from simulator.stories.sale import basket, card, is_paid, money
from simulator.story import Say, Story
from simulator.terms import KNIFE
from simulator.visit import Visit


def exchanges(visit: Visit) -> Story:
    yield card(visit)
    yield Say(command=basket(visit, 2))
    given = yield Say(command=ExchangeStickers(offer=KNIFE, sale=visit.number))
    if given.ok and visit.chance.random() < 0.1:
        yield Say(command=DropStickers(sale=visit.number))
    is_paid(visit, (yield money(visit)))
