"""Gift certificates in the books: used, returned, blocked, replaced, refunded; whatever is on them (P16)."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from hub.audit.verify import verify
from hub.store.sqlite.store import SqliteStore
from loyalty.bodies import (
    CertificateBlocked,
    CertificateEnded,
    CertificateRefunded,
    CertificateReplaced,
    SaleNumber,
    Tender,
)
from loyalty.certificate_numbers import certificate_number
from loyalty.operation import hash_operation, utc_text
from tests.hub.certified import (
    ONE,
    OTHER,
    THIRD,
    back_of,
    cases,
    check_conserved,
    entries,
    paid_with,
    sold,
    standing,
    take,
)
from tests.hub.conftest import DAY, NOW, Office, Pen

R = 100  # a ruble
LATER = utc_text(NOW + timedelta(days=30))


def test_a_thousand_rubles_used_300_and_450_refunded_250(office: Office) -> None:
    """The issue's own story: right at every step."""
    pen = Pen("t1", store="s1")
    assert take(office, pen, sold(kopecks=1_000 * R, sale=SaleNumber(day=DAY, number="1"))) == ["applied"]
    assert standing(office) == (1_000 * R, 0, "open")
    assert take(office, pen, paid_with(office, (ONE, 300 * R))) == ["applied"]
    assert standing(office) == (700 * R, 0, "open")
    assert take(office, Pen("t2"), paid_with(office, (ONE, 450 * R))) == ["applied"]
    assert standing(office) == (250 * R, 0, "open")
    assert take(office, pen, CertificateRefunded(certificate=ONE, kopecks=250 * R + 1)) == [
        "certificate_more_than_left"
    ]
    assert take(office, pen, CertificateRefunded(certificate=ONE, kopecks=250 * R)) == ["applied"]
    assert standing(office) == (0, 0, "open")
    assert entries(office) == {"certificate": 0, "sold": -1_000 * R, "used": 750 * R, "refunded": 250 * R}
    assert cases(office) == [] and office.verdict().faults == ()
    assert office.rows("SELECT store, face FROM certificates") == [("s1", 1_000 * R)]


def test_a_stolen_one_is_blocked_and_its_rubles_are_its_owners_under_another_number(office: Office) -> None:
    assert take(office, office.pen, sold(), CertificateBlocked(certificate=ONE, reason="stolen")) == ["applied"] * 2
    assert take(office, office.pen, CertificateRefunded(certificate=ONE, kopecks=1)) == ["certificate_blocked"]
    assert take(office, Pen("t2"), paid_with(office, (ONE, 300 * R))) == ["applied"], "the paper is printed"
    assert standing(office) == (1_000 * R, 300 * R, "blocked"), "the owner's rubles are all there"
    assert cases(office) == [(f"blocked:{ONE}", 300 * R)]
    assert office.born(CertificateReplaced(certificate=ONE, into=OTHER), "office") == "applied"
    assert standing(office) == (0, 300 * R, "replaced") and standing(office, OTHER) == (1_000 * R, 0, "open")
    assert take(office, Pen("t3"), paid_with(office, (ONE, 100 * R))) == ["applied"]
    assert standing(office) == (0, 400 * R, "replaced") and standing(office, OTHER) == (1_000 * R, 0, "open")
    assert take(office, Pen("t4"), paid_with(office, (OTHER, 1_000 * R))) == ["applied"]
    assert cases(office) == [(f"blocked:{ONE}", 300 * R), (f"replaced:{ONE}", 100 * R)]
    for again in (CertificateBlocked(certificate=ONE), CertificateReplaced(certificate=ONE, into=THIRD)):
        assert office.born(again, "office") == "certificate_replaced"
    check_conserved(office)
    assert office.verdict().faults == ()


def test_more_than_is_on_it_is_honoured_and_the_shop_bears_the_rest(office: Office) -> None:
    take(office, office.pen, sold(kopecks=200 * R), paid_with(office, (ONE, 300 * R)))
    assert standing(office) == (0, 100 * R, "open") and cases(office) == [(f"empty:{ONE}", 100 * R)]
    assert take(office, office.pen, back_of(2, (ONE, 150 * R))) == ["applied"]
    assert standing(office) == (50 * R, 0, "open"), "what the shop had borne is undone first"
    assert take(office, office.pen, back_of(2, (ONE, 150 * R))) == ["applied"]
    assert standing(office) == (200 * R, 0, "open") and office.verdict().faults == ()


