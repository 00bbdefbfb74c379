"""Operations of several chains came in an order that nobody knows any more: `verify` takes each that may have been for
right, and no other."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.audit.follow import FAULTS_SHOWN, OPERATIONS_AT_ONCE
from hub.audit.verify import verify
from loyalty.bodies import (
    Adjustment,
    CardBlocked,
    CardUnblocked,
    ClawedBack,
    Expiry,
    LotEnd,
    LotPoints,
    MemberJoined,
    MemberMerged,
    MemberRegistered,
    OperationRef,
    Restored,
    Return,
)
from loyalty.operation import utc_text
from tests.hub.conftest import AA, NOW, Office, Pen

Story = Callable[[Office], None]


def back(office: Office, sequence: int, member: str = "anna", **more: Any) -> Return:
    of = OperationRef(chain="t1", generation=1, sequence=sequence)
    fields: dict[str, Any] = {"of": of, "sold_at": utc_text(NOW), "member": member, "lines": (), "refund_kopecks": 0}
    return Return(**fields | more)


def merges_of_two_chains(office: Office) -> None:
    """The hub's own chain is read first, and its merge was the second."""
    for member in ("anna", "boris", "vera"):
        office.join(member, points=10)
    office.take(office.sale(earned=7), office.sale("boris", spent=25, coupons=(AA,)), office.sale(earned=3, spent=30))
    assert office.born(MemberMerged(member="anna", into="boris"), chain="office") == "applied"
    office.take(office.sale("anna", earned=2, spent=1))
    assert office.born(MemberMerged(member="anna", into="vera")) == "applied"
    office.take(office.sale("anna", earned=100), office.sale("vera", earned=5))


def blocks(office: Office) -> None:
    """Unblocked in the office, which is read first, what tills had blocked, two of them twice."""
    for member in ("anna", "boris", "vera"):
        office.join(member)
        block = CardBlocked(member=member, card=f"card{member}")
        office.take(block, *([] if member == "vera" else [block]))
        unblock = CardUnblocked(member=member, card=f"card{member}")
        assert office.born(unblock, chain="office") == "applied"
    office.take(CardBlocked(member="boris", card="cardboris"))
    office.take(office.reissued("cardanna", "c1"), CardBlocked(member="anna", card="c1"))


def registrations(office: Office) -> None:
    """Told twice; of one who then went into another; of one who had gone already."""
    for member in ("anna", "boris", "vera", "gleb", "dasha", "zoya"):
        office.join(member, registered=member == "vera")
    for member in ("boris", "boris", "vera"):
        assert office.born(MemberRegistered(member=member)) == "applied"
    assert office.born(MemberMerged(member="boris", into="anna")) == "applied"
    assert office.born(MemberMerged(member="gleb", into="dasha")) == "applied"
    assert office.born(MemberMerged(member="zoya", into="vera")) == "applied"
    assert office.born(MemberJoined(member="eve", card=None, registered=False)) == "applied"
    assert office.born(MemberRegistered(member="gleb"), chain="account") == "applied"


def other_ends(office: Office) -> None:
    """A lot lives longer, then ends otherwise; its points die, come back and go over to another."""
    office.join("anna")
    office.join("boris")
    ends = utc_text(NOW + timedelta(days=1))
    office.take(office.sale(earned=9, accrued_expires_at=ends), office.sale(earned=8), office.sale(earned=4))
    first, second = "t1/1/000000000001", "t1/1/000000000002"
    office.now += timedelta(days=2)
    office.born(Expiry(member="anna", lots=(LotPoints(lot=first, points=9),)))
    longer = LotEnd(lot=first, expires_at=utc_text(NOW + timedelta(days=9)))
    office.born(Adjustment(member="anna", reason="sorry", points=-1, ends=(longer,)), chain="office")
    for days, chain in ((7, "office"), (None, "office"), (8, "hub")):
        end = utc_text(NOW + timedelta(days=days)) if days else None
        change = Adjustment(member="anna", reason="again", points=5, ends=(LotEnd(lot=second, expires_at=end),))
        assert office.born(change, chain=chain) == "applied"
    assert office.born(MemberMerged(member="anna", into="boris")) == "applied"


def cards_known_too_late(office: Office) -> None:
    """A sale with a card that was nobody's yet, and one with a card whose member is known."""
    office.take(office.sale(None, card="c1"), office.issued("c1", "new"), office.sale(None, card="c1"))
    office.take(office.sale(None, card="c1", earned=5), office.sale(None, card="c9"))


