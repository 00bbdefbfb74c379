"""Step 6 of DESIGN §3: operations, outbox, coupons, cards and paper are there together, or nothing happened."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from loyalty.bodies import (
    CardBlocked,
    CardIssued,
    CardMadeVirtual,
    CardReissued,
    CardUnblocked,
    SaleNumber,
)
from loyalty.kinds import KIND_OF, KindReserved
from loyalty.lots import balance
from loyalty.operation import Key, Store
from loyalty.snapshot import RedeemedDay
from offline_cache.cache import FileError
from offline_cache.records import Answer
from storage import engine
from tests.offline_cache.conftest import Till
from tests.there import there

TABLES = ("operations", "outbox", "print_jobs", "coupon_uses", "cards", "members")


def everything(till: Till) -> dict[str, Any]:
    return {table: till.rows(table) for table in TABLES}


def issued(till: Till, number: int, card: str = "2600000000116", member: str = "new") -> CardIssued:
    return CardIssued(sale=SaleNumber(day=till.DAY, number=str(number)), member=member, card=card)


def reissued(till: Till, number: int, old: str, new: str, member: str = "anna") -> CardReissued:
    sale = SaleNumber(day=till.DAY, number=str(number))
    return CardReissued(sale=sale, member=member, old_card=old, new_card=new, fee_kopecks=5_000)


# all or nothing


def test_a_paper_that_cannot_be_made_leaves_nothing_behind(till: Till) -> None:
    till.sell(1)
    before = everything(till)

    def torn(made: Any) -> bytes:
        operations = till.cache.file.connection.execute("SELECT count(*) FROM operations").get
        assert len(made) == 2 and operations == 3  # it is all there, inside the transaction
        raise ValueError("no such font")

    with pytest.raises(ValueError, match="no such font"):
        till.record(issued(till, 2), till.sale(2, member="new", earned=9, coupons=("ab",)), paper=torn)
    assert everything(till) == before
    assert till.sell(2).sequence == 2, "no gap"


@pytest.mark.parametrize("bad", [{"coupons": ("ab",)}, {"coupons": ("cd", "cd")}])
def test_a_second_half_that_fails_takes_the_first_half_along(till: Till, bad: dict[str, Any]) -> None:
    till.sell(1, coupons=("ab",))
    before = everything(till)
    with pytest.raises(FileError, match="was used before"):
        till.record(issued(till, 2), till.sale(2, member="new", **bad))
    assert everything(till) == before and till.cache.members.card("2600000000116") is None


def test_the_paper_names_the_operations_as_they_are(till: Till) -> None:
    made = till.record(till.sale(1, earned=5), paper=lambda made: f"{made[0].sequence} {made[0].chain}".encode())
    job = there(till.cache.print_jobs.receipt_of(made[0].key))
    assert (job.document, job.state, job.attempt) == (b"1 t1", "queued", 0)


# identity


def test_operations_are_numbered_without_gaps_and_chained(till: Till) -> None:
    """Read back as plain JSON and hashed here: what leaves the till is what was recorded."""
    for number in range(1, 6):
        till.sell(number, earned=number)
        till.restart()
    before = "0" * 64
    for expected, (key, text) in enumerate(till.cache.outbox(100), start=1):
        told = json.loads(text)
        assert key == (told["generation"], told["sequence"]) == (1, expected)
        assert (told["v"], told["chain"], told["previous_hash"]) == (2, "t1", before)
        assert (told["programme"], told["programme_hash"]) == ("alenka", "a" * 64)
        assert told["at"] == "2026-03-02T12:00:00.000000+00:00"
        before = hashlib.sha256(text.encode()).hexdigest()


def test_the_same_sale_number_is_refused_by_the_database_itself(till: Till) -> None:
    till.sell(7, earned=1)
    before = everything(till)
    with pytest.raises(engine.ConstraintError, match=r"operations\.sale_number, operations\.sale_pos"):
        till.sell(7, earned=2)
    assert everything(till) == before


def test_a_sale_may_be_of_several_kinds_receipt_of(till: Till) -> None:
    made = till.record(issued(till, 1), till.sale(1, member="new", earned=3))
    assert [operation.sequence for operation in made] == [1, 2]
    stored = till.cache.sale(SaleNumber(day=till.DAY, number="1"))
    assert stored is not None and stored.operations == made


def test_a_sale_of_another_day_or_number_is_another(till: Till) -> None:
    till.sell(1)
    assert till.cache.sale(SaleNumber(day="2026-03-03", number="1")) is None
    assert till.cache.sale(SaleNumber(day=till.DAY, number="01")) is None


# what an operation changes at once


def test_points_count_from_the_moment_they_are_recorded(till: Till) -> None:
    till.page(till.snapshot(points=100, c1="active"))
    till.sell(1, earned=7)
    till.sell(2, spent=30, earned=2)
    assert till.points() == 79
    anna = there(till.cache.members.member("anna"))
    assert balance(anna.told.account, till.NOW) == 100 and len(anna.own) == 2


def test_the_day_knows_what_was_redeemed_and_how_much_of_it_blindly(till: Till) -> None:
    """R07: by the moment of the operation; the day that the POS says names the receipt only. R08: at any till."""
    till.page(msgspec.structs.replace(till.snapshot(), redeemed=(RedeemedDay(day=till.DAY, points=100, offline=40),)))
    till.sell(1, spent=10)
    till.sell(2, spent=5, link="offline", sale=SaleNumber(day="2026-03-01", number="2"))
    till.sell(3, spent=99, member="boris")
    stands = there(till.cache.members.member("anna")).standing(till.ALENKA)
    assert (stands.redeemed, stands.redeemed_offline) == ({till.DAY: 115}, {till.DAY: 45})


def test_the_day_is_by_the_clock_of_the_store(till: Till, open_till: Any, tmp_path: Path) -> None:
    far = open_till(tmp_path / "far.db", "t2", Store(id="kamchatka", timezone="Asia/Kamchatka"))
    far.page(far.snapshot())
    far.sell(1, spent=10)  # at noon in London it is midnight there
    assert far.cache.members.member("anna").standing(till.ALENKA).redeemed == {"2026-03-03": 10}


def test_an_operation_says_who_asked_and_how_far_the_clock_was_off(till: Till) -> None:
    (made,) = till.cache.record(
        [till.sale(1)],
        sale=till.sale(1).sale,
        rules=till.RULES,
        papers=lambda made: [],
        at=till.NOW,
        clock_off_s=-7,
        asked="pos/1",
        by="nina",
    )
    assert (made.clock_off_s, made.asked, made.by) == (-7, "pos/1", "nina")
    told = json.loads(till.cache.outbox(1)[0][1])
    assert (told["clock_off_s"], told["asked"], told["by"]) == (-7, "pos/1", "nina")


def test_an_operation_stands_without_a_sale_and_without_a_member(till: Till) -> None:
    nobody = till.sale(1, member=None, coupons=("ab",))
    till.cache.record([nobody], sale=nobody.sale, rules=till.RULES, papers=lambda made: [], at=till.NOW)
    till.page(till.snapshot(c1="active"))
    till.record(CardBlocked(member="anna", card="1"))
    assert till.rows("(SELECT kind, member, sale_number FROM operations)") == [
        ("sale", None, "1"),
        ("card_blocked", "anna", None),
    ]
    assert till.cache.coupon_used("ab"), "R19: with or without a member"
    till.restart()
    assert till.cards() == {"1": "blocked"}


def test_a_reserved_kind_is_not_recorded(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KIND_OF, CardBlocked, replace(KIND_OF[CardBlocked], reserved=True))  # type: ignore[misc]
    with pytest.raises(KindReserved, match="card_blocked have no meaning yet"):
        till.record(CardBlocked(member="anna", card="1"))
    assert till.rows("operations") == []


@pytest.mark.parametrize(
    ("body", "cards"),
    [
        (CardBlocked(member="anna", card="1"), {"1": "blocked"}),
        (CardMadeVirtual(member="anna", old_card="1", new_card="v1"), {"v1": "active", "1": "replaced"}),
    ],
)
def test_what_was_done_to_a_card_stands_over_the_hubs_word_until_it_has_heard(
    till: Till, body: Any, cards: Any
) -> None:
    till.page(till.snapshot(c1="active"))
    till.record(body)
    assert till.cards() == cards
    till.page(till.snapshot(c1="active"), cursor="2")
    assert till.cards() == cards
    till.record(CardUnblocked(member="anna", card="1"))
    till.page(till.snapshot(c1="blocked"), cursor="3")
    assert till.cards()["1"] == "issued", "it earns; whether it may redeem is the hub's word"


def test_an_issued_card_has_its_member_at_once(till: Till) -> None:
    till.record(issued(till, 1), till.sale(1, member="new", earned=3))
    assert there(till.cache.members.card("2600000000116")).member == "new"
    assert till.cards("new") == {"2600000000116": "issued"} and till.points("new") == 3


@pytest.mark.parametrize(("before", "after"), [("active", "active"), ("issued", "issued"), ("blocked", "issued")])
def test_a_reissued_card_takes_over_at_once(till: Till, before: str, after: str) -> None:
    till.page(till.snapshot(points=50, c1=before))
    till.record(reissued(till, 1, "1", "2"), till.sale(1))
    assert till.cards() == {"1": "replaced", "2": after} and till.points() == 50


@pytest.mark.parametrize("again", ["issued", "reissued"])
def test_a_card_that_got_an_owner_meanwhile_is_not_given_out_again(till: Till, again: str) -> None:
    """The cashier scanned a blank card; before the payment the hub told of another till that had it too."""
    till.page(till.snapshot(c1="active"), till.snapshot("boris", x9="active"))
    before = everything(till)
    body = issued(till, 1, card="9") if again == "issued" else reissued(till, 1, "1", "9")
    with pytest.raises(FileError, match="card 9 has an owner already"):
        till.record(body)
    assert everything(till) == before and there(till.cache.members.card("9")).member == "boris"


def test_a_coupon_is_used_once_whoever_used_it(till: Till) -> None:
    till.page(coupons=("aa",))
    till.sell(1, coupons=("bb",))
    assert till.cache.coupon_used("aa") and till.cache.coupon_used("bb") and not till.cache.coupon_used("cc")
    for number, serial in ((2, "aa"), (3, "bb")):
        with pytest.raises(FileError, match=f"coupon {serial} was used before"):
            till.sell(number, coupons=(serial,))


# the hub's answers


def answers(till: Till, *results: str) -> list[Answer]:
    waiting = till.cache.outbox(len(results))
    return [
        Answer(key=key, hash=hashlib.sha256(text.encode()).hexdigest(), result=result, reason="why")
        for (key, text), result in zip(waiting, results, strict=True)
    ]


def test_answers_empty_the_outbox_in_order(till: Till) -> None:
    for number in range(1, 5):
        till.sell(number)
    assert [key.sequence for key, _ in till.cache.outbox(3)] == [1, 2, 3]
    till.cache.answered(answers(till, "applied", "refused"))
    assert [key.sequence for key, _ in till.cache.outbox(3)] == [3, 4] and till.cache.outbox_length() == 2
    assert till.cache.refused() == [((1, 2), "why")]


def test_a_refused_operation_does_not_count(till: Till) -> None:
    till.page(till.snapshot(points=100))
    till.sell(1, spent=40)
    till.sell(2, earned=3)
    till.cache.answered(answers(till, "refused", "applied"))
    assert till.points() == 103
    assert there(till.cache.members.member("anna")).standing(till.ALENKA).redeemed == {till.DAY: 0}


def test_the_first_answer_stands_and_a_strange_one_changes_nothing(till: Till) -> None:
    till.sell(1)
    (right,) = answers(till, "refused")
    till.cache.answered(
        [Answer(key=Key(1, 1), hash="f" * 64, result="applied"), Answer(key=Key(1, 9), hash="", result="applied")]
    )
    assert till.cache.outbox_length() == 1
    till.cache.answered([right])
    till.cache.answered(
        [
            Answer(key=Key(2, 1), hash=right.hash, result="applied"),
            Answer(key=Key(1, 1), hash=right.hash, result="applied"),
        ]
    )
    assert till.cache.refused() == [((1, 1), "why")] and till.cache.outbox_length() == 0
