"""What the newer kinds do to the books: returns, cards, merges, corrections, points that die; and late sales."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from loyalty.bodies import (
    Adjustment,
    CardBlocked,
    CardMadeVirtual,
    CardUnblocked,
    ClawedBack,
    Expiry,
    LotEnd,
    LotPoints,
    MemberMerged,
    MemberRegistered,
    OperationRef,
    Redeemed,
    Restored,
    Return,
    ReturnedLine,
    Sale,
)
from loyalty.effects import lot_id
from loyalty.kinds import KIND_OF
from loyalty.operation import utc_text
from tests.hub.conftest import AA, BB, Office, Pen


def lots(office: Office, member: str = "anna") -> list[tuple[int, int, int]]:
    """Granted, remaining, expired; oldest first."""
    rows: list[tuple[int, int, int]] = office.rows(
        f"SELECT granted, remaining, expired FROM lots WHERE member = '{member}' ORDER BY lot"
    )
    return rows


def born(office: Office, body: Any, chain: str = "hub") -> str:
    return office.born(body, chain)


def expire(office: Office, **points: int) -> str:
    """The hub's job, by hand: the lots of the hub's operations of these numbers (`h3`) died with so many points."""
    parts = tuple(
        LotPoints(lot=lot_id("hub", 1, int(name.removeprefix("h"))), points=count) for name, count in points.items()
    )
    return born(office, Expiry(member="anna", lots=parts))


def back(office: Office, sale: int = 1, *, restored: int = 0, clawed: int = 0, dead_until: str | None = None) -> Return:
    return Return(
        of=OperationRef(chain="t1", generation=1, sequence=sale),
        sold_at=utc_text(office.NOW),
        member="anna",
        lines=(ReturnedLine(id="1", quantity_m=1000, refund_kopecks=100),),
        refund_kopecks=100,
        qualifying_kopecks=100,
        restored=Restored(points=restored, dead_until=dead_until),
        clawed_back=ClawedBack(points=clawed),
    )


# points that die


def test_an_expiry_takes_what_died_and_keeps_it_in_mind(office: Office) -> None:
    office.join()
    office.grant(30, days=5)
    office.now += timedelta(days=5)
    assert expire(office, h2=30) == "applied"
    assert office.postings() == [("expired", "alenka", 30), ("member", "anna", -30)]
    assert lots(office) == [(30, 0, 30)] and office.balance() == 0 and office.verdict().faults == ()


@pytest.mark.parametrize(
    ("points", "days", "reason"), [(30, 4, "not_dead_yet"), (31, 5, "not_that_many_points"), (1, 5, "applied")]
)
def test_points_do_not_die_before_their_end_nor_more_than_there_are(
    office: Office, points: int, days: int, reason: str
) -> None:
    office.join()
    office.grant(30, days=5)
    office.now += timedelta(days=days)
    assert expire(office, h2=points) == reason and office.verdict().faults == ()


def test_a_sale_from_before_the_end_finds_the_points_that_expired_since(office: Office) -> None:
    """A till without a network sold on the 4th; on the 5th the points died; on the 6th the sale came."""
    office.join()
    office.grant(100)  # for ever
    office.grant(30, days=5)
    office.now += timedelta(days=5)
    expire(office, h3=30)
    assert office.take(office.sale(spent=40), at=office.NOW + timedelta(days=4)) == ["applied"]
    assert lots(office) == [(100, 90, 0), (30, 0, 0)], "first what died first, then the rest"
    assert ("expired", "alenka", -30) in office.postings() and ("redeemed", "alenka", 40) in office.postings()
    assert office.snapshot().debt == 0 and office.verdict().faults == ()


def test_only_as_much_of_an_expiry_is_reversed_as_was_spent(office: Office) -> None:
    office.join()
    office.grant(30, days=5)
    office.now += timedelta(days=5)
    expire(office, h2=30)
    office.take(office.sale(spent=7), office.sale(spent=8), at=office.NOW + timedelta(days=4))
    assert lots(office) == [(30, 0, 15)] and office.balance() == 0 and office.verdict().faults == ()
    office.take(office.sale(spent=20), at=office.NOW + timedelta(days=4))
    assert lots(office) == [(30, 0, 0)] and office.balance() == -5, "debt only where points were missing then"


def test_a_sale_at_or_after_the_end_does_not_find_them(office: Office) -> None:
    office.join()
    office.grant(30, days=5)
    office.now += timedelta(days=5)
    expire(office, h2=30)
    office.take(office.sale(spent=7), at=office.NOW + timedelta(days=5))
    assert lots(office) == [(30, 0, 30)] and office.balance() == -7 and office.verdict().faults == ()


def test_a_late_sale_brings_its_own_points_with_their_own_life(office: Office) -> None:
    office.join()
    ends = utc_text(office.NOW + timedelta(days=5))
    office.now += timedelta(days=9)
    office.take(office.sale(earned=20, accrued_expires_at=ends), at=office.NOW + timedelta(days=4))
    assert lots(office) == [(20, 20, 0)] and office.balance() == 0 and office.snapshot().lots == ()
    office.take(office.sale(spent=5), at=office.NOW + timedelta(days=4, hours=1))
    assert lots(office) == [(20, 15, 0)] and office.snapshot().debt == 0


# returns


def test_a_return_gives_points_back_to_the_lots_they_came_from_newest_taken_first(office: Office) -> None:
    office.join()
    office.grant(10)
    office.grant(20, days=5)
    office.grant(30, days=9)
    office.take(office.sale(spent=45, earned=3))
    assert lots(office) == [(10, 10, 0), (20, 0, 0), (30, 5, 0), (3, 3, 0)]
    assert office.take(back(office, restored=30, clawed=1)) == ["applied"]
    assert lots(office) == [(10, 10, 0), (20, 5, 0), (30, 30, 0), (3, 2, 0)]
    assert office.take(back(office, restored=15, clawed=2)) == ["applied"]
    assert lots(office) == [(10, 10, 0), (20, 20, 0), (30, 30, 0), (3, 0, 0)]
    assert office.snapshot().spent[0].kopecks == 1_000 - 200 and office.verdict().faults == ()


@pytest.mark.parametrize(("days", "left"), [(30, 45), (None, 15)])
def test_points_whose_lot_has_died_come_back_with_some_grace_or_not_at_all(
    office: Office, days: int | None, left: int
) -> None:
    """EX-L1."""
    office.join()
    office.grant(30, days=5)
    office.grant(15, days=50)
    office.take(office.sale(spent=45))
    office.now += timedelta(days=6)
    until = utc_text(office.now + timedelta(days=days)) if days else None
    assert office.take(back(office, restored=45, dead_until=until), at=office.now) == ["applied"]
    assert office.balance() == left and office.verdict().faults == ()
    if days:
        assert [(lot.points, lot.expires_at) for lot in office.snapshot().lots] == [
            (30, until),
            (15, utc_text(office.NOW + timedelta(days=50))),
        ]


def test_a_return_of_what_was_a_debt_pays_the_debt(office: Office) -> None:
    office.join(points=10)
    office.take(office.sale(spent=25))
    assert office.balance() == -15
    office.take(back(office, restored=25))
    assert office.balance() == 10 and office.snapshot().debt == 0 and office.verdict().faults == ()


def test_what_cannot_be_returned_is_refused_and_does_nothing(office: Office) -> None:
    office.join(points=50)
    office.take(office.sale(spent=20), office.sale("nobody", spent=5), office.issued("c1", "new"))
    before = office.rows("SELECT * FROM entries")
    assert office.take(back(office, restored=21)) == ["more_than_was_redeemed"]
    assert office.take(back(office, sale=2)) == ["unknown_sale"], "the hub refused that sale"
    assert office.take(back(office, sale=3)) == ["unknown_sale"], "no sale at all"
    assert office.take(back(office, sale=99)) == ["unknown_sale"]
    assert office.rows("SELECT * FROM entries") == before and office.verdict().faults == ()


def test_a_coupon_comes_back_with_the_whole_sale_that_used_it(office: Office) -> None:
    office.join()
    office.take(office.sale(coupons=(AA,)))
    cursor = office.hub.changes(till="t2", programme="alenka", after="", limit=99).cursor
    whole = back(office)
    office.take(Return(**{name: getattr(whole, name) for name in whole.__struct_fields__} | {"coupons": (AA, BB)}))
    page = office.hub.changes(till="t2", programme="alenka", after=cursor, limit=99)
    assert page.returned_coupons == (AA,) and page.used_coupons == () and office.verdict().faults == ()


@pytest.mark.parametrize("first", [True, False])
def test_a_coupon_of_two_sales_stays_used_until_neither_stands(office: Office, new_pen: type[Pen], first: bool) -> None:
    """It was honoured at two tills that could not know of each other; one of the sales comes back, then the other."""
    one, other = office.pen, new_pen("t2")
    for pen in (one, other):
        assert office.take(office.sale(None, coupons=(AA,)), pen=pen) == ["applied"]
    back_first, back_last = (one, other) if first else (other, one)
    cursor = office.hub.changes(till="t3", programme="alenka", after="", limit=99).cursor
    for pen, used in ((back_first, (AA,)), (back_last, ())):
        gone = replace(back(office), of=OperationRef(chain=pen.till, generation=1, sequence=1), member=None)
        assert office.take(replace(gone, coupons=(AA,)), pen=pen) == ["applied"]
        page = office.hub.changes(till="t3", programme="alenka", after=cursor, limit=99)
        assert page.used_coupons == used and office.verdict().faults == ()
    assert office.verdict().coupon_conflicts == 0


def test_a_return_is_held_against_its_sale(office: Office) -> None:
    """Of another's sale, of more than was earned, of more than was paid."""
    office.join(points=50)
    office.join("boris", points=5)
    office.take(office.sale(spent=20, earned=3))
    before = office.rows("SELECT * FROM entries")
    assert office.take(replace(back(office, restored=5), member="boris")) == ["not_whose_sale"]
    assert office.take(back(office, clawed=4)) == ["more_than_was_sold"]
    assert office.take(replace(back(office), refund_kopecks=10**9)) == ["more_than_was_sold"]
    assert office.rows("SELECT * FROM entries") == before and office.verdict().faults == ()