def test_a_receipt_with_several_is_one_case_of_all(office: Office) -> None:
    sale = paid_with(office, (ONE, 30 * R), (OTHER, 40 * R), (ONE, 20 * R))
    assert take(office, office.pen, sold(kopecks=35 * R), sale) == ["applied"] * 2
    assert cases(office) == [(f"empty:{ONE},not_sold:{OTHER}", 55 * R)]
    assert standing(office) == (0, 15 * R, "open") and standing(office, OTHER) == (0, 40 * R, "open")
    assert office.verdict().faults == ()


def test_a_sale_that_the_hub_hears_of_later_pays_what_was_used_meanwhile(office: Office) -> None:
    """It was sold without a connection, and used at another till before the first one came."""
    assert take(office, Pen("t2"), paid_with(office, (ONE, 300 * R))) == ["applied"]
    assert cases(office) == [(f"not_sold:{ONE}", 300 * R)] and standing(office) == (0, 300 * R, "open")
    assert take(office, Pen("t1"), sold()) == ["applied"]
    assert standing(office) == (700 * R, 0, "open") and office.verdict().faults == ()
    assert take(office, Pen("t3"), back_of(1, (ONE, 300 * R), till="t2")) == ["applied"]
    assert standing(office) == (1_000 * R, 0, "open") and office.verdict().faults == ()


def test_what_comes_back_goes_to_the_number_that_stands_for_it_now(office: Office) -> None:
    take(office, office.pen, sold(), paid_with(office, (ONE, 300 * R)))
    for number, into in ((ONE, OTHER), (OTHER, THIRD)):
        assert office.born(CertificateReplaced(certificate=number, into=into), "office") == "applied"
    assert take(office, office.pen, back_of(2, (ONE, 300 * R))) == ["applied"]
    assert [standing(office, number)[0] for number in (ONE, OTHER, THIRD)] == [0, 0, 1_000 * R]
    assert entries(office, ONE)["used"] == 0 and office.verdict().faults == ()


def test_a_thief_who_returns_what_the_shop_bore_gives_nobody_anything(office: Office) -> None:
    """The owner's goods, bought before, give him back what he paid, under his new number."""
    take(office, office.pen, sold(), paid_with(office, (ONE, 200 * R)))
    office.born(CertificateReplaced(certificate=ONE, into=OTHER), "office")
    take(office, Pen("t2"), paid_with(office, (ONE, 300 * R)))
    assert take(office, office.pen, back_of(2, (ONE, 200 * R))) == ["applied"]
    assert standing(office, OTHER)[0] == 1_000 * R and standing(office) == (0, 300 * R, "replaced")
    assert take(office, office.pen, back_of(1, (ONE, 300 * R), till="t2")) == ["applied"]
    assert standing(office, OTHER)[0] == 1_000 * R and standing(office) == (0, 0, "replaced")
    assert office.verdict().faults == ()


@pytest.mark.parametrize("parts", [((ONE, 301 * R),), ((OTHER, R),), ((ONE, 200 * R), (ONE, 101 * R))])
def test_never_more_comes_back_than_the_sale_took(office: Office, parts: tuple[tuple[str, int], ...]) -> None:
    take(office, office.pen, sold(), sold(OTHER), paid_with(office, (ONE, 300 * R)))
    more = replace(back_of(3, *parts), refund_kopecks=300 * R)
    assert take(office, office.pen, more) == ["more_than_was_used"]
    assert take(office, office.pen, back_of(3, (ONE, 100 * R)), back_of(3, (ONE, 200 * R))) == ["applied"] * 2
    assert take(office, office.pen, back_of(3, (ONE, 1))) == ["more_than_was_used"]
    assert standing(office)[0] == 1_000 * R and office.verdict().faults == ()
    assert [cost for _, cost in cases(office, "refused")] == [0, 0]


