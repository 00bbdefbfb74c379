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

from hub.store.office_records import SeenRow, StoreRow
from hub.store.records import HoldRow
from hub.store.rows import Rows
from loyalty.operation import hash_operation
from tests.hub.conftest import AA, Office, Pen

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
    office.take(office.sale(earned=30), office.sale(spent=120, coupons=(AA,)), office.issued("c1", "new"))
    office.take(office.sale("new", earned=5), office.reissued("c1", "c2", "new"), office.sale("nobody", earned=9))
    with office.hub.store.writing() as writer:
        hold, seen = HoldRow("boris", "h1", "t1", 5, office.now), SeenRow("boris", "s1", office.now)
        writer.write(Rows(new_holds=[hold], stores=[StoreRow("s1")], seen=[seen]))
    office.take(office.sale("boris", spent=60, coupons=(AA,)), office.sale("boris", earned=4), pen=new_pen("t2"))
    assert office.verdict().faults == ()
    return office


NEWEST = "(chain, sequence) = ('t1', 6)"  # refused; the sale before it is 4
FOURTH = "(chain, sequence) = ('t1', 4)"
ONE_ENTRY = f"account = 'member' AND {FOURTH}"
ENTRY = "INSERT INTO entries (chain, generation, sequence, number, member, account, lot, points) VALUES"
ONE_LOT = "INSERT INTO lots (member, lot, granted, remaining, expired, active_from) VALUES"
NEW_LOT, ANNAS_LOT = "'t1/1/000000000004'", "'t1/1/000000000001'"
DATE = "'2026-03-02T12:00:00.000000+00:00'"
TAMPER: dict[str, tuple[str, ...]] = {
    "points of an entry": (f"UPDATE entries SET points = points + 1 WHERE {ONE_ENTRY}",),
    "points on both sides": (f"UPDATE entries SET points = points * 2 WHERE {FOURTH}",),
    "points on both sides and in the lot": (
        f"UPDATE entries SET points = points * 2 WHERE {FOURTH}",
        f"UPDATE lots SET granted = granted * 2, remaining = remaining * 2 WHERE lot = {NEW_LOT}",
    ),
    "points from one lot to another": (
        "UPDATE lots SET remaining = remaining - 1 WHERE member = 'new'",
        "UPDATE lots SET remaining = remaining + 1 WHERE member = 'anna' AND remaining BETWEEN 1 AND granted - 1",
    ),
    "whose an entry is": (f"UPDATE entries SET member = 'anna' WHERE {ONE_ENTRY}",),
    "whose a debt is": ("UPDATE entries SET member = 'anna' WHERE account = 'debt' AND member = 'boris'",),
    "whose points and lots are": (
        "UPDATE entries SET member = 'eve' WHERE member = 'anna'",
        "UPDATE lots SET member = 'eve' WHERE member = 'anna'",
    ),
    "whose the other side of a posting is": (
        "UPDATE entries SET member = 'anna' WHERE account = 'issued' AND points = -5",
    ),
    "which account": ("UPDATE entries SET account = 'issued' WHERE account = 'redeemed' AND chain = 't2'",),
    "which lot": (f"UPDATE entries SET lot = {ANNAS_LOT} WHERE {ONE_ENTRY}",),
    "which lot: none": (f"UPDATE entries SET lot = NULL WHERE {ONE_ENTRY}",),
    "how deep a debt is": ("UPDATE entries SET points = points - 1 WHERE account = 'debt' AND points < 0",),
    "how deep a member's debt is": ("UPDATE members SET debt = debt + 1 WHERE member = 'boris'",),
    "points as a debt of the shop": (
        f"UPDATE lots SET remaining = remaining - 5 WHERE lot = {NEW_LOT}",
        "UPDATE members SET debt = 5 WHERE member = 'new'",
        f"{ENTRY} ('t1', 1, 4, 3, 'new', 'member', {NEW_LOT}, -5), ('t1', 1, 4, 4, 'new', 'debt', NULL, 5)",
    ),
    "an entry less": (f"DELETE FROM entries WHERE {ONE_ENTRY}",),
    "a posting less": ("DELETE FROM entries WHERE chain = 't1' AND sequence = 2",),
    "a posting and its lot less": (
        f"DELETE FROM entries WHERE {FOURTH}",
        f"DELETE FROM lots WHERE lot = {NEW_LOT}",
    ),
    "a posting more": (
        f"{ONE_LOT} ('new', 't1/1/000000000003', 7, 7, 0, {DATE})",
        f"{ENTRY} ('t1', 1, 3, 1, 'new', 'member', 't1/1/000000000003', 7), ('t1', 1, 3, 2, 'new', 'issued', NULL, -7)",
    ),
    "a posting of no operation": (
        f"{ENTRY} ('t9', 1, 1, 1, 'new', 'member', {NEW_LOT}, 7), ('t9', 1, 1, 2, 'new', 'issued', NULL, -7)",
        f"UPDATE lots SET granted = 12, remaining = 12 WHERE lot = {NEW_LOT}",
    ),
    "a posting of no operation, of no lot": (
        f"{ENTRY} ('t9', 1, 1, 1, 'new', 'redeemed', NULL, 7), ('t9', 1, 1, 2, 'new', 'issued', NULL, -7)",
    ),
    "a posting of what was refused": (
        f"{ENTRY} ('t1', 1, 6, 1, 'new', 'member', {NEW_LOT}, -1), ('t1', 1, 6, 2, 'new', 'redeemed', NULL, 1)",
        f"UPDATE lots SET remaining = 4 WHERE lot = {NEW_LOT}",
    ),
    "what a lot holds": ("UPDATE lots SET remaining = remaining - 1 WHERE remaining > 0",),
    "what a lot was": ("UPDATE lots SET granted = granted + 1",),
    "when a lot dies": (f"UPDATE lots SET expires_at = '2030{DATE[5:]} WHERE lot = {ANNAS_LOT}",),
    "when a lot begins": (f"UPDATE lots SET active_from = '2020{DATE[5:]} WHERE lot = {ANNAS_LOT}",),
    "when a lot begins: never": (f"UPDATE lots SET active_from = 'soon' WHERE lot = {ANNAS_LOT}",),
    "a lot out of nothing": (f"{ONE_LOT} ('anna', 't9/1/000000000001', 7, 7, 0, {DATE})",),
    "an empty lot out of nothing": (f"{ONE_LOT} ('anna', 't9/1/000000000001', 7, 0, 0, {DATE})",),
    "a number in a text": (f"UPDATE operations SET text = replace(text, ':5}}', ':6}}') WHERE {FOURTH}",),
    "a word in a text": (f"UPDATE operations SET text = replace(text, '\"alenka\"', '\"elenka\"') WHERE {FOURTH}",),
    "a text that is none": (f"UPDATE operations SET text = 'x' WHERE {FOURTH}",),
    "a refused text that is another": (f"UPDATE operations SET text = 'x' WHERE {NEWEST}",),
    "a hash": (f"UPDATE operations SET hash = 'x' WHERE {FOURTH}",),
    "an answer": (f"UPDATE operations SET reason = NULL WHERE {NEWEST}",),
    "an answer that is none": (f"UPDATE operations SET reason = '' WHERE {NEWEST}",),
    "an answer that is a letter": (f"UPDATE operations SET reason = 'Dear till' WHERE {NEWEST}",),
    "an applied one as refused": (f"UPDATE operations SET reason = 'unknown_member' WHERE {FOURTH}",),
    "an operation less": ("DELETE FROM operations WHERE chain = 't1' AND sequence = 3",),
    "the first operation less": ("DELETE FROM operations WHERE chain = 't1' AND sequence = 1",),
    "the last operation less": (f"DELETE FROM operations WHERE {NEWEST}",),
    "all of a till's operations less": ("DELETE FROM operations WHERE chain = 't2'",),
    "an operation of the hub less": ("DELETE FROM operations WHERE chain = 'hub' AND sequence = 4",),
    "how far a till is": ("UPDATE chains SET sequence = 5 WHERE chain = 't1'",),
    "what a till must follow": ("UPDATE chains SET last_hash = 'x' WHERE chain = 't2'",),
    "a till less": ("DELETE FROM chains WHERE chain = 't2'",),
    "a till more": ("INSERT INTO chains (chain, generation, sequence, last_hash) VALUES ('t7', 1, 3, 'x')",),
    "a member more": ("INSERT INTO members (member, programme, registered) VALUES ('eve', 'alenka', 1)",),
    "a member less": ("DELETE FROM members WHERE member = 'new'",),
    "whose programme": ("UPDATE members SET programme = 'perekrestok' WHERE member = 'new'",),
    "who is registered": ("UPDATE members SET registered = 1 WHERE member = 'boris'",),
    "who is not registered": ("UPDATE members SET registered = 0 WHERE member = 'anna'",),
    "what was bought": ("UPDATE days SET spent_kopecks = spent_kopecks + 100 WHERE member = 'anna'",),
    "what was redeemed on a day": ("UPDATE days SET redeemed = redeemed - 1 WHERE member = 'anna'",),
    "how much of it blindly": ("UPDATE days SET offline = 1 WHERE member = 'anna'",),
    "what was bought on a day less": ("DELETE FROM days WHERE member = 'anna'",),
    "who went into whom": ("UPDATE members SET merged_into = 'anna' WHERE member = 'boris'",),
    "what an expiry took": (
        "UPDATE lots SET granted = granted + 7, expired = expired + 7 WHERE lot LIKE 'hub/%' AND member = 'anna'",
    ),
    "what an expiry took, and not what was granted": (
        "UPDATE lots SET expired = 1 WHERE lot LIKE 'hub/%' AND member = 'anna'",
    ),
    "a card blocked by nobody": ("UPDATE cards SET status = 'blocked' WHERE number = 'cardanna'",),
    "points that went nowhere": (
        f"UPDATE lots SET remaining = remaining - 5 WHERE lot = {NEW_LOT}",
        f"{ENTRY} ('t1', 1, 5, 1, 'new', 'member', {NEW_LOT}, -5), ('t1', 1, 5, 2, 'new', 'adjusted', NULL, 5)",
    ),
    "whose a card is": ("UPDATE cards SET member = 'boris' WHERE number = 'cardanna'",),
    "a card more": ("INSERT INTO cards (number, member, status) VALUES ('c9', 'boris', 'active')",),
    "a card less": ("DELETE FROM cards WHERE number = 'cardboris'",),
    "a lost card alive": ("UPDATE cards SET status = 'active' WHERE number = 'c1'",),
    "a lost card's new one": ("UPDATE cards SET successor = 'cardanna' WHERE number = 'c1'",),
    "by whom a refused operation is found": (f"DELETE FROM named WHERE {NEWEST}",),
    "by whom an operation without points is found": ("DELETE FROM named WHERE name = 'new' AND chain = 't1'",),
    "by whom operations are found": ("UPDATE named SET name = 'eve' WHERE name >= ' '",),
    "by what receipts are found": ("DELETE FROM named WHERE name < ' '",),
    "a coupon unused": ("DELETE FROM used_coupons",),
    "a conflict less": ("DELETE FROM coupon_conflicts",),
    "a coupon used by another": ("UPDATE used_coupons SET sequence = 1",),
    "a coupon honoured twice, and never once": (
        "INSERT INTO coupon_conflicts SELECT * FROM used_coupons",
        "DELETE FROM used_coupons",
    ),
    "whose a hold is": ("UPDATE holds SET member = 'eve'",),
    "until when a hold lasts": ("UPDATE holds SET until = 'soon'",),
    "who is seen in a shop": ("UPDATE seen SET member = 'eve'",),
    "until when he is of a shop": ("UPDATE seen SET until = ''",),
    "a shop less": ("DELETE FROM stores",),
    "a return": ("INSERT INTO returns VALUES ('t1', 1, 2, 't2', 1, 2, 0)",),
}


