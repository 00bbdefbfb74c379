"""What happened at a till: the types of all operations, how one is written down, and how it is hashed.

An operation is written once, as canonical JSON text. That text is what is stored, sent and hashed; nobody
re-encodes it, so a hub of another version cannot change what a till said. Identity is (till, sequence), with the
till's generation and the hash of the operation before it (DESIGN §4.2). Operations carry no name and no phone.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

import msgspec

FIRST_HASH = "0" * 64  # what stands before a till's first operation
AMOUNT_MAX = 10**17  # points or kopecks: a thousand lines of the dearest thing; sums of them still fit 64 bits
NotNegative = Annotated[int, msgspec.Meta(ge=0, le=AMOUNT_MAX)]
Positive = Annotated[int, msgspec.Meta(ge=1, le=AMOUNT_MAX)]
HUB_TILL = "hub"  # operations born at the hub belong to this till


def _check_utc(*times: str | None) -> None:
    """Raises ValueError for what is no moment in UTC: hub and till must read the same time from it."""
    for text in times:
        if text is not None and datetime.fromisoformat(text).utcoffset() != timedelta():
            raise ValueError(f"{text!r} is not a time in UTC")


class SaleNumber(msgspec.Struct, frozen=True, kw_only=True):
    """The POS's own number of a sale: unique per till and shop day, so the same sale told twice is one."""

    day: str  # YYYY-MM-DD in the programme's time zone
    number: str

    def __post_init__(self) -> None:
        date.fromisoformat(self.day)


class SoldLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line as it was sold. Kopecks and thousandths."""

    id: str
    name: str
    unit: str
    price_kopecks: int
    quantity_m: int
    net_before_kopecks: int  # after the POS's discount, promotions and coupons
    discount_kopecks: int  # by points
    net_kopecks: int
    category: str | None = None


class CouponUse(msgspec.Struct, frozen=True, kw_only=True):
    """A coupon honoured in a sale. `serial` is hexadecimal; it may be used once."""

    serial: str
    campaign: str
    discount_kopecks: int


class Sale(msgspec.Struct, frozen=True, kw_only=True, tag="sale"):
    """A paid receipt with a member: what was redeemed, what was accrued, on what."""

    sale: SaleNumber
    member: str
    card: str | None  # None: identified by phone
    link: str  # "online" or "offline": what the till believed when it decided
    lines: tuple[SoldLine, ...]
    total_kopecks: NotNegative  # after all discounts
    paid_kopecks: int  # in money, after tenders such as certificates
    redeemed_points: NotNegative
    redeemed_kopecks: int
    accrued_points: NotNegative
    accrued_parts: tuple[tuple[str, int], ...] = ()
    accrued_active_from: str | None = None
    accrued_expires_at: str | None = None  # None: no end
    coupons: tuple[CouponUse, ...] = ()

    def __post_init__(self) -> None:
        _check_utc(self.accrued_active_from, self.accrued_expires_at)


class CardIssued(msgspec.Struct, frozen=True, kw_only=True, tag="card_issued"):
    """A blank card became a new member's card at the till (A4)."""

    sale: SaleNumber
    member: str
    card: str


class CardReissued(msgspec.Struct, frozen=True, kw_only=True, tag="card_reissued"):
    """A lost card was replaced; the balance stays with the member (A29, A30)."""

    sale: SaleNumber
    member: str
    old_card: str
    new_card: str
    fee_kopecks: int


class MemberJoined(msgspec.Struct, frozen=True, kw_only=True, tag="member_joined"):
    """Born at the hub: a member came by import or by the office, with a card and perhaps points."""

    member: str
    card: str | None
    registered: bool


class MemberRegistered(msgspec.Struct, frozen=True, kw_only=True, tag="member_registered"):
    """Born at the hub: the member filled the form in; the card may redeem from now on (A26)."""

    member: str


class Grant(msgspec.Struct, frozen=True, kw_only=True, tag="grant"):
    """Born at the hub: points given, such as the welcome grant (A21)."""

    member: str
    points: Positive
    reason: str
    active_from: str
    expires_at: str | None = None

    def __post_init__(self) -> None:
        _check_utc(self.active_from, self.expires_at)


Body = Sale | CardIssued | CardReissued | MemberJoined | MemberRegistered | Grant


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """An operation with its identity. `at` is UTC, ISO 8601."""

    till: str
    generation: int
    sequence: Positive  # without gaps
    previous_hash: str
    at: str
    programme: str
    programme_hash: str  # the rules it was made under
    body: Body

    def __post_init__(self) -> None:
        _check_utc(self.at)


class BadOperation(ValueError):
    """The text is not an operation."""


_encoder = msgspec.json.Encoder(order="deterministic")
_decoder = msgspec.json.Decoder(Operation)


def write_operation(operation: Operation) -> str:
    """Canonical text: equal operations give equal text."""
    return _encoder.encode(operation).decode()


def read_operation(text: str) -> Operation:
    """The operation in `text`, every field checked. Raises BadOperation naming the field."""
    try:
        return _decoder.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise BadOperation(str(error)) from error


def hash_operation(text: str) -> str:
    """SHA-256 of the canonical text, hexadecimal. The text holds the hash before it, so the hashes make a chain."""
    return hashlib.sha256(text.encode()).hexdigest()


def points_delta(body: Body) -> int:
    """What the operation does to the member's balance, in points."""
    if isinstance(body, Sale):
        return body.accrued_points - body.redeemed_points
    if isinstance(body, Grant):
        return body.points
    return 0


def utc_text(at: datetime) -> str:
    """Aware time → the text operations carry, to the microsecond, so that texts sort as times do."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
