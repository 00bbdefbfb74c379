"""A day's counts: exact against sums that are written once more here."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.bodies import Accrued, OperationRef, Redeemed, Return, Sale, SaleNumber
from loyalty.day import (
    GOODS,
    NAMED_MAX,
    REST,
    Counts,
    added,
    counts_of,
    day_of_operation,
    named,
    read_counts,
    refused_of,
    summed,
    write_counts,
)
from loyalty.operation import FIRST_HASH, VERSION, Operation

MOSCOW = ZoneInfo("Europe/Moscow")
AMOUNT = st.integers(0, 10**7)


def operation(body: Any, at: str = "2026-03-02T21:30:00Z") -> Operation:
    return Operation(
        v=VERSION,
        chain="t1",
        generation=1,
        sequence=1,
        previous_hash=FIRST_HASH,
        at=at,
        programme="alenka",
        programme_hash="a" * 64,
        body=body,
    )


@st.composite
def sales(draw: st.DrawFn) -> Sale:
    whose = draw(st.sampled_from(("member", "stranger", "nobody")))
    has_member = whose != "nobody"
    return Sale(
        sale=SaleNumber(day="2026-03-02", number="1"),
        member="anna" if whose == "member" else None,
        card="2600000000017" if has_member else None,
        link=draw(st.sampled_from(("online", "offline"))),
        lines=(),
        total_kopecks=draw(AMOUNT),
        paid_kopecks=draw(AMOUNT),
        accrued=Accrued(points=draw(AMOUNT) if has_member else 0),
        redeemed=Redeemed(points=draw(AMOUNT), kopecks=draw(AMOUNT)) if has_member else Redeemed(),
    )


def came_back(sale: Sale) -> Return:
    of = OperationRef(chain="t1", generation=1, sequence=1)
    return Return(of=of, sold_at="2026-03-02T09:00:00Z", lines=(), refund_kopecks=sale.paid_kopecks)


@given(st.lists(sales(), max_size=30))
@settings(max_examples=60)
def test_the_counts_of_a_day_are_its_sums(sold: list[Sale]) -> None:
    counts = summed(counts_of(operation(one), MOSCOW) for one in [*sold, *map(came_back, sold)])
    of_members = [one for one in sold if one.card is not None]
    offline = [one for one in of_members if one.link == "offline"]
    expected = {
        "sales": len(of_members),
        "paid": sum(one.paid_kopecks for one in of_members),
        "earned": sum(one.accrued.points for one in of_members),
        "spent": sum(one.redeemed.points for one in of_members),
        "spent_worth": sum(one.redeemed.kopecks for one in of_members),
        "strangers": sum(one.member is None for one in of_members),
        "sales_without_card": len(sold) - len(of_members),
        "paid_without_card": sum(one.paid_kopecks for one in sold if one.card is None),
        "offline": len(offline),
        "offline_spent": sum(one.redeemed.points for one in offline),
        "offline_worth": sum(one.redeemed.kopecks for one in offline),
        "returns": len(sold),
        "refunded": sum(one.paid_kopecks for one in sold),
        "hour/00": sum(one.paid_kopecks for one in sold),
    }
    assert counts == {name: count for name, count in expected.items() if count}
    assert read_counts(write_counts(counts)) == counts and read_counts(None) == {}


def test_a_days_name_is_its_receipts_else_the_shops_clock() -> None:
    sale = Sale(sale=SaleNumber(day="2026-03-01", number="1"), lines=(), total_kopecks=0, paid_kopecks=0)
    assert day_of_operation(operation(sale), MOSCOW) == "2026-03-01"
    assert day_of_operation(operation(came_back(sale)), MOSCOW) == "2026-03-03"
    assert day_of_operation(operation(came_back(sale)), ZoneInfo("UTC")) == "2026-03-02"


def test_what_the_hub_refused_is_told_by_its_reason() -> None:
    sale = Sale(
        sale=SaleNumber(day="2026-03-01", number="1"),
        lines=(),
        total_kopecks=0,
        paid_kopecks=0,
        accrued=Accrued(points=7),
        redeemed=Redeemed(points=3),
    )
    assert refused_of(operation(sale), "unknown_card") == {
        "refused/unknown_card": 1,
        "lost_earned": 7,
        "lost_spent": 3,
    }
    assert refused_of(None, "unreadable") == {"refused/unreadable": 1}


def test_names_without_end_are_kept_apart_only_so_far() -> None:
    counts: Counts = {}
    for number in range(NAMED_MAX + 50):
        counts = added(counts, {f"{GOODS}{number}": 2})
    found = named(counts, GOODS)
    assert len(found) == NAMED_MAX + 1 and found[REST] == 100 and sum(found.values()) == 2 * (NAMED_MAX + 50)
