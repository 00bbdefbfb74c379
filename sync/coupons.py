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
OF_MEMBER: Final = "coupons_of_member"
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


class CouponRevokedTold(msgspec.Struct, frozen=True, kw_only=True):
    """`changed`: it could be used until now."""

    serial: Serial
    changed: bool


class CouponStateAsked(msgspec.Struct, frozen=True, kw_only=True):
    """`called`: by its serial, or by what is typed."""

    called: _Text


class CouponState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`coupon` None: nobody here made it. `uses`: operations of receipts, as people say them; `again`: of those that
    honoured it once more than it may be."""

    serial: Serial
    campaign: str
    allowed: int
    uses: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    coupon: CouponToken | None = None
    made_at: str = ""
    made_by: str = ""
    own: bool = False
    price_points: int = 0
    revoked_at: str | None = None
    revoked_why: str = ""


class CouponMintAsked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One or many, for whoever has them, or for a member (`who`: a card, a phone, an id)."""

    campaign: _Text
    count: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 1
    who: str | None = None
    value: NotNegative = 0
    uses: NotNegative = 0  # 0: as the campaign says
    days: Annotated[int, msgspec.Meta(ge=0, le=36_500)] = 30
    store: str = ""
    channel: str = ""
    reason: _Reason = ""


class CouponsMinted(msgspec.Struct, frozen=True, kw_only=True):
    coupons: tuple[CouponToken, ...]


class CampaignsAsked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    pass


class CampaignTold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`ru`, `en` "": it is none of the programme's any more. `stopped_by`: a person; `spent`: its budget is gone."""

    programme: str
    campaign: str
    ru: str = ""
    en: str = ""
    uses: int = 0
    held: int = 0
    discount_kopecks: int = 0
    in_all: int | None = None
    per_member: int | None = None
    budget_kopecks: int | None = None
    spent: bool = False
    stopped_by: str = ""
    stopped_at: str = ""
    stopped_why: str = ""


class CampaignsTold(msgspec.Struct, frozen=True, kw_only=True):
    campaigns: tuple[CampaignTold, ...]


class CampaignStopAsked(msgspec.Struct, frozen=True, kw_only=True):
    campaign: _Text
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class CampaignGoOnAsked(msgspec.Struct, frozen=True, kw_only=True):
    campaign: _Text


class CampaignChanged(msgspec.Struct, frozen=True, kw_only=True):
    """`changed`: it was otherwise until now."""

    campaign: str
    changed: bool


class CouponsOfAsked(msgspec.Struct, frozen=True, kw_only=True):
    """`who`: a card, a phone, an id."""

    who: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class CouponsOfMember(msgspec.Struct, frozen=True, kw_only=True):
    """Made for him, the newest first."""

    member: str
    coupons: tuple[CouponState, ...]
