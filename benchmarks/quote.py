"""A quote of a 30-line basket, against the same arithmetic written naively with `decimal`, in the same run.

    python -m benchmarks.quote

The naive version is what one writes first: rubles as Decimal, quantize where money is rounded. It must give the
same answer on every basket before it is timed; only then is the ratio worth anything.
"""

from __future__ import annotations

import random
import sys
import timeit
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from statistics import median
from time import process_time

from config.programmes import load_programme
from loyalty.basket import Basket, Line
from loyalty.member import MemberView
from loyalty.programme import BirthdayBonus, FavouriteBonus, PerStepAccrual, Programme
from loyalty.quote import Quote, QuotedLine, quote

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
RATIO_MOST = 1 / 3
QUOTE_MOST_US = 300


@dataclass(frozen=True)
class NaivePosition:
    quantity: Decimal
    price: Decimal
    amount: Decimal


@dataclass(frozen=True)
class NaiveQuotedLine:
    net_before: Decimal
    discount: Decimal
    net: Decimal
    positions: list[NaivePosition]


@dataclass(frozen=True)
class NaiveQuote:
    points: int
    amount: Decimal
    bound_by: list[str]
    lines: list[NaiveQuotedLine]
    total: Decimal
    parts: dict[str, int]


@dataclass(frozen=True)
class NaiveLine:
    """A line with its numbers as Decimal already: reading the basket is timed for neither side."""

    price: Decimal
    quantity: Decimal
    unit: str
    discount: Decimal
    category: str | None
    least: Decimal | None


def half_up(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def down(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), rounding=ROUND_DOWN)


def up(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), rounding=ROUND_UP)


def rubles(kopecks: int) -> Decimal:
    return Decimal(kopecks) / Decimal(100)


def naive_lines(basket: Basket) -> list[NaiveLine]:
    return [
        NaiveLine(
            rubles(line.price_kopecks),
            Decimal(line.quantity_m) / 1000,
            line.unit,
            rubles(line.discount_kopecks),
            line.category,
            None if line.min_unit_price_kopecks is None else rubles(line.min_unit_price_kopecks),
        )
        for line in basket.lines
    ]


def naive_quote(programme: Programme, lines: list[NaiveLine], member: MemberView, at: datetime) -> NaiveQuote:
    rules = programme.redemption
    worth = rubles(programme.currency.kop_per_point)
    nets = [naive_net(line) for line in lines]
    heads = [naive_head(programme, line, net) for line, net in zip(lines, nets, strict=True)]
    total = sum(nets, Decimal(0))
    eligible = sum((net for line, net in zip(lines, nets, strict=True) if naive_may_pay(programme, line)), Decimal(0))
    caps = {
        "percent": eligible * rules.cap_bp / 10000,
        "min_cash": max(Decimal(0), total - rubles(rules.min_cash_kopecks)),
        "lines": sum(heads, Decimal(0)),
    }
    caps_points = {name: int(down(cap) / worth) for name, cap in caps.items()}
    caps_points["active_points"] = member.points_active
    lowest = min(caps_points.values())
    points = lowest - lowest % rules.step
    shares = naive_allocate(nets, heads, points * worth)
    paid = [net - share for net, share in zip(nets, shares, strict=True)]
    return NaiveQuote(
        points=points,
        amount=points * worth,
        bound_by=[name for name, cap in caps_points.items() if cap == lowest],
        lines=[
            NaiveQuotedLine(net, share, left, naive_positions(line, left))
            for line, net, share, left in zip(lines, nets, shares, paid, strict=True)
        ],
        total=sum(paid, Decimal(0)),
        parts=naive_earned(programme, lines, paid, member, at),
    )


def naive_net(line: NaiveLine) -> Decimal:
    return half_up(line.price * line.quantity) - line.discount


def naive_may_pay(programme: Programme, line: NaiveLine) -> bool:
    category = programme.category(line.category)
    return category.redeem == "yes" or (category.redeem == "above_min_price" and line.least is not None)


def naive_head(programme: Programme, line: NaiveLine, net: Decimal) -> Decimal:
    if not naive_may_pay(programme, line):
        return Decimal(0)
    floor = max(rubles(programme.redemption.unit_floor_kopecks), line.least or Decimal(0))
    return max(Decimal(0), net - up(floor * line.quantity))


def naive_allocate(nets: list[Decimal], heads: list[Decimal], amount: Decimal) -> list[Decimal]:
    shares = [Decimal(0)] * len(nets)
    live = [index for index in range(len(nets)) if heads[index] > 0]
    while amount > 0:
        weight = sum((nets[index] for index in live), Decimal(0))
        full = [index for index in live if amount * nets[index] >= heads[index] * weight]
        if not full:
            exact = {index: amount * nets[index] / weight for index in live}
            for index in live:
                shares[index] = down(exact[index])
            rest = int((amount - sum((shares[index] for index in live), Decimal(0))) / Decimal("0.01"))
            order = sorted(live, key=lambda i: (-(exact[i] - shares[i]), -nets[i], i))
            for index in order[:rest]:
                shares[index] += Decimal("0.01")
            break
        for index in full:
            shares[index] = heads[index]
            amount -= heads[index]
        live = [index for index in live if index not in full]
    return shares


