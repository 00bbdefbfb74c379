"""A member's coupons (P26, P31, P32): acts `coupons`, `coupon_clip`, `coupon_make`, `coupon_buy`. One of the same key
is made once."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from sync.account.home import OfferHere

CouponState = Literal["open", "used", "expired", "revoked", "stopped"]
COUPONS_MAX = 100
Named = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]


class AskCoupons(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `coupons`: says nothing."""


class UsedHere(msgspec.Struct, frozen=True, kw_only=True):
    """`receipt`: as of act `receipt`; `store` "": the till belongs to none."""

    at: str
    store: str
    receipt: str
    off_kopecks: int


class CouponHere(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`gives`: what its campaign does, None where the programme has it no more. `text`: of its QR, and `code`: what is
    typed instead, both only while it is open. `until`: the last day. `left`: uses, of so many `uses`."""

    serial: str
    state: CouponState
    until: str
    gives: OfferHere | None = None
    text: str = ""
    code: str = ""
    uses: int = 1
    left: int = 0
    points: int = 0
    stickers: int = 0
    used: tuple[UsedHere, ...] = ()


class ToClip(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A campaign of which a member may clip one for nothing. `has`: he has one that is open; `over`: he has used all
    that there are for him."""

    gives: OfferHere
    days: int
    has: bool = False
    over: bool = False


class ToMake(msgspec.Struct, frozen=True, kw_only=True):
    """What he may make for points (P32): each costs `points`, and lives so many `days`; `left`: so many more of them
    this month, of `a_month`. `spendable`: points that he has to spend."""

    campaigns: tuple[OfferHere, ...]
    points: int
    days: int
    left: int
    a_month: int
    spendable: int


class ToBuy(msgspec.Struct, frozen=True, kw_only=True):
    """What stickers buy. `days`: of the coupon; 0: it is exchanged at a till alone. `missing`: so many more."""

    gives: OfferHere
    stickers: int
    missing: int
    days: int


class AlbumHere(msgspec.Struct, frozen=True, kw_only=True):
    """His collection (P31), as of StickersHere."""

    count: int
    last_day: str
    step_kopecks: int
    per_step: int
    buys: tuple[ToBuy, ...]


class CouponsTold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Open ones first, of each the newest first; COUPONS_MAX at most."""

    coupons: tuple[CouponHere, ...]
    clip: tuple[ToClip, ...] = ()
    make: ToMake | None = None
    album: AlbumHere | None = None


class ClipCoupon(msgspec.Struct, frozen=True, kw_only=True):
    """Refused: coupon_not_clipped, coupon_clipped, coupon_limit_member, coupon_stopped, coupon_not_now."""

    campaign: Named


class MakeCoupon(msgspec.Struct, frozen=True, kw_only=True):
    """Refused: coupon_not_made, coupon_month, coupon_no_points, coupon_stopped, coupon_not_now."""

    campaign: Named


class BuyCoupon(msgspec.Struct, frozen=True, kw_only=True):
    """`offer`: of the collection, by its id. Refused: stickers_no_collection, stickers_no_such_offer, stickers_too_few,
    coupon_no_stickers, coupon_stopped, coupon_not_now."""

    offer: Named


class CouponGot(msgspec.Struct, frozen=True, kw_only=True):
    serial: str
    until: str
