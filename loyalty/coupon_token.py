"""A coupon as a signed text for a QR: a right to something, so many times (loyalty/sealed_text.py, docs/tokens.md).

Every coupon has the same length, whatever it claims: 178 characters, QR 7-M. What was printed as PA1 is read for ever:
that one has no value, scope and zone of its own. A till refuses with one of the reasons below.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Final, Literal
from zoneinfo import ZoneInfo

import msgspec

from loyalty.programme import COUPON, Programme
from loyalty.sealed_text import NotSealed, open_sealed, seal
from loyalty.tags import tag
from loyalty.utc import is_zone

PREFIX: Final = COUPON
PREFIX_BEFORE: Final = "PA1:"
WHAT: Final = 0x21  # version 2, a coupon
WHAT_BEFORE: Final = 0x01
TOKEN_CHARACTERS: Final = 178  # as many as QR 7-M holds

# serial, programme, campaign, value, uses, valid from, valid to, zone, store, member, channel
CLAIMS: Final = struct.Struct(">16s4s4sIH3s3sb3s8sB")
CLAIMS_BEFORE: Final = range(1, 131)  # bytes of msgpack: a text had 300 characters at most

EPOCH: Final = datetime(2020, 1, 1, tzinfo=UTC)
MINUTE: Final = timedelta(minutes=1)
MINUTES: Final = 2**24  # until the November of 2051
QUARTER: Final = timedelta(minutes=15)  # all zones in use are so many of them from UTC
SERIAL_BYTES: Final = 16
VALUES: Final = range(2**32)
USES: Final = range(1, 2**16)
CHANNELS: Final = ("", "shop", "self", "online")  # loyalty.operation.Channel; "": any
UNIX: Final = datetime(1970, 1, 1, tzinfo=UTC)
SECONDS: Final = range(253_402_300_800)  # of PA1: the calendar's, from 1970

CouponReason = Literal[
    "malformed", "unknown_key", "forged", "other_programme", "unknown_campaign", "not_yet", "expired", "used"
]


@dataclass(frozen=True, slots=True)
class CouponClaims:
    """One right of a campaign; what the campaign gives stands in the programme file.

    `serial`: 16 random bytes, hexadecimal. Times are whole minutes (`whole_minute`), `valid_to` the first one in which
    it is too late; `zone` an IANA name: by it the last day is said. `value`: in the unit of the campaign's offer, 0 the
    campaign's own. `uses`: how many receipts it is good for. `store`, `member`, `channel`: nowhere else, for nobody
    else; "": anywhere, for anybody.
    """

    serial: str
    programme: str
    campaign: str
    valid_from: datetime
    valid_to: datetime
    zone: str
    value: int = 0
    uses: int = 1
    store: str = ""
    member: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True)
class OpenedCoupon:
    """What a genuine coupon says. Store and member are hashes: who asks knows which he means."""

    serial: str
    campaign: str
    value: int
    uses: int
    valid_from: datetime
    valid_to: datetime
    zone: tzinfo
    store_tag: bytes
    member_tag: bytes
    channel: str

    @property
    def first_day(self) -> date:
        return self.valid_from.astimezone(self.zone).date()

    @property
    def last_day(self) -> date:
        """The last on which it is good, in its own zone."""
        return (self.valid_to - MINUTE).astimezone(self.zone).date()

    def fits_store(self, id: str) -> bool:
        return self.store_tag in (tag("store", ""), tag("store", id))

    def fits_member(self, id: str) -> bool:
        return self.member_tag in (tag("member", ""), tag("member", id))

    def fits_channel(self, channel: str) -> bool:
        return self.channel in ("", channel)


class CouponRefused(Exception):
    """The coupon cannot be honoured; `reason` says why. `coupon`: what it says, where it is genuine and its campaign is
    known: its time is another."""

    def __init__(self, reason: CouponReason, coupon: OpenedCoupon | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.coupon = coupon


def whole_minute(at: datetime) -> datetime:
    """The minute in which a moment lies, as coupons count."""
    return EPOCH + (at - EPOCH) // MINUTE * MINUTE


def seal_coupon(claims: CouponClaims, key_id: int, sign: Callable[[bytes], bytes]) -> str:
    """The coupon's text. `sign` is the hub's Ed25519 signing. Raises ValueError for what no coupon can say."""
    serial = bytes.fromhex(claims.serial)
    if len(serial) != SERIAL_BYTES or claims.value not in VALUES or claims.uses not in USES:
        raise ValueError(
            f"a coupon has a serial of {SERIAL_BYTES} bytes, a value below {VALUES.stop} and 1 to {USES.stop - 1} uses,"
            f" not {claims.serial!r}, {claims.value}, {claims.uses}"
        )
    if not claims.valid_from < claims.valid_to:
        raise ValueError(f"a coupon ends after it begins, not at {claims.valid_to}")
    if not is_zone(claims.zone):
        raise ValueError(f"{claims.zone!r} is no time zone; one is called like Europe/Moscow")
    if claims.channel not in CHANNELS:
        raise ValueError(f"{claims.channel!r} is no channel; one is {', '.join(CHANNELS[1:])}")
    packed = CLAIMS.pack(
        serial,
        tag("programme", claims.programme),
        tag("campaign", claims.campaign),
        claims.value,
        claims.uses,
        _minutes(claims.valid_from),
        _minutes(claims.valid_to),
        _quarters(ZoneInfo(claims.zone), claims.valid_to),
        tag("store", claims.store),
        tag("member", claims.member),
        CHANNELS.index(claims.channel),
    )
    return seal(PREFIX, WHAT, key_id, packed, sign)


def open_coupon(text: str, keys: Mapping[int, bytes], programme: Programme, now: datetime) -> OpenedCoupon:
    """A genuine coupon that is valid now. `keys`: key id → raw public key. Raises CouponRefused."""
    try:
        opened = _before(text, keys, programme) if text.startswith(PREFIX_BEFORE) else _now(text, keys, programme)
    except NotSealed as broken:
        raise CouponRefused(broken.reason) from broken
    if now < opened.valid_from:
        raise CouponRefused("not_yet", opened)
    if now >= opened.valid_to:
        raise CouponRefused("expired", opened)
    return opened


def _now(text: str, keys: Mapping[int, bytes], programme: Programme) -> OpenedCoupon:
    packed = open_sealed(text, PREFIX, WHAT, (CLAIMS.size,), keys)
    serial, chain, campaign, value, uses, begin, end, quarters, store, member, channel = CLAIMS.unpack(packed)
    if chain != tag("programme", programme.id):
        raise CouponRefused("other_programme")
    offer = next((one for one in programme.coupons if tag("campaign", one.id) == campaign), None)
    if offer is None:
        raise CouponRefused("unknown_campaign")
    valid_to = _moment(end)
    return OpenedCoupon(
        serial=serial.hex(),
        campaign=offer.id,
        value=value,
        uses=uses,
        valid_from=_moment(begin),
        valid_to=valid_to,
        zone=_zone(quarters, programme, valid_to),
        store_tag=store,
        member_tag=member,
        channel=CHANNELS[channel] if channel < len(CHANNELS) else "of a later version",
    )


def _minutes(at: datetime) -> bytes:
    whole, rest = divmod(at - EPOCH, MINUTE)
    if rest or whole not in range(MINUTES):
        raise ValueError(f"{at} is no whole minute from {EPOCH:%Y} to {EPOCH + MINUTES * MINUTE:%Y}; see whole_minute")
    return whole.to_bytes(3, "big")


def _moment(minutes: bytes) -> datetime:
    return EPOCH + int.from_bytes(minutes, "big") * MINUTE


def _quarters(zone: tzinfo, valid_to: datetime) -> int:
    """How far the zone is from UTC in the coupon's last minute."""
    offset = (valid_to - MINUTE).astimezone(zone).utcoffset()
    assert offset is not None, "of an aware time"
    return offset // QUARTER


