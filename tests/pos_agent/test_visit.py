"""The visit's table, every pair of state and event."""

from __future__ import annotations

import pytest

from pos_agent.visit import TRANSITIONS, IllegalEvent, VisitEvent, VisitState, next_state

IDLE, MEMBER, BASKET, READY = VisitState.IDLE, VisitState.MEMBER, VisitState.BASKET, VisitState.READY

# Written out by hand: event → what each of idle, member, basket, ready becomes; None is refused.
EXPECTED: dict[str, tuple[VisitState | None, ...]] = {
    "member_found": (MEMBER, MEMBER, READY, READY),
    "basket_set": (BASKET, READY, BASKET, READY),
    "coupon_shown": (None, MEMBER, BASKET, READY),
    "redeem_asked": (None, None, None, READY),
    "card_issued": (None, None, READY, None),
    "card_reissued": (None, READY, None, READY),
    "paid": (None, None, IDLE, IDLE),
    "cancelled": (IDLE, IDLE, IDLE, IDLE),
}


@pytest.mark.parametrize("event", VisitEvent)
@pytest.mark.parametrize("index, state", list(enumerate((IDLE, MEMBER, BASKET, READY))))
def test_every_pair_of_state_and_event(event: VisitEvent, index: int, state: VisitState) -> None:
    expected = EXPECTED[event.value][index]
    if expected is None:
        with pytest.raises(IllegalEvent):
            next_state(state, event)
    else:
        assert next_state(state, event) is expected


def test_every_state_can_be_left() -> None:
    assert all(VisitEvent.CANCELLED in row for row in TRANSITIONS.values())