# sales that name only a card, or nobody


def test_a_movement_may_name_a_card_and_the_hub_knows_whose_it_is(office: Office) -> None:
    office.join(points=5)
    office.take(office.sale(None, earned=7, card="cardanna"), office.sale(None, earned=7, card="nobodys"))
    assert office.balance() == 12 and office.verdict().faults == ()


def test_a_sale_without_a_member_uses_its_right_up(office: Office, new_pen: type[Pen]) -> None:
    """R19: the second showing, at another till without a network, is a conflict."""
    assert office.take(office.sale(None, coupons=(AA,))) == ["applied"]
    assert office.take(office.sale(None, coupons=(AA,)), pen=new_pen("t2")) == ["applied"]
    verdict = office.verdict()
    assert (verdict.faults, verdict.coupon_conflicts, verdict.entries) == ((), 1, 0)
    assert office.take(office.sale(None, earned=1)) == ["unknown_member"]


@pytest.mark.parametrize("nowhere", [Redeemed(points=5, account="other"), Redeemed(points=5, currency="stickers")])
def test_an_account_or_a_currency_that_nobody_has_yet_is_refused(office: Office, nowhere: Redeemed) -> None:
    office.join(points=50)
    sale = office.sale(redeemed=nowhere)
    assert isinstance(sale, Sale)
    assert office.take(sale) == ["unknown_account"] and office.balance() == 50


