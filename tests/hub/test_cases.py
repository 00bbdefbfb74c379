"""What a person looks at: each kind is opened once, with its operation, told to its till and settled once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from hub import feed
from hub.cases.kinds import KINDS, REMEDIES
from hub.cases.settling import Decision, NotSettled, settle
from hub.store.records import CaseRow, Place
from loyalty.bodies import CouponUse, Deviation, FiscalAdded, OperationRef, Return, ReturnedLine, Sale
from loyalty.cases import CaseSnapshot
from loyalty.operation import OFFICE_CHAIN, hash_operation, read_operation, utc_text
from sync.protocol import ChangesPage
from tests.hub.conftest import AA, BB, NOW, Office, Pen


def cases(office: Office) -> list[CaseRow]:
    with office.hub.store.reading() as reader:
        return list(reader.all_cases())


def ids(office: Office) -> list[str]:
    return [case.id for case in cases(office)]


def told(office: Office, till: str = "t1", after: str = "") -> tuple[CaseSnapshot, ...]:
    return page(office, till, after).cases


def page(office: Office, till: str = "t1", after: str = "", limit: int = 100) -> ChangesPage:
    return office.hub.changes(till=till, programme="alenka", after=after, limit=limit)


def deviating(office: Office, *deviations: Deviation, **more: Any) -> Sale:
    return office.sale(earned=1, deviations=deviations, **more)


def overspent(office: Office) -> str:
    """600 points, 1,000 spent; the case's id."""
    office.join(points=600)
    office.take(office.sale(spent=500, link="offline"))
    office.take(office.sale(spent=500, link="offline"), pen=Pen("t2"))
    return "debt/t2/1/1"


# what opens one


def test_sec10_r03_of_two_tills_without_a_connection_every_excess_is_a_case(office: Office) -> None:
    """600 points, each till lets 500 be spent: what the policy allows is taken, and what was not there is told."""
    office.join(points=600)
    office.take(office.sale(spent=500, link="offline"))
    assert cases(office) == []
    late = Pen("t2")
    assert office.take(
        office.sale(spent=500, earned=30, link="offline"), office.sale(spent=7, link="offline"), pen=late
    ) == ["applied", "applied"]
    first, second = cases(office)
    assert (first.id, first.member, first.sale, first.cost_points) == ("debt/t2/1/1", "anna", "2", 400), "all of it"
    assert (second.id, second.cost_points) == ("debt/t2/1/2", 7)
    assert (first.kind, first.state, first.opened_at, first.programme) == ("debt", "open", NOW, "alenka")
    assert office.balance() == 600 - 1_007 + 30 and office.verdict().faults == ()


def test_what_was_there_is_no_case(office: Office) -> None:
    office.join(points=600)
    assert office.take(office.sale(spent=600), office.sale(earned=5), office.sale(spent=5)) == ["applied"] * 3
    assert cases(office) == []


def test_a_return_that_takes_back_what_was_spent_is_none(office: Office) -> None:
    """It is the rule: the next points pay it, and the customer is told so at once."""
    office.join()
    of = OperationRef(chain="t1", generation=1, sequence=1)
    office.take(office.sale(earned=50), office.sale(spent=50))
    line = ReturnedLine(id="1", quantity_m=1_000, refund_kopecks=1_000)
    back = Return(of=of, sold_at=utc_text(NOW), member="anna", lines=(line,), refund_kopecks=1_000)
    assert office.take(replace(back, clawed_back=replace(back.clawed_back, points=50))) == ["applied"]
    assert office.balance() == -50 and cases(office) == []


def test_a_coupon_honoured_twice_names_the_first_sale_and_what_it_cost(office: Office) -> None:
    office.join()
    office.take(office.sale(coupons=(AA,)))
    uses = (
        CouponUse(serial=AA, campaign="c", discount_kopecks=4_000),
        CouponUse(serial=BB, campaign="c", discount_kopecks=1),
    )
    office.take(replace(office.sale(None), coupons=uses), pen=Pen("t2"))
    (case,) = cases(office)
    assert (case.id, case.cost_kopecks, case.note) == ("coupon_twice/t2/1/1", 4_000, AA)
    assert case.others == (Place("t1", 1, 1),)
    assert office.verdict().faults == ()


