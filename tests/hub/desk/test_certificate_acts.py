"""What a till asks the desk about certificates: numbers ahead, what is on one, so much of it for a receipt (P16)."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.certificates.asking import LASTS
from hub.desk.acts import ActRefused
from hub.store.rows import Rows
from hub.tills.till import Lease, Till
from loyalty.bodies import CertificateBlocked, CertificateReplaced
from loyalty.certificate_numbers import certificate_number, is_certificate_number
from loyalty.utc import utc_text
from sync.certificates import AHEAD_MAX, CertificateNumbersTold
from tests.hub.certified import ONE, OTHER, back_of, cases, paid_with, sold, standing, take
from tests.hub.conftest import NOW, Office, Pen
from tests.hub.desk.conftest import Desk

R = 100


@pytest.fixture
def desk(office: Office) -> Desk:
    """Nobody's members, and a certificate of 1,000 rubles."""
    office.take(sold())
    return Desk(office)


def pin(desk: Desk, number: str = ONE) -> str:
    return desk.office.hub.certificate_pins.of(number)


def wrong(desk: Desk, number: str = ONE) -> str:
    return f"{(int(pin(desk, number)) + 1) % 10**6:06}"


# numbers ahead


def test_sec9_numbers_ahead_are_a_files_own_and_told_until_they_are_sold(desk: Desk) -> None:
    told: CertificateNumbersTold = desk.ask("certificate_numbers", file="f1", count=5)
    numbers = [blank.number for blank in told.blanks]
    assert len(set(numbers)) == 5 and all(map(is_certificate_number, numbers))
    assert desk.ask("certificate_numbers", file="f1", count=5) == told, "none is lost with an answer"
    others = desk.ask("certificate_numbers", file="f2", count=5, till="t2")
    assert not set(numbers) & {blank.number for blank in others.blanks}
    desk.office.take(sold(numbers[0]))
    again = desk.ask("certificate_numbers", file="f1", count=5)
    assert {blank.number for blank in again.blanks} > set(numbers[1:]) and numbers[0] not in repr(again)
    assert len(desk.ask("certificate_numbers", file="f1", count=0).blanks) == 5


def test_a_blank_is_what_stands_on_its_paper(desk: Desk) -> None:
    """Its QR's text is genuine, its PIN is the one that is asked, and nothing of it lies in the ledger."""
    (blank,) = desk.ask("certificate_numbers", file="f1", count=1).blanks
    assert desk.office.hub.certificate_number(blank.text, "alenka") == blank.number
    assert desk.refusal("certificate_look", text=blank.text) == "certificate_not_sold"
    desk.office.take(sold(blank.number))
    assert desk.ask("certificate_look", number=blank.number, pin=blank.pin).left_kopecks == 1_000 * R
    kept = b"".join(path.read_bytes() for path in desk.office.path.parent.glob("hub.db*") if path.is_file())
    assert blank.number.encode() in kept and f'"{blank.pin}"'.encode() not in kept and blank.text.encode() not in kept


def test_sec9_a_till_has_numbers_for_the_file_that_works_and_for_no_other(desk: Desk) -> None:
    till = Till(till="t1", state="joined", added_at=utc_text(NOW), lease=Lease(file="f1", generation=1, at=""))
    desk.office.hub.within(lambda writer: writer.write(Rows(tills=[till.row])))
    assert desk.refusal("certificate_numbers", file="f2", count=1) == "other_file"
    with pytest.raises(msgspec.ValidationError):
        desk.ask("certificate_numbers", file="f1", count=AHEAD_MAX + 1)
    assert desk.refusal("certificate_numbers", file="f1", count=1, programme="nobody") == "unknown_programme"
    assert desk.refusal("certificate_numbers", file="f1", count=1, till="") == "of_a_till"


# what is on one


def test_it_is_looked_at_by_its_qr_or_by_number_and_pin(desk: Desk) -> None:
    text = desk.office.hub.certificate_text(ONE, "alenka")
    for shown in ({"text": text}, {"number": ONE, "pin": pin(desk)}, {"number": ONE, "pin": f" {pin(desk)} "}):
        told = desk.ask("certificate_look", **shown)
        assert (told.number, told.left_kopecks, told.face_kopecks, told.paid) == (ONE, 1_000 * R, 1_000 * R, True)
    assert desk.refusal("certificate_look") == "bad_request"
    assert desk.refusal("certificate_look", text=text, number=ONE) == "bad_request"
    assert desk.refusal("certificate_look", text="PAC:X.") == "certificate_unknown"
    assert desk.refusal("certificate_look", text=text, programme="perekrestok") == "certificate_unknown"