def test_what_came_back_at_two_tills_fills_every_certificate_of_the_receipt(office: Office) -> None:
    """Each till fills the first one first, for it has not heard of the other's return."""
    take(office, office.pen, sold(kopecks=300 * R), sold(OTHER), paid_with(office, (ONE, 300 * R), (OTHER, 700 * R)))
    first, second = (back_of(3, (ONE, 250 * R)) for _ in range(2))
    assert take(office, office.pen, first) == take(office, Pen("t2"), second) == ["applied"]
    assert (standing(office)[0], standing(office, OTHER)[0]) == (300 * R, 500 * R), "also onto one that it did not name"
    half = back_of(3, (ONE, 300 * R), (OTHER, 100 * R))
    assert take(office, Pen("t3"), half) == ["applied"]
    assert (standing(office)[0], standing(office, OTHER)[0]) == (300 * R, 900 * R)
    assert take(office, office.pen, back_of(3, (OTHER, 100 * R + 1))) == ["more_than_was_used"]
    assert take(office, office.pen, back_of(3, (OTHER, 100 * R))) == ["applied"]
    assert office.verdict().faults == () and cases(office) == []


def test_a_number_is_sold_once(office: Office) -> None:
    assert take(office, office.pen, sold(), sold(kopecks=5)) == ["applied", "certificate_sold_before"]
    assert office.born(CertificateReplaced(certificate=ONE, into=OTHER), "office") == "applied"
    assert take(office, office.pen, sold(OTHER), sold(ONE)) == ["certificate_sold_before"] * 2
    assert take(office, office.pen, sold(THIRD)) == ["applied"]
    assert office.born(CertificateReplaced(certificate=THIRD, into=OTHER), "office") == "certificate_sold_before"
    assert office.verdict().faults == ()


def test_what_nobody_sold_is_not_refunded_and_not_replaced(office: Office) -> None:
    take(office, office.pen, paid_with(office, (ONE, R)))
    for body in (CertificateRefunded(certificate=ONE, kopecks=1), CertificateReplaced(certificate=ONE, into=OTHER)):
        assert take(office, office.pen, body) == ["certificate_unknown"]
    take(office, office.pen, sold(THIRD), paid_with(office, (THIRD, 1_000 * R)))
    assert take(office, office.pen, CertificateReplaced(certificate=THIRD, into=OTHER)) == ["certificate_empty"]
    assert office.verdict().faults == ()


def test_one_that_is_blocked_before_the_hub_hears_of_its_sale_stays_so(office: Office) -> None:
    assert take(office, Pen("t2"), CertificateBlocked(certificate=ONE)) == ["applied"]
    assert take(office, office.pen, sold()) == ["applied"] and standing(office) == (1_000 * R, 0, "blocked")
    assert office.verdict().faults == ()


def test_a_given_one_ends_and_a_paid_one_never_does(office: Office) -> None:
    office.take(sold(), pen=office.pen)
    assert office.born(sold(OTHER, paid=False, until=LATER, reason="an apology"), "office") == "applied"
    assert office.born(CertificateEnded(certificate=ONE, kopecks=1)) == "certificate_paid"
    assert office.born(CertificateEnded(certificate=OTHER, kopecks=1)) == "certificate_not_over"
    assert office.born(CertificateRefunded(certificate=OTHER, kopecks=1), "office") == "certificate_given"
    office.now = NOW + timedelta(days=30)
    assert take(office, office.pen, paid_with(office, (OTHER, R))) == ["applied"]
    assert cases(office) == [(f"ended:{OTHER}", R)]
    assert office.born(CertificateReplaced(certificate=OTHER, into=THIRD), "office") == "certificate_ended"
    assert office.born(CertificateEnded(certificate=OTHER, kopecks=1_000 * R + 1)) == "certificate_more_than_left"
    assert office.born(CertificateEnded(certificate=OTHER, kopecks=1_000 * R)) == "applied"
    assert take(office, office.pen, CertificateEnded(certificate=OTHER, kopecks=1)) == ["not_from_a_till"]
    assert standing(office, OTHER) == (0, R, "open") and entries(office)["given"] == -1_000 * R
    assert office.verdict().faults == ()


def test_a_certificate_of_another_programme_pays_nothing_here(office: Office) -> None:
    office.take(sold(), pen=office.pen)
    sale = paid_with(office, (ONE, R))
    assert office.take(sale, pen=Pen("t2"), programme="perekrestok") == ["applied"]
    assert cases(office) == [(f"other_programme:{ONE}", R)] and standing(office) == (1_000 * R, R, "open")
    assert office.verdict().faults == ()