def test_a_receipt_that_was_not_as_it_should_be_is_one_case_with_all_its_kinds(office: Office) -> None:
    office.join()
    found = (
        Deviation(kind="quote_kept", cost_kopecks=900, note="day"),
        Deviation(kind="clock_off", note="700 s"),
        Deviation(kind="quote_kept", cost_kopecks=1),
    )
    office.take(deviating(office, *found), office.sale(earned=1))
    (case,) = cases(office)
    assert (case.id, case.note, case.cost_kopecks) == ("deviation/t1/1/1", "clock_off,quote_kept", 901)
    assert office.verdict().faults == ()


def test_whoever_is_named_by_his_card_is_known(office: Office) -> None:
    office.join()
    office.take(deviating(office, Deviation(kind="number_taken"), member=None, card="cardanna"))
    assert [case.member for case in cases(office)] == ["anna"]


def test_a_case_of_a_return_names_its_sale(office: Office) -> None:
    office.join()
    of = OperationRef(chain="t1", generation=1, sequence=1)
    line = ReturnedLine(id="1", quantity_m=1_000, refund_kopecks=1_000)
    back = Return(of=of, of_sale=office.number(), sold_at=utc_text(NOW), lines=(line,), refund_kopecks=1_000)
    late = Deviation(kind="came_back_twice", cost_kopecks=1_000)
    assert office.take(office.sale(None), replace(back, deviations=(late,))) == ["applied"] * 2
    (case,) = cases(office)
    assert (case.id, case.sale, case.others) == ("deviation/t1/1/2", "1", (Place("t1", 1, 1),))


def test_what_the_hub_refused_waits_for_a_person_when_a_customer_does(office: Office) -> None:
    office.join()
    of = OperationRef(chain="t1", generation=1, sequence=99)
    answers = office.take(
        office.sale("nobody", spent=30),
        office.issued("cardanna", "new"),
        FiscalAdded(of=of, of_sale=office.number(), fiscal=()),
    )
    assert answers == ["unknown_member", "card_taken", "unknown_sale"]
    assert [(case.id, case.note, case.cost_points) for case in cases(office)] == [
        ("refused/t1/1/1", "unknown_member", 30),
        ("refused/t1/1/2", "card_taken", 0),
    ]
    office.born(office.sale("nobody"), chain="hub")
    assert len(cases(office)) == 2, "whoever makes one at the hub sees its answer"
    assert office.verdict().faults == ()


def test_a_card_that_was_somebodys_is_one_case_of_his_with_the_sale_that_came_with_it(office: Office) -> None:
    office.join()
    answers = office.take(office.issued("cardanna", "new"), office.sale("new", card="cardanna", earned=20))
    assert answers == ["card_taken", "applied"]
    assert [(case.note, case.member) for case in cases(office)] == [("card_taken", "anna")]


def test_a_text_that_cannot_be_booked_is_a_case_once_however_often_it_comes(office: Office, new_pen: type[Pen]) -> None:
    office.join()
    pen, evil = new_pen(), "x\x00\u202e" + "y" * 5_000
    bad = pen.write(replace(office.sale(evil, earned=10), sale=replace(office.number(), number=evil)))
    garbage = '{"nothing":1}'
    for _ in range(3):
        assert [one.result for one in office.hub.take("t1", [bad, garbage]).answers] == ["refused"] * 2
    first, second = cases(office)
    assert (first.id, second.id) == ("refused/t1/1/1", "refused/t1/1/2")
    assert first.member is None and first.sale == "x??" + "y" * 61 and second.note == "unreadable"
    assert [case.id for case in told(office)] == [first.id, second.id]
    assert office.verdict().faults == ()


def test_sec3_a_cost_of_no_receipts_size_is_bounded(office: Office) -> None:
    office.join()
    huge = (Deviation(kind="quote_kept", cost_kopecks=2**63 - 1), Deviation(kind="x" * 999, cost_kopecks=2**63 - 1))
    assert (
        office.take(deviating(office, *huge), deviating(office, Deviation(kind="", cost_kopecks=-5))) == ["applied"] * 2
    )
    first, second = cases(office)
    assert (first.cost_kopecks, len(first.note), second.cost_kopecks) == (10**17, 200, 0)


