"""What a till asks the hub's desk about coupons (sync/desk.py), and what people ask there: the acts by their names.

A refusal says why: `coupon_used`, `coupon_revoked`, `coupon_stopped` (the campaign: by a person, or its budget is
gone), `coupon_limit` (uses of the campaign), `coupon_limit_member`, `coupon_held` (another till has it on a receipt
just now), `coupon_wrong_member`, `coupon_wrong_store`, `coupon_no_code`, `coupon_code_tries`, `coupon_month` (the
member has made all of this month's), `coupon_no_points`, `coupon_not_made` (no campaign that a member may make).
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from loyalty.bodies import NotNegative, Positive, Serial

HOLD: Final = "coupon_hold"  # of a till, right None: it keeps a use of the coupon for a receipt
FREE: Final = "coupon_free"  # likewise: the receipt does without it
BY_CODE: Final = "coupon_by_code"  # likewise: what was typed is which coupon's
MAKE: Final = "coupon_make"  # for a member, by himself or by whoever may
MINT: Final = "coupon_mint"
REVOKE: Final = "coupon_revoke"
STATE: Final = "coupon_state"
CAMPAIGNS: Final = "campaigns"
STOP: Final = "campaign_stop"
GO_ON: Final = "campaign_go_on"

CODE_LETTERS: Final = 13  # typed: 60 random bits and more

_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
_Token = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
_Reason = Annotated[str, msgspec.Meta(max_length=200)]


class CouponHoldAsked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`hold`: the till's own name of it, the same for every try; asked again it is the same one until its end. A till
    has one of a coupon at most: another name goes on where the one before ends. `member` or `card`: whose receipt it
    is, if known. `discount_kopecks`: what it would take off, for the campaign's budget; 0: not known yet."""

    serial: Serial
    campaign: _Text
    hold: _Text
    uses: Positive = 1
    value: NotNegative = 0
    discount_kopecks: NotNegative = 0
    member: str | None = None
    card: str | None = None


class CouponHeld(msgspec.Struct, frozen=True, kw_only=True):
    """Nobody else gets this use of it until then, or until a sale with it or `coupon_free` comes."""

    until: str


class CouponFreeAsked(msgspec.Struct, frozen=True, kw_only=True):
    hold: _Text


class CouponFreed(msgspec.Struct, frozen=True, kw_only=True):
    pass


class CouponByCodeAsked(msgspec.Struct, frozen=True, kw_only=True):
    code: _Text


class CouponToken(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A coupon as it is shown: the text of its QR, and what is typed."""

    serial: Serial
    campaign: str
    token: _Token
    code: str
    valid_from: str
    valid_to: str
    member: str | None = None


class CouponMakeAsked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`member` or `card`."""

    campaign: _Text
    member: str | None = None
    card: str | None = None


class CouponMadeTold(msgspec.Struct, frozen=True, kw_only=True):
    coupon: CouponToken
    price_points: int
    left_this_month: int


class CouponRevokeAsked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    serial: Serial
    reason: _Reason = ""