def test_a_pin_has_few_tries_for_each_number_and_a_right_one_gives_them_back(desk: Desk) -> None:
    desk.office.take(sold(OTHER))

    def left(number: str = ONE) -> tuple[str, int | None]:
        with pytest.raises(ActRefused) as refused:
            desk.ask("certificate_look", number=number, pin=wrong(desk, number))
        return refused.value.code, refused.value.tries_left

    assert [left() for _ in range(4)] == [("certificate_pin", n) for n in (4, 3, 2, 1)]
    assert desk.ask("certificate_look", number=ONE, pin=pin(desk)).left_kopecks == 1_000 * R
    assert [left() for _ in range(6)][3:] == [("certificate_pin", 1), *[("certificate_pin_tries", 0)] * 2]
    assert desk.refusal("certificate_look", number=ONE, pin=pin(desk)) == "certificate_pin_tries"
    assert desk.ask("certificate_look", text=desk.office.hub.certificate_text(ONE, "alenka")).left_kopecks == 1_000 * R
    assert left(OTHER) == ("certificate_pin", 4), "of another number nothing was tried"
    assert desk.office.verdict().faults == ()


def test_a_slip_of_the_finger_is_known_and_costs_no_try(desk: Desk) -> None:
    for place in range(16):
        typed = f"{ONE[:place]}{(int(ONE[place]) + 1) % 10}{ONE[place + 1 :]}"
        assert desk.refusal("certificate_look", number=typed, pin="1") == "certificate_unknown"
    swapped = certificate_number(12_345_678_901_234)
    assert not is_certificate_number(swapped[:5] + swapped[6] + swapped[5] + swapped[7:])
    assert desk.office.rows("SELECT sum(tries) FROM certificates") == [(0,)]


def test_each_reason_is_told_apart(desk: Desk) -> None:
    office, given, blank = desk.office, *(certificate_number(n) for n in (20, 21))
    office.born(sold(given, paid=False, until=utc_text(NOW + timedelta(days=1))), "office")
    office.take(CertificateBlocked(certificate=OTHER))
    ask = {"hold": "h", "kopecks": R}
    assert desk.refusal("certificate_hold", number=OTHER, **ask) == "certificate_unknown", "blocked, and never sold"
    assert desk.refusal("certificate_hold", number=blank, **ask) == "certificate_unknown"
    office.take(sold(OTHER))
    assert desk.refusal("certificate_hold", number=OTHER, **ask) == "certificate_blocked"
    office.born(CertificateReplaced(certificate=OTHER, into=blank), "office")
    assert desk.refusal("certificate_hold", number=OTHER, **ask) == "certificate_replaced"
    told = desk.ask("certificate_look", text=office.hub.certificate_text(given, "alenka"))
    assert (told.paid, told.until) == (False, utc_text(NOW + timedelta(days=1)))
    office.now += timedelta(days=1)
    assert desk.refusal("certificate_hold", number=given, **ask) == "certificate_ended"
    take(office, office.pen, paid_with(office, (ONE, 1_000 * R)))
    assert desk.refusal("certificate_hold", number=ONE, **ask) == "certificate_empty"
    assert desk.ask("certificate_look", text=office.hub.certificate_text(ONE, "alenka")).left_kopecks == 0
    for act, body in (("certificate_hold", {"number": ONE, **ask}), ("certificate_free", {"hold": "h"})):
        assert desk.refusal(act, till="", **body) == "of_a_till"


# so much of it for a receipt


def test_what_one_receipt_has_no_other_gets_and_its_own_till_is_never_in_its_way(desk: Desk) -> None:
    first = desk.ask("certificate_hold", number=ONE, hold="a", kopecks=700 * R)
    assert (first.kopecks, first.until) == (700 * R, utc_text(NOW + LASTS))
    assert desk.ask("certificate_hold", number=ONE, hold="a", kopecks=700 * R) == first, "asked twice, it is the same"
    assert desk.ask("certificate_hold", number=ONE, hold="x", kopecks=900 * R, till="t2").kopecks == 300 * R
    assert desk.refusal("certificate_hold", number=ONE, hold="y", kopecks=1, till="t3") == "certificate_held"
    text = desk.office.hub.certificate_text(ONE, "alenka")
    assert [desk.ask("certificate_look", text=text, till=till).left_kopecks for till in ("t1", "t2", "t3")] == [
        700 * R,
        300 * R,
        0,
    ]
    assert desk.ask("certificate_hold", number=ONE, hold="a", kopecks=900 * R).kopecks == 700 * R
    assert desk.ask("certificate_hold", number=ONE, hold="b", kopecks=600 * R).kopecks == 600 * R, "another receipt"
    assert desk.ask("certificate_hold", number=ONE, hold="y", kopecks=500 * R, till="t3").kopecks == 100 * R


