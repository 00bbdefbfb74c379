"""Returns undo a sale exactly, in any order and in parts, under the rules of the day of sale.

Everything is a total over all that came back so far; a step books the difference to the total before it. So
nothing leaks into rounding, and when all has come back all has been undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import add

from loyalty.accrual import Receipt, accrue
from loyalty.basket import BadBasket, Basket, Line
from loyalty.member import MemberView
from loyalty.money import format_quantity_m
from loyalty.programme import Offer, Programme
from loyalty.quote import Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldLine:
    """A line as it was sold: what it cost before points, and what points took off it."""

    line: Line
    net_before_kopecks: int
    discount_kopecks: int

    @property
    def paid_kopecks(self) -> int:
        return self.net_before_kopecks - self.discount_kopecks


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """What a return must know of a sale. `member` as the sale saw them."""

    lines: tuple[SoldLine, ...]
    member: MemberView | None
    coupons: tuple[Offer, ...]
    certificate_kopecks: int
    at: datetime
    earned_points: int


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
    lines: tuple[LineReturn, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """All that has come back so far."""

    refunds: Mapping[str, int]
    points_restored: int
    points_clawed_back: int


def sale_of(basket: Basket, member: MemberView | None, quoted: Quote, at: datetime) -> Sale:
    """The sale that a quote became."""
    return Sale(
        lines=tuple(
            SoldLine(
                line=line,
                net_before_kopecks=answer.net_before_kopecks,
                discount_kopecks=answer.discount_kopecks,
            )
            for line, answer in zip(basket.lines, quoted.lines, strict=True)
        ),
        member=member,
        coupons=basket.coupons,
        certificate_kopecks=sum(quoted.certificates),
        at=at,
        earned_points=quoted.accrual.points,
    )


def reverse(programme: Programme, sale: Sale, steps: Sequence[Sequence[LineReturn]]) -> tuple[ReturnStep, ...]:
    """What each of these returns gives and takes. Raises BadBasket for goods that were not sold, or not so many."""
    back = {sold.line.id: 0 for sold in sale.lines}
    before = totals(programme, sale, back)
    answers = []
    for number, step in enumerate(steps):
        for index, part in enumerate(step):
            _check(sale, back, part, f"returns[{number}][{index}]", step[:index])
            back[part.id] += part.quantity_m
        after = totals(programme, sale, back)
        answers.append(_difference(before, after, step))
        before = after
    return tuple(answers)


def totals(programme: Programme, sale: Sale, back: Mapping[str, int]) -> Totals:
    """The totals after these quantities (thousandths by line id) have come back in all."""
    restored = sum(_part(sold.discount_kopecks, sold, back) for sold in sale.lines)
    kept = earned_by_the_rest(programme, sale, back)
    return Totals(
        refunds={sold.line.id: _part(sold.paid_kopecks, sold, back) for sold in sale.lines},
        points_restored=restored // programme.currency.kop_per_point,
        points_clawed_back=sale.earned_points - kept,
    )


def earned_by_the_rest(programme: Programme, sale: Sale, back: Mapping[str, int]) -> int:
    """What the receipt would have earned without the goods that came back."""
    paid = [sold.paid_kopecks - _part(sold.paid_kopecks, sold, back) for sold in sale.lines]
    by_points = [sold.discount_kopecks - _part(sold.discount_kopecks, sold, back) for sold in sale.lines]
    receipt = Receipt(
        categories=[programme.category(sold.line.category) for sold in sale.lines],
        before=list(map(add, paid, by_points)),
        paid=paid,
        coupons=sale.coupons,
        certificate_kopecks=sale.certificate_kopecks,
        day=programme.day(sale.at),
    )
    return accrue(programme, sale.member, receipt).points


def _part(kopecks: int, sold: SoldLine, back: Mapping[str, int]) -> int:
    return kopecks * back[sold.line.id] // sold.line.quantity_m


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
        lines=lines,
    )


def _check(sale: Sale, back: Mapping[str, int], part: LineReturn, field: str, earlier: Sequence[LineReturn]) -> None:
    line = next((sold.line for sold in sale.lines if sold.line.id == part.id), None)
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
        raise BadBasket(f"{field}.quantity", f"only {format_quantity_m(left)} can still come back")
