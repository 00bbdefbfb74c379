"""Returns undo a recorded sale exactly, in any order and in parts, under the rules of the day of sale.

Everything is a total over all that came back so far; a step books the difference to the total before it. So
nothing leaks into rounding, and when all has come back all has been undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import compress
from operator import add
from typing import cast

from loyalty.accrual import Receipt, accrue
from loyalty.basket import BadBasket
from loyalty.bodies import Sale, SoldLine
from loyalty.cards import CardStatus
from loyalty.member import MemberView
from loyalty.money import format_quantity_m
from loyalty.operation import Operation
from loyalty.programme import Programme


@dataclass(frozen=True, slots=True, kw_only=True)
class LineReturn:
    """So much of one line comes back in one step; `refund_kopecks` for it."""

    id: str
    quantity_m: int
    refund_kopecks: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnStep:
    """One return: money back, burned points back, earned points taken back."""

    refund_kopecks: int
    points_restored: int
    points_clawed_back: int
    qualifying_kopecks: int  # what no longer counts for tiers
    lines: tuple[LineReturn, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """All that has come back so far."""

    refunds: Mapping[str, int]
    points_restored: int
    points_clawed_back: int
    qualifying_kopecks: int


def reverse(programme: Programme, sold: Operation, steps: Sequence[Sequence[LineReturn]]) -> tuple[ReturnStep, ...]:
    """What each of these returns of a recorded sale gives and takes. `programme` is that of the sale
    (`sold.programme_hash`). Raises BadBasket for goods that were not sold, or not so many."""
    sale, at = sold.body, datetime.fromisoformat(sold.at)
    assert isinstance(sale, Sale), "only a sale can be undone so"
    back = {line.id: 0 for line in all_lines(sale)}
    before = totals(programme, sale, at, back)
    answers = []
    for number, step in enumerate(steps):
        for index, part in enumerate(step):
            _check(sale, back, part, f"returns[{number}][{index}]", step[:index])
            back[part.id] += part.quantity_m
        after = totals(programme, sale, at, back)
        answers.append(_difference(before, after, step))
        before = after
    return tuple(answers)


def totals(programme: Programme, sale: Sale, at: datetime, back: Mapping[str, int]) -> Totals:
    """The totals after these quantities (thousandths by line id) have come back in all."""
    lines = all_lines(sale)
    restored = sum(_part(line.discount_kopecks, line, back) for line in lines)
    kept = earned_by_the_rest(programme, sale, at, back)
    earns = [programme.category(line.category).earn and sale.qualifying_kopecks > 0 for line in lines]
    before = [_part(line.net_before_kopecks, line, back) for line in lines]
    return Totals(
        refunds={line.id: _part(line.net_kopecks, line, back) for line in lines},
        points_restored=restored // programme.currency.kop_per_point,
        points_clawed_back=sale.accrued.points - kept,
        qualifying_kopecks=sum(compress(before, earns)),
    )


def earned_by_the_rest(programme: Programme, sale: Sale, at: datetime, back: Mapping[str, int]) -> int:
    """What the receipt would have earned without the goods that came back."""
    lines = all_lines(sale)
    paid = [line.net_kopecks - _part(line.net_kopecks, line, back) for line in lines]
    by_points = [line.discount_kopecks - _part(line.discount_kopecks, line, back) for line in lines]
    coupons = (programme.coupon(use.campaign) for use in sale.coupons)
    day = programme.day(at)
    receipt = Receipt(
        categories=[programme.category(line.category) for line in lines],
        before=list(map(add, paid, by_points)),
        paid=paid,
        coupons=tuple(offer for offer in coupons if offer is not None),
        certificate_kopecks=sale.total_kopecks - sale.paid_kopecks,
        day=day,
    )
    return accrue(programme, seen_view(sale, day), receipt).points


def all_lines(sale: Sale) -> tuple[SoldLine, ...]:
    """The POS's lines and our own."""
    return (*sale.lines, *sale.extras)


def seen_view(sale: Sale, day: date) -> MemberView | None:
    """The member as the sale saw them. A sale of version 1 kept less: what it does not say cannot be taken back."""
    if sale.member is None and sale.card is None and sale.seen is None:
        return None
    seen = sale.seen
    if seen is None:
        kinds = {kind for kind, _ in sale.accrued.parts}
        return MemberView(birthday=day if "birthday" in kinds else None)
    return MemberView(
        card_status=cast(CardStatus, seen.card_status),
        birthday=day if seen.birthday else None,  # its days held: any birthday that holds them will do
        favourites=seen.favourites,
        accumulated_kopecks=seen.accumulated_kopecks,
    )


def _part(kopecks: int, line: SoldLine, back: Mapping[str, int]) -> int:
    return kopecks * back[line.id] // line.quantity_m


def _difference(before: Totals, after: Totals, step: Iterable[LineReturn]) -> ReturnStep:
    lines = tuple(
        LineReturn(
            id=part.id,
            quantity_m=part.quantity_m,
            refund_kopecks=after.refunds[part.id] - before.refunds[part.id],
        )
        for part in step
    )
    return ReturnStep(
        refund_kopecks=sum(line.refund_kopecks for line in lines),
        points_restored=after.points_restored - before.points_restored,
        points_clawed_back=after.points_clawed_back - before.points_clawed_back,
        qualifying_kopecks=after.qualifying_kopecks - before.qualifying_kopecks,
        lines=lines,
    )


def _check(sale: Sale, back: Mapping[str, int], part: LineReturn, field: str, earlier: Sequence[LineReturn]) -> None:
    line = next((line for line in all_lines(sale) if line.id == part.id), None)
    if line is None:
        raise BadBasket(f"{field}.id", "was not sold on this receipt")
    if any(other.id == part.id for other in earlier):
        raise BadBasket(f"{field}.id", "stands twice in one return; add the quantities")
    if part.quantity_m <= 0:
        raise BadBasket(f"{field}.quantity", "must be more than nothing")
    if line.unit == "pc" and part.quantity_m % 1000:
        raise BadBasket(f"{field}.quantity", "pieces come back whole")
    left = line.quantity_m - back[part.id]
    if part.quantity_m > left:
        raise BadBasket(f"{field}.quantity", "only {left} can still come back", left=format_quantity_m(left))
