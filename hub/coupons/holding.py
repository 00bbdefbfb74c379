"""A use of a coupon that a till keeps for a receipt, so that nobody else gets it meanwhile: the same promise as points
that are held (hub/books/holds.py). It moves nothing, no operation says it, and its time is over by itself.

What is held counts as used: of the coupon, of what a member and all together may, and of the budget.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from hub.coupons.campaigns import budget_is_gone
from hub.coupons.made import Made, read_made, uses_allowed
from hub.merges import stands_for
from hub.store.coupon_records import (
    CampaignKey,
    CampaignMemberRow,
    CampaignRow,
    CouponHoldKey,
    CouponHoldRow,
    MadeCoupon,
)
from hub.store.records import CouponRow
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from loyalty.programme import CouponTerms, Offer
from sync.coupons import CouponHoldAsked

HELD: Final = timedelta(minutes=5)  # a receipt takes some; a till that goes on longer asks under another name


class CouponNotHeld(Exception):
    """Why the till does not get it; `code` is one of sync/coupons.py."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Till(NamedTuple):
    """Who asks."""

    till: str
    store: str
    programme: str


class Standing(NamedTuple):
    """What stands of a coupon and its campaign. `others`: what is held of the campaign now, but by the asking till of
    this coupon."""

    made: MadeCoupon | None
    uses: Sequence[CouponRow]
    campaign: CampaignRow
    own: CampaignMemberRow | None
    others: Sequence[CouponHoldRow]
    member: str  # whose receipt it is, as he stands now; "": nobody's


def hold(
    writer: Writer,
    till: Till,
    asked: CouponHoldAsked,
    offer: Offer | None,
    now: datetime,
    *,
    lasts: timedelta = HELD,
) -> datetime:
    """Until when it is kept, in this transaction. Raises CouponNotHeld."""
    key = CampaignKey(till.programme, asked.campaign)
    member = member_of(writer, till.programme, asked)
    campaign = writer.locked_campaigns([key]).get(key) or CampaignRow(*key)
    held = writer.coupon_holds(key)
    mine = next((row for row in held if row.key == CouponHoldKey(asked.serial, till.till)), None)
    goes_on = mine is not None and mine.hold == asked.hold and mine.until > now
    likely = likely_discount(offer, asked)
    standing = Standing(
        made=writer.made_coupons([asked.serial]).get(asked.serial),
        uses=writer.coupon_uses([asked.serial]),
        campaign=campaign,
        own=_own(writer, key, member),
        others=[row for row in held if row is not mine and row.until > now],
        member=member,
    )
    _check_there(asked, standing)
    if mine is not None and goes_on and mine.member == member and mine.discount_kopecks >= likely:
        return mine.until
    _check(writer, till, asked, standing, offer.terms if offer is not None else CouponTerms(), likely)
    until = mine.until if mine is not None and goes_on else now + lasts
    row = CouponHoldRow(asked.serial, till.till, asked.hold, *key, member, likely, until)
    writer.write(Rows(coupon_holds=[row], gone_coupon_holds=[old.key for old in held if old.until <= now]))
    return until


def free(writer: Writer, till: str, name: str) -> bool:
    """The receipt does without it; whether it was there."""
    gone = [row.key for row in writer.coupon_holds_of(till) if row.hold == name]
    if gone:
        writer.write(Rows(gone_coupon_holds=gone))
    return bool(gone)


def member_of(reader: Reader, programme: str, asked: CouponHoldAsked) -> str:
    """Whose receipt it is, as far as the hub knows him; "": nobody's."""
    named = asked.member
    if named is None or not reader.members([named]):
        card = reader.cards([asked.card]).get(asked.card) if asked.card else None
        named = card.member if card is not None else named
    row = stands_for(lambda id: reader.members([id]).get(id), named) if named else None
    return row.member if row is not None and row.programme == programme else ""


def likely_discount(offer: Offer | None, asked: CouponHoldAsked) -> int:
    """What it may take off: as the till says, else as far as the campaign says it beforehand."""
    if asked.discount_kopecks or offer is None:
        return asked.discount_kopecks
    amount = asked.value or offer.amount_kopecks if offer.kind == "amount_off" else offer.most_kopecks or 0
    return amount if offer.most_kopecks is None else min(amount, offer.most_kopecks)


def _own(reader: Reader, key: CampaignKey, member: str) -> CampaignMemberRow | None:
    if not member:
        return None
    rows = reader.campaign_members([member])
    return next((row for row in rows if row[1:3] == key), CampaignMemberRow(member, *key, 0, 0))


def _check_there(asked: CouponHoldAsked, standing: Standing) -> None:
    """Is it still anybody's to use? Asked each time. Raises CouponNotHeld."""
    if standing.made is not None and read_made(standing.made).revoked_at is not None:
        raise CouponNotHeld("coupon_revoked", f"coupon {asked.serial} is not to be used any more")
    if len(standing.uses) >= uses_allowed(standing.made, standing.uses, asked.uses):
        raise CouponNotHeld("coupon_used", f"coupon {asked.serial}: all of its uses are used up")


def _check(
    reader: Reader, till: Till, asked: CouponHoldAsked, standing: Standing, terms: CouponTerms, likely: int
) -> None:
    """What helps most is said first. Raises CouponNotHeld."""
    made = read_made(standing.made) if standing.made is not None else Made()
    if standing.made is not None and standing.made.member and not _is_his(reader, standing):
        raise CouponNotHeld("coupon_wrong_member", f"coupon {asked.serial} is another member's")
    if made.store and made.store != till.store:
        raise CouponNotHeld("coupon_wrong_store", f"coupon {asked.serial} is for store {made.store}")
    if standing.campaign.stopped or budget_is_gone(terms, standing.campaign):
        raise CouponNotHeld("coupon_stopped", f"campaign {asked.campaign} is stopped")
    allowed = uses_allowed(standing.made, standing.uses, asked.uses)
    if len(standing.uses) + sum(row.serial == asked.serial for row in standing.others) >= allowed:
        raise CouponNotHeld("coupon_held", f"coupon {asked.serial} is on another till's receipt just now")
    _check_limits(asked, standing, terms, likely)


def _check_limits(asked: CouponHoldAsked, standing: Standing, terms: CouponTerms, likely: int) -> None:
    own, others = standing.own, standing.others
    if own is not None and terms.per_member is not None:
        his = own.uses + sum(row.member == own.member for row in others)
        if his >= terms.per_member:
            raise CouponNotHeld("coupon_limit_member", f"campaign {asked.campaign}: the member has used his coupons")
    if terms.in_all is not None and standing.campaign.uses + len(others) >= terms.in_all:
        raise CouponNotHeld("coupon_limit", f"campaign {asked.campaign}: all of its coupons are used")
    if terms.budget_kopecks is not None:
        spent = standing.campaign.discount_kopecks + sum(row.discount_kopecks for row in others)
        if spent >= terms.budget_kopecks or spent + likely > terms.budget_kopecks:
            raise CouponNotHeld("coupon_stopped", f"campaign {asked.campaign}: not so much is left of its budget")


def _is_his(reader: Reader, standing: Standing) -> bool:
    assert standing.made is not None
    row = stands_for(lambda id: reader.members([id]).get(id), standing.made.member)
    return row is not None and row.member == standing.member
