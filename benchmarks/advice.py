"""Advice beside a quote of 30 lines (`loyalty.advice.advice`): where nothing is near, near a rate, and with coupons.

python -m benchmarks.advice
"""

from __future__ import annotations

import sys
import timeit
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median
from time import process_time

from config.programmes import load_programme
from loyalty.advice import Receipt, advice
from loyalty.basket import Basket, Line
from loyalty.lots import Lot, account_of
from loyalty.member import MemberView
from loyalty.quote import quote

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
LINES = 30
LOTS = 32  # as many as a till knows one by one
ADVICE_MOST_US = 1_000
CASES: tuple[tuple[str, int, tuple[str, ...]], ...] = (
    ("nothing is near", 1_000, ()),
    ("a rate is near", 4_860, ()),
    ("a rate, behind a coupon", 5_300, ("ten-percent",)),
    ("a coupon waits", 1_600, ("sweets-100",)),
    ("a rate and three coupons", 2_950, ("gift-chocolate", "ten-percent", "sweets-100")),
)


def receipt(price_kopecks: int, coupons: tuple[str, ...]) -> Receipt:
    programme = load_programme("alenka")
    lines = tuple(Line(id=str(at), name="goods", price_kopecks=price_kopecks, category="sweets") for at in range(LINES))
    offers = tuple(offer for id in coupons if (offer := programme.coupon(id)) is not None)
    basket, member = Basket(lines=lines, coupons=offers), MemberView(points_active=150)
    return Receipt(
        programme=programme,
        basket=basket,
        member=member,
        account=account_of(
            Lot(id=str(at), points=5, active_from=AT, expires_at=AT + timedelta(days=30 + at)) for at in range(LOTS)
        ),
        quoted=quote(programme, basket, member, at=AT, requested_points=0),
        at=AT,
        link="online",
        requested_points=0,
    )


def took_us(call: Callable[[], object], repeats: int = 9, calls: int = 200) -> float:
    """Microseconds; the median of turns, processor time."""
    return median(timeit.Timer(call, timer=process_time).repeat(repeats, calls)) / calls * 1e6


def main() -> int:
    worst_us = 0.0
    for name, price_kopecks, coupons in CASES:
        asked = receipt(price_kopecks, coupons)
        alone_us = took_us(lambda asked=asked: quote(asked.programme, asked.basket, asked.member, at=AT))  # type: ignore[misc]
        more_us = took_us(lambda asked=asked: advice(asked))  # type: ignore[misc]
        worst_us = max(worst_us, more_us)
        print(f"{name}: quote {alone_us:.0f} µs, advice {more_us:.0f} µs more")
    good = worst_us <= ADVICE_MOST_US
    print(f"target {ADVICE_MOST_US} µs: {'good' if good else 'MISSED'}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
