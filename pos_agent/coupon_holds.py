"""Uses of coupons that the hub keeps for a receipt, so that no other till gets them meanwhile: asked for when a coupon
is shown and before the money, let go as soon as the receipt does without. They end by themselves, too.

The hub is asked as for any errand (pos_agent/errands.py). Where it does not answer, the campaign's own terms say what a
till does by itself.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from msgspec.structs import replace

from loyalty.programme import Offer
from loyalty.utc import utc_text
from pos_agent.counter import Counter
from pos_agent.coupon_words import COUPON_REFUSALS
from pos_agent.errands import Asking, Errand
from pos_agent.receipts import Receipts
from pos_agent.refused import Refused
from pos_agent.visit import ShownCoupon, Visit
from sync.coupons import FREE, HOLD, CouponFreeAsked, CouponHeld, CouponHoldAsked

SOON: Final = timedelta(seconds=30)  # a hold that ends so soon is asked for anew before the money
NOT_AGAIN: Final = timedelta(minutes=1)  # after a hub that did not answer
ANSWERED_WITHIN: Final = timedelta(seconds=20)  # an errand has come back by then, or never does


def remember(counter: Counter, visit: Visit, serial: str) -> None:
    """Before the hub is asked."""
    asked, now = counter.house.coupons_asked, counter.now
    for key in [key for key, one in asked.items() if abs(now - one.at) > ANSWERED_WITHIN]:
        del asked[key]
    first = asked.get(counter.desk_key)
    asked[counter.desk_key] = Asking(visit.turn if first is None else first.turn, serial, now)


def check_asked(counter: Counter, visit: Visit, serial: str) -> None:
    """The receipt is the one for which it was shown, and the same coupon is not being asked for already. Raises
    Refused."""
    asked = counter.house.coupons_asked
    own = asked.get(counter.desk_key) if counter.desk_key else None
    if own is not None and own.turn != visit.turn:
        del asked[counter.desk_key]
        if not serial and counter.has_said(HOLD, own.serial):
            _free(counter, _name(counter, own.serial))
        raise Refused("coupon_overtaken")
    others = (one for key, one in asked.items() if key != counter.desk_key and one.serial == serial != "")
    if any(abs(counter.now - one.at) <= ANSWERED_WITHIN for one in others):
        raise Refused("coupon_being_asked")


def let_go_unused(counter: Counter, visit: Visit, serial: str) -> None:
    """The hub has kept a use for this very command, and nothing came of it."""
    name = _name(counter, serial)
    counter.house.coupons_asked.pop(counter.desk_key, None)
    if counter.has_said(HOLD, serial) and all(shown.hold != name for shown in visit.coupons):
        _free(counter, name)


def _name(counter: Counter, serial: str) -> str:
    """The same for every try of a command."""
    return f"{counter.desk_key}{serial[:8]}"


def may_ask(counter: Counter) -> bool:
    return bool(counter.desk_key) and counter.link == "online"


def kept(counter: Counter, visit: Visit, shown: ShownCoupon, discount_kopecks: int = 0) -> ShownCoupon:
    """With a use of it kept at the hub for this receipt; as it was where nobody answered. Raises Errand the first time,
    and Refused with what the hub says of the coupon."""
    who, name = visit.who, _name(counter, shown.serial)
    body = CouponHoldAsked(
        serial=shown.serial,
        campaign=shown.campaign,
        hold=name,
        uses=shown.uses,
        value=shown.value,
        discount_kopecks=discount_kopecks,
        member=who.member if who is not None else None,
        card=who.card if who is not None else None,
    )
    try:
        told = _asked(counter, visit, body)
    except Refused as refused:
        if refused.code in COUPON_REFUSALS:
            raise
        return replace(shown, asked_at=utc_text(counter.now))  # silence, or a hub that has no word on it
    is_his = who is not None and bool(shown.member) and who.member is not None
    return replace(
        shown,
        hold=name,
        held_until=told.until,
        held_for=_whom(visit),
        held_kopecks=discount_kopecks,
        asked_at="",
        his=who.member or "" if who is not None and is_his else shown.his,
    )


def _asked(counter: Counter, visit: Visit, body: CouponHoldAsked) -> CouponHeld:
    try:
        told = counter.ask_hub(HOLD, body, CouponHeld, of=body.serial)
    except Errand:
        remember(counter, visit, body.serial)
        raise
    except Refused:
        counter.house.coupons_asked.pop(counter.desk_key, None)
        raise
    counter.house.coupons_asked.pop(counter.desk_key, None)
    return told


def is_to_ask(counter: Counter, visit: Visit, shown: ShownCoupon, offer: Offer, discount_kopecks: int) -> bool:
    """Before the money: nobody has said of it for this member and this sum that it is kept, or not for long enough."""
    if not may_ask(counter) or (shown.asked_at and _since(counter, shown.asked_at) < NOT_AGAIN):
        return False
    lasts = shown.hold != "" and -_since(counter, shown.held_until) > SOON
    is_anothers = shown.held_for != _whom(visit) and (shown.member != "" or offer.terms.per_member is not None)
    more = offer.terms.budget_kopecks is not None and discount_kopecks > shown.held_kopecks
    return not lasts or is_anothers or more


def _whom(visit: Visit) -> str:
    return (visit.who.member or visit.who.card or "") if visit.who is not None else ""


def _since(counter: Counter, moment: str) -> timedelta:
    return counter.now - datetime.fromisoformat(moment)


def _free(counter: Counter, hold: str) -> None:
    counter.tell_hub(FREE, hold, CouponFreeAsked(hold=hold))


def end_coupon_holds(counter: Counter, before: Receipts, after: Receipts) -> None:
    """What no receipt needs any more is free at once; what was paid with it is used, and the sale itself says so."""
    held = [shown for visit in before.visits for shown in visit.coupons if shown.hold]
    if not held:
        return
    still = {shown.serial for visit in after.visits for shown in visit.coupons}
    for shown in held:
        if shown.serial not in still and not counter.cache.coupons.uses(shown.serial, shown.uses).here:
            _free(counter, shown.hold)
