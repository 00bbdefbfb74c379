"""What the ledger keeps of coupons and their campaigns: one record for each table, as in records.py."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class MadeCoupon(NamedTuple):
    """A coupon that was made here, or is revoked; `member` "": whoever has it. `code`: a keyed hash of what is typed,
    "" for none. `body` is JSON (hub/coupons/made.py)."""

    serial: str
    programme: str
    campaign: str
    member: str
    code: str
    body: str


class CampaignKey(NamedTuple):
    programme: str
    campaign: str


class CampaignRow(NamedTuple):
    """How often coupons of a campaign were honoured, and what they took off. `stopped` is JSON of who stopped it, "" if
    nobody did. One of which nothing is to be said is no row, whatever the database keeps to be locked."""

    programme: str
    campaign: str
    uses: int = 0
    discount_kopecks: int = 0
    stopped: str = ""

    @property
    def key(self) -> CampaignKey:
        return CampaignKey(*self[:2])


class CampaignMemberKey(NamedTuple):
    member: str
    programme: str
    campaign: str


class CampaignMemberRow(NamedTuple):
    """The same, of one member's receipts."""

    member: str
    programme: str
    campaign: str
    uses: int
    discount_kopecks: int

    @property
    def key(self) -> CampaignMemberKey:
        return CampaignMemberKey(*self[:3])


class CouponHoldKey(NamedTuple):
    serial: str
    till: str


class CouponHoldRow(NamedTuple):
    """A use of a coupon that a till keeps for a receipt until then: one of a coupon at most. `discount_kopecks`: what
    it would take off; `member` "": nobody is known."""

    serial: str
    till: str
    hold: str
    programme: str
    campaign: str
    member: str
    discount_kopecks: int
    until: datetime

    @property
    def key(self) -> CouponHoldKey:
        return CouponHoldKey(*self[:2])