def test_another_text_under_a_known_identity_stops_the_batch_and_the_case_stands(office: Office) -> None:
    office.join()
    text = office.pen.write(office.sale(earned=1))
    office.hub.take("t1", [text])
    other = Pen()
    texts = [other.write(office.sale(earned=2)), other.write(office.sale(earned=3))]
    for _ in range(3):
        taken = office.hub.take("t1", texts)
        assert taken.answers == () and taken.stopped is not None and taken.stopped.code == "identity_conflict"
    (case,) = cases(office)
    assert (case.id, case.note, case.sale) == ("identity_conflict/t1/1/1", hash_operation(texts[0]), "2")
    assert [one.kind for one in told(office)] == ["identity_conflict"]
    assert office.balance() == 1 and office.verdict().faults == ()


@pytest.mark.parametrize(
    ("off", "is_case"),
    [
        (timedelta(0), False),
        (timedelta(minutes=10), False),
        (timedelta(minutes=11), True),
        (-timedelta(days=45), False),
        (-timedelta(days=45, seconds=1), True),
    ],
)
def test_a_clock_far_from_the_hubs_is_a_case_of_its_batch(office: Office, off: timedelta, is_case: bool) -> None:
    office.join()
    office.take(office.sale(earned=1), office.sale(earned=1), at=NOW + off)
    assert ids(office) == (["clock/t1/1/1"] if is_case else [])
    office.hub.take("t2", [Pen("t2").write(office.sale(earned=1), at=NOW + off)])
    assert len(ids(office)) == (2 if is_case else 0), "another till has a clock of its own"
    assert office.verdict().faults == ()


def test_a_retry_opens_nothing_again(office: Office) -> None:
    office.join(points=5)
    pen = Pen()
    texts = [
        pen.write(office.sale(spent=9)),
        pen.write(office.sale("nobody", earned=1)),
        pen.write(deviating(office, Deviation(kind="number_taken")), at=NOW + timedelta(days=1)),
    ]
    office.hub.take("t1", texts)
    before = cases(office), page(office).cursor
    assert [case.kind for case in before[0]] == ["debt", "refused", "clock", "deviation"]
    office.hub.take("t1", texts)
    office.restart()
    office.hub.take("t1", texts[:1])
    assert (cases(office), page(office).cursor) == before


# who is told


def test_a_till_is_told_of_its_own_and_of_no_others(office: Office) -> None:
    id = overspent(office)
    assert told(office) == ()
    (case,) = told(office, "t2")
    assert case == CaseSnapshot(id=id, kind="debt", opened_at=utc_text(NOW), sale="2", cost_points=400)
    assert told(office, "t2", page(office, "t2").cursor) == ()


def test_a_page_of_cases_ends_and_goes_on_beside_the_members(office: Office, new_pen: type[Pen]) -> None:
    office.join()
    pen = new_pen()
    strange = [pen.write(deviating(office, Deviation(kind="number_taken"))) for _ in range(450)]
    for number in range(0, 450, 90):
        office.hub.take("t1", strange[number : number + 90])
    seen, cursor, more, pages = [], "", True, 0
    while more:
        one = page(office, after=cursor)
        seen += [case.id for case in one.cases]
        cursor, more, pages = one.cursor, one.more, pages + 1
    assert sorted(seen) == sorted(ids(office)) and len(seen) == 450 and 2 < pages < 10


def test_a_cursor_of_before_goes_on_and_one_that_is_none_is_said_so(office: Office) -> None:
    overspent(office)
    cursor = page(office, "t2").cursor
    programme, joint, own = cursor.partition(".")
    assert joint and programme.isdigit() and own.isdigit()
    assert [case.kind for case in told(office, "t2", programme)] == ["debt"]
    for bad in ("1.", "1.2.3", ".", "x.1", "1.x"):
        with pytest.raises(ValueError, match="cursor"):
            page(office, "t2", bad)


# settling


