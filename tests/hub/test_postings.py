"""What each operation does to the books: double entries, lots, debt, cards, coupons, or a refusal that does nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from loyalty.bodies import (
    Body,
    ClawedBack,
    Grant,
    MemberJoined,
    MemberRegistered,
    OperationRef,
    Restored,
    Return,
    ReturnedLine,
)
from loyalty.effects import lot_id
from loyalty.operation import utc_text
from loyalty.snapshot import SpentDay
from tests.hub.conftest import AA, BB, Office, Pen

# postings


def test_accrued_points_come_from_the_programme_as_a_lot(office: Office) -> None:
    office.join()
    starts, ends = "2026-03-03T00:00:00.000000+00:00", "2026-06-01T00:00:00.000000+00:00"
    office.take(office.sale(earned=30, accrued_active_from=starts, accrued_expires_at=ends))
    assert office.postings() == [("member", "anna", 30), ("issued", "alenka", -30)]
    assert office.rows("SELECT member, lot, granted, remaining, active_from, expires_at FROM lots") == [
        ("anna", lot_id("t1", 1, 1), 30, 30, starts, ends)
    ]


def test_redeemed_points_go_back_to_the_programme(office: Office) -> None:
    office.join(points=100)
    office.take(office.sale(spent=40))
    assert office.postings() == [("member", "anna", -40), ("redeemed", "alenka", 40)]
    assert office.balance() == 60


def test_a_receipt_is_paid_with_the_points_that_were_there_before_it(office: Office) -> None:
    office.join(points=10)
    office.take(office.sale(spent=10, earned=7))
    assert office.postings() == [
        ("member", "anna", -10),
        ("member", "anna", 7),
        ("redeemed", "alenka", 10),
        ("issued", "alenka", -7),
    ]
    assert office.lots() == [(10, 0), (7, 7)]


@pytest.mark.parametrize("kind", ["nothing", "issued", "reissued", "joined", "registered"])
def test_what_moves_no_points_posts_nothing(office: Office, kind: str) -> None:
    office.join()
    bodies: dict[str, Body] = {
        "nothing": office.sale(),
        "issued": office.issued("c1", "new"),
        "reissued": office.reissued("cardanna", "c1"),
        "joined": MemberJoined(member="boris", card=None, registered=False),
        "registered": MemberRegistered(member="anna"),
    }
    if kind in ("joined", "registered"):
        assert office.born(bodies[kind]) == "applied"
    else:
        assert office.take(bodies[kind]) == ["applied"]
    assert office.rows("SELECT * FROM entries") == [] and office.verdict().faults == ()


def test_a_grant_is_a_lot_of_the_hubs_own(office: Office) -> None:
    office.join()
    office.grant(150, days=90)
    assert office.postings() == [("member", "anna", 150), ("issued", "alenka", -150)]
    assert office.rows("SELECT lot, granted, expires_at FROM lots") == [
        (lot_id("hub", 1, 2), 150, utc_text(office.NOW + timedelta(days=90)))
    ]


def test_every_operation_sums_to_zero(office: Office) -> None:
    office.join(points=20)
    office.take(office.sale(spent=50, earned=7), office.sale(spent=1), office.sale(earned=90), office.sale(spent=30))
    office.grant(5)
    sums = office.rows("SELECT chain, sequence, sum(points) FROM entries GROUP BY chain, sequence")
    assert len(sums) == 6 and {total for _, _, total in sums} == {0}
    assert office.balance() == 20 - 50 + 7 - 1 + 90 - 30 + 5
    assert office.verdict().faults == ()


# lots are burnt in the order in which they would die


def test_what_dies_first_is_spent_first(office: Office) -> None:
    office.join()
    office.grant(10)  # for ever
    office.grant(20, days=30)
    office.grant(30, days=10)
    office.grant(40, days=20)
    office.take(office.sale(spent=50))
    assert office.lots() == [(10, 10), (20, 20), (30, 0), (40, 20)]
    office.take(office.sale(spent=45))
    assert office.lots() == [(10, 5), (20, 0), (30, 0), (40, 0)]


def test_of_two_that_die_together_the_older_number_is_spent_first(office: Office) -> None:
    """Ten and more of them: a lot's number counts as a number, not as a text."""
    office.join()
    for _ in range(12):
        office.grant(1)
    office.take(office.sale(spent=10))
    assert [rest for _, rest in office.lots()] == [0] * 10 + [1, 1]


