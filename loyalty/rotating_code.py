"""The rotating code of a member's phone: that whoever shows the card has the phone with him, now.

    PAR: base45( certificate, hub's signature, slot, phone's signature ) .

The hub certifies the phone's key for one card; the phone signs the half minute in which it shows the code. Tills hold
the hub's public keys alone, so that a stolen till makes no codes, and need no connection. What is wrong with the time
only takes the proof away: the card is in the code and identifies, as its plain number does (docs/rotating_code.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal, NamedTuple

import base45
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from loyalty.programme import ROTATING

PREFIX: Final = ROTATING
END: Final = "."  # base45 may end with a blank, which scanners and people trim; the full stop keeps it
VERSION: Final = 1
SLOT: Final = timedelta(seconds=30)
SLOTS_AROUND: Final = 1  # the phone's clock and the till's are each right to some seconds
CLOCK_GOOD_FOR: Final = timedelta(days=1)  # a cheap clock drifts by some seconds in it
CLOCK_SLACK: Final = SLOT  # by so much it may have been put back since

KEY_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64
CARD_MAX: Final = 32  # letters; with so many the code is a QR of version 10-M still
CHARACTERS_MAX: Final = 310
_FIXED: Final = 2 + 4 + KEY_BYTES + 1  # version, key id, until, phone's key, length of the card
_REST: Final = SIGNATURE_BYTES + 4 + SIGNATURE_BYTES
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
SECOND: Final = timedelta(seconds=1)

# What is signed begins with what it is, so that no signature of the hub over a coupon is one over a certificate.
CERTIFICATE_DOMAIN: Final = b"pos-agent phone certificate\n"
CODE_DOMAIN: Final = b"pos-agent rotating code\n"

Why = Literal["unknown_key", "certificate_over", "clock_unknown", "old", "early"]


class RotatingRefused(Exception):
    """No code of a phone that the hub has certified; `reason` says why."""

    def __init__(self, reason: Literal["malformed", "forged"]) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class RotatingCode:
    """What a code says. `phone`: which of the card's; `why`: it only identifies; None: it proves that the phone is
    here. One of an `unknown_key` is no better than a number that anybody wrote."""

    card: str
    phone: str
    slot: int
    why: Why | None


class _Parts(NamedTuple):
    certificate: bytes
    key_id: int
    until: datetime
    key: bytes
    card: str
    hub_signature: bytes
    slot: bytes
    phone_signature: bytes


def slot_of(at: datetime) -> int:
    return (at - EPOCH) // SLOT


def phone_id(key: bytes) -> str:
    """By which a phone's public key is called."""
    return hashlib.sha256(key).hexdigest()[:16]


def can_be_certified(card: str) -> bool:
    """A number that a code has room for: plain letters, not too many."""
    return 0 < len(card) <= CARD_MAX and card.isascii() and card.isprintable() and " " not in card


def certify(card: str, phone_key: bytes, until: datetime, key_id: int, sign: Callable[[bytes], bytes]) -> bytes:
    """The certificate with the hub's signature. `sign` is its Ed25519 signing. Raises ValueError."""
    if not can_be_certified(card) or len(phone_key) != KEY_BYTES:
        raise ValueError(f"no certificate for {card!r} and a key of {len(phone_key)} bytes")
    seconds = (until - EPOCH) // SECOND
    body = bytes((VERSION, key_id)) + seconds.to_bytes(4) + phone_key + bytes((len(card),)) + card.encode()
    return body + sign(CERTIFICATE_DOMAIN + body)


def code_text(certificate: bytes, slot: int, sign: Callable[[bytes], bytes]) -> str:
    """What the phone shows in this slot. `sign` is the phone's."""
    told = slot.to_bytes(4)
    signature = sign(CODE_DOMAIN + certificate[:-SIGNATURE_BYTES] + told)
    letters: bytes = base45.b45encode(certificate + told + signature)
    return PREFIX + letters.decode() + END


def verify(text: str, keys: Mapping[int, bytes], now: datetime, clock_known_at: datetime | None) -> RotatingCode:
    """What a code proves at this moment of the till's clock, which was held against the hub's at `clock_known_at`
    (None: never). `keys`: the hub's, by id. Raises RotatingRefused."""
    parts = _parts(text)
    hub_key = keys.get(parts.key_id)
    if hub_key is not None:
        _check(hub_key, parts.hub_signature, CERTIFICATE_DOMAIN + parts.certificate)
    _check(parts.key, parts.phone_signature, CODE_DOMAIN + parts.certificate + parts.slot)
    if not can_be_certified(parts.card):
        raise RotatingRefused("malformed")
    slot = int.from_bytes(parts.slot)
    why = "unknown_key" if hub_key is None else _why(parts.until, slot, now, clock_known_at)
    return RotatingCode(card=parts.card, phone=phone_id(parts.key), slot=slot, why=why)


def is_clock_known(now: datetime, known_at: datetime | None) -> bool:
    """Whether the till's clock is right to some seconds: not long ago it was held against the hub's, and was not put
    back since."""
    return known_at is not None and -CLOCK_SLACK <= now - known_at <= CLOCK_GOOD_FOR


def _why(until: datetime, slot: int, now: datetime, clock_known_at: datetime | None) -> Why | None:
    if not is_clock_known(now, clock_known_at):
        return "clock_unknown"
    if now >= until:
        return "certificate_over"
    ahead = slot - slot_of(now)
    if ahead < -SLOTS_AROUND:
        return "old"
    return "early" if ahead > SLOTS_AROUND else None


def _parts(text: str) -> _Parts:
    if not (text.startswith(PREFIX) and text.endswith(END)) or len(text) > CHARACTERS_MAX:
        raise RotatingRefused("malformed")
    try:
        raw = base45.b45decode(text.removeprefix(PREFIX).removesuffix(END).encode())  # of str it drops line ends
    except ValueError as error:
        raise RotatingRefused("malformed") from error
    card_end = _FIXED + (raw[_FIXED - 1] if len(raw) > _FIXED else 0)
    if len(raw) != card_end + _REST or raw[0] != VERSION:
        raise RotatingRefused("malformed")
    signature_end = card_end + SIGNATURE_BYTES
    try:
        card = raw[_FIXED:card_end].decode("ascii")
    except UnicodeDecodeError as error:
        raise RotatingRefused("malformed") from error
    return _Parts(
        certificate=raw[:card_end],
        key_id=raw[1],
        until=EPOCH + int.from_bytes(raw[2:6]) * SECOND,
        key=raw[6 : 6 + KEY_BYTES],
        card=card,
        hub_signature=raw[card_end:signature_end],
        slot=raw[signature_end : signature_end + 4],
        phone_signature=raw[signature_end + 4 :],
    )


def _check(key: bytes, signature: bytes, signed: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, signed)
    except (InvalidSignature, ValueError) as error:
        raise RotatingRefused("forged") from error
