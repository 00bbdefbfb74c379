"""Coupons: rights that the customer shows, takes back, and that may give nothing yet.

What is said first is what helps most: that it was used, and where, before that its time is over; whose it is before
what the hub would say of it.
"""

from __future__ import annotations

from dataclasses import replace as replace_done
from datetime import date
from typing import Final

from msgspec.structs import replace

from loyalty.coupon_token import CouponRefused, OpenedCoupon, open_coupon
from loyalty.programme import Offer
from loyalty.tags import tag
from pos_agent.counter import Counter, Done, Remarks, remark
from pos_agent.coupon_holds import check_asked, is_to_ask, kept, let_go_unused, may_ask, remember
from pos_agent.coupons_now import OVER, why_not
from pos_agent.desks.purchase import without_card_too_dear
from pos_agent.errands import Errand
from pos_agent.open_receipts import receipt_with_coupon
from pos_agent.protocol import DropCoupon
from pos_agent.receipt import masked
from pos_agent.refused import Refused
from pos_agent.telling import Told, find, retell, told_quote
from pos_agent.visit import IllegalEvent, ShownCoupon, Visit, VisitEvent, allow
from pos_agent.words import as_typed
from sync.coupons import BY_CODE, CouponByCodeAsked, CouponToken

ANYBODY: Final = tag("member", "").hex()
LOOKED_THROUGH_MAX: Final = 10_000  # members: some 20 ms


def by_code(counter: Counter, visit: Visit, code: str) -> Done:
    """Which coupon has the code that was typed is for the hub to say; then it is as if it had been scanned."""
    allow(visit, VisitEvent.COUPON_SHOWN)
    check_asked(counter, visit, "")
    if counter.link != "online":
        raise Refused("coupon_code_offline")
    try:
        told = counter.ask_hub(BY_CODE, CouponByCodeAsked(code=code), CouponToken)
    except Errand:
        remember(counter, visit, "")
        raise
    except Refused as refused:
        raise refused if refused.code in ("coupon_no_code", "coupon_code_tries") else _no_answer() from None
    return show(counter, visit, told.token)


def _no_answer() -> Refused:
    return Refused("coupon_code_offline")


def show(counter: Counter, visit: Visit, text: str) -> Done:
    """It is on the receipt from now on; one that gives nothing yet says why, and holds once the basket is so."""
    coupon = _opened(counter, text)
    if any(shown.serial == coupon.serial for shown in visit.coupons):
        return _shown_already(counter, visit)
    try:
        return _show(counter, visit, coupon)
    except (Refused, IllegalEvent):
        let_go_unused(counter, visit, coupon.serial)
        raise


def _shown_already(counter: Counter, visit: Visit) -> Done:
    """With the promise that stands: who scans it again may not have heard the first answer, and what it made of the
    receipt."""
    told = find(counter, visit.quote)
    return Done(visit=visit, code="coupon_shown", ok=False, told=told_quote(told) if told is not None else None)


def _show(counter: Counter, visit: Visit, coupon: OpenedCoupon) -> Done:
    offer = counter.programme.coupon(coupon.campaign)
    assert offer is not None, "it was opened by this programme"
    check_asked(counter, visit, coupon.serial)
    _refuse_here(counter, visit, coupon, offer)
    allow(visit, VisitEvent.COUPON_SHOWN)
    shown = _shown(counter, coupon)
    if (waits := why_not(counter, visit, shown)) == "wrong_channel" and visit.lines:
        raise Refused("coupon_wrong_channel")
    if waits == "wrong_member" and not may_ask(counter):
        raise _wrong_member(counter, shown)
    if may_ask(counter) and waits in (None, "wrong_member"):
        try:
            shown = kept(counter, visit, shown)
        except Refused as refused:
            raise _wrong_member(counter, shown) if refused.code == "coupon_wrong_member" else refused from None
        if why_not(counter, visit, shown) == "wrong_member":  # nobody answered
            raise _wrong_member(counter, shown)
    if offer.terms.offline == "deny" and not (shown.hold or counter.cache.training or waits):
        raise Refused("coupon_needs_hub", name=_name(counter, offer))
    return _on_receipt(counter, visit, shown, offer)


def _opened(counter: Counter, text: str) -> OpenedCoupon:
    """Raises Refused."""
    try:
        coupon = open_coupon(text, counter.cache.changes.coupon_keys(), counter.programme, counter.latest)
    except CouponRefused as refused:
        if refused.coupon is None:
            raise Refused(f"coupon_{refused.reason}") from None
        _refuse_used(counter, refused.coupon)
        if refused.reason == "expired":
            raise Refused("coupon_expired", day=_day(refused.coupon.last_day)) from None
        raise Refused("coupon_not_yet", day=_day(refused.coupon.first_day)) from None
    return coupon


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _refuse_used(counter: Counter, coupon: OpenedCoupon) -> None:
    """Raises Refused with where, as far as that is known."""
    used = counter.cache.coupons.uses(coupon.serial, coupon.uses)
    if used.left:
        return
    if not used.here:
        raise Refused("coupon_used", words="coupon_used_elsewhere")
    if used.last is None:
        raise Refused("coupon_used")
    day = date.fromisoformat(used.last.day)
    raise Refused("coupon_used", words="coupon_used_here", sale=used.last.number, day=_day(day))


def _refuse_here(counter: Counter, visit: Visit, coupon: OpenedCoupon, offer: Offer) -> None:
    """What this till knows by itself. Raises Refused."""
    _refuse_used(counter, coupon)
    if counter.cache.coupons.is_stopped(offer.id):
        raise Refused("coupon_stopped")
    if not coupon.fits_store(counter.cache.store.id if counter.cache.store is not None else ""):
        raise Refused("coupon_wrong_store")
    if any(shown.campaign == offer.id for shown in visit.coupons):
        raise Refused("coupon_one_of_a_kind", name=_name(counter, offer))
    _refuse_elsewhere(counter, visit, coupon)


