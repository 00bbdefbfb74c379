"""A campaign as it stands: what was counted of it, held against what its programme allows; and whether it is stopped,
by a person or because its budget is gone."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from hub.store.coupon_records import CampaignRow
from hub.store.seam import Reader
from loyalty.programme import CouponTerms, Programme


class Stopped(msgspec.Struct, frozen=True):
    by: str
    at: str
    reason: str = ""


_stopped: Final = msgspec.json.Decoder(Stopped)


def read_stopped(row: CampaignRow) -> Stopped | None:
    """By whom; None: nobody has stopped it."""
    return _stopped.decode(row.stopped) if row.stopped else None


def write_stopped(stopped: Stopped | None) -> str:
    return msgspec.json.encode(stopped).decode() if stopped is not None else ""


def stopped_at(row: CampaignRow) -> datetime | None:
    stopped = read_stopped(row)
    return datetime.fromisoformat(stopped.at) if stopped is not None else None


def budget_is_gone(terms: CouponTerms | None, row: CampaignRow) -> bool:
    """Where goods come back it may not be any more: so that is never kept."""
    return terms is not None and terms.budget_kopecks is not None and row.discount_kopecks >= terms.budget_kopecks


def overdrawn(terms: CouponTerms, row: CampaignRow, discount_kopecks: int) -> int:
    """How much of a discount that is counted already lies beyond the budget: each kopeck is one use's."""
    if terms.budget_kopecks is None:
        return 0
    return max(0, min(discount_kopecks, row.discount_kopecks - terms.budget_kopecks))


def stopped_campaigns(reader: Reader, rules: Programme | None, programme: str) -> tuple[str, ...]:
    """Of which no coupon is to be taken now, in order."""
    terms = {offer.id: offer.terms for offer in rules.coupons} if rules is not None else {}
    rows = reader.campaigns_of(programme)
    stopped = {row.campaign for row in rows if row.stopped or budget_is_gone(terms.get(row.campaign), row)}
    nothing = {id for id, one in terms.items() if one.budget_kopecks == 0}
    return tuple(sorted(stopped | nothing))
