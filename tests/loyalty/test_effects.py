"""What each kind of operation does to points, as of its own moment: the same at till and hub."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from loyalty.bodies import (
    Accrued,
    Adjustment,
    BelievedLot,
    CardBlocked,
    ClawedBack,
    Expiry,
    Grant,
    LotEnd,
    LotPoints,
    OperationRef,
    Redeemed,
    Restored,
    Return,
    Sale,
    SaleNumber,
)
from loyalty.effects import Affected, Impossible, affected, believed, lot_id
from loyalty.lots import Account, Lot, Taken, account_of, active_points, balance, coming_points
from loyalty.operation import FIRST_HASH, Operation, utc_text

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
OWN = lot_id("t1", 1, 7)


def lot(id: str, points: int, start: int = -9, end: int | None = None, expired: int = 0) -> Lot:
    """Alive from so many hours after AT until so many."""
    ends = None if end is None else AT + end * HOUR
    return Lot(id=id, points=points, active_from=AT + start * HOUR, expires_at=ends, expired=expired)


def account(*lots: Lot, debt: int = 0) -> Account:
    return account_of(lots, debt)


def operation(body: Any, at: datetime = AT) -> Operation:
    return Operation(
        v=2,
        chain="t1",
        generation=1,
        sequence=7,
        previous_hash=FIRST_HASH,
        at=utc_text(at),
        programme="alenka",
        programme_hash="a" * 64,
        body=body,
    )


def sale(spent: int = 0, earned: int = 0, **accrued: Any) -> Sale:
    return Sale(
        sale=SaleNumber(day="2026-06-01", number="1"),
        member="m",
        lines=(),
        total_kopecks=0,
        paid_kopecks=0,
        redeemed=Redeemed(points=spent),
        accrued=Accrued(points=earned, **accrued),
    )


def back(restored: int = 0, clawed: int = 0, dead_until: str | None = None, *lots: BelievedLot) -> Return:
    return Return(
        of=OperationRef(chain="t1", generation=1, sequence=3),
        sold_at=utc_text(AT - HOUR),
        member="m",
        lines=(),
        refund_kopecks=0,
        restored=Restored(points=restored, dead_until=dead_until, lots=lots),
        clawed_back=ClawedBack(points=clawed),
    )


def points(after: Affected) -> dict[str, int]:
    return {one.id: one.points for one in after.account.lots if one.points}


# sales


def test_a_sale_spends_what_was_there_and_then_brings_its_own_lot() -> None:
    ends = utc_text(AT + 5 * HOUR)
    after = affected(account(lot("a", 10, end=2), lot("b", 20)), operation(sale(15, 7, expires_at=ends)))
    assert points(after) == {"b": 15, OWN: 7} and after.granted == 7
    own = next(one for one in after.account.lots if one.id == OWN)
    assert (own.active_from, own.expires_at) == (AT, AT + 5 * HOUR)


def test_a_sale_that_moves_no_points_leaves_the_account() -> None:
    before = account(lot("a", 10), debt=3)
    assert affected(before, operation(sale())) == Affected(before)
    assert affected(before, operation(CardBlocked(member="m", card="1"))) == Affected(before)


def test_what_was_missing_is_a_debt_and_the_new_points_pay_it() -> None:
    after = affected(account(lot("a", 10)), operation(sale(15, 7)))
    assert points(after) == {OWN: 2} and after.account.debt == 0 and after.granted == 7


def test_points_that_died_since_were_alive_at_the_moment_of_the_sale() -> None:
    before = account(lot("a", 0, end=1, expired=10), lot("b", 20))
    at = AT + HOUR / 2
    assert active_points(before, at) == 30 and active_points(before, AT + 2 * HOUR) == 20
    after = affected(before, operation(sale(15), at)).account
    assert {one.id: (one.points, one.expired) for one in after.lots} == {"b": (15, 0)}
    later = affected(before, operation(sale(15), AT + 2 * HOUR)).account
    assert {one.id: (one.points, one.expired) for one in later.lots} == {"a": (0, 10), "b": (5, 0)}


def test_the_living_points_of_a_lot_go_before_those_that_its_expiry_took() -> None:
    after = affected(account(lot("a", 4, end=1, expired=10)), operation(sale(6))).account
    assert [(one.points, one.expired) for one in after.lots] == [(0, 8)]


@pytest.mark.parametrize(("spent", "taken"), [(5, [(5, 2)]), (15, [(10, 2), (5, None)]), (0, [])])
def test_what_a_till_believes_of_a_redemption(spent: int, taken: list[tuple[int, int | None]]) -> None:
    lots = believed(account(lot("a", 10, end=2), lot("b", 20)), spent, AT)
    assert [(one.points, one.expires_at) for one in lots] == [
        (count, None if end is None else utc_text(AT + end * HOUR)) for count, end in taken
    ]


def test_points_that_come_are_told_with_their_moment() -> None:
    lots = (lot("a", 5), lot("b", 7, start=3), lot("c", 1, start=3, end=9), lot("d", 2, start=8), lot("e", 0, 1, 2, 9))
    assert coming_points(account(*lots), AT) == (8, AT + 3 * HOUR)
    assert coming_points(account(lot("a", 5)), AT) is None


# returns


def test_at_a_till_points_go_back_to_where_it_believed_them_to_come_from() -> None:
    ends = utc_text(AT + 2 * HOUR)
    body = back(12, 0, None, BelievedLot(points=5), BelievedLot(points=10, expires_at=ends))
    after = affected(account(), operation(body)).account
    assert sorted((one.points, one.expires_at) for one in after.lots if one.expires_at is None) == [(5, None)]
    assert [one.points for one in after.lots if one.expires_at == AT + 2 * HOUR] == [7]


def test_in_the_books_points_go_back_newest_taken_first() -> None:
    taken = (Taken(lot("a", 30), 10), Taken(lot("b", 30, end=4), 5))
    after = affected(account(lot("a", 20)), operation(back(8)), taken)
    assert points(after) == {"a": 23, "b": 5}
    assert points(affected(account(lot("a", 20)), operation(back(5)), taken)) == {"a": 20, "b": 5}


@pytest.mark.parametrize(("until", "left"), [(40, {OWN: 10}), (None, {})])
def test_points_of_a_lot_that_has_died_have_some_grace_or_are_lost(until: int | None, left: dict[str, int]) -> None:
    body = back(10, 0, utc_text(AT + until * HOUR) if until else None)
    after = affected(account(), operation(body), (Taken(lot("a", 10, end=-1), 10),))
    assert points(after) == left


def test_a_debt_that_the_sale_made_is_paid_by_its_return() -> None:
    taken = (Taken(lot("a", 10), 10),)
    after = affected(account(debt=5), operation(back(15)), taken)
    assert (points(after), after.account.debt) == ({"a": 10}, 0)
    later = affected(account(), operation(back(15)), taken)  # the debt was paid by something else meanwhile
    assert points(later) == {"a": 10, OWN: 5} and later.granted == 5


def test_earned_points_are_taken_from_the_sales_own_lot_first() -> None:
    sold = lot_id("t1", 1, 3)
    after = affected(account(lot("a", 10, end=1), lot(sold, 6)), operation(back(clawed=8)))
    assert points(after) == {"a": 8}
    assert affected(account(), operation(back(clawed=8))).account.debt == 8


def test_earned_points_that_are_not_alive_yet_can_be_taken_back_but_dead_ones_not() -> None:
    after = affected(account(lot("a", 3, start=2), lot("b", 3, end=-1)), operation(back(clawed=5)))
    assert points(after) == {"b": 3} and after.account.debt == 2


# without a receipt


def test_a_gift_is_a_lot() -> None:
    grant = Grant(member="m", points=5, reason="r", active_from=utc_text(AT + HOUR))
    after = affected(account(debt=2), operation(grant))
    assert points(after) == {OWN: 3} and (after.granted, after.account.debt) == (5, 0)


@pytest.mark.parametrize(
    ("change", "left", "debt"), [(5, {"a": 10, OWN: 5}, 0), (-4, {"a": 6}, 0), (-14, {}, 4), (0, {"a": 10}, 0)]
)
def test_a_correction_gives_or_takes(change: int, left: dict[str, int], debt: int) -> None:
    after = affected(account(lot("a", 10)), operation(Adjustment(member="m", points=change, reason="r")))
    assert (points(after), after.account.debt) == (left, debt)


def test_a_correction_may_move_an_end() -> None:
    """A lot that comes back to life takes along what its expiry took; one that dies stays where it is."""
    before = account(lot("a", 0, end=-1, expired=10), lot("b", 5))
    ends = (LotEnd(lot="a", expires_at=utc_text(AT + HOUR)), LotEnd(lot="b", expires_at=utc_text(AT - HOUR)))
    after = affected(before, operation(Adjustment(member="m", reason="r", ends=ends))).account
    assert balance(after, AT) == 10 and balance(after, AT + HOUR) == 0
    forever = LotEnd(lot="a", expires_at=None)
    after = affected(before, operation(Adjustment(member="m", reason="r", ends=(forever,)))).account
    assert balance(after, AT + 99 * HOUR) == 15
    with pytest.raises(Impossible) as caught:
        affected(before, operation(Adjustment(member="m", reason="r", ends=(LotEnd(lot="x", expires_at=None),))))
    assert caught.value.reason == "unknown_lot"


@pytest.mark.parametrize(
    ("id", "count", "reason"),
    [("a", 10, None), ("a", 11, "not_that_many_points"), ("b", 1, "not_dead_yet"), ("x", 1, "not_that_many_points")],
)
def test_only_dead_points_expire(id: str, count: int, reason: str | None) -> None:
    before = account(lot("a", 10, end=0), lot("b", 10, end=1))
    body = Expiry(member="m", lots=(LotPoints(lot=id, points=count),))
    if reason is None:
        after = affected(before, operation(body)).account
        assert {one.id: (one.points, one.expired) for one in after.lots} == {"a": (0, 10), "b": (10, 0)}
        return
    with pytest.raises(Impossible) as caught:
        affected(before, operation(body))
    assert caught.value.reason == reason