def returns(office: Office) -> None:
    """Points come back to lots that have died, into a lot of their own; a right comes back twice."""
    office.join("anna")
    dies = utc_text(NOW + timedelta(days=1))
    office.take(office.sale(earned=50, accrued_expires_at=dies), office.sale(spent=40, coupons=(AA,)))
    office.now += timedelta(days=2)
    restored = Restored(points=15, dead_until=utc_text(NOW + timedelta(days=30)))
    first = back(office, 2, restored=restored, coupons=(AA,), qualifying_kopecks=300)
    second = back(office, 2, coupons=(AA,), restored=Restored(points=5))
    third = back(office, 1, clawed_back=ClawedBack(points=20))
    assert office.take(first, second, third, at=office.now) == ["applied"] * 3


def letters(office: Office) -> None:
    """What a till told was no operation at all (E1): it is kept as it was told, and the chain goes on over it."""
    office.join("anna")
    office.take(office.sale(earned=5))
    taken = office.hub.take("t1", ["{", "[", "{}"])
    assert [answer.result for answer in taken.answers] == ["refused"] * 3


UNTRUE = {
    merges_of_two_chains: (
        "UPDATE members SET merged_into = 'vera' WHERE member = 'anna'",
        "UPDATE members SET merged_into = NULL WHERE member = 'anna'",
        "UPDATE members SET merged_into = 'boris' WHERE member = 'vera'",
        "UPDATE members SET debt = debt + 1 WHERE member = 'anna'",
        "UPDATE lots SET remaining = 1 WHERE member = 'anna' AND lot = 'hub/1/000000000002'",
        "UPDATE lots SET granted = granted + 1 WHERE member = 'boris'",
        "DELETE FROM lots WHERE member = 'anna' AND lot = 't1/1/000000000001'",
        "DELETE FROM lots WHERE member = 'vera' AND remaining > 0",
        "UPDATE entries SET member = 'eve' WHERE chain = 'office' AND account = 'debt'",
        "INSERT INTO entries (chain, generation, sequence, number, member, account, points) VALUES"
        " ('office', 1, 1, 8, 'eve', 'expired', 5), ('office', 1, 1, 9, 'eve', 'expired', -5)",
        "UPDATE entries SET member = 'eve' WHERE chain = 't1' AND sequence = 5",
        "UPDATE entries SET member = 'boris' WHERE chain = 't1' AND sequence = 1 AND account = 'issued'",
        "UPDATE days SET spent_kopecks = spent_kopecks + 1 WHERE member = 'anna'",
        "UPDATE cards SET member = 'boris' WHERE number = 'cardanna'",
    ),
    blocks: (
        "UPDATE cards SET status = 'blocked' WHERE number = 'cardvera'",
        "UPDATE cards SET status = 'active' WHERE number = 'c1'",
        "UPDATE cards SET status = 'blocked' WHERE number = 'cardanna'",
    ),
    registrations: (
        "UPDATE members SET registered = 0 WHERE member = 'vera'",
        "UPDATE members SET registered = 0 WHERE member IN ('gleb', 'dasha')",
        "UPDATE members SET registered = 1 WHERE member = 'zoya'",
        "UPDATE members SET merged_into = 'anna' WHERE member = 'eve'",
        "UPDATE members SET registered = 0 WHERE member = 'boris'",
    ),
    other_ends: (
        "UPDATE lots SET expires_at = NULL WHERE member = 'boris' AND lot = 't1/1/000000000001'",
        "UPDATE lots SET expires_at = active_from WHERE member = 'boris' AND lot = 't1/1/000000000002'",
        "UPDATE lots SET expires_at = active_from WHERE member = 'boris' AND lot = 't1/1/000000000003'",
    ),
    cards_known_too_late: (
        "UPDATE days SET spent_kopecks = spent_kopecks + 2000",
        "UPDATE days SET spent_kopecks = spent_kopecks - 1",
        "UPDATE entries SET member = 'eve' WHERE chain = 't1'",
        "INSERT INTO entries (chain, generation, sequence, number, member, account, lot, points) VALUES"
        " ('t1', 1, 3, 1, 'new', 'member', 't1/1/000000000004', -5),"
        " ('t1', 1, 3, 2, 'new', 'expired', 't1/1/000000000004', 5); UPDATE lots SET remaining = 0, expired = 5",
    ),
    returns: (
        "UPDATE lots SET expires_at = NULL WHERE lot = 't1/1/000000000003'",
        "UPDATE lots SET active_from = '2020' || substr(active_from, 5) WHERE lot = 't1/1/000000000003'",
        "UPDATE lots SET granted = 16 WHERE lot = 't1/1/000000000003'",
        "DELETE FROM lots WHERE lot = 't1/1/000000000003'",
        "UPDATE entries SET points = points + 1 WHERE account = 'expired' AND lot IS NULL",
        "UPDATE returns SET restored = restored + 1",
        "DELETE FROM returns WHERE sequence = 3",
        f"INSERT INTO used_coupons VALUES ('{AA}', 't1', 1, 2, 1, 'alenka', 'c', '', 1, 1)",
    ),
    letters: (
        "UPDATE operations SET reason = NULL WHERE text = '{'",
        "UPDATE operations SET text = ']' WHERE text = '{'",
        "UPDATE chains SET last_hash = 'x' WHERE chain = 't1'",
        "DELETE FROM operations WHERE text = '{'",
        "DELETE FROM operations WHERE text = '{}'",
    ),
}


