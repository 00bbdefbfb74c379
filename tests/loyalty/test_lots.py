"""Lots, debt, life of points."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from loyalty.lots import (
    Account,
    Lot,
    Overdraft,
    account_of,
    accrue_lot,
    active_points,
    balance,
    burn,
    burn_printed,
    claw_back,
    expire,
    next_expiry,
    restore,
)
from loyalty.points_life import bought_points_times, end_of, grant_times, last_day_of
from loyalty.programme import Activation, Grant, Life, PointsLife, Programme

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


def lot(id: str, points: int, start: int = -10, end: int | None = None) -> Lot:
    """A lot that lives from `start` to `end`, in days from now."""
    expires_at = None if end is None else NOW + timedelta(days=end)
    return Lot(id=id, points=points, active_from=NOW + timedelta(days=start), expires_at=expires_at)


def ids(account: Account) -> list[tuple[str, int]]:
    return [(each.id, each.points) for each in account.lots]


def test_the_order_is_by_end_then_by_start_then_by_id() -> None:
    account = account_of(
        [lot("z", 1, -1), lot("a", 1, 0), lot("b", 1, -1), lot("late", 1, -9, 9), lot("soon", 1, -1, 3), lot("no", 0)]
    )
    assert [id for id, _ in ids(account)] == ["soon", "late", "b", "z", "a"]


def test_a_lot_lives_from_its_start_until_just_before_its_end() -> None:
    account = account_of([lot("one", 5, 1, 2)])
    tick = timedelta(microseconds=1)
    for at, active, held in [
        (NOW, 0, 5),
        (NOW + timedelta(days=1) - tick, 0, 5),
        (NOW + timedelta(days=1), 5, 5),
        (NOW + timedelta(days=2) - tick, 5, 5),
        (NOW + timedelta(days=2), 0, 0),
    ]:
        assert (active_points(account, at), balance(account, at)) == (active, held)


def test_active_points_are_less_debt_and_holds_and_never_negative() -> None:
    account = account_of([lot("one", 100)], debt=30)
    assert active_points(account, NOW) == 70
    assert active_points(account, NOW, held=50) == 20
    assert active_points(account, NOW, held=90) == 0
    assert balance(account_of([], debt=30), NOW) == -30


def test_a_redemption_never_overdraws() -> None:
    account = account_of([lot("one", 100), lot("later", 50, 1)], debt=10)
    with pytest.raises(Overdraft, match=r"^91 points asked, 90 active$"):
        burn(account, 91, NOW)
    after, taken = burn(account, 90, NOW)
    assert [(part.lot.id, part.points) for part in taken] == [("one", 90)]
    assert (ids(after), after.debt) == ([("one", 10), ("later", 50)], 10)


def test_a_printed_receipt_is_posted_to_debt() -> None:
    after, taken = burn_printed(account_of([lot("one", 100), lot("later", 50, 1)]), 130, NOW)
    assert (ids(after), after.debt) == ([("later", 50)], 30)
    assert [(part.lot.id, part.points) for part in taken] == [("one", 100)]


def test_points_are_taken_back_from_their_own_lot_then_as_spent_then_from_those_to_come() -> None:
    account = account_of([lot("soon", 10, -5, 3), lot("own", 20, -1), lot("to come", 40, 2), lot("dead", 99, -9, -1)])
    after, taken = claw_back(account, 25, NOW, own_lot="own")
    assert [(part.lot.id, part.points) for part in taken] == [("own", 20), ("soon", 5)]
    after, taken = claw_back(after, 50, NOW, own_lot="own")
    assert [(part.lot.id, part.points) for part in taken] == [("soon", 5), ("to come", 40)]
    assert (ids(after), after.debt) == ([("dead", 99)], 5)
    assert balance(after, NOW) == -5


def test_earned_points_that_died_unspent_are_not_lost_a_second_time() -> None:
    """The goods come back after their points have died: nothing else of the member's is touched, and no debt is made.
    What was spent of them in time is still owed."""
    died = account_of([lot("own", 40, -9, -1), lot("other", 100, -9)])
    after, _ = claw_back(died, 40, NOW, own_lot="own")
    assert (ids(after), after.debt) == ([("other", 100)], 0)
    booked = account_of([replace(lot("own", 0, -9, -1), expired=40), lot("other", 100, -9)])
    after, taken = claw_back(booked, 60, NOW, own_lot="own")
    assert ([(part.lot.id, part.points) for part in taken], ids(after)) == (
        [("own", 40), ("other", 20)],
        [("other", 80)],
    )


def test_without_its_own_lot_points_are_taken_as_spent() -> None:
    account = account_of([lot("to come", 40, 2, 3), lot("soon", 10, -5, 5)])
    _, taken = claw_back(account, 15, NOW)
    assert [(part.lot.id, part.points) for part in taken] == [("soon", 10), ("to come", 5)]


@pytest.mark.parametrize(("points", "debt", "left"), [(20, 10, []), (30, 0, []), (50, 0, [("new", 20)])])
def test_the_next_points_pay_the_debt_first(points: int, debt: int, left: list[tuple[str, int]]) -> None:
    account = accrue_lot(Account(debt=30), lot("new", points))
    assert (ids(account), account.debt) == (left, debt)


def test_points_for_a_lot_that_is_there_are_added_to_it() -> None:
    account = accrue_lot(account_of([lot("one", 5, -10, 7), lot("two", 1)]), lot("one", 6, -10, 7))
    assert ids(account) == [("one", 11), ("two", 1)]


def test_what_expires_next() -> None:
    account = account_of([lot("a", 5, -1, 3), lot("b", 6, -1, 3), lot("c", 7, -1, 4), lot("d", 8), lot("e", 9, -3, -1)])
    assert next_expiry(account, NOW) == (11, NOW + timedelta(days=3))
    assert next_expiry(account, NOW + timedelta(days=3)) == (7, NOW + timedelta(days=4))
    assert next_expiry(account, NOW + timedelta(days=4)) is None


def test_expiry_drops_the_dead_and_says_which() -> None:
    account = account_of([lot("a", 5, -1, 3), lot("d", 8), lot("e", 9, -3, 0)], debt=2)
    after, gone = expire(account, NOW)
    assert (ids(after), after.debt) == ([("a", 5), ("d", 8)], 2)
    assert [(part.lot.id, part.points) for part in gone] == [("e", 9)]


def test_grace_lives_to_the_end_of_the_thirtieth_day(alenka: Programme) -> None:
    account, taken = burn(account_of([lot("one", 50, -1, 1), lot("two", 5, -1, 2)]), 55, NOW)
    late = NOW + timedelta(days=10)  # 11 June
    back = restore(alenka, account, taken, 55, late, "grace")
    assert ids(back.account) == [("grace", 55)]
    assert back.account.lots[0].expires_at == datetime(2026, 7, 11, 21, tzinfo=UTC)  # midnight in Moscow
    assert back.account.lots[0].active_from == late
    assert (back.still_taken, back.lost) == ((), 0)


def test_no_points_make_no_grace_lot(alenka: Programme) -> None:
    account, taken = burn(account_of([lot("one", 50)]), 20, NOW)
    back = restore(alenka, account, taken, 0, NOW, "grace")
    assert (ids(back.account), back.still_taken) == ([("one", 30)], taken)


def test_more_than_was_taken_cannot_come_back(alenka: Programme) -> None:
    account, taken = burn(account_of([lot("one", 50)]), 20, NOW)
    for points in (21, -1):
        with pytest.raises(AssertionError, match=r"^a sale gives back no more than it took$"):
            restore(alenka, account, taken, points, NOW, "grace")


def times(programme: Programme, life: Life, at: datetime, birthday: date | None = None) -> date | None:
    """The last day on which points of this life can be spent."""
    expires_at = grant_times(programme, Grant(points=1, life=life), at, birthday).expires_at
    return None if expires_at is None else last_day_of(programme, expires_at)


@pytest.mark.parametrize(
    ("life", "at", "last_day"),
    [
        (Life(kind="never"), date(2026, 6, 1), None),
        (Life(kind="days", count=1), date(2026, 6, 1), date(2026, 6, 2)),
        (Life(kind="days", count=90), date(2026, 6, 1), date(2026, 8, 30)),
        (Life(kind="months", count=1), date(2026, 1, 31), date(2026, 2, 28)),
        (Life(kind="months", count=12), date(2024, 2, 29), date(2025, 2, 28)),
        (Life(kind="months", count=12), date(2026, 12, 5), date(2027, 12, 5)),
        (Life(kind="months", count=1), date(2026, 11, 30), date(2026, 12, 30)),
        (Life(kind="month_end", count=1), date(2026, 2, 1), date(2026, 2, 28)),
        (Life(kind="month_end", count=12), date(2026, 1, 31), date(2026, 12, 31)),
        (Life(kind="month_end", count=2), date(2026, 1, 31), date(2026, 2, 28)),
        (Life(kind="date", day=date(2026, 12, 31)), date(2026, 6, 1), date(2026, 12, 31)),
    ],
)
def test_the_life_of_points(alenka: Programme, life: Life, at: date, last_day: date | None) -> None:
    assert times(alenka, life, datetime(at.year, at.month, at.day, 12, tzinfo=UTC)) == last_day


def test_birthday_points_live_with_the_birthday_window(alenka: Programme) -> None:
    life = Life(kind="birthday")
    assert times(alenka, life, NOW, date(1990, 6, 2)) == date(2026, 6, 5)
    assert times(alenka, life, NOW, date(1990, 5, 20)) == date(2027, 5, 23)
    # Without a birthday, or without a window, nothing tells how long: the day itself.
    assert times(alenka, life, NOW) == date(2026, 6, 1)
    assert times(replace(alenka, birthday=None), life, NOW, date(1990, 6, 2)) == date(2026, 6, 1)


def test_points_live_to_the_end_of_the_day_in_the_shop(alenka: Programme) -> None:
    assert end_of(alenka, date(2026, 6, 10)) == datetime(2026, 6, 10, 21, tzinfo=UTC)
    late = datetime(2026, 6, 1, 21, 30, tzinfo=UTC)  # the second of June already in Moscow
    assert times(alenka, Life(kind="days", count=1), late) == date(2026, 6, 3)


@pytest.mark.parametrize(
    ("activation", "active_from"),
    [
        (Activation(), NOW),
        (Activation(minutes=300), NOW + timedelta(minutes=300)),
        (Activation(days=1), datetime(2026, 6, 1, 21, tzinfo=UTC)),
        (Activation(days=14), datetime(2026, 6, 14, 21, tzinfo=UTC)),
    ],
)
def test_points_wait_for_their_activation(alenka: Programme, activation: Activation, active_from: datetime) -> None:
    grant = Grant(points=1, life=Life(kind="never"), activation=activation)
    assert grant_times(alenka, grant, NOW.astimezone(alenka.timezone)) == (active_from, None)


def test_all_times_are_utc(alenka: Programme) -> None:
    grant = Grant(points=1, life=Life(kind="days", count=1), activation=Activation(days=1))
    for each in (*grant_times(alenka, grant, NOW.astimezone(alenka.timezone)), *bought_points_times(alenka, NOW)):
        assert each is not None
        assert each.tzinfo is UTC


def test_bought_points_follow_the_programme(alenka: Programme, perekrestok: Programme) -> None:
    assert bought_points_times(alenka, NOW) == (NOW, datetime(2027, 6, 1, 21, tzinfo=UTC))
    assert bought_points_times(perekrestok, NOW) == (NOW, datetime(2027, 5, 31, 21, tzinfo=UTC))
    slow = PointsLife(life=Life(kind="never"), activation=Activation(days=1), restored="grace", grace_days=30)
    later = datetime(2026, 6, 1, 21, tzinfo=UTC)
    assert bought_points_times(replace(alenka, points=slow), NOW) == (later, None)
