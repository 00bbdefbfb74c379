"""Acts for coupons: what tills keep of them for receipts, what is typed, what members make."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from hub.coupons import holding, typed
from hub.coupons.holding import CouponNotHeld, Till
from hub.coupons.making import make_own
from hub.coupons.token import told_coupon
from hub.desk.act import Act, ActRefused, Asked
from hub.desk.member_acts import order_of
from hub.hub import Hub
from hub.people.orders import NotDone
from hub.people.who import NotFound
from hub.store.seam import Writer
from loyalty.utc import utc_text
from sync import coupons
from sync.coupons import (
    CouponByCodeAsked,
    CouponFreeAsked,
    CouponFreed,
    CouponHeld,
    CouponHoldAsked,
    CouponMadeTold,
    CouponMakeAsked,
    CouponToken,
)

_T = TypeVar("_T")


def _hold(hub: Hub, asked: Asked, body: CouponHoldAsked) -> CouponHeld:
    till = _till(asked)
    hub.look_at_programmes()
    rules = hub.programmes.get(asked.programme)
    offer = rules.coupon(body.campaign) if rules is not None else None
    try:
        until = hub.within_first(lambda writer: holding.hold(writer, till, body, offer, hub.now()))
    except CouponNotHeld as error:
        raise ActRefused(error.code, str(error)) from error
    return CouponHeld(until=utc_text(until))


def _free(hub: Hub, asked: Asked, body: CouponFreeAsked) -> CouponFreed:
    till = _till(asked)
    hub.within_first(lambda writer: holding.free(writer, till.till, body.hold))
    return CouponFreed()


def _by_code(hub: Hub, asked: Asked, body: CouponByCodeAsked) -> CouponToken:
    till = _till(asked)

    def work(writer: Writer) -> typed.Typed:
        return typed.look_up(writer, till.till, asked.programme, body.code, hub.codes, hub.now())

    told = hub.within_first(work)
    if told.waits:
        minutes = typed.PAUSE.total_seconds() / 60
        raise ActRefused(
            "coupon_code_tries", f"too many codes that nobody has: wait {minutes:.0f} minutes", tries_left=0
        )
    if told.found is None:
        raise ActRefused("coupon_no_code", "no coupon has this code", tries_left=told.tries_left)
    return told_coupon(hub, told.found)


def _make(hub: Hub, asked: Asked, body: CouponMakeAsked) -> CouponMadeTold:
    whom = body.member or body.card
    if whom is None:
        raise ActRefused("bad_request", "say whose it is: a member or a card")
    made = refusing(lambda: make_own(hub, asked.programme, body.campaign, whom, order_of(asked)))
    return CouponMadeTold(
        coupon=told_coupon(hub, made.row), price_points=made.price_points, left_this_month=made.left_this_month
    )


def _till(asked: Asked) -> Till:
    if not asked.till:
        raise ActRefused("bad_request", "only a till holds coupons for its receipts")
    return Till(asked.till, asked.store, asked.programme)


def refusing(work: Callable[[], _T]) -> _T:
    """Raises ActRefused."""
    try:
        return work()
    except NotDone as error:
        raise ActRefused(error.code, str(error)) from error
    except NotFound as error:
        raise ActRefused("nobody_found", str(error)) from error


COUPON_ACTS: Final[Mapping[str, Act]] = {
    coupons.HOLD: Act(takes=CouponHoldAsked, right=None, do=_hold),
    coupons.FREE: Act(takes=CouponFreeAsked, right=None, do=_free),
    coupons.BY_CODE: Act(takes=CouponByCodeAsked, right=None, do=_by_code),
    coupons.MAKE: Act(takes=CouponMakeAsked, right="make_coupons", do=_make),
}
