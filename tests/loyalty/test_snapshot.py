"""A member as the hub tells it: the same on the wire and in the till's cache."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.cards import STATUSES
from loyalty.lots import Account, Lot, account_of, active_points
from loyalty.snapshot import (
    DAYS_MAX,
    LOTS_MAX,
    CardSnapshot,
    LotSnapshot,
    MemberSnapshot,
    RedeemedDay,
    SpentDay,
    told_days,
    told_lots,
)

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
TIME = "2026-06-01T00:00:00.000000+00:00"


def lot(id: str, points: int, start: int = -1, end: int | None = None) -> Lot:
    """Alive from so many hours after AT to so many."""
    ends = None if end is None else AT + timedelta(hours=end)
    return Lot(id=id, points=points, active_from=AT + timedelta(hours=start), expires_at=ends)


def test_a_member_survives_the_wire() -> None:
    member = MemberSnapshot(
        member="m1",
        cards=tuple(CardSnapshot(number=str(number), status=status) for number, status in enumerate(STATUSES)),
        lots=(
            LotSnapshot(id="a", points=4, active_from=TIME, expires_at=TIME),
            LotSnapshot(id="b", points=1, active_from=TIME),
        ),
        debt=5,
        redeemed=(RedeemedDay(day="2026-06-01", points=7, offline=3),),
        spent=(SpentDay(day="2026-06-01", kopecks=100),),
        birthday="1990-06-01",
        favourites=("чай",),
        phone_key="00" * 8,
    )
    assert msgspec.json.decode(msgspec.json.encode(member), type=MemberSnapshot) == member


def test_a_new_member_has_nothing_but_cards() -> None:
    member = MemberSnapshot(member="m1", cards=())
    assert (member.lots, member.debt, member.redeemed, member.spent) == ((), 0, (), ())
    assert (member.birthday, member.favourites, member.phone_key) == (None, (), None)
    assert member.account == Account()


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{"member":"m1","cards":[{}]}',
        '{"member":"m1","cards":[],"debt":-1}',
        '{"member":"m1","cards":[],"lots":[{"id":"a","points":1.5,"active_from":"' + TIME + '"}]}',
        '{"member":"m1","cards":[],"lots":[{"id":"a","points":-1,"active_from":"' + TIME + '"}]}',
        '{"member":"m1","cards":[],"lots":[{"id":"a","points":1,"active_from":"2026-06-01T00:00:00"}]}',
        '{"member":"m1","cards":[],"lots":[{"id":"a","points":1,"active_from":"' + TIME + '","expires_at":"soon"}]}',
    ],
)
def test_half_a_member_is_refused(text: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(text, type=MemberSnapshot)


def test_lots_are_told_by_their_ends_and_the_dead_not_at_all() -> None:
    account = account_of([lot("a", 1), lot("b", 2, end=5), lot("c", 4, end=1), lot("d", 8, end=0), lot("e", 16, 3, 4)])
    told = told_lots(account, AT)
    assert [(one.id, one.points) for one in told] == [("c", 4), ("e", 16), ("b", 2), ("a", 1)]
    assert MemberSnapshot(member="m", cards=(), lots=told).account == account_of(
        [lot for lot in account.lots if lot.id != "d"]
    )


def test_what_lies_behind_the_bound_is_one_lot_never_better_than_the_truth() -> None:
    near = [lot(f"n{number:02}", 1, end=10 + number) for number in range(LOTS_MAX)]
    behind = [lot("x", 10, start=-5, end=900), lot("y", 20, start=7, end=800), lot("z", 40)]
    told = told_lots(account_of([*near, *behind]), AT)
    assert len(told) == LOTS_MAX + 1
    assert told[-1] == LotSnapshot(
        id="behind",
        points=70,
        active_from=(AT + timedelta(hours=7)).isoformat(timespec="microseconds"),
        expires_at=(AT + timedelta(hours=800)).isoformat(timespec="microseconds"),
    )


@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(-50, 50), st.none() | st.integers(-50, 200)), max_size=60),
    st.integers(0, 250),
)
def test_at_no_moment_is_more_told_than_there_is(lots: list[tuple[int, int, int | None]], later: int) -> None:
    account = account_of([lot(f"{number:02}", *one) for number, one in enumerate(lots)])
    told = MemberSnapshot(member="m", cards=(), lots=told_lots(account, AT)).account
    then = AT + timedelta(hours=later)
    assert active_points(told, then) <= active_points(account, then)
    assert sum(one.points for one in told.lots) == sum(one.points for one in account.lots if not one.dead(AT))


def test_days_of_spending_are_bounded_and_the_early_ones_fall_out_together() -> None:
    days = [SpentDay(day=f"2026-{1 + number // 28:02}-{1 + number % 28:02}", kopecks=1) for number in range(40)]
    told = told_days(reversed(days))
    assert len(told) == DAYS_MAX + 1 and told[1:] == tuple(days[-DAYS_MAX:])
    assert told[0] == SpentDay(day="2026-01-01", kopecks=40 - DAYS_MAX)
    assert told_days(days[:3]) == tuple(days[:3])
