"""Somebody buys."""

from __future__ import annotations

from typing import Final

from loyalty.money import format_kopecks
from pos_agent.protocol import BasketLine, Cancel, Code, Pay, Prepare, Redeem, SetBasket
from simulator.story import Say, Story
from simulator.visit import Visit

CATEGORIES: Final = {"alenka": ("chocolate", "tea", "gifts"), "perekrestok": ("dairy", "bread", "tea")}


def basket(visit: Visit, least: int = 1) -> SetBasket:
    chance = visit.chance
    lines = tuple(
        BasketLine(
            id=str(number),
            name="Товар",
            price=format_kopecks(chance.randint(900, 90_000)),
            quantity=str(chance.randint(1, 3)),
            category=chance.choice(CATEGORIES[visit.world.programme]),
        )
        for number in range(1, 1 + max(least, chance.choice((1, 1, 2, 4))))
    )
    return SetBasket(lines=lines, sale=visit.number)


def buys(visit: Visit) -> Story:
    """With a card, mostly; and whoever has points spends some, now and then."""
    chance, number = visit.chance, visit.number
    card = Code(text=visit.person.card, sale=number) if chance.random() < 0.9 else None
    if card is not None:
        visit.is_of(visit.person)
        yield Say(command=card)
    yield Say(command=basket(visit))
    if card is not None and chance.random() < 0.4:
        yield Say(command=Redeem(points=chance.choice((None, None, chance.randint(1, 500), 0)), sale=number))
    if chance.random() < 0.5:
        yield Say(command=Prepare(sale=number))
    if chance.random() < 0.05:
        yield Say(command=Cancel(sale=number))
        return
    paid = yield Say(command=Pay(sale=number), after_s=chance.uniform(2.0, 30.0))
    if paid.ok and paid.told is not None:
        visit.keeps(paid)
