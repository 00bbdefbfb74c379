"""Somebody brings goods back: some of them, at whichever till, and now and then more often than he has them."""

from __future__ import annotations

from collections import Counter
from functools import partial

from msgspec.structs import replace

from pos_agent.protocol import ReturnedGoods, ReturnGoods, SoldReceipt
from simulator.people import Receipt
from simulator.plan import store_of
from simulator.stories.sale import buys
from simulator.story import Say, Story
from simulator.visit import Visit

NEWEST = 4  # receipts that somebody still finds in his pocket
IN_HALVES = 0.4  # two of a family bring a half each, to two tills: neither knows what the other rounds
AT_TWO_TILLS = 0.5  # the same goods at two tills at once, of which neither has heard of the other


def brings_back(visit: Visit) -> Story:
    """What it comes to is told first, mostly; then the money is given back."""
    receipt = _found(visit, with_goods=True)
    if receipt is None:
        yield from buys(visit)
        return
    goods = _some(visit, receipt.has)
    others = [till for till in visit.world.tills if till != visit.till]
    if others and visit.chance.random() < IN_HALVES:
        pieces = [line for line, count in goods.items() for _ in range(count)]
        goods, there = Counter(pieces[::2]), Counter(pieces[1::2])
        if there:
            visit.beside(visit.chance.choice(others), partial(_brings, receipt=receipt, goods=there))
    yield from _brings(visit, receipt, goods)


def brings_back_again(visit: Visit) -> Story:
    """He keeps the receipt, and another till may not have heard; or the cashier looks away."""
    receipt = _found(visit, with_goods=False)
    if receipt is None:
        yield from buys(visit)
        return
    goods = _some(visit, receipt.bought)
    if visit.chance.random() < 0.3:
        yield from _told_twice(visit, receipt, goods)
        return
    others = [till for till in visit.world.tills if till != visit.till]
    if others and visit.chance.random() < AT_TWO_TILLS:
        visit.beside(visit.chance.choice(others), partial(_brings, receipt=receipt, goods=goods))
    yield from _brings(visit, receipt, goods)


def _told_twice(visit: Visit, receipt: Receipt, goods: dict[str, int]) -> Story:
    """Two cashiers are told what it comes to before either gives money back; then both do."""
    visit.brings(receipt)
    lines = tuple(ReturnedGoods(id=line, quantity=str(count)) for line, count in goods.items())
    promised = []
    for number in (f"R{visit.number}", f"RR{visit.number}"):
        told = yield Say(command=ReturnGoods(of=_named(visit, receipt), lines=lines))
        if not told.ok or told.returned is None:
            return
        promised.append((number, told.returned.quote))
    for number, quote in promised:
        done = yield Say(command=ReturnGoods(quote=quote, paid=True, sale=number))
        if not done.ok:
            return
        receipt.gives(goods)


def _brings(visit: Visit, receipt: Receipt, goods: dict[str, int]) -> Story:
    chance, number = visit.chance, f"R{visit.number}"
    visit.brings(receipt)
    lines = tuple(ReturnedGoods(id=line, quantity=str(count)) for line, count in goods.items())
    back = ReturnGoods(of=_named(visit, receipt), lines=lines)
    if chance.random() < 0.85:
        told = yield Say(command=back)
        if not told.ok or told.returned is None:
            return
        back = ReturnGoods(quote=told.returned.quote, paid=True, sale=number)
    else:
        back = ReturnGoods(of=back.of, lines=lines, paid=True, sale=number)
    done = yield Say(command=back, after_s=chance.uniform(2.0, 30.0))
    if not done.ok:
        return
    receipt.gives(goods)
    if chance.random() < 0.1:  # a POS that has not heard the answer
        yield Say(command=back)


def _named(visit: Visit, receipt: Receipt) -> SoldReceipt:
    sold = SoldReceipt(sale=receipt.sale.number, day=receipt.sale.day)
    if receipt.till == visit.works_as:
        return sold
    return replace(sold, till=receipt.till, store=store_of(receipt.till))


def _found(visit: Visit, *, with_goods: bool) -> Receipt | None:
    receipts = [one for one in visit.person.receipts[-NEWEST:] if any(one.has.values()) or not with_goods]
    return visit.chance.choice(receipts) if receipts else None


def _some(visit: Visit, goods: dict[str, int]) -> dict[str, int]:
    """All of them, or some of some lines."""
    chance = visit.chance
    there = {line: count for line, count in goods.items() if count}
    if chance.random() < 0.3:
        return there
    lines = sorted(chance.sample(list(there), chance.randint(1, len(there))))
    return {line: chance.randint(1, there[line]) for line in lines}