@pytest.mark.parametrize("statements", TAMPER.values(), ids=TAMPER)
def test_tampering_is_found(booked: Any, statements: tuple[str, ...]) -> None:
    booked.tamper(*statements)
    faults = booked.verdict().faults
    assert faults and all("\n" not in fault for fault in faults)


def test_a_promise_to_nobody_is_told_in_words(booked: Any) -> None:
    with booked.hub.store.writing() as writer:
        more = [SeenRow(name, store, booked.now) for name in ("", "anna", "zoe") for store in ("s1", "s2")]
        writer.write(Rows(seen=more, new_holds=[HoldRow("zoe", "h9", "t1", 5, booked.now)]))
    assert booked.verdict().faults == (
        "hold h9 of zoe: there is no such member",
        "member , seen in s1: is not there",
        "member , seen in s2: is not there",
        "member zoe, seen in s1: is not there",
        "member zoe, seen in s2: is not there",
        "store s2: members are seen there, and it is not there",
    )


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
    booked.tamper(
        f"UPDATE operations SET text = '{other}', hash = '{hash_operation(other)}' WHERE chain = 't2' AND sequence = 2",
    )
    assert any(found.startswith(fault) for found in booked.verdict().faults)


def test_the_last_text_written_otherwise_with_all_that_fits_is_found_by_how_it_is_written(booked: Any) -> None:
    ((text,),) = booked.rows("SELECT text FROM operations WHERE chain = 't2' AND sequence = 2")
    other = text.replace('"chain":"t2"', '"chain": "t2"')
    booked.tamper(
        f"UPDATE operations SET text = '{other}', hash = '{hash_operation(other)}' WHERE chain = 't2' AND sequence = 2",
        f"UPDATE chains SET last_hash = '{hash_operation(other)}' WHERE chain = 't2'",
    )
    assert booked.verdict().faults == ("t2 operation 2: its text is not how version 2 writes it",)


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
    booked.tamper(f"UPDATE lots SET remaining = remaining - 1 WHERE lot = {NEW_LOT}")
    wrong = pos_hub(*words)
    assert wrong.returncode == 1 and f"FAULT lot {NEW_LOT[1:-1]} of new: holds 4, its entries say 5" in wrong.stdout
    assert "The books are NOT right." in wrong.stdout
    told = json.loads(pos_hub(*words, "--json").stdout)
    assert len(told["faults"]) == 1 and told["balances"]["alenka"]["new"] == 4