def test_points_that_are_dead_or_not_yet_alive_pay_nothing(office: Office) -> None:
    """They were printed as redeemed all the same: the member owes them."""
    office.join()
    office.grant(10, start=-20, days=5)
    office.grant(20, start=5)
    office.grant(30, days=1)
    office.take(office.sale(spent=33))
    assert office.lots() == [(10, 10), (20, 20), (30, 0)]
    assert office.postings()[1] == ("debt", "anna", -3) and office.balance() == 17


def test_a_lot_lives_until_just_before_its_end(office: Office) -> None:
    office.join()
    office.grant(10, days=1)
    office.take(office.sale(spent=1), at=office.NOW + timedelta(days=1, microseconds=-1))
    office.take(office.sale(spent=1), at=office.NOW + timedelta(days=1))
    assert office.lots() == [(10, 9)] and office.postings()[0] == ("debt", "anna", -1)


# debt


def test_what_the_lots_do_not_cover_becomes_debt_and_the_next_points_pay_it(office: Office) -> None:
    office.join(points=30)
    office.take(office.sale(spent=100))
    assert office.postings() == [("member", "anna", -30), ("debt", "anna", -70), ("redeemed", "alenka", 100)]
    assert office.balance() == -70
    office.take(office.sale(earned=50))
    assert office.postings() == [("debt", "anna", 50), ("issued", "alenka", -50)]
    assert office.balance() == -20 and office.lots() == [(30, 0), (50, 0)]
    office.take(office.sale(earned=50))
    assert office.postings() == [("member", "anna", 30), ("debt", "anna", 20), ("issued", "alenka", -50)]
    assert office.balance() == 30 and office.lots()[-1] == (50, 30)
    assert office.verdict().faults == ()


def test_a_debtor_can_get_deeper_into_debt(office: Office) -> None:
    office.join()
    office.take(office.sale(spent=5), office.sale(spent=6))
    assert office.balance() == -11 and office.verdict().faults == ()


# cards


def test_an_issued_card_makes_a_member_who_is_not_registered(office: Office) -> None:
    assert office.take(office.issued("c1", "new"), office.sale("new", earned=3)) == ["applied", "applied"]
    assert office.cards("new") == {"c1": "issued"} and office.balance("new") == 3
    assert office.rows("SELECT registered FROM members") == [(0,)]


@pytest.mark.parametrize(
    ("registered", "before", "after"),
    [
        (True, "active", "active"),
        (False, "issued", "issued"),
        (False, "pending", "pending"),
        (True, "blocked", "active"),
        (False, "blocked", "issued"),
    ],
)
def test_a_reissued_card_takes_status_and_balance_along(
    office: Office, registered: bool, before: str, after: str
) -> None:
    """Lost cards are often blocked already; the new one is as good as its member."""
    office.join(points=70, registered=registered)
    office.tamper(f"UPDATE cards SET status = '{before}'")
    assert office.take(office.reissued("cardanna", "c2")) == ["applied"]
    assert office.cards() == {"c2": after, "cardanna": "replaced"} and office.balance() == 70
    assert office.rows("SELECT successor FROM cards WHERE number = 'cardanna'") == [("c2",)]
    assert office.verdict().faults == ()


def test_a_card_can_be_reissued_again_and_again_but_each_once(office: Office) -> None:
    office.join()
    assert office.take(office.reissued("cardanna", "c2"), office.reissued("c2", "c3")) == ["applied"] * 2
    assert office.take(office.reissued("cardanna", "c4")) == ["card_already_replaced"]
    assert office.cards() == {"c2": "replaced", "c3": "active", "cardanna": "replaced"}


