"""Acts for coupons: what tills keep of them for receipts, what is typed, what members make."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from hub.coupons import holding, typed
from hub.coupons.holding import CouponNotHeld, Till
from hub.coupons.keeping import Campaign, Coupon, campaigns_of, coupon_called, coupons_of_member, go_on, revoke, stop
from hub.coupons.making import Wanted, make_own, mint
from hub.coupons.token import told_coupon, told_coupons
from hub.desk.act import Act, ActRefused, Asked
from hub.desk.member_acts import called, order_of
from hub.hub import Hub
from hub.people.orders import NotDone
from hub.people.who import NotFound
from hub.store.seam import Writer
from loyalty.utc import utc_text
from sync import coupons
from sync.coupons import (
    CampaignChanged,
    CampaignGoOnAsked,
    CampaignsAsked,
    CampaignsTold,
    CampaignStopAsked,
    CampaignTold,
    CouponByCodeAsked,
    CouponFreeAsked,
    CouponFreed,
    CouponHeld,
    CouponHoldAsked,
    CouponMadeTold,
    CouponMakeAsked,
    CouponMintAsked,
    CouponRevokeAsked,
    CouponRevokedTold,
    CouponsMinted,
    CouponsOfAsked,
    CouponsOfMember,
    CouponState,
    CouponStateAsked,
    CouponToken,
)

SHOWN_MAX: Final = 100  # of a member

_T = TypeVar("_T")


def _hold(hub: Hub, asked: Asked, body: CouponHoldAsked) -> CouponHeld:
    till = _till(asked)
    hub.look_at_programmes()
    rules = hub.programmes.get(asked.programme)
    offer = rules.coupon(body.campaign) if rules is not None else None
    try:
        until = hub.within(lambda writer: holding.hold(writer, till, body, offer, hub.now()), first=True)
    except CouponNotHeld as error:
        raise ActRefused(error.code, str(error)) from error
    return CouponHeld(until=utc_text(until))


def _free(hub: Hub, asked: Asked, body: CouponFreeAsked) -> CouponFreed:
    till = _till(asked)
    hub.within(lambda writer: holding.free(writer, till.till, body.hold), first=True)
    return CouponFreed()


def _by_code(hub: Hub, asked: Asked, body: CouponByCodeAsked) -> CouponToken:
    till = _till(asked)

    def work(writer: Writer) -> typed.Typed:
        return typed.look_up(writer, till.till, asked.programme, body.code, hub.codes, hub.now())

    told = hub.within(work, first=True)
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


def _mint(hub: Hub, asked: Asked, body: CouponMintAsked) -> CouponsMinted:
    wanted = Wanted(
        programme=asked.programme,
        campaign=body.campaign,
        count=body.count,
        whom=body.who,
        value=body.value,
        uses=body.uses,
        days=body.days,
        store=body.store,
        channel=body.channel,
        reason=body.reason,
    )
    rows = refusing(lambda: mint(hub, wanted, order_of(asked)))
    return CouponsMinted(coupons=tuple(told for _, told in told_coupons(hub, rows)))


def _revoke(hub: Hub, asked: Asked, body: CouponRevokeAsked) -> CouponRevokedTold:
    order = order_of(asked)
    changed = refusing(lambda: revoke(hub, body.serial, order, body.reason, asked.programme))
    return CouponRevokedTold(serial=body.serial, changed=changed)


def _state(hub: Hub, asked: Asked, body: CouponStateAsked) -> CouponState:
    return state_of(hub, refusing(lambda: coupon_called(hub, body.called)))


def state_of(hub: Hub, coupon: Coupon) -> CouponState:
    row, made = coupon.row, coupon.made
    campaigns = {use.campaign: None for use in coupon.uses}
    return CouponState(
        serial=coupon.serial,
        campaign=row.campaign if row is not None and row.campaign else next(iter(campaigns), ""),
        allowed=coupon.allowed,
        uses=tuple(use.place.id for use in coupon.uses),
        again=tuple(use.place.id for use in coupon.again),
        coupon=told_coupon(hub, row) if row is not None and made.at else None,
        made_at=made.at,
        made_by=made.by,
        own=made.own,
        price_points=made.points,
        revoked_at=made.revoked_at,
        revoked_why=made.revoked_why,
    )


def _of_member(hub: Hub, asked: Asked, body: CouponsOfAsked) -> CouponsOfMember:
    member = called(hub, asked, body.who).member
    return CouponsOfMember(
        member=member,
        coupons=tuple(
            state_of(hub, coupon_called(hub, row.serial)) for row in coupons_of_member(hub, member)[:SHOWN_MAX]
        ),
    )


def _campaigns(hub: Hub, asked: Asked, body: CampaignsAsked) -> CampaignsTold:
    programmes = [asked.programme] if asked.programme else sorted(hub.programmes)
    found = refusing(lambda: [one for id in programmes for one in campaigns_of(hub, id)])
    return CampaignsTold(campaigns=tuple(map(told_campaign, found)))


def told_campaign(one: Campaign) -> CampaignTold:
    offer, stopped = one.offer, one.stopped
    return CampaignTold(
        programme=one.programme,
        campaign=one.row.campaign,
        ru=offer.ru if offer is not None else "",
        en=offer.en if offer is not None else "",
        uses=one.row.uses,
        held=one.held,
        discount_kopecks=one.row.discount_kopecks,
        in_all=one.terms.in_all,
        per_member=one.terms.per_member,
        budget_kopecks=one.terms.budget_kopecks,
        spent=one.is_spent,
        stopped_by=stopped.by if stopped is not None else "",
        stopped_at=stopped.at if stopped is not None else "",
        stopped_why=stopped.reason if stopped is not None else "",
    )


def _stop(hub: Hub, asked: Asked, body: CampaignStopAsked) -> CampaignChanged:
    order = order_of(asked)
    changed = refusing(lambda: stop(hub, asked.programme, body.campaign, order, body.reason))
    return CampaignChanged(campaign=body.campaign, changed=changed)


def _go_on(hub: Hub, asked: Asked, body: CampaignGoOnAsked) -> CampaignChanged:
    changed = refusing(lambda: go_on(hub, asked.programme, body.campaign, order_of(asked)))
    return CampaignChanged(campaign=body.campaign, changed=changed)


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
    coupons.MINT: Act(takes=CouponMintAsked, right="keep_campaigns", do=_mint),
    coupons.REVOKE: Act(takes=CouponRevokeAsked, right="keep_campaigns", do=_revoke),
    coupons.STATE: Act(takes=CouponStateAsked, right="see_campaigns", do=_state),
    coupons.OF_MEMBER: Act(takes=CouponsOfAsked, right="see_campaigns", do=_of_member),
    coupons.CAMPAIGNS: Act(takes=CampaignsAsked, right="see_campaigns", do=_campaigns),
    coupons.STOP: Act(takes=CampaignStopAsked, right="keep_campaigns", do=_stop),
    coupons.GO_ON: Act(takes=CampaignGoOnAsked, right="keep_campaigns", do=_go_on),
}