def _zone(quarters: int, programme: Programme, valid_to: datetime) -> tzinfo:
    """The programme's own zone, where it is that one: it knows the summer's hour too. Nobody is more than a day from
    UTC, and a coupon that says so is said by UTC."""
    if quarters == _quarters(programme.timezone, valid_to):
        return programme.timezone
    return timezone(quarters * QUARTER) if abs(quarters * QUARTER) < timedelta(days=1) else UTC


class _Before(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """PA1. Times are Unix seconds."""

    serial: bytes
    programme: str
    campaign: str
    valid_from: int
    valid_to: int


def _before(text: str, keys: Mapping[int, bytes], programme: Programme) -> OpenedCoupon:
    try:
        claims = msgspec.msgpack.decode(
            open_sealed(text, PREFIX_BEFORE, WHAT_BEFORE, CLAIMS_BEFORE, keys), type=_Before
        )
    except msgspec.DecodeError as error:
        raise CouponRefused("forged") from error
    if claims.programme != programme.id:
        raise CouponRefused("other_programme")
    if programme.coupon(claims.campaign) is None:
        raise CouponRefused("unknown_campaign")
    return OpenedCoupon(
        serial=claims.serial.hex(),
        campaign=claims.campaign,
        value=0,
        uses=1,
        valid_from=_second(claims.valid_from),
        valid_to=_second(claims.valid_to),
        zone=programme.timezone,
        store_tag=tag("store", ""),
        member_tag=tag("member", ""),
        channel="",
    )


def _second(at: int) -> datetime:
    """What lies beyond the calendar is its end."""
    return UNIX + timedelta(seconds=min(max(at, SECONDS.start), SECONDS.stop - 1))
