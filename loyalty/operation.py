"""What happened, and where: the envelope of all operations, how one is written down, and how it is hashed.

An operation is written once, as canonical JSON text. That text is what is stored, sent and hashed; nobody
re-encodes it, so a hub of another version cannot change what a till said. Identity is (chain, generation, sequence)
with the hash of the operation before it (DESIGN §4.2). Operations carry no name and no phone. What can happen is in
`loyalty/bodies.py`, and who may say it in `loyalty/kinds.py`.

Every text is judged by the encoder of its own `v`; texts without one are version 1 (`loyalty/operation_v1.py`).
Version 2 leaves out what is as it is by default: so a field with a default can be added and no text that is stored
changes. A default, once written, is never changed.
"""

from __future__ import annotations

import hashlib
from typing import Annotated, Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from loyalty import operation_v1 as v1
from loyalty.bodies import (
    Accrued,
    Body,
    CardIssued,
    CardReissued,
    CouponUse,
    Grant,
    MemberJoined,
    MemberRegistered,
    Redeemed,
    Sale,
    SaleNumber,
    SoldLine,
)
from loyalty.utc import check_utc, is_zone
from loyalty.utc import utc_text as utc_text

VERSION: Final = 2
BEGINNING: Final = b'{"v":2,'  # of every canonical text of this version
FIRST_HASH = "0" * 64  # what stands before a chain's first operation
HUB_CHAIN = "hub"  # the hub's own: grants, expiry
OFFICE_CHAIN = "office"  # what people in the office do
ACCOUNT_CHAIN = "account"  # what members do in their account
ONLINE_CHAIN = "online"  # orders of online shops
OWN_CHAINS = (HUB_CHAIN, OFFICE_CHAIN, ACCOUNT_CHAIN, ONLINE_CHAIN)  # no till may be called so
CLOCK_OFF_MAX_S = 10**10  # three hundred years

Channel = Literal["shop", "self", "online"]


class Key(NamedTuple):
    """Where an operation stands in its chain."""

    generation: int
    sequence: int