def test_certificates_of_the_pos_itself_are_its_own_business(office: Office) -> None:
    tenders = tuple(Tender(kind="certificate", kopecks=5, id=id) for id in (None, "GIFT-17", "17", "٣" * 16))
    assert office.take(office.sale(None, tenders=(*tenders, Tender(kind="card", kopecks=5, id=ONE)))) == ["applied"]
    assert office.rows("SELECT * FROM certificates") == [] and office.verdict().faults == ()


def test_a_refused_receipt_leaves_the_certificate_as_it_was_and_says_what_that_costs(office: Office) -> None:
    office.take(sold(), pen=office.pen)
    sale = paid_with(office, (ONE, 300 * R))
    stranger = office.sale("nobody", earned=5, tenders=sale.tenders)
    assert office.take(stranger) == ["unknown_member"]
    assert standing(office) == (1_000 * R, 0, "open") and cases(office, "refused") == [("unknown_member", 300 * R)]


def test_a_batch_told_again_does_nothing_twice(office: Office) -> None:
    texts = [office.pen.write(body) for body in (sold(), paid_with(office, (ONE, 300 * R)))]
    for _ in range(3):
        assert [answer.result for answer in office.hub.take("t1", texts).answers] == ["applied"] * 2
    assert standing(office) == (700 * R, 0, "open")


TAMPERED = {
    "UPDATE certificates SET remaining = remaining + 1 WHERE number = '{one}'": "certificate left of {one}",
    "UPDATE certificates SET beyond = 5 WHERE number = '{one}'": "certificate beyond of {one}",
    "UPDATE certificates SET face = 5 WHERE number = '{one}'": "certificate face of {one}",
    "UPDATE certificates SET store = 's9' WHERE number = '{one}'": "certificate made {one}",
    "UPDATE certificates SET paid = 0 WHERE number = '{one}'": "certificate made {one}",
    "UPDATE certificates SET state = 'blocked' WHERE number = '{one}'": "certificate blocked {one}: no operation",
    "UPDATE certificates SET state = 'open' WHERE number = '{third}'": "certificate blocked {third}: an operation",
    "UPDATE certificates SET successor = '{one}' WHERE number = '{other}'": "certificate replaced {other}",
    "DELETE FROM certificates WHERE number = '{one}'": "certificate left of {one}",
    "UPDATE certificate_entries SET kopecks = kopecks + 1 WHERE account = 'used'": "kopecks, the operation",
    "UPDATE certificate_entries SET kopecks = kopecks + 1 WHERE account = 'sold'": "sum to +1",
    "UPDATE certificate_entries SET account = 'given' WHERE account = 'sold'": "given: -100000",
    "UPDATE certificate_entries SET certificate = '{third}' WHERE certificate = '{one}'": "does not move {third} so",
    "UPDATE certificate_entries SET sequence = 99 WHERE sequence = 1": "no operation says so",
    "DELETE FROM certificate_entries WHERE sequence = 1": "kopecks, the operation says",
    "UPDATE certificate_entries SET account = 'beyond' WHERE account = 'certificate' AND sequence = 3": "left of {one}",
    "UPDATE operations SET reason = 'unknown_card' WHERE sequence = 3": "the operation was refused",
}


def test_verify_sees_what_somebody_did_to_certificates(office: Office, tmp_path: Path) -> None:
    names = {"one": ONE, "other": OTHER, "third": THIRD}
    bodies = (
        sold(),
        sold(OTHER),
        paid_with(office, (ONE, 300 * R)),
        CertificateBlocked(certificate=THIRD),
        CertificateReplaced(certificate=OTHER, into=certificate_number(9)),
        back_of(3, (ONE, 100 * R)),
    )
    assert take(office, office.pen, *bodies) == ["applied"] * len(bodies)
    assert office.verdict().faults == ()
    office.hub.close()
    right = office.path.read_bytes()
    for statement, wanted in TAMPERED.items():
        office.path.write_bytes(right)
        office.tamper(statement.format(**names))
        with closing(SqliteStore(office.path)) as store:
            faults = verify(store, office.hub.zone_of).faults
        assert any(wanted.format(**names) in fault for fault in faults), (statement, faults)