def naive_positions(line: NaiveLine, net: Decimal) -> list[NaivePosition]:
    if line.unit == "pc":
        low = down(net / line.quantity)
        dearer = (net - low * line.quantity) / Decimal("0.01")
        cheaper = line.quantity - dearer
        found = [NaivePosition(cheaper, low, low * cheaper)]
        if dearer:
            found.append(NaivePosition(dearer, low + Decimal("0.01"), (low + Decimal("0.01")) * dearer))
        return found
    nearest = half_up(net / line.quantity)
    for price in (line.price, nearest, nearest - Decimal("0.01")):
        if abs(half_up(price * line.quantity) - net) <= Decimal("0.01"):
            return [NaivePosition(line.quantity, price, net)]
    return [NaivePosition(Decimal(1), net, net)]


def naive_earned(
    programme: Programme, lines: list[NaiveLine], paid: list[Decimal], member: MemberView, at: datetime
) -> dict[str, int]:
    earning = [(line, net) for line, net in zip(lines, paid, strict=True) if programme.category(line.category).earn]
    base = sum((net for _, net in earning), Decimal(0))
    favourite = sum((net for line, net in earning if line.category in member.favourites), Decimal(0))
    parts = {"base": naive_steps(programme.accrual, base), "favourite": naive_steps(programme.favourite, favourite)}
    assert programme.birthday is not None
    if naive_is_birthday(programme.birthday, member, at.astimezone(programme.timezone).date()):
        parts["birthday"] = naive_steps(programme.birthday.per_step, base)
    return {kind: points for kind, points in parts.items() if points}


def naive_steps(rule: object, amount: Decimal) -> int:
    assert isinstance(rule, PerStepAccrual | FavouriteBonus)
    return int(amount // (rubles(rule.step_kopecks))) * rule.points


def naive_is_birthday(rule: BirthdayBonus, member: MemberView, day: date) -> bool:
    assert member.birthday is not None
    before, after = timedelta(days=rule.days_before), timedelta(days=rule.days_after)
    near = (member.birthday.replace(year=year) for year in (day.year - 1, day.year, day.year + 1))
    return any(one - before <= day <= one + after for one in near)


def basket_of(chance: random.Random, lines: int) -> Basket:
    categories = ("grocery", "dairy", "bread", "vegetables", "tobacco")
    return Basket(
        lines=tuple(
            Line(
                id=str(number),
                name=f"goods {number}",
                price_kopecks=chance.randint(1, 90_000),
                quantity_m=chance.randint(50, 3_000) if weighed else 1000 * chance.randint(1, 6),
                unit="kg" if weighed else "pc",
                category=chance.choice(categories),
            )
            for number in range(lines)
            for weighed in [chance.random() < 0.3]
        )
    )


def same(one: Quote, other: NaiveQuote) -> bool:
    """Whether both say the same, to the kopeck, in every line and position."""
    return (
        one.redemption.points == other.points
        and list(one.limit.bound_by) == other.bound_by
        and rubles(one.total_kopecks) == other.total
        and {part.kind: part.points for part in one.accrual.parts} == other.parts
        and all(same_line(*pair) for pair in zip(one.lines, other.lines, strict=True))
    )


def same_line(one: QuotedLine, other: NaiveQuotedLine) -> bool:
    positions = [
        NaivePosition(
            Decimal(position.quantity_m) / 1000,
            rubles(position.price_kopecks),
            rubles(position.amount_kopecks),
        )
        for position in one.positions
    ]
    return (
        positions == other.positions
        and rubles(one.net_before_kopecks) == other.net_before
        and rubles(one.discount_kopecks) == other.discount
        and rubles(one.net_kopecks) == other.net
    )


def measure(repeats: int = 9, calls: int = 300) -> tuple[float, float]:
    """Microseconds for one quote, ours and the naive; medians of turns taken in alternation, processor time."""
    programme = load_programme("perekrestok")
    member = MemberView(points_active=5000, favourites=("dairy",), birthday=date(1990, 6, 2))
    for seed in range(200):
        basket = basket_of(random.Random(seed), 30)
        naive = naive_quote(programme, naive_lines(basket), member, AT)
        assert same(quote(programme, basket, member, at=AT), naive), f"the answers differ, seed {seed}"
    basket = basket_of(random.Random(1), 30)
    lines = naive_lines(basket)
    ours, naives = [], []
    for _ in range(repeats):
        ours.append(timeit.timeit(lambda: quote(programme, basket, member, at=AT), timer=process_time, number=calls))
        naives.append(
            timeit.timeit(lambda: naive_quote(programme, lines, member, AT), timer=process_time, number=calls)
        )
    return median(ours) / calls * 1e6, median(naives) / calls * 1e6


def main() -> int:
    ours_us, naive_us = measure()
    good = ours_us <= QUOTE_MOST_US and ours_us <= naive_us * RATIO_MOST
    sys.stdout.write(
        f"quote, 30 lines: {ours_us:.0f} µs; naive decimal: {naive_us:.0f} µs; ratio {ours_us / naive_us:.2f}"
        f" (targets: {QUOTE_MOST_US} µs, {RATIO_MOST:.2f}) {'good' if good else 'MISSED'}\n"
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