# cards


def test_a_card_is_blocked_and_found_again(office: Office) -> None:
    office.join()
    assert office.take(CardBlocked(member="anna", card="cardanna")) == ["applied"]
    assert office.cards() == {"cardanna": "blocked"} and office.verdict().faults == ()
    assert office.take(CardUnblocked(member="anna", card="cardanna")) == ["applied"]
    assert office.cards() == {"cardanna": "active"} and office.verdict().faults == ()
    assert office.take(CardUnblocked(member="anna", card="cardanna")) == ["card_not_blocked"]
    assert office.take(CardBlocked(member="anna", card="nobodys")) == ["unknown_card"]


def test_an_unblocked_card_of_one_who_is_not_registered_still_may_not_redeem(office: Office) -> None:
    office.join(registered=False)
    office.take(CardBlocked(member="anna", card="cardanna"), CardUnblocked(member="anna", card="cardanna"))
    assert office.cards() == {"cardanna": "issued"}


def test_a_plastic_card_becomes_virtual_with_all_that_is_on_it(office: Office) -> None:
    """A31."""
    office.join(points=70)
    assert born(office, CardMadeVirtual(member="anna", old_card="cardanna", new_card="v1"), "account") == "applied"
    assert office.cards() == {"cardanna": "replaced", "v1": "active"} and office.balance() == 70
    assert office.take(CardBlocked(member="anna", card="cardanna")) == ["card_already_replaced"]
    assert office.verdict().faults == ()