class Store(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The shop where it happened. Its legal entity is known by its id; `timezone` (IANA) tells the day."""

    id: str
    timezone: str | None = None  # None: the programme's

    def __post_init__(self) -> None:
        if self.timezone is not None and not is_zone(self.timezone):
            raise ValueError(f"{self.timezone!r} is no time zone")

    def zone(self, programme: ZoneInfo) -> ZoneInfo:
        """By whose clock people live there; `programme`'s own where the shop says none."""
        return ZoneInfo(self.timezone) if self.timezone is not None else programme


def zone_of(store: Store | None, programme: ZoneInfo) -> ZoneInfo:
    """The clock of the shop, as far as it is known."""
    return store.zone(programme) if store is not None else programme


class Operation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An operation with its identity. `at` is UTC, ISO 8601: the till's clock, corrected by `clock_off_s`."""

    v: Literal[1, 2]
    chain: str  # a till, or hub, office, account, online
    generation: Annotated[int, msgspec.Meta(ge=1, le=2**31)]
    sequence: Annotated[int, msgspec.Meta(ge=1, le=2**62)]  # without gaps
    previous_hash: str
    at: str
    programme: str
    programme_hash: str  # the rules it was made under
    body: Body
    clock_off_s: Annotated[int, msgspec.Meta(ge=-CLOCK_OFF_MAX_S, le=CLOCK_OFF_MAX_S)] = 0
    store: Store | None = None
    channel: Channel = "shop"
    asked: str | None = None  # the key of whoever asked: the same key is the same operation
    by: str | None = None  # the person, when known

    def __post_init__(self) -> None:
        check_utc(self.at)

    @property
    def key(self) -> Key:
        return Key(self.generation, self.sequence)


class BadOperation(ValueError):
    """The text is not an operation."""


class _Version(msgspec.Struct, frozen=True):
    v: int = 1


_version = msgspec.json.Decoder(_Version)
_encoder = msgspec.json.Encoder(order="deterministic")
_decoder = msgspec.json.Decoder(Operation)


def write_operation(operation: Operation) -> str:
    """Canonical text: equal operations give equal text. Only of today's version: a stored text is never written
    anew."""
    assert operation.v == VERSION, "a stored text is never written anew"
    return _encoder.encode(operation).decode()


def read_operation(text: str | bytes) -> Operation:
    """The operation in `text`, of whichever version, every field checked. Raises BadOperation naming the field."""
    try:
        version = _version.decode(text).v
        if version == 1:
            return _from_v1(v1.decoder.decode(text))
        if version != VERSION:
            raise BadOperation(f"$.v: operations of version {version} are not known here; {VERSION} is the newest")
        return _decoder.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise BadOperation(str(error)) from error


def read_canonical(raw: bytes) -> tuple[Operation, bool]:
    """The operation in a text (UTF-8), and whether its own version writes what it says so: both from one reading.
    Raises BadOperation."""
    if raw.startswith(BEGINNING):
        try:
            operation = _decoder.decode(raw)
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            raise BadOperation(str(error)) from error
        return operation, _encoder.encode(operation) == raw
    operation = read_operation(raw)  # of version 1, or not canonical
    return operation, operation.v == 1 and v1.encoder.encode(v1.decoder.decode(raw)) == raw


def is_canonical(text: str) -> bool:
    """Is this how its own version writes what it says? Raises BadOperation for what cannot be read."""
    return read_canonical(text.encode(errors="surrogatepass"))[1]


def hash_operation(text: str) -> str:
    """SHA-256 of the canonical text, hexadecimal. The text holds the hash before it, so the hashes make a chain."""
    return hashlib.sha256(text.encode()).hexdigest()


# version 1 as today's values


def _from_v1(old: v1.Operation) -> Operation:
    return Operation(
        v=1,
        chain=old.till,
        generation=max(1, old.generation),
        sequence=old.sequence,
        previous_hash=old.previous_hash,
        at=old.at,
        programme=old.programme,
        programme_hash=old.programme_hash,
        body=_body_from_v1(old.body),
    )


def _body_from_v1(old: v1.Body) -> Body:
    match old:
        case v1.Sale():
            return _sale_from_v1(old)
        case v1.CardIssued():
            return CardIssued(sale=_number(old.sale), member=old.member, card=old.card)
        case v1.CardReissued():
            return CardReissued(
                sale=_number(old.sale),
                member=old.member,
                old_card=old.old_card,
                new_card=old.new_card,
                fee_kopecks=old.fee_kopecks,
            )
        case v1.MemberJoined():
            return MemberJoined(member=old.member, card=old.card, registered=old.registered)
        case v1.MemberRegistered():
            return MemberRegistered(member=old.member)
        case _:
            return Grant(
                member=old.member,
                points=old.points,
                reason=old.reason,
                active_from=old.active_from,
                expires_at=old.expires_at,
            )


def _number(old: v1.SaleNumber) -> SaleNumber:
    return SaleNumber(day=old.day, number=old.number)


def _sale_from_v1(old: v1.Sale) -> Sale:
    """Its whole total counted for tiers then."""
    return Sale(
        sale=_number(old.sale),
        member=old.member,
        card=old.card,
        link="offline" if old.link == "offline" else "online",
        lines=tuple(msgspec.convert(line, SoldLine, from_attributes=True) for line in old.lines),
        total_kopecks=old.total_kopecks,
        paid_kopecks=old.paid_kopecks,
        qualifying_kopecks=old.total_kopecks,
        redeemed=Redeemed(points=old.redeemed_points, kopecks=old.redeemed_kopecks),
        accrued=Accrued(
            points=old.accrued_points,
            parts=old.accrued_parts,
            active_from=old.accrued_active_from,
            expires_at=old.accrued_expires_at,
        ),
        coupons=tuple(
            CouponUse(serial=use.serial, campaign=use.campaign, discount_kopecks=use.discount_kopecks)
            for use in old.coupons
        ),
    )
