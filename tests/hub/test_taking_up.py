"""A card that went out at a till without a connection, and was shown at another that told the hub first: what its
papers promised is the member's once the hub hears whose the card is, and once only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hub.cases.settling import Decision, settle
from hub.jobs.running import Running
from hub.jobs.table import JOBS
from hub.people.claims import claim
from hub.people.orders import Order
from hub.store.records import CaseKey, Place
from hub.taking_up import GIVES
from loyalty.bodies import (
    Accrued,
    Body,
    CardIssued,
    CardLinked,
    CardMadeVirtual,
    ClawedBack,
    MemberJoined,
    OperationRef,
    Return,
    Sale,
    SaleClaimed,
    SaleStickers,
)
from loyalty.kinds import KINDS
from loyalty.utc import utc_text
from tests.hub.conftest import NOW, Office, Pen

CARD = "2600000000116"
OF = Place("t2", 1, 1)
LATER = NOW + timedelta(minutes=5)
JOB_OF = {job.name: job for job in JOBS}
GIVES_NONE = {"card_blocked", "card_unblocked", "member_registered", "member_merged"}
WAYS: dict[str, tuple[str, Callable[[Office], Body]]] = {
    "card_issued": ("t1", lambda office: office.issued(CARD, "anna")),
    "card_reissued": ("t1", lambda office: office.reissued("cardboris", CARD, "boris")),
    "card_made_virtual": ("t1", lambda office: CardMadeVirtual(member="boris", old_card="cardboris", new_card=CARD)),
    "card_linked": ("office", lambda office: CardLinked(member="boris", card=CARD)),
    "member_joined": ("hub", lambda office: MemberJoined(member="anna", card=CARD, registered=True)),
}


@pytest.fixture
def other() -> Pen:
    """The till that tells the hub first."""
    return Pen("t2")


@pytest.fixture
def first() -> Pen:
    return Pen("t1")


def shown(office: Office, earned: int = 30, **more: Any) -> Sale:
    return office.sale(None, card=CARD, earned=earned, **more)


def back(sale: Sale, points: int, of: Place = OF) -> Return:
    return Return(
        sale=sale.sale,
        of=OperationRef(chain=of.chain, generation=of.generation, sequence=of.sequence),
        of_sale=sale.sale,
        card=CARD,
        sold_at="2026-03-02T12:05:00.000000+00:00",
        lines=(),
        refund_kopecks=500,
        clawed_back=ClawedBack(points=points),
    )


def case_of(office: Office, place: Place = OF) -> Any:
    key = CaseKey(*place, "refused")
    with office.hub.store.reading() as reader:
        return reader.cases([key])[key]


def run(office: Office, job: str) -> int:
    office.now += timedelta(minutes=10)
    return sum(Running(office.hub).run(JOB_OF[job], office.now))


def is_right(office: Office) -> bool:
    assert office.verdict().faults == ()
    return True


def test_each_kind_that_makes_a_card_somebodys_is_known() -> None:
    assert {name for name, kind in KINDS.items() if "cards" in kind.moves} == GIVES.keys() | GIVES_NONE
    assert GIVES.keys() == WAYS.keys()


@pytest.mark.parametrize("way", WAYS)
def test_a_sale_that_came_before_its_card_is_taken_up_when_the_card_comes(
    office: Office, first: Pen, other: Pen, way: str
) -> None:
    office.now = LATER
    assert office.take(shown(office), pen=other, at=LATER) == ["unknown_card"]
    office.now = NOW
    office.join("boris")
    chain, body = WAYS[way]
    if chain == "t1":
        assert office.take(body(office), pen=first, at=NOW) == ["applied"]
    else:
        assert office.born(body(office), chain) == "applied"
    assert office.balance("anna" if way in ("card_issued", "member_joined") else "boris") == 30
    case = case_of(office)
    assert (case.state, case.remedy, case.settled_by) == ("settled", "again", "hub")
    assert case.others[-1].chain == "hub"
    told = office.hub.changes(till="t2", programme="alenka", after="", limit=100)
    assert [(one.id, one.state) for one in told.cases] == [(case.id, "settled")]
    assert run(office, "taking_up") == 0 and is_right(office)


def test_what_came_back_before_its_card_came_is_taken_off_and_the_rest_may_come_back(
    office: Office, first: Pen, other: Pen
) -> None:
    sale = shown(office, stickers=SaleStickers(collection="2026-03-01", given=4))
    refused = office.take(sale, back(sale, 10), pen=other, at=LATER)
    assert refused == ["unknown_card", "unknown_member"]
    office.take(office.issued(CARD, "anna"), pen=first, at=NOW)
    assert office.balance() == 20 and office.rows("SELECT stickers FROM stickers") == [(4,)]
    assert {case_of(office, place).state for place in (OF, Place("t2", 1, 2))} == {"settled"}
    assert office.take(back(sale, 20), pen=other, at=LATER) == ["applied"]
    assert office.balance() == 0 and is_right(office)


def test_several_are_taken_up_in_their_order_and_each_once(office: Office, first: Pen, other: Pen) -> None:
    third = Pen("t3")
    office.take(shown(office, 7), pen=third, at=LATER + timedelta(minutes=1))
    office.take(shown(office, 30), shown(office, 5), pen=other, at=LATER)
    issued = first.write(office.issued(CARD, "anna"), at=NOW)
    for _ in range(2):
        office.hub.take("t1", [issued])
    assert run(office, "taking_up") == 0
    assert office.balance() == 42 and [granted for granted, _ in office.lots()] == [30, 5, 7]
    assert is_right(office)


def test_a_card_that_was_given_out_after_the_sale_is_another_matter(office: Office, first: Pen, other: Pen) -> None:
    """Whoever showed it then had no right to it."""
    office.take(shown(office), pen=other, at=NOW)
    office.take(office.issued(CARD, "anna"), pen=first, at=LATER)
    assert (office.balance(), case_of(office).state) == (0, "open")
    assert run(office, "taking_up") == 0


def test_a_hub_that_ended_before_it_took_them_up_does_it_later(office: Office, first: Pen, other: Pen) -> None:
    """By the job, whichever of the two it looks at; a card that both had at one moment likewise."""
    office.take(shown(office), pen=other, at=LATER)
    assert run(office, "taking_up") == 0
    issued = first.write(office.issued(CARD, "anna"), at=NOW)
    assert office.hub._intake.take("t1", [issued]).stopped is None  # and ends
    assert office.balance() == 0
    assert run(office, "taking_up") == 1 and run(office, "taking_up") == 0
    assert office.balance() == 30 and is_right(office)


@pytest.mark.parametrize("settled", [True, False])
def test_what_the_office_gave_for_it_is_not_given_again(office: Office, first: Pen, other: Pen, settled: bool) -> None:
    office.join("anna")
    sale = shown(office)
    office.take(sale, pen=other, at=LATER)
    if settled:
        settle(office.hub, case_of(office).id, Decision(remedy="goodwill", by="Olga", points=30, member="anna"))
    else:
        assert office.born(claimed(sale), "office") == "applied"
    office.take(CardIssued(sale=office.number(), member="ivan", card=CARD), pen=first, at=NOW)
    assert (office.balance("ivan"), run(office, "taking_up")) == (0, 0)


def claimed(sale: Sale) -> SaleClaimed:
    """«Мне не начислили»."""
    of = OperationRef(chain=OF.chain, generation=OF.generation, sequence=OF.sequence)
    return SaleClaimed(of=of, of_sale=sale.sale, sold_at=utc_text(LATER), member="anna", accrued=Accrued(points=30))


def test_after_it_was_taken_up_nobody_claims_it(office: Office, first: Pen, other: Pen) -> None:
    office.join("boris")
    office.take(shown(office), pen=other, at=LATER)
    office.take(office.issued(CARD, "anna"), pen=first, at=NOW)
    for whom, state in (("anna", "given_before"), ("boris", "of_another")):
        assert state in claim(office.hub, whom, OF, Order(by="Olga", key=whom)).words
    assert (office.balance("anna"), office.balance("boris")) == (30, 0)


def test_rights_that_it_used_up_are_the_offices_to_see(office: Office, first: Pen, other: Pen) -> None:
    office.take(shown(office, coupons=("a" * 32,)), pen=other, at=LATER)
    office.take(office.issued(CARD, "anna"), pen=first, at=NOW)
    assert (office.balance(), case_of(office).state) == (30, "open")
