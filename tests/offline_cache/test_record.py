"""Step 6 of DESIGN §3: operations, outbox, coupons, cards and paper are there together, or nothing happened."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from typing import Any

import pytest

from loyalty.operation import CardIssued, CardReissued, SaleNumber
from offline_cache.cache import FileError
from offline_cache.records import Answer

TABLES = ("operations", "outbox", "print_jobs", "used_coupons", "cards", "members")


def everything(till: Any) -> dict[str, Any]:
    return {table: till.rows(table) for table in TABLES}


def issued(till: Any, number: int, card: str = "2600000000116", member: str = "new") -> CardIssued:
    return CardIssued(sale=SaleNumber(day=till.DAY, number=str(number)), member=member, card=card)


def reissued(till: Any, number: int, old: str, new: str, member: str = "anna") -> CardReissued:
    sale = SaleNumber(day=till.DAY, number=str(number))
    return CardReissued(sale=sale, member=member, old_card=old, new_card=new, fee_kopecks=5_000)


# all or nothing


def test_a_paper_that_cannot_be_made_leaves_nothing_behind(till: Any) -> None:
    till.sell(1)
    before = everything(till)

    def torn(made: Any) -> bytes:
        assert len(made) == 2 and len(till.rows("operations")) == 3  # it is all there, inside the transaction
        raise ValueError("no such font")

    with pytest.raises(ValueError, match="no such font"):
        till.record(issued(till, 2), till.sale(2, member="new", earned=9, coupons=("ab",)), paper=torn)
    assert everything(till) == before
    assert till.sell(2).sequence == 2, "no gap"


@pytest.mark.parametrize("bad", [{"coupons": ("ab",)}, {"coupons": ("cd", "cd")}])
def test_a_second_half_that_fails_takes_the_first_half_along(till: Any, bad: dict[str, Any]) -> None:
    till.sell(1, coupons=("ab",))
    before = everything(till)
    with pytest.raises(FileError, match="was used before"):
        till.record(issued(till, 2), till.sale(2, member="new", **bad))
    assert everything(till) == before and till.cache.members.card("2600000000116") is None


def test_the_paper_names_the_operations_as_they_are(till: Any) -> None:
    made = till.record(till.sale(1, earned=5), paper=lambda made: f"{made[0].sequence} {made[0].till}".encode())
    job = till.cache.print_jobs.receipt_of(made[0].sequence)
    assert (job.document, job.state, job.attempt) == (b"1 t1", "queued", 0)


# identity


def test_operations_are_numbered_without_gaps_and_chained(till: Any) -> None:
    """Read back as plain JSON and hashed here: what leaves the till is what was recorded."""
    for number in range(1, 6):
        till.sell(number, earned=number)
        till.restart()
    before = "0" * 64
    for expected, (sequence, text) in enumerate(till.cache.outbox(100), start=1):
        told = json.loads(text)
        assert sequence == told["sequence"] == expected
        assert (told["till"], told["generation"], told["previous_hash"]) == ("t1", 1, before)
        assert (told["programme"], told["programme_hash"]) == ("alenka", "a" * 64)
        assert told["at"] == "2026-03-02T12:00:00.000000+00:00"
        before = hashlib.sha256(text.encode()).hexdigest()


def test_the_same_sale_number_is_refused_by_the_database_itself(till: Any) -> None:
    till.sell(7, earned=1)
    before = everything(till)
    with pytest.raises(sqlite3.IntegrityError, match=r"operations\.sale_day, operations\.sale_number"):
        till.sell(7, earned=2)
    assert everything(till) == before


def test_a_sale_may_be_of_several_kinds_receipt_of(till: Any) -> None:
    made = till.record(issued(till, 1), till.sale(1, member="new", earned=3))
    assert [operation.sequence for operation in made] == [1, 2]
    stored = till.cache.sale(SaleNumber(day=till.DAY, number="1"))
    assert stored is not None and stored.operations == made


def test_a_sale_of_another_day_or_number_is_another(till: Any) -> None:
    till.sell(1)
    assert till.cache.sale(SaleNumber(day="2026-03-03", number="1")) is None
    assert till.cache.sale(SaleNumber(day=till.DAY, number="01")) is None


# what an operation changes at once


def test_points_count_from_the_moment_they_are_recorded(till: Any) -> None:
    till.page(till.snapshot(points=100, c1="active"))
    till.sell(1, earned=7)
    till.sell(2, spent=30, earned=2)
    anna = till.cache.members.member("anna")
    assert (anna.points, anna.points_snapshot, anna.points_own, anna.redeemed_unsynced) == (79, 100, -21, 30)


def test_the_day_knows_what_was_redeemed_and_how_much_of_it_blindly(till: Any) -> None:
    till.sell(1, spent=10)
    till.sell(2, spent=5, link="offline")
    till.sell(3, spent=99, member="boris")
    assert till.cache.members.redeemed_on("anna", till.DAY) == (15, 5)
    assert till.cache.members.redeemed_on("anna", "2026-03-03") == (0, 0)


def test_an_issued_card_has_its_member_at_once(till: Any) -> None:
    till.record(issued(till, 1), till.sale(1, member="new", earned=3))
    assert till.cache.members.card("2600000000116").member == "new"
    assert till.cards("new") == {"2600000000116": "issued"} and till.points("new") == 3


@pytest.mark.parametrize(("before", "after"), [("active", "active"), ("issued", "issued"), ("blocked", "issued")])
def test_a_reissued_card_takes_over_at_once(till: Any, before: str, after: str) -> None:
    till.page(till.snapshot(points=50, c1=before))
    till.record(reissued(till, 1, "1", "2"), till.sale(1))
    assert till.cards() == {"1": "replaced", "2": after} and till.points() == 50


@pytest.mark.parametrize("again", ["issued", "reissued"])
def test_a_card_that_got_an_owner_meanwhile_is_not_given_out_again(till: Any, again: str) -> None:
    """The cashier scanned a blank card; before the payment the hub told of another till that had it too."""
    till.page(till.snapshot(c1="active"), till.snapshot("boris", x9="active"))
    before = everything(till)
    body = issued(till, 1, card="9") if again == "issued" else reissued(till, 1, "1", "9")
    with pytest.raises(FileError, match="card 9 has an owner already"):
        till.record(body)
    assert everything(till) == before and till.cache.members.card("9").member == "boris"


def test_a_coupon_is_used_once_whoever_used_it(till: Any) -> None:
    till.page(coupons=("aa",))
    till.sell(1, coupons=("bb",))
    assert till.cache.coupon_used("aa") and till.cache.coupon_used("bb") and not till.cache.coupon_used("cc")
    for number, serial in ((2, "aa"), (3, "bb")):
        with pytest.raises(FileError, match=f"coupon {serial} was used before"):
            till.sell(number, coupons=(serial,))


# the hub's answers


def answers(till: Any, *results: str) -> list[Answer]:
    waiting = till.cache.outbox(len(results))
    return [
        Answer(sequence=sequence, hash=hashlib.sha256(text.encode()).hexdigest(), result=result, reason="why")
        for (sequence, text), result in zip(waiting, results, strict=True)
    ]


def test_answers_empty_the_outbox_in_order(till: Any) -> None:
    for number in range(1, 5):
        till.sell(number)
    assert [sequence for sequence, _ in till.cache.outbox(3)] == [1, 2, 3]
    till.cache.answered(answers(till, "applied", "refused"))
    assert [sequence for sequence, _ in till.cache.outbox(3)] == [3, 4] and till.cache.outbox_length() == 2
    assert till.cache.refused() == [(2, "why")]


def test_a_refused_operation_does_not_count(till: Any) -> None:
    till.page(till.snapshot(points=100))
    till.sell(1, spent=40)
    till.sell(2, earned=3)
    till.cache.answered(answers(till, "refused", "applied"))
    anna = till.cache.members.member("anna")
    assert (anna.points, anna.redeemed_unsynced) == (103, 0)
    assert till.cache.members.redeemed_on("anna", till.DAY) == (0, 0)


def test_the_first_answer_stands_and_a_strange_one_changes_nothing(till: Any) -> None:
    till.sell(1)
    (right,) = answers(till, "refused")
    till.cache.answered(
        [Answer(sequence=1, hash="f" * 64, result="applied"), Answer(sequence=9, hash="", result="applied")]
    )
    assert till.cache.outbox_length() == 1
    till.cache.answered([right])
    till.cache.answered([Answer(sequence=1, hash=right.hash, result="applied")])
    assert till.cache.refused() == [(1, "why")] and till.cache.outbox_length() == 0
