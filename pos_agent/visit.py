"""A visit is its facts; its state is computed from them, and a table says what is allowed in which state.

A visit lives until it is paid: before that nothing has happened. It can be written down, so that it outlives the
process.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Final, Literal

import msgspec

from loyalty.bodies import Advice, SaleNumber
from loyalty.member import FreeBy
from loyalty.operation import Channel
from loyalty.utc import utc_text
from pos_agent.protocol import BasketLine

MANAGER: Final = "manager"  # one who gave no name


class VisitState(Enum):
    IDLE = "idle"
    MEMBER = "member"  # a member, no basket yet
    BASKET = "basket"  # a basket, no member yet
    READY = "ready"  # both
    RESERVING = "reserving"  # and points are being reserved for it: what needs them waits a moment
    RETOLD = "retold"  # the POS tells a recorded sale again


class VisitEvent(Enum):
    MEMBER_FOUND = "member_found"
    BASKET_SET = "basket_set"
    COUPON_SHOWN = "coupon_shown"
    COUPON_DROPPED = "coupon_dropped"
    STICKERS_EXCHANGED = "stickers_exchanged"
    STICKERS_DROPPED = "stickers_dropped"
    CERTIFICATE_SHOWN = "certificate_shown"
    CERTIFICATE_DROPPED = "certificate_dropped"
    CARD_DROPPED = "card_dropped"
    REDEEM_ASKED = "redeem_asked"
    CARD_ISSUED = "card_issued"
    CARD_REISSUED = "card_reissued"
    CODE_TOLD = "code_told"  # or sent: that a phone is his who says so
    PREPARED = "prepared"
    PAID = "paid"
    CANCELLED = "cancelled"


E = VisitEvent

ALLOWED: Final[Mapping[VisitState, frozenset[VisitEvent]]] = {
    VisitState.IDLE: frozenset({E.MEMBER_FOUND, E.BASKET_SET, E.CANCELLED}),
    VisitState.MEMBER: frozenset(
        {
            E.MEMBER_FOUND,
            E.BASKET_SET,
            E.COUPON_SHOWN,
            E.COUPON_DROPPED,
            E.CERTIFICATE_SHOWN,
            E.CERTIFICATE_DROPPED,
            E.CARD_DROPPED,
            E.CARD_REISSUED,  # its fee, if there is one, is all there is to pay
            E.CODE_TOLD,
            E.CANCELLED,
        }
    ),
    VisitState.BASKET: frozenset(
        {
            E.MEMBER_FOUND,
            E.BASKET_SET,
            E.COUPON_SHOWN,
            E.COUPON_DROPPED,
            E.CERTIFICATE_SHOWN,
            E.CERTIFICATE_DROPPED,
            E.CARD_ISSUED,  # the new card is the member
            E.PREPARED,
            E.PAID,  # a sale without a member
            E.CANCELLED,
        }
    ),
    VisitState.READY: frozenset(VisitEvent) - {E.CARD_ISSUED},
    VisitState.RESERVING: frozenset(VisitEvent) - {E.CARD_ISSUED},  # redeemed, prepared, paid: a moment later
    VisitState.RETOLD: frozenset(
        {
            E.MEMBER_FOUND,
            E.BASKET_SET,
            E.COUPON_SHOWN,
            E.CERTIFICATE_SHOWN,
            E.STICKERS_EXCHANGED,
            E.REDEEM_ASKED,
            E.PREPARED,
            E.PAID,
            E.CANCELLED,
        }
    ),
}


class IllegalEvent(Exception):
    """The visit's state does not know the event."""

    def __init__(self, state: VisitState, event: VisitEvent) -> None:
        super().__init__(f"{event.value} while {state.value}")
        self.state = state
        self.event = event


class _Fact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    pass


class ReceiptName(_Fact, frozen=True, kw_only=True):
    """What the POS calls a receipt. `day` and `shift` are empty when it does not say them."""

    pos: str = ""
    number: str
    day: str = ""
    shift: str = ""


class Who(_Fact, frozen=True, kw_only=True):
    """The member of this visit, and how we know. `member` is None for a card that this very sale issues, and for a
    stranger's."""

    card: str | None
    member: str | None
    identified_by: Literal["card", "phone"]
    stranger: bool = False  # a valid number that is not known here: it earns, and the hub knows whose it is
    vouched: bool = False  # a manager has said that it is he
    vouched_by: str | None = None  # which manager
    second_factor: bool = False  # he has told the right code at this receipt
    proof: str = ""  # the hub's id of it


HoldsAt = Literal["hub", "shop"]


class VisitHold(_Fact, frozen=True, kw_only=True):
    """Points reserved for this receipt: at the hub, or (`by`) among the shop's tills while the hub is away. `bound`:
    why fewer than were asked for. No answer came to one that is `unanswered`: this receipt goes by the rules of without
    a connection. `leaves`: what that answer left of the member's balance as it was known here; `elsewhere`: how many
    points other receipts had reserved then."""

    id: str
    member: str
    points: int = 0
    until: str = ""
    state: Literal["asked", "held", "unanswered"] = "held"
    by: HoldsAt = "hub"
    bound: FreeBy | None = None
    leaves: int | None = None
    elsewhere: int = 0
    besides: VisitHold | None = None  # asked for in its place by a process that died: one of the two has the points

    @property
    def ends_at(self) -> datetime:
        return datetime.fromisoformat(self.until)

    def is_over(self, at: datetime) -> bool:
        """It ended by itself."""
        return at >= self.ends_at


class HeldElsewhere(_Fact, frozen=True, kw_only=True):
    """Points of this receipt's member that receipts of other tills have reserved, by the hub's word. `active`: his
    points then; when they are others, something has happened since, and it says nothing more."""

    points: int
    active: int