def test_verify_sees_more_that_came_back_than_was_used(office: Office) -> None:
    """Though every entry fits its own operation."""
    take(office, office.pen, sold(), paid_with(office, (ONE, 300 * R)), back_of(2, (ONE, 300 * R)))
    text = office.rows("SELECT text FROM operations WHERE sequence = 2")[0][0].replace(
        '"kopecks":30000', '"kopecks":20000'
    )
    digest = hash_operation(text)
    office.tamper(
        f"UPDATE operations SET text = '{text}', hash = '{digest}' WHERE sequence = 2",
        "UPDATE certificate_entries SET kopecks = kopecks / 3 * 2 WHERE sequence = 2",
        "UPDATE certificates SET remaining = remaining + 10000",
    )
    assert any("more came back onto certificate" in fault for fault in office.verdict().faults)


# whatever happens

NUMBERS = tuple(certificate_number(n) for n in range(4))
WHICH, KOPECKS = st.sampled_from(NUMBERS), st.integers(1, 50)
STEP = st.one_of(
    st.tuples(st.just("sold"), WHICH, KOPECKS),
    st.tuples(st.just("given"), WHICH, KOPECKS),
    st.tuples(st.just("use"), st.lists(st.tuples(WHICH, KOPECKS), min_size=1, max_size=3)),
    st.tuples(st.just("back"), st.integers(0, 9), KOPECKS),
    st.tuples(st.just("refund"), WHICH, KOPECKS),
    st.tuples(st.just("block"), WHICH, st.just(0)),
    st.tuples(st.just("replace"), WHICH, WHICH),
    st.tuples(st.just("end"), WHICH, KOPECKS),
    st.tuples(st.just("later"), st.integers(1, 20), st.just(0)),
)


def body_of(office: Office, step: tuple[Any, ...], sales: list[tuple[str, int, Any]]) -> Any:
    """What a till says; None: nothing."""
    match step:
        case ("sold", number, kopecks):
            return sold(number, kopecks)
        case ("given", number, kopecks):
            return sold(number, kopecks, paid=False, until=utc_text(NOW + timedelta(days=10)))
        case ("use", parts):
            return paid_with(office, *parts)
        case ("back", which, kopecks) if sales:
            till, sequence, sale = sales[which % len(sales)]
            return back_of(sequence, (sale.tenders[which % len(sale.tenders)].id, kopecks), till=till)
        case ("refund", number, kopecks):
            return CertificateRefunded(certificate=number, kopecks=kopecks)
        case ("block", number, _):
            return CertificateBlocked(certificate=number)
        case ("replace", number, into) if number != into:
            return CertificateReplaced(certificate=number, into=into)
    return None


@settings(max_examples=15, deadline=None, print_blob=True)
@given(story=st.lists(st.tuples(st.integers(0, 1), STEP), max_size=25), cut=st.integers(1, 4))
def test_no_story_ends_or_loses_a_paid_ruble(
    open_office: Callable[[Path], Office], story: list[tuple[int, tuple[Any, ...]]], cut: int
) -> None:
    """Sold and given = left + used − returned + refunded + ended, of all and of each family of numbers; what ends was
    given; what the shop bears stands apart. `cut`: so many operations come in one batch."""
    with tempfile.TemporaryDirectory() as folder:
        office = open_office(Path(folder) / "hub.db")
        pens, sales = [Pen("t0"), Pen("t1")], list[tuple[str, int, Any]]()
        waiting: dict[str, list[str]] = {"t0": [], "t1": []}

        def push(till: str) -> None:
            office.hub.take(till, waiting[till])
            waiting[till] = []

        for which, step in story:
            pen = pens[which]
            if step[0] == "later":
                office.now += timedelta(days=step[1])
            elif step[0] == "end":
                office.born(CertificateEnded(certificate=step[1], kopecks=step[2]))
            elif (body := body_of(office, step, sales)) is not None:
                waiting[pen.till].append(pen.write(body, at=office.now))
                if step[0] == "use":
                    sales.append((pen.till, pen.sequence, body))
                if len(waiting[pen.till]) >= cut:
                    push(pen.till)
        for till in waiting:
            push(till)
        check_conserved(office)
        for number, account in office.rows("SELECT DISTINCT certificate, account FROM certificate_entries"):
            if account == "ended":
                assert office.rows(f"SELECT paid FROM certificates WHERE number = '{number}'") == [(0,)]
        paid = [number for (number,) in office.rows("SELECT number FROM certificates WHERE paid = 1")]
        if paid:
            check_conserved(office, paid)
            assert entries(office, *paid)["ended"] == 0
        assert office.verdict().faults == ()
        office.hub.close()
