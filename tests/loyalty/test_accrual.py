"""Tiers, steps, favourites and birthdays, at their edges."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from loyalty.accrual import birthday_window_end, in_birthday_window
from loyalty.basket import Basket, Line
from loyalty.member import MemberView
from loyalty.programme import BirthdayBonus, PercentAccrual, PerStepAccrual, Programme
from loyalty.quote import quote

NOON = datetime(2026, 6, 1, 9, tzinfo=UTC)
WINDOW = BirthdayBonus(days_before=3, days_after=3, rate_bp=0)


def earned(programme: Programme, kopecks: int, member: MemberView, asked: int = 0, at: datetime = NOON) -> int:
    category = "tea" if programme.id == "alenka" else "grocery"
    basket = Basket(lines=(Line(id="1", name="", price_kopecks=kopecks, category=category),))
    return quote(programme, basket, member, at=at, requested_points=asked).accrual.points


@pytest.mark.parametrize(
    ("kopecks", "points"), [(149_999, 29), (150_000, 45), (299_999, 89), (300_000, 150), (1_000_000, 500)]
)
def test_the_dearer_the_receipt_the_higher_the_rate_of_all_of_it(alenka: Programme, kopecks: int, points: int) -> None:
    assert earned(alenka, kopecks, MemberView()) == points


def test_the_tier_looks_at_the_receipt_before_points_the_rate_applies_to_money(alenka: Programme) -> None:
    assert earned(alenka, 150_000, MemberView(points_active=500), asked=500) == 30  # 3 % of 1000.00


def test_goods_that_do_not_earn_do_not_lift_the_tier(alenka: Programme) -> None:
    lines = (
        Line(id="1", name="", price_kopecks=100_000, category="tea"),
        Line(id="2", name="", price_kopecks=100_000, category="gift_certificate"),
    )
    assert quote(alenka, Basket(lines=lines), MemberView(), at=NOON).accrual.points == 20


@pytest.mark.parametrize(("spent", "points"), [(149_999, 20), (150_000, 30), (300_000, 50)])
def test_the_tier_may_look_at_accumulated_spend(alenka: Programme, spent: int, points: int) -> None:
    assert isinstance(alenka.accrual, PercentAccrual)
    programme = replace(alenka, accrual=replace(alenka.accrual, tier_metric="accumulated"))
    assert earned(programme, 100_000, MemberView(accumulated_kopecks=spent)) == points
    assert earned(alenka, 100_000, MemberView(accumulated_kopecks=spent)) == 20


@pytest.mark.parametrize(("kopecks", "points"), [(999, 0), (1000, 1), (1999, 1), (2000, 2)])
def test_only_full_steps_earn(perekrestok: Programme, kopecks: int, points: int) -> None:
    assert earned(perekrestok, kopecks, MemberView()) == points


def test_only_so_many_favourites_count_as_the_programme_lets(perekrestok: Programme) -> None:
    lines = tuple(
        Line(id=name, name="", price_kopecks=1000, category=name) for name in ("dairy", "bread", "meat", "snacks")
    )
    member = MemberView(favourites=("dairy", "bread", "meat", "snacks"))
    parts = quote(perekrestok, Basket(lines=lines), member, at=NOON).accrual.parts
    assert [(part.kind, part.points) for part in parts] == [("base", 4), ("favourite", 12)]


def test_a_favourite_named_twice_takes_one_place(perekrestok: Programme) -> None:
    twice = MemberView(favourites=("dairy", "dairy", "dairy", "snacks"))
    once = MemberView(favourites=("dairy", "snacks"))
    at = datetime(2026, 3, 2, tzinfo=UTC)
    basket = Basket(
        lines=(
            Line(id="1", name="", price_kopecks=10_00, category="dairy"),
            Line(id="2", name="", price_kopecks=80_00, category="snacks"),
        )
    )
    accrued = [quote(perekrestok, basket, member, at=at).accrual for member in (twice, once)]
    assert accrued[0] == accrued[1]
    assert dict(accrued[0].parts)["favourite"] == 36


def test_a_favourite_that_the_programme_no_longer_has_stops_no_sale(perekrestok: Programme) -> None:
    assert earned(perekrestok, 100_000, MemberView(favourites=("moon rock",))) == 100


def test_favourites_without_goods_or_rules_add_nothing(alenka: Programme, perekrestok: Programme) -> None:
    assert earned(alenka, 100_000, MemberView(favourites=("tea",))) == 20
    assert earned(perekrestok, 100_000, MemberView(favourites=("dairy",))) == 100


def test_a_birthday_may_raise_the_rate(alenka: Programme) -> None:
    rate = BirthdayBonus(days_before=0, days_after=0, rate_bp=400)
    programme = replace(alenka, birthday=rate)
    member = MemberView(birthday=date(1990, 6, 1))
    basket = Basket(lines=(Line(id="1", name="", price_kopecks=100_000, category="tea"),))
    parts = quote(programme, basket, member, at=NOON).accrual.parts
    assert [(part.kind, part.points) for part in parts] == [("base", 20), ("birthday", 20)]
    # Where the receipt's own rate is higher already, the birthday takes nothing away.
    assert earned(programme, 300_000, member) == 150
    assert earned(replace(alenka, birthday=None), 100_000, member) == 20
    assert earned(programme, 100_000, MemberView()) == 20
    assert earned(programme, 100_000, MemberView(birthday=date(1990, 6, 2))) == 20


def test_a_birthday_bonus_is_per_step_or_a_rate(alenka: Programme) -> None:
    programme = replace(alenka, birthday=BirthdayBonus(days_before=0, days_after=0))
    with pytest.raises(AssertionError, match=r"^a birthday bonus is per step or a rate$"):
        earned(programme, 100_000, MemberView(birthday=date(1990, 6, 1)))


def test_nothing_paid_with_money_earns_nothing_even_by_the_kopeck(alenka: Programme) -> None:
    programme = replace(
        alenka,
        accrual=PerStepAccrual(step_kopecks=1, points=1),
        certificates=replace(alenka.certificates, earns=False),
    )
    basket = Basket(lines=(Line(id="1", name="", price_kopecks=100, category="tea"),), certificates=(100,))
    assert quote(programme, basket, MemberView(), at=NOON).accrual.points == 0
    basket = Basket(lines=(Line(id="1", name="", price_kopecks=100, category="tea"),), certificates=(99,))
    assert quote(programme, basket, MemberView(), at=NOON).accrual.points == 1


@pytest.mark.parametrize(
    ("birthday", "inside"),
    [
        (date(1990, 6, 10), [date(2026, 6, 7), date(2026, 6, 13)]),
        (date(1990, 1, 1), [date(2025, 12, 29), date(2026, 1, 4)]),
        (date(1990, 12, 31), [date(2026, 12, 28), date(2027, 1, 3)]),
        (date(1992, 2, 29), [date(2026, 2, 25), date(2026, 3, 3)]),
        (date(1992, 2, 29), [date(2028, 2, 25), date(2028, 3, 2)]),
        (date(1992, 2, 28), [date(2028, 2, 25), date(2028, 3, 2)]),
        (date(1992, 3, 29), [date(2026, 3, 26), date(2026, 4, 1)]),
        (date(2026, 6, 10), [date(2026, 6, 7), date(2026, 6, 13)]),
    ],
)
def test_the_birthday_window_is_three_days_each_way(birthday: date, inside: list[date]) -> None:
    first, last = inside
    day = first
    while day <= last:
        assert in_birthday_window(WINDOW, birthday, day)
        assert birthday_window_end(WINDOW, birthday, day) == last
        day += timedelta(days=1)
    assert not in_birthday_window(WINDOW, birthday, first - timedelta(days=1))
    assert not in_birthday_window(WINDOW, birthday, last + timedelta(days=1))


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 3, 1), date(2026, 6, 13)),
        (date(2026, 6, 13), date(2026, 6, 13)),
        (date(2026, 6, 14), date(2027, 6, 13)),
    ],
)
def test_outside_the_window_its_next_end_counts(day: date, end: date) -> None:
    assert birthday_window_end(WINDOW, date(1990, 6, 10), day) == end


def test_the_birthday_is_a_day_in_the_shop(perekrestok: Programme) -> None:
    member = MemberView(birthday=date(1990, 6, 10))
    moscow_midnight = datetime(2026, 6, 6, 21, tzinfo=UTC)
    assert earned(perekrestok, 1000, member, at=moscow_midnight) == 5
    assert earned(perekrestok, 1000, member, at=moscow_midnight - timedelta(seconds=1)) == 1