def test_a_hold_ends_with_the_sale_with_the_receipt_or_with_its_time(desk: Desk) -> None:
    office = desk.office
    desk.ask("certificate_hold", number=ONE, hold="a", kopecks=700 * R)
    desk.ask("certificate_hold", number=ONE, hold="x", kopecks=300 * R, till="t2")
    take(office, office.pen, paid_with(office, (ONE, 650 * R)))
    assert desk.ask("certificate_hold", number=ONE, hold="z", kopecks=1_000 * R, till="t3").kopecks == 50 * R
    for _ in range(2):
        desk.ask("certificate_free", hold="x", till="t2")
    desk.ask("certificate_free", hold="x", till="t3")
    assert desk.ask("certificate_hold", number=ONE, hold="z", kopecks=1_000 * R, till="t3").kopecks == 350 * R
    office.now += LASTS
    assert desk.ask("certificate_hold", number=ONE, hold="b", kopecks=1_000 * R).kopecks == 350 * R
    assert cases(office) == [] and office.verdict().faults == ()


def test_a_sale_of_before_leaves_the_hold_of_the_receipt_that_is_open(desk: Desk) -> None:
    """It had waited in the outbox."""
    office = desk.office
    before = office.pen.write(paid_with(office, (ONE, 100 * R)), at=NOW - timedelta(minutes=5))
    desk.ask("certificate_hold", number=ONE, hold="a", kopecks=900 * R)
    office.hub.take("t1", [before])
    assert desk.refusal("certificate_hold", number=ONE, hold="x", kopecks=1, till="t2") == "certificate_held"


def test_nobody_holds_what_was_blocked(desk: Desk) -> None:
    desk.ask("certificate_hold", number=ONE, hold="a", kopecks=700 * R)
    desk.office.take(CertificateBlocked(certificate=ONE), pen=Pen("t2"))
    assert desk.office.rows("SELECT count(*) FROM certificate_holds") == [(0,)]
    assert desk.refusal("certificate_hold", number=ONE, hold="a", kopecks=700 * R) == "certificate_blocked"


# several tills at once

STEP = st.one_of(
    st.tuples(st.just("hold"), st.integers(0, 2), st.integers(1, 1_200)),
    st.tuples(st.just("sell"), st.integers(0, 2), st.integers(0, 1_200)),
    st.tuples(st.just("free"), st.integers(0, 2), st.just(0)),
    st.tuples(st.just("back"), st.integers(0, 9), st.integers(1, 500)),
    st.tuples(st.just("later"), st.integers(1, 20), st.just(0)),
)


@settings(max_examples=10, deadline=None, print_blob=True)
@given(story=st.lists(STEP, max_size=30))
def test_tills_that_ask_never_get_more_together_than_is_on_it(
    open_office: Callable[[Path], Office], story: list[tuple[str, int, int]]
) -> None:
    """Each sells at most what it holds, while it holds it: nothing is ever used beyond, and no case opens."""
    with tempfile.TemporaryDirectory() as folder:
        office = open_office(Path(folder) / "hub.db")
        desk, pens = Desk(office), [Pen(f"t{n}") for n in range(3)]
        office.take(sold(kopecks=1_000), pen=Pen("seller"))
        held: dict[int, tuple[int, Any]] = {}
        sales: list[tuple[str, int, int]] = []
        for what, one, kopecks in story:
            if what == "hold":
                try:
                    told = desk.ask("certificate_hold", number=ONE, hold=f"h{one}", kopecks=kopecks, till=f"t{one}")
                    held[one] = (told.kopecks, office.now + LASTS)
                except ActRefused as refused:
                    assert refused.code in ("certificate_held", "certificate_empty")
                    held.pop(one, None)
            elif what == "free":
                desk.ask("certificate_free", hold=f"h{one}", till=f"t{one}")
                held.pop(one, None)
            elif what == "later":
                office.now += timedelta(minutes=one)
            elif what == "sell" and one in held and office.now < held[one][1]:
                paid = min(kopecks, held.pop(one)[0])
                if paid:
                    assert take(office, pens[one], paid_with(office, (ONE, paid))) == ["applied"]
                    sales.append((f"t{one}", pens[one].sequence, paid))
            elif what == "back" and sales:
                till, sequence, paid = sales.pop(one % len(sales))
                part = min(kopecks, paid)
                assert take(office, Pen(f"b{len(sales)}-{sequence}-{till}"), back_of(sequence, (ONE, part), till=till))
        assert cases(office) == [] and standing(office)[1] == 0
        live = office.rows(
            f"SELECT coalesce(sum(kopecks), 0) FROM certificate_holds WHERE until > '{utc_text(office.now)}'"
        )
        assert live[0][0] <= standing(office)[0]
        assert office.verdict().faults == ()
        office.hub.close()
