"""Somebody buys."""

from __future__ import annotations

from typing import Final

from loyalty.money import format_kopecks
from pos_agent.answers import Reply
from pos_agent.protocol import BasketLine, Cancel, Code, Pay, Prepare, Redeem, SetBasket
from simulator.scanner import NAME as SCANNER
from simulator.story import Say, Story
from simulator.visit import Visit

CATEGORIES: Final = {"alenka": ("chocolate", "tea", "gifts"), "perekrestok": ("dairy", "bread", "tea")}
SCANNED: Final = 0.7  # of those who have a card, where a till has a scanner


def basket(visit: Visit, least: int = 1, *more: BasketLine, number: str = "") -> SetBasket:
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
    return SetBasket(lines=(*lines, *more), sale=number or visit.number)


def card(visit: Visit) -> Say:
    """He has it with him: the points are his."""
    visit.is_of(visit.person)
    return Say(command=Code(text=visit.person.card, sale=visit.number))


def scanned(visit: Visit) -> Say:
    """The same, for the receipt in front."""
    visit.is_of(visit.person)
    return Say(command=Code(text=visit.person.card, scanner=SCANNER))


def money(visit: Visit, pay: Pay | None = None) -> Say:
    return Say(command=pay or Pay(sale=visit.number), after_s=visit.chance.uniform(2.0, 30.0))


def is_paid(visit: Visit, paid: Reply) -> bool:
    """Then he has his receipt."""
    if paid.ok and paid.told is not None:
        visit.keeps(paid)
        return True
    return False


def buys(visit: Visit) -> Story:
    """With a card, mostly; and whoever has points spends some, now and then."""
    chance, number = visit.chance, visit.number
    has_card = chance.random() < 0.9
    is_scanned = visit.world.shape.devices and chance.random() < SCANNED
    if has_card and not is_scanned:
        yield card(visit)
    yield Say(command=basket(visit))
    if has_card and is_scanned:
        yield scanned(visit)
    if has_card and chance.random() < 0.4:
        yield Say(command=Redeem(points=chance.choice((None, None, chance.randint(1, 500), 0)), sale=number))
    if chance.random() < 0.3:
        yield Say(command=Prepare(sale=number))
    if chance.random() < 0.05:
        yield Say(command=Cancel(sale=number))
        return
    is_paid(visit, (yield money(visit)))
