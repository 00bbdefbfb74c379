"""Coupons: rights that the customer shows, takes back, and that may give nothing yet."""

from __future__ import annotations

from dataclasses import replace as replace_done

from msgspec.structs import replace

from loyalty.coupon_token import CouponRefused, open_coupon
from loyalty.programme import Offer
from pos_agent.counter import Counter, Done
from pos_agent.desks.purchase import without_card_too_dear
from pos_agent.protocol import DropCoupon
from pos_agent.refused import Refused
from pos_agent.telling import Told, retell, told_quote
from pos_agent.visit import ShownCoupon, Visit, VisitEvent, allow


def show(counter: Counter, visit: Visit, text: str) -> Done:
    """It is on the receipt from now on; one that gives nothing yet says why, and holds once the basket is so."""
    try:
        coupon = open_coupon(text, counter.cache.changes.coupon_keys(), counter.programme, counter.latest)
    except CouponRefused as refused:
        raise Refused(f"coupon_{refused.reason}") from None
    offer = counter.programme.coupon(coupon.campaign)
    assert offer is not None, "it was opened by this programme"
    serial = coupon.serial
    if counter.cache.coupon_used(serial):
        raise Refused("coupon_used")
    if any(shown.serial == serial for shown in visit.coupons):
        raise Refused("coupon_shown")
    if any(shown.campaign == offer.id for shown in visit.coupons):
        raise Refused("coupon_one_of_a_kind", name=_name(counter, offer))
    allow(visit, VisitEvent.COUPON_SHOWN)
    shown = ShownCoupon(serial=serial, campaign=offer.id)
    changed, of_card = without_card_too_dear(counter, replace(visit, coupons=(*visit.coupons, shown)))
    fresh, told = retell(counter, changed)
    return replace_done(_taken(counter, fresh, told, offer), more=of_card)


def _taken(counter: Counter, visit: Visit, told: Told | None, offer: Offer) -> Done:
    name = _name(counter, offer)
    if told is None:
        return Done(visit=visit, code="coupon_taken", facts={"name": name})
    refusal = next((given.refusal for given in told.sale.offers if given.id == offer.id), None)
    if refusal is None:
        return Done(visit=visit, code="coupon_taken", facts={"name": name}, told=told_quote(told))
    facts = {"name": name, "least": counter.amount(offer.min_basket_kopecks)}
    large = refusal == "basket_too_small" and _whole_kopecks(told) >= offer.min_basket_kopecks
    code = "coupon_waits_goods_not_counted" if large else f"coupon_waits_{refusal}"
    return Done(visit=visit, code=code, facts=facts, told=told_quote(told))


def _whole_kopecks(told: Told) -> int:
    """The receipt before its coupons, with what no offer may touch."""
    lines = (*told.sale.lines, *told.sale.extras)
    return sum(line.net_before_kopecks for line in lines) + sum(use.discount_kopecks for use in told.sale.coupons)


def _name(counter: Counter, offer: Offer) -> str:
    return offer.ru if counter.language == "ru" else offer.en


def drop_coupon(counter: Counter, visit: Visit, command: DropCoupon) -> Done:
    """One by its campaign, or all of them."""
    allow(visit, VisitEvent.COUPON_DROPPED)
    kept = tuple(shown for shown in visit.coupons if command.campaign not in (None, shown.campaign))
    if kept == visit.coupons:
        raise Refused("no_such_coupon")
    fresh, told = retell(counter, replace(visit, coupons=kept))
    return Done(visit=fresh, code="coupon_dropped", told=told_quote(told) if told else None)
