"""A member as he stands at a till: the hub's word and what the till did since; tiers, days, the clock of the store."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec import structs

from loyalty.accrual import tier_rate_bp
from loyalty.bodies import Accrued, OperationRef, Redeemed, Restored, Return, Sale, SaleNumber
from loyalty.lots import balance
from loyalty.operation import FIRST_HASH, Operation, Store, utc_text
from loyalty.programme import PercentAccrual, Programme
from loyalty.snapshot import LotSnapshot, MemberSnapshot, RedeemedDay, SpentDay
from loyalty.standing import concerns, standing
from loyalty.tiers import accumulated, window_start

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
TOLD = MemberSnapshot(
    member="m",
    cards=(),
    lots=(LotSnapshot(id="a", points=100, active_from="2026-01-01T00:00:00.000000+00:00"),),
    redeemed=(RedeemedDay(day="2026-06-01", points=40, offline=10),),
    spent=(SpentDay(day="2026-05-01", kopecks=100_000),),
)


def told(body: Any, at: datetime = AT, zone: str | None = None) -> Operation:
    return Operation(
        v=2,
        chain="t1",
        generation=1,
        sequence=7,
        previous_hash=FIRST_HASH,
        at=utc_text(at),
        store=Store(id="1", timezone=zone) if zone else None,
        programme="alenka",
        programme_hash="a" * 64,
        body=body,
    )


def sale(spent: int = 0, earned: int = 0, kopecks: int = 0, link: Any = "online") -> Sale:
    return Sale(
        sale=SaleNumber(day="2026-06-01", number="1"),
        member="m",
        link=link,
        lines=(),
        total_kopecks=0,
        paid_kopecks=0,
        qualifying_kopecks=kopecks,
        redeemed=Redeemed(points=spent),
        accrued=Accrued(points=earned),
    )


def back(kopecks: int, sold_at: datetime) -> Return:
    of = OperationRef(chain="t1", generation=1, sequence=1)
    return Return(of=of, sold_at=utc_text(sold_at), member="m", lines=(), refund_kopecks=0, qualifying_kopecks=kopecks)


def test_own_operations_that_the_hub_does_not_know_count_in_all_of_it(alenka: Programme) -> None:
    own = [told(sale(30, 5, 7_000)), told(sale(10, 0, 0, "offline")), told(back(2_000, AT - timedelta(days=31)))]
    stands = standing(TOLD, own, alenka.timezone)
    assert balance(stands.account, AT) == 100 - 30 + 5 - 10
    assert stands.redeemed == {"2026-06-01": 80} and stands.redeemed_offline == {"2026-06-01": 20}
    assert stands.spent == {"2026-05-01": 98_000, "2026-06-01": 7_000}
    assert stands.accumulated(alenka, date(2026, 6, 1)) == 105_000


def test_a_sale_that_is_undone_takes_nothing_of_its_days_limits(alenka: Programme) -> None:
    undone = structs.replace(back(0, AT), restored=Restored(points=10), sold_offline=True)
    stands = standing(TOLD, [told(sale(30)), told(sale(10, link="offline")), told(undone)], alenka.timezone)
    assert stands.redeemed == {"2026-06-01": 70} and stands.redeemed_offline["2026-06-01"] == 10
    online = standing(TOLD, [told(sale(30)), told(structs.replace(undone, sold_offline=False))], alenka.timezone)
    assert online.redeemed["2026-06-01"] == 60 and online.redeemed_offline["2026-06-01"] == 10


def test_without_operations_of_ours_it_is_the_hubs_word(alenka: Programme) -> None:
    stands = standing(TOLD, [], alenka.timezone)
    assert stands.account == TOLD.account and stands.redeemed == {"2026-06-01": 40}


@pytest.mark.parametrize(
    ("zone", "day"), [(None, "2026-06-01"), ("Asia/Kamchatka", "2026-06-02"), ("America/New_York", "2026-06-01")]
)
def test_the_day_of_a_redemption_is_by_the_clock_of_the_store(alenka: Programme, zone: str | None, day: str) -> None:
    """R07: by the moment of the operation, whatever day the POS says."""
    evening = datetime(2026, 6, 1, 20, 30, tzinfo=UTC)
    stands = standing(TOLD, [told(sale(7), evening, zone)], alenka.timezone)
    assert stands.redeemed.get(day, 0) == (47 if day == "2026-06-01" else 7)


def test_only_what_moves_points_or_tiers_concerns_a_standing() -> None:
    from loyalty.bodies import CardBlocked

    sold = told(sale())
    assert concerns([told(CardBlocked(member="m", card="1")), sold]) == [sold]


# tiers


def windowed(programme: Programme, window: Any, days: int = 0) -> Programme:
    accrual = programme.accrual
    assert isinstance(accrual, PercentAccrual)
    return replace(programme, accrual=replace(accrual, tier_metric="accumulated", tier_window=window, tier_days=days))


@pytest.mark.parametrize(
    ("window", "days", "kopecks"),
    [
        ("all", 0, 111),
        ("year", 0, 11),
        ("rolling", 1, 1),
        ("rolling", 31, 1),
        ("rolling", 32, 11),
        ("rolling", 152, 11),
    ],
)
def test_what_counts_is_in_the_window_that_the_programme_names(
    alenka: Programme, window: str, days: int, kopecks: int
) -> None:
    spent = [
        SpentDay(day="2025-12-31", kopecks=100),
        SpentDay(day="2026-05-01", kopecks=10),
        SpentDay(day="2026-06-01", kopecks=1),
    ]
    assert accumulated(windowed(alenka, window, days), spent, date(2026, 6, 1)) == kopecks


def test_more_returned_than_bought_is_nothing(alenka: Programme) -> None:
    assert accumulated(alenka, [SpentDay(day="2026-05-01", kopecks=-5)], date(2026, 6, 1)) == 0


def test_a_programme_without_tiers_looks_at_everything(perekrestok: Programme) -> None:
    assert window_start(perekrestok, date(2026, 6, 1)) == date.min


def test_own_sales_raise_the_tier_at_once_and_returns_lower_it(alenka: Programme) -> None:
    """R09: offline 3 × 2000.00 at 2 %, 3 % and 5 %; the return of the first takes its part away."""
    rules = windowed(alenka, "all").accrual
    assert isinstance(rules, PercentAccrual)
    new, rates = MemberSnapshot(member="m", cards=()), []
    own: list[Operation] = []
    for _ in range(3):
        rates.append(tier_rate_bp(rules, standing(new, own, alenka.timezone).accumulated(alenka, date(2026, 6, 1))))
        own.append(told(sale(kopecks=200_000)))
    assert rates == [200, 300, 500]
    own.append(told(back(200_000, AT)))
    assert standing(new, own, alenka.timezone).accumulated(alenka, date(2026, 6, 1)) == 400_000