@pytest.mark.parametrize("story", UNTRUE, ids=lambda story: story.__name__)
def test_what_may_have_been_is_right(office: Office, story: Story) -> None:
    story(office)
    assert office.verdict().faults == ()


@pytest.mark.parametrize(
    ("story", "statement"),
    [
        pytest.param(story, one, id=f"{story.__name__}: {one}")
        for story, statements in UNTRUE.items()
        for one in statements
    ],
)
def test_what_cannot_have_been_is_found(office: Office, story: Story, statement: str) -> None:
    story(office)
    office.tamper(*statement.split("; "))
    assert office.verdict().faults


def test_points_that_stayed_with_whoever_has_gone_are_found(office: Office) -> None:
    """The merge posted nothing, and lots and entries say the same."""
    office.join("anna", points=10)
    office.join("boris")
    assert office.born(MemberMerged(member="anna", into="boris")) == "applied" and office.verdict().faults == ()
    office.tamper(
        "DELETE FROM entries WHERE (chain, sequence) = ('hub', 4)", "UPDATE lots SET remaining = 10 - remaining"
    )
    (fault,) = office.verdict().faults
    assert fault == "lot hub/1/000000000002 of anna: holds 10, 0 of it expired, and he went into boris"


def test_a_right_that_one_sale_names_twice_is_one(office: Office) -> None:
    """A ledger of before wrote the second time down as a conflict of the sale with itself."""
    office.join("anna")
    office.take(office.sale(coupons=(AA, AA)))
    assert office.verdict().faults == ()
    office.tamper("INSERT OR REPLACE INTO coupon_conflicts SELECT * FROM used_coupons")
    assert office.verdict().faults == ()


def test_of_many_faults_some_are_shown_and_the_others_counted(office: Office) -> None:
    office.join("anna")
    count = FAULTS_SHOWN + 20
    office.take(*(office.sale(earned=5) for _ in range(count)))
    office.tamper("UPDATE lots SET remaining = 4")
    *shown, last = office.verdict().faults
    assert len(shown) == FAULTS_SHOWN and all("holds 4, its entries say 5" in fault for fault in shown)
    assert last == "and 20 more"


def test_tills_are_served_while_the_books_are_read(office: Office, new_pen: type[Pen]) -> None:
    """From the first operation on the ledger is read as it was; nobody waits for that."""
    office.join("anna")
    office.take(office.sale(earned=5))
    told: list[str] = []

    def meanwhile(operations: int) -> None:
        told.extend(office.take(office.sale(spent=5), pen=new_pen("t2")))

    verdict = verify(office.hub.store, office.hub.zone_of, progress=meanwhile)
    assert told == ["applied"] and (verdict.operations, verdict.faults) == (2, ())
    assert (office.verdict().operations, office.verdict().faults) == (3, ())


def test_memory_does_not_grow_with_the_ledger(open_office: Callable[[Path], Office], tmp_path: Path) -> None:
    """Three times as many operations, entries, lots and days."""

    def peak_kb(times: int) -> int:
        office = open_office(tmp_path / f"{times}.db")
        office.join("anna")
        for _ in range(times):
            office.take(*(office.sale(earned=5, spent=3) for _ in range(OPERATIONS_AT_ONCE)))
        tracemalloc.start()
        assert office.verdict().faults == ()
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak // 1024

    peak_kb(1)  # what is loaded once
    assert peak_kb(6) < 1.1 * peak_kb(2)