def test_it_is_settled_once_and_never_vanishes(office: Office) -> None:
    id = overspent(office)
    cursor = page(office, "t2").cursor
    office.now += timedelta(hours=1)
    settled = settle(office.hub, id, Decision(remedy="wait", by="Olga", note="ей сказали"))
    assert (settled.state, settled.settled_by, settled.remedy) == ("settled", "Olga", "wait")
    assert settled.settled_at == office.now and settled.settled_note == "ей сказали"
    assert cases(office) == [settled]
    assert [(case.id, case.state) for case in told(office, "t2", cursor)] == [(id, "settled")]
    with pytest.raises(NotSettled, match="was settled already, by Olga: wait"):
        settle(office.hub, id, Decision(remedy="accept", by="Petr"))
    assert cases(office) == [settled] and office.balance() == -400 and office.verdict().faults == ()


def test_an_adjustment_is_booked_with_it(office: Office) -> None:
    id = overspent(office)
    settle(office.hub, id, Decision(remedy="adjust", by="Olga", note="our till was down", points=400))
    assert office.balance() == 0
    with office.hub.store.reading() as reader:
        kept = reader.operations([Place(OFFICE_CHAIN, 1, 1)])[Place(OFFICE_CHAIN, 1, 1)]
    operation = read_operation(kept.text)
    assert (operation.by, operation.asked) == ("Olga", f"case:{id}")
    assert operation.body.reason == f"case {id}: our till was down"  # type: ignore[union-attr]
    with pytest.raises(NotSettled, match="already"):
        settle(office.hub, id, Decision(remedy="adjust", by="Olga", points=400))
    assert office.balance() == 0 and office.verdict().faults == ()


def test_an_adjustment_that_cannot_be_settles_nothing(office: Office) -> None:
    office.join()
    office.take(office.sale("nobody", earned=10))
    with pytest.raises(NotSettled, match="names a member whom the ledger does not know"):
        settle(office.hub, "refused/t1/1/1", Decision(remedy="adjust", by="Olga", points=10))
    assert [case.state for case in cases(office)] == ["open"]
    settle(office.hub, "refused/t1/1/1", Decision(remedy="adjust", by="Olga", points=10, member="anna"))
    assert office.balance() == 10 and office.verdict().faults == ()


