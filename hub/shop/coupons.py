"""Coupons in an online basket: opened, held for an order as long as that waits for its money, and free again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from hub.coupon_keys import told_coupon_keys
from hub.coupons.campaigns import stopped_campaigns
from hub.coupons.holding import CouponNotHeld, Till, hold
from hub.hub import Hub
from hub.shop.call import Shop, ShopRefused
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from loyalty.coupon_token import CouponRefused, OpenedCoupon, open_coupon
from loyalty.offers import of_value
from loyalty.operation import ONLINE_CHAIN
from loyalty.programme import Offer, Programme
from loyalty.sold import Right
from sync.coupons import CouponHoldAsked


class Opened(NamedTuple):
    """A coupon that may be used here now, and what it gives by its own value."""

    coupon: OpenedCoupon
    offer: Offer

    @property
    def right(self) -> Right:
        return Right(self.coupon.serial, self.coupon.value, self.coupon.uses)


def opened(
    hub: Hub, reader: Reader, programme: Programme, shop: Shop, texts: Sequence[str], member: str, now: datetime
) -> list[Opened]:
    """Raises ShopRefused for one that cannot be used here now."""
    if not texts:
        return []
    keys, stopped = told_coupon_keys(reader, hub.keys.coupons), stopped_campaigns(reader, programme, programme.id)
    found = []
    for text in texts:
        try:
            coupon = open_coupon(text, keys, programme, now)
        except CouponRefused as refused:
            raise ShopRefused("coupon_bad", f"coupon: {refused.reason}") from refused
        offer = programme.coupon(coupon.campaign)
        if offer is None or coupon.campaign in stopped:
            raise ShopRefused("coupon_bad", f"campaign {coupon.campaign} is stopped")
        if not (coupon.fits_store(shop.store) and coupon.fits_channel("online") and coupon.fits_member(member)):
            raise ShopRefused("coupon_bad", f"a coupon of campaign {coupon.campaign} is not for this shop or customer")
        found.append(Opened(coupon, of_value(offer, coupon.value)))
    if len({one.coupon.campaign for one in found}) < len(found):
        raise ShopRefused("coupon_bad", "two coupons are of one campaign")
    return found


class HeldCoupon(NamedTuple):
    """`value` and `uses`: its own; `off_kopecks`: what it takes off, for its campaign's budget."""

    serial: str
    campaign: str
    uses: int
    value: int
    off_kopecks: int


def holder_of(order: str) -> str:
    """Under which name an order holds coupons: a till has one of each at most, a shop one for each order."""
    return f"{ONLINE_CHAIN}/{order}"


def hold_all(
    writer: Writer,
    programme: Programme,
    shop: Shop,
    order: str,
    coupons: Sequence[HeldCoupon],
    member: str,
    until: datetime,
    now: datetime,
) -> None:
    """Raises ShopRefused."""
    till = Till(holder_of(order), shop.store, programme.id)
    for one in coupons:
        asked = CouponHoldAsked(
            serial=one.serial,
            campaign=one.campaign,
            hold=order,
            uses=one.uses,
            value=one.value,
            discount_kopecks=one.off_kopecks,
            member=member or None,
        )
        try:
            hold(writer, till, asked, programme.coupon(one.campaign), now, lasts=until - now)
        except CouponNotHeld as error:
            raise ShopRefused("coupon_taken", str(error)) from error


def free_all(writer: Writer, order: str) -> None:
    gone = [row.key for row in writer.coupon_holds_of(holder_of(order))]
    if gone:
        writer.write(Rows(gone_coupon_holds=gone))
