"""Whether a coupon that was shown holds at this moment: for this receipt's member, in its channel, within its time, and
with the hub's word where its campaign asks for that. What it takes off is the rules' (loyalty/offers.py)."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

from loyalty.offers import CouponUse, of_value
from loyalty.programme import Offer
from loyalty.tags import tag
from pos_agent.counter import Counter
from pos_agent.visit import ShownCoupon, Visit

# `expired`, `stopped`: since it was shown; `no_member`: it is somebody's own, and nobody's card was shown
Waits = Literal["expired", "stopped", "wrong_channel", "no_member", "wrong_member", "needs_hub"]
OVER: Final = frozenset(("expired", "stopped"))  # nothing that happens on this receipt makes it hold again


def why_not(counter: Counter, visit: Visit, shown: ShownCoupon) -> Waits | None:
    """None: it holds, as far as may be said before it is known what it takes off."""
    if shown.until and counter.latest >= datetime.fromisoformat(shown.until):
        return "expired"
    if counter.cache.coupons.is_stopped(shown.campaign):
        return "stopped"
    if shown.channel not in ("", visit.channel):
        return "wrong_channel"
    return _of_another(visit, shown)


def _of_another(visit: Visit, shown: ShownCoupon) -> Waits | None:
    """A member who has gone into another is known by the hub alone: what it said of him is with the coupon."""
    if not shown.member:
        return None
    who = visit.who
    if who is None:
        return "no_member"
    fits = who.member is not None and (tag("member", who.member).hex() == shown.member or shown.his == who.member)
    return None if fits else "wrong_member"


def offers_now(counter: Counter, visit: Visit, without: frozenset[str] = frozenset()) -> tuple[Offer, ...]:
    """What the coupons shown give now, each by its own value; `without`: campaigns whose coupon needs the hub's word. A
    campaign that the programme no longer has gives nothing."""
    found = ((counter.programme.coupon(shown.campaign), shown) for shown in visit.coupons)
    return tuple(
        of_value(offer, shown.value)
        for offer, shown in found
        if offer is not None and offer.id not in without and why_not(counter, visit, shown) is None
    )


def without_word(counter: Counter, visit: Visit, uses: tuple[CouponUse, ...]) -> frozenset[str]:
    """Campaigns whose coupon a till may not take by itself, or takes off more here than it may, and of which the hub
    has said nothing on this receipt. People who practise have nobody to ask."""
    if counter.cache.training:
        return frozenset()
    has_word = {shown.campaign for shown in visit.coupons if shown.hold}
    found = (use.id for use in uses if use.id not in has_word and _needs_word(counter, use))
    return frozenset(found)


def _needs_word(counter: Counter, use: CouponUse) -> bool:
    offer = counter.programme.coupon(use.id)
    if offer is None:
        return False
    most = offer.terms.online_over_kopecks
    return offer.terms.offline == "deny" or (most is not None and use.discount_kopecks > most)
