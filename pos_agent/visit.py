"""A visit as a table: state × event → state. What the table does not know is refused and changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal

from loyalty.basket import Line
from loyalty.programme import Offer


class VisitState(Enum):
    IDLE = "idle"
    MEMBER = "member"  # a member, no basket yet
    BASKET = "basket"  # a basket, no member yet
    READY = "ready"  # both


class VisitEvent(Enum):
    MEMBER_FOUND = "member_found"
    BASKET_SET = "basket_set"
    COUPON_SHOWN = "coupon_shown"
    REDEEM_ASKED = "redeem_asked"
    CARD_ISSUED = "card_issued"
    CARD_REISSUED = "card_reissued"
    PAID = "paid"
    CANCELLED = "cancelled"


S, E = VisitState, VisitEvent

TRANSITIONS: dict[VisitState, dict[VisitEvent, VisitState]] = {
    S.IDLE: {
        E.MEMBER_FOUND: S.MEMBER,
        E.BASKET_SET: S.BASKET,
        E.CANCELLED: S.IDLE,
    },
    S.MEMBER: {
        E.MEMBER_FOUND: S.MEMBER,
        E.BASKET_SET: S.READY,
        E.COUPON_SHOWN: S.MEMBER,
        E.CARD_REISSUED: S.READY,  # the fee is the basket
        E.CANCELLED: S.IDLE,
    },
    S.BASKET: {
        E.MEMBER_FOUND: S.READY,
        E.BASKET_SET: S.BASKET,
        E.COUPON_SHOWN: S.BASKET,
        E.CARD_ISSUED: S.READY,  # the new card is the member
        E.PAID: S.IDLE,  # a sale without a member: nothing of ours to record
        E.CANCELLED: S.IDLE,
    },
    S.READY: {
        E.MEMBER_FOUND: S.READY,
        E.BASKET_SET: S.READY,
        E.COUPON_SHOWN: S.READY,
        E.REDEEM_ASKED: S.READY,
        E.CARD_REISSUED: S.READY,
        E.PAID: S.IDLE,
        E.CANCELLED: S.IDLE,
    },
}


class IllegalEvent(Exception):
    """The visit's state does not know the event."""

    def __init__(self, state: VisitState, event: VisitEvent) -> None:
        super().__init__(f"{event.value} while {state.value}")
        self.state = state
        self.event = event


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """The member of this visit, and how we know. `member` is None for a card that this very sale issues."""

    card: str | None
    member: str | None
    identified_by: Literal["card", "phone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCoupon:
    serial: str  # hexadecimal
    offer: Offer


@dataclass(frozen=True, slots=True, kw_only=True)
class Reissue:
    old_card: str
    new_card: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Everything about the visit so far. It lives in memory until it is paid: before that, nothing has happened."""

    state: VisitState = VisitState.IDLE
    who: Who | None = None
    lines: tuple[Line, ...] = ()
    redemption_forbidden: bool = False
    coupons: tuple[ShownCoupon, ...] = ()
    requested_points: int | None = 0  # None: as many as the limit allows
    issue: str | None = None  # the blank card given with this sale
    reissue: Reissue | None = None


def next_state(state: VisitState, event: VisitEvent) -> VisitState:
    """Follow the table. Raises IllegalEvent."""
    if event not in TRANSITIONS[state]:
        raise IllegalEvent(state, event)
    return TRANSITIONS[state][event]