def _refuse_elsewhere(counter: Counter, visit: Visit, coupon: OpenedCoupon) -> None:
    """What another receipt here may still use up. Raises Refused."""
    left = counter.cache.coupons.uses(coupon.serial, coupon.uses).left
    there = receipt_with_coupon(counter, visit, coupon.serial, left)
    if there is not None:
        sale = there.receipt.number if there.receipt is not None else ""
        raise Refused("coupon_held", words="coupon_held_here", sale=as_typed(sale))


def _wrong_member(counter: Counter, shown: ShownCoupon) -> Refused:
    """With his card, where he is among those whom this till knows."""
    members = counter.cache.members
    for member in members.some(LOOKED_THROUGH_MAX):
        if tag("member", member).hex() == shown.member and (cards := members.cards(member)):
            return Refused("coupon_wrong_member", words="coupon_wrong_member_whose", card=masked(cards[0].number))
    return Refused("coupon_wrong_member")


def _shown(counter: Counter, coupon: OpenedCoupon) -> ShownCoupon:
    whose = coupon.member_tag.hex()
    return ShownCoupon(
        serial=coupon.serial,
        campaign=coupon.campaign,
        value=coupon.value,
        uses=coupon.uses,
        left=counter.cache.coupons.uses(coupon.serial, coupon.uses).left,
        until=coupon.valid_to.isoformat(),
        channel=coupon.channel,
        member="" if whose == ANYBODY else whose,
    )


def _on_receipt(counter: Counter, visit: Visit, shown: ShownCoupon, offer: Offer) -> Done:
    changed, of_card = without_card_too_dear(counter, replace(visit, coupons=(*visit.coupons, shown)))
    fresh, told = retell(counter, changed)
    more: Remarks = (remark("coupon_uses_left", left=str(shown.left)),) if shown.uses > 1 else ()
    return replace_done(_taken(counter, fresh, told, shown, offer), more=(*more, *of_card))


def _taken(counter: Counter, visit: Visit, told: Told | None, shown: ShownCoupon, offer: Offer) -> Done:
    name = _name(counter, offer)
    waits: str | None = why_not(counter, visit, shown)
    if told is not None:
        waits = next((one.why for one in told.waiting if one.campaign == offer.id), None)
    quote = told_quote(told) if told is not None else None
    if waits is not None:
        return Done(visit=visit, code=f"coupon_waits_{waits}", facts={"name": name}, told=quote)
    if told is None:
        return Done(visit=visit, code="coupon_taken", facts={"name": name})
    refusal = next((given.refusal for given in told.sale.offers if given.id == offer.id), None)
    if refusal is None:
        return Done(visit=visit, code="coupon_taken", facts={"name": name}, told=quote)
    facts = {"name": name, "least": counter.amount(offer.min_basket_kopecks)}
    large = refusal == "basket_too_small" and _whole_kopecks(told) >= offer.min_basket_kopecks
    code = "coupon_waits_goods_not_counted" if large else f"coupon_waits_{refusal}"
    return Done(visit=visit, code=code, facts=facts, told=quote)


def _whole_kopecks(told: Told) -> int:
    """The receipt before its coupons, with what no offer may touch."""
    lines = (*told.sale.lines, *told.sale.extras)
    return sum(line.net_before_kopecks for line in lines) + sum(use.discount_kopecks for use in told.sale.coupons)


def _name(counter: Counter, offer: Offer) -> str:
    return offer.ru if counter.language == "ru" else offer.en


def drop_coupon(counter: Counter, visit: Visit, command: DropCoupon) -> Done:
    """One by its campaign, or all of them."""
    allow(visit, VisitEvent.COUPON_DROPPED)
    kept_ones = tuple(shown for shown in visit.coupons if command.campaign not in (None, shown.campaign))
    if kept_ones == visit.coupons:
        raise Refused("no_such_coupon")
    fresh, told = retell(counter, replace(visit, coupons=kept_ones))
    return Done(visit=fresh, code="coupon_dropped", told=told_quote(told) if told else None)


# before the money


def good_ones(counter: Counter, visit: Visit) -> tuple[Visit, Remarks]:
    """Without the coupons that are no good any more, and why: their time is over, their campaign was stopped since they
    were shown, or the hub says now that it is so. Of the others a use is kept, as far as the hub can be asked. Raises
    Errand, and Refused where the receipt is another by now."""
    check_asked(counter, visit, "")
    told, good, gone = find(counter, visit.quote), [], []
    off = {one.campaign: 0 for one in told.waiting if one.why == "needs_hub"} if told is not None else {}
    off |= {use.campaign: use.discount_kopecks for use in told.sale.coupons} if told is not None else {}
    for shown in visit.coupons:
        try:
            good.append(_good(counter, visit, shown, off.get(shown.campaign)))
        except Refused as refused:
            gone.append((refused.words, refused.facts))
    return replace(visit, coupons=tuple(good)), tuple(gone)


def _good(counter: Counter, visit: Visit, shown: ShownCoupon, discount_kopecks: int | None) -> ShownCoupon:
    """`discount_kopecks` None: it gives nothing. Raises Refused."""
    offer, waits = counter.programme.coupon(shown.campaign), why_not(counter, visit, shown)
    if offer is None:
        return shown
    if waits is not None and waits in OVER:
        raise Refused("coupon_stopped") if waits == "stopped" else Refused("coupon_over", name=_name(counter, offer))
    if waits is not None or discount_kopecks is None or not is_to_ask(counter, visit, shown, offer, discount_kopecks):
        return shown
    return kept(counter, visit, shown, discount_kopecks)
