"""A visit's state is computed from its facts; the table says what is allowed, every pair of state and event."""

from __future__ import annotations

from typing import get_args

import msgspec
import pytest

from loyalty.bodies import SaleNumber
from pos_agent.desks.by_command import DESKS
from pos_agent.protocol import BasketLine, Cancel, OfReceipt, Pay
from pos_agent.visit import (
    ALLOWED,
    IllegalEvent,
    ReceiptName,
    Reissue,
    ShownCoupon,
    Visit,
    VisitEvent,
    VisitHold,
    VisitState,
    Who,
    allow,
    is_empty,
    state_of,
)

WHO = Who(card="1", member="m", identified_by="card")
LINES = (BasketLine(id="1", name="x", price="1.00"),)
VISITS = {
    VisitState.IDLE: Visit(receipt=ReceiptName(number="1")),
    VisitState.MEMBER: Visit(who=WHO),
    VisitState.BASKET: Visit(lines=LINES),
    VisitState.READY: Visit(who=WHO, lines=LINES),
    VisitState.RESERVING: Visit(who=WHO, lines=LINES, reserving=VisitHold(id="h", member="m")),
    VisitState.RETOLD: Visit(who=WHO, retold=SaleNumber(day="2026-03-02", number="1")),
}

# Written out by hand: event → is it allowed when idle, member, basket, ready, reserving, retold.
EXPECTED: dict[str, str] = {
    "member_found": "yes yes yes yes yes yes",
    "basket_set": "yes yes yes yes yes yes",
    "coupon_shown": "no yes yes yes yes yes",
    "coupon_dropped": "no yes yes yes yes no",
    "certificate_shown": "no yes yes yes yes yes",
    "certificate_dropped": "no yes yes yes yes no",
    "stickers_exchanged": "no no no yes yes yes",
    "stickers_dropped": "no no no yes yes no",
    "card_dropped": "no yes no yes yes no",
    "redeem_asked": "no no no yes yes yes",
    "card_issued": "no no yes no no no",
    "card_reissued": "no yes no yes yes no",
    "code_told": "no yes no yes yes no",
    "prepared": "no no yes yes yes yes",
    "paid": "no no yes yes yes yes",
    "cancelled": "yes yes yes yes yes yes",
}


@pytest.mark.parametrize("state", VisitState)
def test_the_facts_make_the_state(state: VisitState) -> None:
    assert state_of(VISITS[state]) is state


def test_a_card_to_hand_out_is_something_to_pay_for() -> None:
    """F6: a free reissue without a basket can be finished."""
    assert state_of(Visit(who=WHO, reissue=Reissue(old_card="1", new_card="2"))) is VisitState.READY


@pytest.mark.parametrize("event", VisitEvent)
@pytest.mark.parametrize("index, state", list(enumerate(VisitState)))
def test_every_pair_of_state_and_event(event: VisitEvent, index: int, state: VisitState) -> None:
    if EXPECTED[event.value].split()[index] == "yes":
        allow(VISITS[state], event)
        return
    with pytest.raises(IllegalEvent) as caught:
        allow(VISITS[state], event)
    assert (caught.value.state, caught.value.event) == (state, event)


def test_every_state_can_be_left() -> None:
    assert all(VisitEvent.CANCELLED in events for events in ALLOWED.values()) and set(ALLOWED) == set(VisitState)


@pytest.mark.parametrize("state", VisitState)
def test_a_visit_can_be_written_down(state: VisitState) -> None:
    visit = msgspec.structs.replace(VISITS[state], coupons=(ShownCoupon(serial="00", campaign="c"),), touched_at="t")
    assert msgspec.json.decode(msgspec.json.encode(visit), type=Visit) == visit


def test_a_name_alone_is_nothing() -> None:
    assert is_empty(VISITS[VisitState.IDLE]) and not is_empty(VISITS[VisitState.MEMBER])


def test_every_command_of_a_receipt_has_its_desk() -> None:
    """The table of desks, with the two that the checkout knows by itself."""
    assert {*DESKS, Pay, Cancel} == set(get_args(OfReceipt))