def test_a_form_on_paper_is_pending_for_its_days_and_then_active_by_itself(office: Office) -> None:
    """P19."""
    office.join(registered=False)
    then = office.now + timedelta(days=20)
    assert born(office, MemberRegistered(member="anna", active_from=utc_text(then))) == "applied"
    (card,) = office.snapshot().cards
    assert (card.status, card.active_from) == ("pending", utc_text(then))
    office.now = then
    (card,) = office.snapshot().cards
    assert card.status == "active" and office.verdict().faults == ()
    office.take(office.reissued("cardanna", "c2"))
    assert {card.number: card.status for card in office.snapshot().cards} == {"c2": "active", "cardanna": "replaced"}


def test_p19_a_form_on_paper_waits_for_its_days_also_where_its_card_was_blocked_meanwhile(office: Office) -> None:
    then = office.now + timedelta(days=20)
    paper = MemberRegistered(member="anna", active_from=utc_text(then))
    block, free = CardBlocked(member="anna", card="cardanna"), CardUnblocked(member="anna", card="cardanna")
    office.join(registered=False)
    assert born(office, paper) == "applied"
    office.take(block, block, free)
    assert office.rows("SELECT status, active_from FROM cards") == [("pending", utc_text(then))]
    office.take(block, office.reissued("cardanna", "c2"))
    assert office.cards() == {"cardanna": "replaced", "c2": "pending"}
    office.take(CardBlocked(member="anna", card="c2"))
    assert born(office, MemberRegistered(member="anna")) == "applied"
    office.take(CardUnblocked(member="anna", card="c2"))
    assert office.cards()["c2"] == "active" and office.verdict().faults == ()


def test_p19_a_form_that_was_taken_while_the_card_was_blocked_waits_too(office: Office) -> None:
    office.join(registered=False)
    office.take(CardBlocked(member="anna", card="cardanna"))
    then = office.now + timedelta(days=20)
    assert born(office, MemberRegistered(member="anna", active_from=utc_text(then))) == "applied"
    office.take(CardUnblocked(member="anna", card="cardanna"))
    assert office.cards() == {"cardanna": "pending"}


# merges


def test_two_accounts_of_one_person_become_one(office: Office) -> None:
    office.join(points=30)
    office.join("twin", points=5)
    office.take(office.sale("twin", spent=20, coupons=()), office.sale(earned=4))
    assert (office.balance(), office.balance("twin")) == (34, -15)
    assert born(office, MemberMerged(member="twin", into="anna"), "office") == "applied"
    assert office.balance() == 19 and "twin" not in office.hub.balances("alenka")
    assert set(office.cards()) == {"cardanna", "cardtwin"}
    assert office.snapshot().spent[0].kopecks == 2_000 and office.snapshot().redeemed[0].points == 20
    gone = office.snapshot("twin")
    assert (gone.status, gone.lots, gone.cards, gone.debt) == ("merged", (), (), 0)
    assert office.verdict().faults == ()