class ShownCoupon(_Fact, frozen=True, kw_only=True):
    """A coupon on this receipt. `value` 0: its campaign's; `left` of its `uses`, as it was shown. `hold`: the hub keeps
    a use of it for this receipt under that name until `held_until` (or did, and has given its word), `held_for` whom,
    `held_kopecks` of its campaign's budget. `asked_at`: when the hub was asked and did not answer."""

    serial: str  # hexadecimal
    campaign: str
    value: int = 0
    uses: int = 1
    left: int = 1
    until: str = ""  # "": it was shown to a till of before
    channel: str = ""  # "": any
    member: str = ""  # the tag of whose it is, hexadecimal; "": anybody's
    his: str = ""  # the member of whom the hub has said that it is his
    hold: str = ""
    held_until: str = ""
    held_for: str = ""
    held_kopecks: int = 0
    asked_at: str = ""


class Exchange(_Fact, frozen=True, kw_only=True):
    """Offers of the collection that this member gives stickers for, in the order in which he chose."""

    member: str
    offers: tuple[str, ...]


class ShownCertificate(_Fact, frozen=True, kw_only=True):
    """A gift certificate that pays this receipt. `left_kopecks`: as many as the receipt may take of it. `hold`: the
    name under which the hub keeps `held_kopecks` of it until then; none where nobody could be asked. `known`: whose
    word that is: the hub's, that of this till, which alone knows of it yet, or the programme's, of one whose signature
    is right and of which nothing else is known. `moved_kopecks`: what this till's own operations had done to it when
    that was said; what they do afterwards is no more there to take."""

    number: str
    left_kopecks: int
    known: Literal["hub", "here", "offline"] = "hub"
    moved_kopecks: int = 0
    hold: str = ""
    held_kopecks: int = 0
    until: str = ""


class Reissue(_Fact, frozen=True, kw_only=True):
    old_card: str
    new_card: str
    by: str | None = None  # the manager who allowed it


class Advised(_Fact, frozen=True, kw_only=True):
    """Advice that was told, and with which quote."""

    quote: str
    advice: Advice


class ShownCode(_Fact, frozen=True, kw_only=True):
    """A code that was sent for this receipt's member. `to`: the phone, masked; `tries` that are left; another may be
    sent from `again` on."""

    id: str
    to: str
    digits: int
    tries: int
    again: str
    ends: str

    @property
    def again_at(self) -> datetime:
        return datetime.fromisoformat(self.again)


class Visit(_Fact, frozen=True, kw_only=True):
    """Everything about the visit so far."""

    receipt: ReceiptName | None = None
    who: Who | None = None
    lines: tuple[BasketLine, ...] = ()  # the POS's own
    redemption_forbidden: bool = False
    channel: Channel = "shop"  # that of the POS whose basket it is
    coupons: tuple[ShownCoupon, ...] = ()
    exchange: Exchange | None = None
    certificates: tuple[ShownCertificate, ...] = ()
    requested_points: int | None = 0  # None: as many as the limit allows
    decided: bool = False  # that number was said, be it none
    held: HeldElsewhere | None = None
    hold: VisitHold | None = None
    reserving: VisitHold | None = None  # that is being asked for; `hold` stands until the answer
    strange: str | None = (
        None  # the last card that was shown as a stranger's, until the hub has said that it is nobody's
    )
    issue: str | None = None  # the blank card given with this sale
    virtual: bool = False  # there is no card, only its number
    reissue: Reissue | None = None
    quote: str | None = None  # the last one told
    heard: str | None = None  # the last one that an answer told, where the hub's word has made another since
    prepared: bool = False  # and it is frozen: the customer's money is being taken
    advised: Advised | None = None  # the advice that was told last
    code: ShownCode | None = None  # the last one that was sent
    began: str = ""  # its first quote's id, which tells it from every other visit
    turn: str = ""  # the same from its first fact on: a guest names it with what he types (pos_agent/guest_turn.py)
    retold: SaleNumber | None = None  # the recorded sale that is told again
    disputed: bool = False  # it is not that one: other goods or another member came under its number
    touched_at: str = ""

    def touched(self, at: datetime) -> Visit:
        return msgspec.structs.replace(self, touched_at=utc_text(at))


def state_of(visit: Visit) -> VisitState:
    """The state that the facts make."""
    if visit.retold is not None:
        return VisitState.RETOLD
    to_pay = bool(visit.lines) or visit.issue is not None or visit.reissue is not None
    if visit.who is not None and visit.reserving is not None:
        return VisitState.RESERVING
    if visit.who is not None:
        return VisitState.READY if to_pay else VisitState.MEMBER
    return VisitState.BASKET if to_pay else VisitState.IDLE


def hold_of(visit: Visit, at: datetime) -> VisitHold | None:
    """The one that counts at this moment: not over, and its member's."""
    hold, who = visit.hold, visit.who
    return hold if hold and who and hold.member == who.member and not hold.is_over(at) else None


def allow(visit: Visit, event: VisitEvent) -> None:
    """Follow the table. Raises IllegalEvent."""
    state = state_of(visit)
    if event not in ALLOWED[state]:
        raise IllegalEvent(state, event)


def same_visit(one: Visit, other: Visit) -> bool:
    """Earlier or later, with more or less in it."""
    by_name = one.receipt is not None and one.receipt == other.receipt
    return by_name or (one.began != "" and one.began == other.began)


def is_empty(visit: Visit) -> bool:
    """Nothing but a name."""
    return state_of(visit) is VisitState.IDLE and not visit.coupons and not visit.certificates
