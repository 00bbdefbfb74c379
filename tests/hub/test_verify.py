"""`verify` finds nothing after any story, and each kind of tampering after one."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.operation import hash_operation
from tests.hub.conftest import Office, Pen

MEMBERS = ("anna", "boris", "nobody")
POINTS = st.integers(0, 60)
STEP = st.one_of(
    st.tuples(st.just("sale"), st.sampled_from(MEMBERS), POINTS, POINTS, st.sets(st.sampled_from("abc"), max_size=2)),
    st.tuples(st.just("issue"), st.integers(0, 3), st.integers(0, 3)),
    st.tuples(st.just("reissue"), st.sampled_from(("anna", "boris")), st.integers(0, 4), st.integers(0, 4)),
    st.tuples(
        st.just("grant"), st.sampled_from(("anna", "boris")), st.integers(1, 60), st.integers(-3, 3), st.integers(1, 5)
    ),
    st.tuples(st.just("again"), st.integers(0, 9)),
    st.tuples(st.just("later"), st.integers(1, 3)),
)


def tell(office: Office, pens: list[Any], which: int, step: tuple[Any, ...], told: list[tuple[str, str]]) -> None:
    """One step of a story, at one of the tills."""
    pen, at = pens[which % len(pens)], office.now

    def push(body: Any) -> None:
        told.append((pen.till, pen.write(body, at=at)))
        office.hub.take(pen.till, [told[-1][1]])

    match step:
        case ("sale", member, earned, spent, coupons):
            ends = None if earned % 2 else (at + timedelta(days=2)).isoformat()
            push(
                office.sale(member, earned=earned, spent=spent, coupons=tuple(sorted(coupons)), accrued_expires_at=ends)
            )
        case ("issue", card, member):
            push(office.issued(f"c{card}", f"new{member}"))
        case ("reissue", member, old, new):
            push(office.reissued(f"card{member}" if old == 4 else f"c{old}", f"c{new}", member))
        case ("grant", member, points, start, days):
            office.grant(points, member, start=start, days=days)
        case ("again", one) if told:
            till, text = told[one % len(told)]
            office.hub.take(till, [text])
        case ("later", days):
            office.now += timedelta(days=days)


@settings(max_examples=80, deadline=None, print_blob=True)
@given(story=st.lists(st.tuples(st.integers(0, 2), STEP), max_size=25))
def test_the_books_are_right_after_any_story(
    open_office: Callable[[Path], Any], new_pen: type[Pen], story: list[tuple[int, tuple[Any, ...]]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        office = open_office(Path(folder) / "hub.db")
        office.join("anna", points=100)
        office.join("boris")
        pens = [new_pen(f"t{number}") for number in range(3)]
        told: list[tuple[str, str]] = []
        for which, step in story:
            tell(office, pens, which, step, told)
        verdict = office.verdict()
        assert verdict.faults == () and verdict.operations == len(office.rows("SELECT 1 FROM operations"))
        (total,) = office.rows("SELECT coalesce(sum(points), 0) FROM entries")[0]
        assert total == 0, "points are conserved"
        office.hub.close()


@pytest.fixture
def booked(office: Office, new_pen: type[Pen]) -> Any:
    """A ledger with something of everything."""
    office.join("anna", points=100)
    office.join("boris", points=50, registered=False)
    office.take(office.sale(earned=30), office.sale(spent=120, coupons=("aa",)), office.issued("c1", "new"))
    office.take(office.sale("new", earned=5), office.reissued("c1", "c2", "new"), office.sale("nobody", earned=9))
    office.take(office.sale("boris", spent=60, coupons=("aa",)), office.sale("boris", earned=4), pen=new_pen("t2"))
    assert office.verdict().faults == ()
    return office


NEWEST = "(chain, sequence) = ('t1', 6)"  # refused; the sale before it is 4
ONE_ENTRY = "entry = (SELECT max(entry) FROM entries WHERE account = 'member')"
ONE_LOT = "INSERT INTO lots (member, chain, generation, sequence, granted, remaining, active_from)"
TAMPER: dict[str, tuple[str, ...]] = {
    "points of an entry": (f"UPDATE entries SET points = points + 1 WHERE {ONE_ENTRY}",),
    "points on both sides": ("UPDATE entries SET points = points * 2 WHERE chain = 't1' AND sequence = 4",),
    "points on both sides and in the lot": (
        "UPDATE entries SET points = points * 2 WHERE chain = 't1' AND sequence = 4",
        "UPDATE lots SET granted = granted * 2, remaining = remaining * 2 WHERE chain = 't1' AND sequence = 4",
    ),
    "whose an entry is": (f"UPDATE entries SET owner = 'anna' WHERE {ONE_ENTRY}",),
    "whose a debt is": ("UPDATE entries SET owner = 'anna' WHERE account = 'debt' AND owner = 'boris'",),
    "whose points and lots are": (
        "UPDATE entries SET owner = 'boris' WHERE owner = 'anna'",
        "UPDATE lots SET member = 'boris' WHERE member = 'anna'",
    ),
    "the programme that gave": ("UPDATE entries SET owner = 'perekrestok' WHERE account = 'issued' AND points = -5",),
    "which account": ("UPDATE entries SET account = 'issued' WHERE account = 'redeemed' AND chain = 't2'",),
    "how deep a debt is": ("UPDATE entries SET points = points - 1 WHERE account = 'debt' AND points < 0",),
    "points as a debt of the shop": (
        "UPDATE lots SET remaining = remaining - 5 WHERE lot = (SELECT max(lot) FROM lots WHERE member = 'anna')",
        "INSERT INTO entries (chain, generation, sequence, account, owner, lot, points) VALUES"
        " ('t1', 1, 2, 'member', 'anna', (SELECT max(lot) FROM lots WHERE member = 'anna'), -5),"
        " ('t1', 1, 2, 'debt', 'anna', NULL, 5)",
    ),
    "an entry less": (f"DELETE FROM entries WHERE {ONE_ENTRY}",),
    "a posting less": ("DELETE FROM entries WHERE chain = 't1' AND sequence = 2",),
    "a posting and its lot less": (
        "DELETE FROM entries WHERE chain = 't1' AND sequence = 4",
        "DELETE FROM lots WHERE chain = 't1' AND sequence = 4",
    ),
    "a posting more": (
        f"{ONE_LOT} VALUES ('anna', 't1', 1, 3, 7, 7, '2026')",
        "INSERT INTO entries (chain, generation, sequence, account, owner, lot, points)"
        " VALUES ('t1', 1, 3, 'member', 'anna', (SELECT max(lot) FROM lots), 7),"
        " ('t1', 1, 3, 'issued', 'alenka', NULL, -7)",
    ),
    "what a lot holds": ("UPDATE lots SET remaining = remaining - 1 WHERE remaining > 0",),
    "what a lot was": ("UPDATE lots SET granted = granted + 1",),
    "when a lot dies": ("UPDATE lots SET expires_at = '2030-01-01T00:00:00.000000+00:00' WHERE chain = 't1'",),
    "when a lot begins": ("UPDATE lots SET active_from = '2020-01-01T00:00:00.000000+00:00' WHERE chain = 't1'",),
    "a lot out of nothing": (f"{ONE_LOT} VALUES ('anna', 't9', 1, 1, 7, 7, '2026')",),
    "an empty lot out of nothing": (f"{ONE_LOT} VALUES ('anna', 't9', 1, 1, 7, 0, '2026')",),
    "a number in a text": (
        "UPDATE operations SET text = replace(text, '\"points\":5}', '\"points\":6}')"
        " WHERE chain = 't1' AND sequence = 4",
    ),
    "a word in a text": (
        "UPDATE operations SET text = replace(text, '\"alenka\"', '\"elenka\"') WHERE chain = 't1' AND sequence = 4",
    ),
    "a text that is none": ("UPDATE operations SET text = 'x' WHERE chain = 't1' AND sequence = 4",),
    "a hash": ("UPDATE operations SET hash = 'x' WHERE chain = 't1' AND sequence = 4",),
    "an answer": (f"UPDATE operations SET answer = replace(answer, 'refused', 'applied') WHERE {NEWEST}",),
    "an answer to another": (f"UPDATE operations SET answer = replace(answer, ':6,', ':5,') WHERE {NEWEST}",),
    "an answer that is none": (f"UPDATE operations SET answer = '' WHERE {NEWEST}",),
    "an applied one as refused": (
        "UPDATE operations SET answer = replace(answer, 'applied', 'refused') WHERE chain = 't1' AND sequence = 4",
    ),
    "an operation less": ("DELETE FROM operations WHERE chain = 't1' AND sequence = 3",),
    "the first operation less": ("DELETE FROM operations WHERE chain = 't1' AND sequence = 1",),
    "the last operation less": (f"DELETE FROM operations WHERE {NEWEST}",),
    "all of a till's operations less": ("DELETE FROM operations WHERE chain = 't2'",),
    "an operation of the hub less": ("DELETE FROM operations WHERE chain = 'hub' AND sequence = 4",),
    "how far a till is": ("UPDATE chains SET sequence = 5 WHERE chain = 't1'",),
    "what a till must follow": ("UPDATE chains SET last_hash = 'x' WHERE chain = 't2'",),
    "a till less": ("DELETE FROM chains WHERE chain = 't2'",),
    "a till more": ("INSERT INTO chains VALUES ('t7', 1, 3, 'x')",),
    "a member more": ("INSERT INTO members (member, programme, registered) VALUES ('eve', 'alenka', 1)",),
    "a member less": ("DELETE FROM members WHERE member = 'new'",),
    "who is registered": ("UPDATE members SET registered = 1 WHERE member = 'boris'",),
    "what was bought": ("UPDATE spent_days SET kopecks = kopecks + 100 WHERE member = 'anna'",),
    "what was redeemed on a day": ("UPDATE redeemed_days SET points = points - 1 WHERE member = 'anna'",),
    "how much of it blindly": ("UPDATE redeemed_days SET offline = 1 WHERE member = 'anna'",),
    "who went into whom": ("UPDATE members SET merged_into = 'anna' WHERE member = 'boris'",),
    "what an expiry took": (
        "UPDATE lots SET granted = granted + 7, expired = expired + 7 WHERE chain = 'hub' AND member = 'anna'",
    ),
    "a card blocked by nobody": ("UPDATE cards SET status = 'blocked' WHERE number = 'cardanna'",),
    "points that went nowhere": (
        "UPDATE lots SET remaining = remaining - 5 WHERE lot = (SELECT max(lot) FROM lots WHERE member = 'new')",
        "INSERT INTO entries (chain, generation, sequence, account, owner, lot, points) VALUES"
        " ('t1', 1, 5, 'member', 'new', (SELECT max(lot) FROM lots WHERE member = 'new'), -5),"
        " ('t1', 1, 5, 'adjusted', 'alenka', NULL, 5)",
    ),
    "whose a card is": ("UPDATE cards SET member = 'boris' WHERE number = 'cardanna'",),
    "a card more": ("INSERT INTO cards (number, member, status) VALUES ('c9', 'boris', 'active')",),
    "a card less": ("DELETE FROM cards WHERE number = 'cardboris'",),
    "a lost card alive": ("UPDATE cards SET status = 'active' WHERE number = 'c1'",),
    "a coupon unused": ("DELETE FROM used_coupons",),
    "a conflict less": ("DELETE FROM coupon_conflicts",),
}


@pytest.mark.parametrize("statements", TAMPER.values(), ids=TAMPER)
def test_tampering_is_found(booked: Any, statements: tuple[str, ...]) -> None:
    booked.tamper(*statements)
    faults = booked.verdict().faults
    assert faults and all("\n" not in fault for fault in faults)


def test_a_text_with_a_fitting_hash_is_found_by_what_follows(booked: Any) -> None:
    ((text,),) = booked.rows("SELECT text FROM operations WHERE chain = 't1' AND sequence = 2")
    other = text.replace('"points":120', '"points":12')
    assert other != text
    booked.tamper(
        f"UPDATE operations SET text = '{other}', hash = '{hash_operation(other)}' WHERE chain = 't1' AND sequence = 2"
    )
    assert any("t1 operation 3: does not follow" in fault for fault in booked.verdict().faults)


@pytest.mark.parametrize(
    ("said", "instead", "fault"),
    [
        ('"paid_kopecks":1000', '"paid_kopecks":1001', "chain t2 1 2 "),
        ('"chain":"t2"', '"chain":"t3"', "t2 operation 2: says that it is t3 operation 2"),
    ],
)
def test_the_last_text_with_a_fitting_hash_is_found_by_where_the_till_stands(
    booked: Any, said: str, instead: str, fault: str
) -> None:
    ((text,),) = booked.rows("SELECT text FROM operations WHERE chain = 't2' AND sequence = 2")
    other = text.replace(said, instead)
    answer = json.dumps({"sequence": 2, "hash": hash_operation(other), "result": "applied"})
    booked.tamper(
        f"UPDATE operations SET text = '{other}', hash = '{hash_operation(other)}', answer = '{answer}'"
        " WHERE chain = 't2' AND sequence = 2",
    )
    assert any(found.startswith(fault) for found in booked.verdict().faults)


def test_a_file_that_sqlite_itself_finds_damaged_is_told(booked: Any) -> None:
    """An index that lacks rows finds no cards, and says nothing."""
    booked.hub.close()
    booked.tamper(
        "UPDATE sqlite_master SET sql = 'CREATE INDEX cards_by_member ON cards (status)' WHERE name = 'cards_by_member'"
    )
    booked.open()
    assert any(fault.startswith("the file: ") for fault in booked.verdict().faults)


def test_the_command_fails_loudly_and_names_the_place(booked: Any, pos_hub: Any) -> None:
    booked.hub.close()
    words = ("verify", "--db", str(booked.path))
    right = pos_hub(*words)
    assert right.returncode == 0 and right.stderr == "" and "The books are right." in right.stdout
    assert "1 coupons honoured twice" in right.stdout
    booked.tamper("UPDATE lots SET remaining = remaining - 1 WHERE chain = 't1' AND sequence = 4")
    wrong = pos_hub(*words)
    assert wrong.returncode == 1 and "FAULT lot 4 of new: holds 4, its entries say 5" in wrong.stdout
    assert "The books are NOT right." in wrong.stdout
    told = json.loads(pos_hub(*words, "--json").stdout)
    assert len(told["faults"]) == 2 and told["balances"]["alenka"]["new"] == 4