WRONG: dict[str, tuple[str, dict[str, Any], str]] = {
    "no such case": ("debt/t2/1/9", {}, "There is no case"),
    "no case's name": ("the one of Olga", {}, "There is no case"),
    "a number without end": ("debt/t2/1/" + "9" * 5_000, {}, "There is no case"),
    "a number written otherwise": ("debt/t2/1/01", {}, "There is no case"),
    "a remedy of another kind": (
        "",
        {"remedy": "clock"},
        "is not settled by 'clock', but by wait, write_off, goodwill, adjust, accept",
    ),
    "nobody": ("", {"by": ""}, "Say who"),
    "a note of two lines": ("", {"note": "a\nb"}, "one line"),
    "adjusted by nothing": ("", {"remedy": "adjust"}, "Say how many points"),
    "points of no number's size": ("", {"remedy": "adjust", "points": 10**15}, "Say how many points"),
    "points that nothing books": ("", {"points": 5}, "No points are booked by 'wait'"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_settled_so(office: Office, what: str) -> None:
    id, changes, why = WRONG[what]
    known = overspent(office)
    with pytest.raises(NotSettled, match=why):
        settle(office.hub, id or known, Decision(**{"remedy": "wait", "by": "Olga"} | changes))
    assert [case.state for case in cases(office)] == ["open"] and office.balance() == -400


def test_every_kind_has_remedies_and_every_remedy_words() -> None:
    for kind in KINDS.values():
        assert kind.says and kind.remedies and set(kind.remedies) <= REMEDIES.keys()
    assert {remedy for kind in KINDS.values() for remedy in kind.remedies} == REMEDIES.keys()


# verify


TAMPERED = {
    "a case is gone": (("DELETE FROM cases WHERE kind = 'deviation'",), "case deviation/t1/1/3: an operation says so"),
    "a refusal's is gone": (("DELETE FROM cases WHERE kind = 'refused'",), "case refused/t1/1/2: an operation says so"),
    "of no operation": (("UPDATE cases SET sequence = 99 WHERE kind = 'debt'",), "its operation is not there"),
    "debt of what spends nothing": (("UPDATE cases SET sequence = 2 WHERE kind = 'debt'",), "case debt/t1/1/2: no op"),
    "a moment that is none": (("UPDATE cases SET opened_at = 'noon' WHERE kind = 'debt'",), "cases: a row cannot be"),
    "of a receipt without any": (("UPDATE cases SET sequence = 1 WHERE kind = 'deviation'",), "case deviation/t1/1/1"),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_verify_sees_a_case_that_is_gone_or_made_up(office: Office, what: str) -> None:
    office.join(points=5)
    strange = deviating(office, Deviation(kind="number_taken"))
    assert len(office.take(office.sale(spent=9), office.sale("nobody", earned=1), strange)) == 3
    assert ids(office) == ["debt/t1/1/1", "refused/t1/1/2", "deviation/t1/1/3"] and office.verdict().faults == ()
    statements, fault = TAMPERED[what]
    office.tamper(*statements)
    assert any(fault in one for one in office.verdict().faults)


def test_verify_misses_no_case_of_operations_of_before(office: Office) -> None:
    """A ledger that had no cases yet says where its chains ended then."""
    office.join()
    office.take(office.sale("nobody", earned=1), deviating(office, Deviation(kind="number_taken")))
    office.tamper("DELETE FROM cases", """INSERT INTO settings VALUES ('cases_since', '{"t1/1":2}')""")
    assert office.verdict().faults == ()
    office.take(deviating(office, Deviation(kind="number_taken")))
    assert ids(office) == ["deviation/t1/1/3"] and office.verdict().faults == ()
    office.tamper("DELETE FROM cases")
    assert len(office.verdict().faults) == 1


# remedies that book points


def bought_debt(office: Office) -> int:
    with office.hub.store.reading() as reader:
        return feed.accounts(reader, ["anna"], office.now)["anna"].debt


def test_what_is_written_off_is_what_is_owed_still(office: Office) -> None:
    id = overspent(office)
    office.take(office.sale(earned=150))
    assert bought_debt(office) == 250
    settled = settle(office.hub, id, Decision(remedy="write_off", by="Olga"))
    assert (office.balance(), bought_debt(office)) == (0, 0) and settled.others
    assert office.verdict().faults == ()


def test_nothing_is_written_off_that_was_paid(office: Office) -> None:
    id = overspent(office)
    office.take(office.sale(earned=500))
    with pytest.raises(NotSettled, match="owes nothing any more"):
        settle(office.hub, id, Decision(remedy="write_off", by="Olga"))
    assert [case.state for case in cases(office)] == ["open"] and office.balance() == 100


def test_what_is_collected_is_taken_now_and_of_the_next_points(office: Office) -> None:
    """A sale was refused that told its customer of 30 spent points; he has 20."""
    office.join(points=20)
    assert office.take(office.sale("nobody", spent=30)) == ["unknown_member"]
    settle(office.hub, "refused/t1/1/1", Decision(remedy="collect", by="Olga", member="anna"))
    assert bought_debt(office) == 10
    office.take(office.sale(earned=15))
    assert (office.balance(), bought_debt(office)) == (5, 0) and office.verdict().faults == ()


def test_goodwill_gives_what_was_promised_or_what_is_said_and_never_much_alone(office: Office) -> None:
    office.join()
    office.take(office.sale("nobody", earned=40), deviating(office, Deviation(kind="number_taken")))
    settle(office.hub, "refused/t1/1/1", Decision(remedy="goodwill", by="Olga", member="anna"))
    assert office.balance() == 41
    id = "deviation/t1/1/2"
    with pytest.raises(NotSettled, match="does not say how many"):
        settle(office.hub, id, Decision(remedy="goodwill", by="Olga"))
    with pytest.raises(NotSettled, match="One person alone"):
        settle(office.hub, id, Decision(remedy="goodwill", by="Olga", points=10_000_000))
    settle(office.hub, id, Decision(remedy="goodwill", by="Olga", points=5))
    with office.hub.store.reading() as reader:
        ends = [lot.expires_at for lot in reader.lots_of(["anna"]) if lot.granted in (5, 40)]
    assert office.balance() == 46 and all(ends) and office.verdict().faults == ()
