"""Goods that came back, all of them: nothing is left of what the purchase gave and took."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from simulator.books import Books

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