def test_refusals_have_their_reason_and_do_nothing(office: Office, new_pen: type[Pen]) -> None:
    office.join(points=9)
    office.join("boris", programme="perekrestok")
    office.join("vera")
    tables = ("members", "cards", "entries", "lots", "changes WHERE kind <> 'case'")
    before = [office.rows(f"SELECT * FROM {table}") for table in tables]
    refused: dict[str, list[Body]] = {
        "unknown_member": [office.sale("nobody", spent=5), office.sale("boris"), office.reissued("x", "y", "nobody")],
        "card_taken": [office.issued("cardanna", "new"), office.reissued("cardanna", "cardvera")],
        "member_exists": [office.issued("c1", "anna")],
        "unknown_card": [office.reissued("c8", "c9"), office.reissued("cardvera", "c9")],
        "not_from_a_till": [
            Grant(member="anna", points=1, reason="r", active_from=utc_text(office.NOW)),
            MemberJoined(member="eve", card=None, registered=True),
            MemberRegistered(member="anna"),
        ],
    }
    for reason, bodies in refused.items():
        for body in bodies:
            assert office.take(body) == [reason], body
    after = [office.rows(f"SELECT * FROM {table}") for table in tables]
    assert after == before and office.verdict().faults == ()
    assert office.take(office.sale(spent=9)) == ["applied"], "the till goes on"


def test_a_sale_with_a_card_that_was_issued_anew_is_the_cards_owners(office: Office) -> None:
    """A shop's till without a connection took somebody's card for a blank one: his points are not lost with it."""
    office.join(points=100)
    sale = office.sale("till-1-born", card="cardanna", earned=20, spent=30)
    assert office.take(office.issued("cardanna", "till-1-born"), sale) == ["card_taken", "applied"]
    assert office.balance() == 90 and office.snapshot().spent
    of = OperationRef(chain="t1", generation=1, sequence=2)
    line = ReturnedLine(id="1", quantity_m=1_000, refund_kopecks=1_000)
    back = Return(
        of=of,
        of_sale=office.number(),
        member="till-1-born",
        card="cardanna",
        sold_at=utc_text(office.NOW),
        lines=(line,),
        refund_kopecks=1_000,
        qualifying_kopecks=1_000,
        restored=Restored(points=30),
        clawed_back=ClawedBack(points=20),
    )
    assert office.take(back) == ["applied"]
    assert office.balance() == 100
    assert office.verdict().faults == ()


def test_a_member_who_is_nobody_is_refused_where_no_card_says_whose_it_is(office: Office) -> None:
    office.join(points=9)
    assert office.take(office.sale("nobody", card="cardx", earned=5)) == ["unknown_member"]
    assert office.take(office.sale("nobody", card="cardanna")) == ["applied"], "nothing moved, and he bought it"
    assert office.snapshot().spent == (SpentDay(day="2026-03-02", kopecks=1_000),)
    assert office.verdict().faults == ()


def test_what_a_member_bought_is_added_up(office: Office) -> None:
    office.join()
    """R09: what counts is what earns; a certificate that was bought does not."""
    bought = (12_345, 0, 55)
    office.take(*(office.sale(total_kopecks=99_999, qualifying_kopecks=kopecks) for kopecks in bought))
    assert office.snapshot().spent == (SpentDay(day="2026-03-02", kopecks=12_400),)


# coupons


def test_a_coupon_that_was_honoured_twice_is_kept_as_a_conflict(office: Office, new_pen: type[Pen]) -> None:
    """Two tills without a network could not know; both receipts stand."""
    office.join()
    assert office.take(office.sale(coupons=(AA, BB))) == ["applied"]
    assert office.take(office.sale(coupons=(AA,)), pen=new_pen("t2")) == ["applied"]
    assert office.take(office.sale(coupons=(AA,)), pen=new_pen("t3")) == ["applied"]
    assert office.rows("SELECT serial, chain FROM used_coupons ORDER BY serial") == [(AA, "t1"), (BB, "t1")]
    assert office.rows("SELECT serial, chain FROM coupon_conflicts ORDER BY chain") == [(AA, "t2"), (AA, "t3")]
    verdict = office.verdict()
    assert verdict.coupon_conflicts == 2 and verdict.faults == ()


def test_a_sale_told_again_is_no_conflict(office: Office) -> None:
    office.join()
    text = office.pen.write(office.sale(coupons=(AA,)))
    for _ in range(2):
        office.hub.take("t1", [text])
    assert office.rows("SELECT * FROM coupon_conflicts") == []
