"""Goods that came back, all of them: nothing is left of what the purchase gave and took."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from loyalty.bodies import COUPON_USED, Adjustment, Sale
from loyalty.kinds import maker_of
from simulator.books import Books, One

if TYPE_CHECKING:
    from simulator.oracle import Came
    from simulator.world import World


def as_if_never_bought(world: World, books: Books) -> Iterator[str]:
    """By what was told. Where several tills took goods back, each rounds for itself, and the hub puts it right; what a
    lost disk had, and what was credited afterwards, without a card or for one that nobody knew, is nobody's to say
    here."""
    oracle = world.oracle
    gone = {oracle.goods.back_of.get(one.visit, one.visit) for one in oracle.gone.values()}
    brought: defaultdict[str, list[Came]] = defaultdict(list)
    for came in oracle.came.values():
        brought[oracle.goods.back_of.get(came.visit, "")].append(came)
    for sold in oracle.sold.values():
        visit = sold.visit
        if visit in gone or visit in oracle.claims or not oracle.goods.is_all_back(visit):
            continue
        if oracle.was_of_a_stranger(sold):
            continue
        back, told = [came.told for came in brought[visit]], sold.told
        points = (sum(one.restored for one in back), sum(one.clawed_back for one in back))
        if points != (told.redeemed.points, told.accrued.points):
            yield f"{visit} spent {told.redeemed.points} and earned {told.accrued.points}; back came {points}"
        album = [one.stickers for one in back if one.stickers is not None]
        taken, given = sum(one.taken_back for one in album), told.stickers.given if told.stickers is not None else 0
        if taken != given:
            yield f"{visit} was given {given} stickers, and {taken} were taken back"


def nothing_is_used(world: World, books: Books) -> Iterator[str]:
    """By the hub's books, which hear of every till: also of goods that came back at several, in parts or twice. Rights
    that another receipt had used up were that one's."""
    oracle, sold = world.oracle, books.sold
    gone = {oracle.goods.back_of.get(one.visit, one.visit) for one in oracle.gone.values()}
    for paid in oracle.sold.values():
        if paid.visit in gone or not oracle.goods.is_back(paid.visit):
            continue
        for one in sold.get(paid.told.quote or "", ()):
            assert isinstance(one.operation.body, Sale), "found so"
            others = {each.note for each in one.operation.body.deviations if each.kind == COUPON_USED}
            if used := books.coupons.get(one.place, set()) - others:
                yield f"{paid.visit} came back whole, and {one.place.id} uses {', '.join(sorted(used))} still"
            if paid.visit not in oracle.claims and not oracle.was_of_a_stranger(paid):
                yield from _points_left(books, one, one.operation.body)


def _points_left(books: Books, one: One, sale: Sale) -> Iterator[str]:
    """Of a receipt whose number no other one of its member has, for the hub's corrections name it so."""
    number, member = sale.sale.number, books.whose(sale.member or "")
    same = [other for other, body in books.of(Sale) if body.sale.number == number and _whose(books, body) == member]
    if one.reason is not None or not sale.member or [other.place for other in same] != [one.place]:
        return
    moved = sum(back.restored.points - back.clawed_back.points for back in books.returns.get(one.place, ()))
    for other, body in books.of(Adjustment):
        named = maker_of(other.place.chain) == "hub" and body.reason == f"goods of receipt {number} came back"
        if named and books.whose(body.member) == member:
            moved += body.points
    due = sale.redeemed.points - sale.accrued.points
    if moved != due:
        yield f"{one.place.id} came back whole, and moved {moved} points back of {due}"


def _whose(books: Books, sale: Sale) -> str:
    return books.whose(sale.member or "")
