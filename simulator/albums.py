"""Stickers, by plain sums of what was told at tills, and of what the hub itself has done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from hub.taking_up import CAME_LATER
from loyalty.bodies import Adjustment, CouponMade, Return, ReturnStickers, Sale, SaleStickers
from loyalty.kinds import maker_of
from pos_agent.answers_stickers import ToldStickers, ToldStickersBack
from simulator.books import Books
from simulator.oracle import LOST

if TYPE_CHECKING:
    from simulator.world import World

Albums = Counter[tuple[str, str]]  # stickers by member and collection


def are_as_told(world: World, books: Books) -> Iterator[str]:
    """What each has is what was given him, less what he gave for something; goods that come back take and give, as far
    as the books took them."""
    oracle, due, untaken = world.oracle, _moved_at_the_hub(books), books.back_too_often
    for sold in oracle.sold.values():
        if sold.member is not None and (told := sold.told.stickers) is not None:
            due[oracle.stands(sold.member), told.collection] += _of_sale(told)
    for quote, came in oracle.came.items():
        if came.member is not None and (back := came.told.stickers) is not None and quote not in untaken:
            due[oracle.stands(came.member), back.collection] += _of_return(back)
    there = Counter({(row.member, row.collection): row.stickers for row in books.stickers})
    for member, collection in sorted(due.keys() | there.keys()):
        here, told_of = there[member, collection], due[member, collection]
        if here != told_of and LOST not in oracle.members[member].open:
            yield f"{member} has {here} stickers of {collection}, and is due {told_of}"


def _of_sale(told: ToldStickers) -> int:
    return told.given - sum(one.stickers for one in told.exchanged if one.refusal is None)


def _of_return(told: ToldStickersBack) -> int:
    return told.restored - told.taken_back


def _moved_at_the_hub(books: Books) -> Albums:
    """Nobody at a till was told of it: of online orders neither. Those of a receipt that was taken up were told."""
    moved: Albums = Counter()
    for one in books.applied:
        match one.operation.body:
            case Adjustment(reason=str() as reason) if reason.endswith(CAME_LATER):
                continue
            case Adjustment(collection=str() as collection, stickers=stickers, member=member):
                moved[books.whose(member), collection] += stickers
            case Sale(member=str() as member, stickers=SaleStickers() as told) if maker_of(one.place.chain) != "till":
                moved[books.whose(member), told.collection] += told.given - sum(spent.count for spent in told.spent)
            case Return(member=str() as member, stickers=ReturnStickers() as back) if (
                maker_of(one.place.chain) != "till"
            ):
                moved[books.whose(member), back.collection] += back.restored - back.taken_back
            case CouponMade(collection=str() as collection, stickers=stickers, member=str() as member):
                moved[books.whose(member), collection] -= stickers
    return moved
