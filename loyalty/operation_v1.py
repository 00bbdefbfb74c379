"""Operations of version 1: the texts without `v`. They stand in ledgers for ever, and this is how they were written.

Nothing here changes any more. What was said then is read as today's values by `loyalty/operation.py`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from loyalty.utc import check_utc

AMOUNT_MAX = 10**17
NotNegative = Annotated[int, msgspec.Meta(ge=0, le=AMOUNT_MAX)]
Positive = Annotated[int, msgspec.Meta(ge=1, le=AMOUNT_MAX)]


class SaleNumber(msgspec.Struct, frozen=True, kw_only=True):
    day: str
    number: str

    def __post_init__(self) -> None:
        date.fromisoformat(self.day)


class SoldLine(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str
    unit: str
    price_kopecks: int
    quantity_m: int
    net_before_kopecks: int
    discount_kopecks: int
    net_kopecks: int
    category: str | None = None


class CouponUse(msgspec.Struct, frozen=True, kw_only=True):
    serial: str
    campaign: str
    discount_kopecks: int


class Sale(msgspec.Struct, frozen=True, kw_only=True, tag="sale"):
    sale: SaleNumber
    member: str
    card: str | None
    link: str
    lines: tuple[SoldLine, ...]
    total_kopecks: NotNegative
    paid_kopecks: int
    redeemed_points: NotNegative
    redeemed_kopecks: int
    accrued_points: NotNegative
    accrued_parts: tuple[tuple[str, int], ...] = ()
    accrued_active_from: str | None = None
    accrued_expires_at: str | None = None
    coupons: tuple[CouponUse, ...] = ()

    def __post_init__(self) -> None:
        check_utc(self.accrued_active_from, self.accrued_expires_at)


class CardIssued(msgspec.Struct, frozen=True, kw_only=True, tag="card_issued"):
    sale: SaleNumber
    member: str
    card: str


class CardReissued(msgspec.Struct, frozen=True, kw_only=True, tag="card_reissued"):
    sale: SaleNumber
    member: str
    old_card: str
    new_card: str
    fee_kopecks: int


class MemberJoined(msgspec.Struct, frozen=True, kw_only=True, tag="member_joined"):
    member: str
    card: str | None
    registered: bool


class MemberRegistered(msgspec.Struct, frozen=True, kw_only=True, tag="member_registered"):
    member: str


class Grant(msgspec.Struct, frozen=True, kw_only=True, tag="grant"):
    member: str
    points: Positive
    reason: str
    active_from: str
    expires_at: str | None = None

    def __post_init__(self) -> None:
        check_utc(self.active_from, self.expires_at)


Body = Sale | CardIssued | CardReissued | MemberJoined | MemberRegistered | Grant


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    till: str
    generation: int
    sequence: Positive
    previous_hash: str
    at: str
    programme: str
    programme_hash: str
    body: Body

    def __post_init__(self) -> None:
        check_utc(self.at)


encoder = msgspec.json.Encoder(order="deterministic")
decoder = msgspec.json.Decoder(Operation)