def test_what_a_till_tells_of_the_old_member_goes_to_the_new_one(office: Office) -> None:
    office.join(points=30)
    office.join("twin")
    born(office, MemberMerged(member="twin", into="anna"))
    office.take(office.sale("twin", earned=7), office.sale("twin", spent=10), office.reissued("cardtwin", "c9", "twin"))
    assert office.balance() == 27 and office.cards()["c9"] == "active" and office.verdict().faults == ()
    assert born(office, MemberMerged(member="twin", into="anna")) == "same_member"
    assert born(office, MemberMerged(member="nobody", into="anna")) == "unknown_member"


def test_who_went_into_another_goes_on_with_him_by_his_old_name_in_one_piece_of_work(office: Office) -> None:
    office.join(points=30)
    office.join("twin", points=5)
    office.join("third", points=2)
    office.take(office.sale(spent=10), office.sale("twin", spent=1))
    said = (MemberMerged(member="twin", into="anna"), MemberMerged(member="twin", into="third"))
    assert [answer.result for answer in office.hub.bear("alenka", *said)] == ["applied", "applied"]
    assert office.balance("third") == 26 and set(office.cards("third")) == {"cardanna", "cardtwin", "cardthird"}
    assert office.snapshot("third").redeemed[0].points == 11 and office.snapshot("anna").status == "merged"
    assert office.verdict().faults == ()


# corrections


@pytest.mark.parametrize(("points", "balance", "debt"), [(25, 75, 0), (-20, 30, 0), (-70, -20, 20)])
def test_a_correction_by_hand(office: Office, points: int, balance: int, debt: int) -> None:
    office.join(points=50)
    assert born(office, Adjustment(member="anna", points=points, reason="complaint 7"), "office") == "applied"
    assert (office.balance(), office.snapshot().debt) == (balance, debt)
    assert ("adjusted", "alenka", -points) in office.postings() and office.verdict().faults == ()


def test_an_operation_may_move_the_end_of_a_lot_and_bring_it_back_to_life(office: Office) -> None:
    office.join()
    office.grant(30, days=5)
    office.now += timedelta(days=5)
    expire(office, h2=30)
    later = utc_text(office.now + timedelta(days=10))
    end = LotEnd(lot=lot_id("hub", 1, 2), expires_at=later)
    assert born(office, Adjustment(member="anna", reason="holidays", ends=(end,)), "office") == "applied"
    assert lots(office) == [(30, 30, 0)] and office.balance() == 30 and office.verdict().faults == ()
    assert office.snapshot().lots[0].expires_at == later
    nowhere = LotEnd(lot=lot_id("hub", 1, 77), expires_at=None)
    for wrong in (nowhere, LotEnd(lot="nonsense", expires_at=None)):
        assert born(office, Adjustment(member="anna", reason="r", ends=(wrong,)), "office") == "unknown_lot"


# who may say what


@pytest.mark.parametrize(
    ("body", "chain", "reason"),
    [
        (Expiry(member="anna", lots=()), "office", "not_from_the_office"),
        (MemberRegistered(member="anna"), "account", "applied"),
        (CardUnblocked(member="anna", card="cardanna"), "account", "not_from_the_account"),
        (CardBlocked(member="anna", card="cardanna"), "hub", "not_from_the_hub"),
    ],
)
def test_each_chain_says_what_it_may(office: Office, body: Any, chain: str, reason: str) -> None:
    office.join()
    assert born(office, body, chain) == reason and office.verdict().faults == ()


def test_chains_are_counted_each_by_itself(office: Office) -> None:
    office.join()
    for chain in ("office", "account", "office"):
        born(office, CardBlocked(member="anna", card="cardanna"), chain)
    assert office.rows("SELECT chain, sequence FROM chains ORDER BY chain") == [
        ("account", 1),
        ("hub", 1),
        ("office", 2),
    ]
    assert office.verdict().faults == ()


def test_a_reserved_kind_is_refused_with_its_reason_and_the_till_goes_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.join()
    reserved = dataclasses.replace(KIND_OF[CardBlocked], reserved=True)
    monkeypatch.setitem(KIND_OF, CardBlocked, reserved)  # type: ignore[misc]
    assert office.take(CardBlocked(member="anna", card="cardanna"), office.sale(earned=4)) == [
        "kind_reserved",
        "applied",
    ]
    assert office.balance() == 4 and office.verdict().faults == ()
