"""A coupon as a signed text for a QR: a right to something, once.

    PA1: base45( version, key id, claims, Ed25519 signature ) .

The hub signs, tills verify with its public key, so a stolen till cannot make coupons. Nothing behind the key id is
read before the signature holds. A till refuses with one of the reasons below.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal

import base45
import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PREFIX = "PA1:"
END = "."  # base45 may end with a blank, which scanners and people trim; the full stop keeps it
VERSION = 1
SIGNATURE_BYTES = 64
KEY_BYTES = 32
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TOKEN_CHARACTERS_MAX = 300  # ours take about 180: QR version 8-M

CouponReason = Literal[
    "malformed", "unknown_key", "forged", "other_programme", "unknown_campaign", "not_yet", "expired", "used"
]


class CouponClaims(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """One right of a campaign; what the campaign gives stands in the programme file. Times are Unix seconds."""

    serial: bytes  # 16 random bytes
    programme: str
    campaign: str
    valid_from: int
    valid_to: int


class CouponRefused(Exception):
    """The coupon cannot be honoured; `reason` says why."""

    def __init__(self, reason: CouponReason) -> None:
        super().__init__(reason)
        self.reason = reason


def seal_coupon(claims: CouponClaims, key_id: int, sign: Callable[[bytes], bytes]) -> str:
    """The coupon's text. `sign` is the hub's Ed25519 signing."""
    signed = bytes((VERSION, key_id)) + msgspec.msgpack.encode(claims)
    encoded: bytes = base45.b45encode(signed + sign(signed))
    return PREFIX + encoded.decode() + END


def open_coupon(text: str, keys: Mapping[int, bytes], programme: str, now: datetime) -> CouponClaims:
    """The claims of a genuine coupon that is valid now. `keys`: key id → raw public key. Raises CouponRefused."""
    signed, signature = _split(text)
    claims = _verify(signed, signature, keys)
    if claims.programme != programme:
        raise CouponRefused("other_programme")
    moment = (now - EPOCH) // timedelta(seconds=1)
    if moment < claims.valid_from:
        raise CouponRefused("not_yet")
    if moment >= claims.valid_to:
        raise CouponRefused("expired")
    return claims


def _split(text: str) -> tuple[bytes, bytes]:
    if not (text.startswith(PREFIX) and text.endswith(END)) or len(text) > TOKEN_CHARACTERS_MAX:
        raise CouponRefused("malformed")
    try:
        raw = base45.b45decode(text.removeprefix(PREFIX).removesuffix(END).encode())  # of str it drops line ends
    except ValueError as error:
        raise CouponRefused("malformed") from error
    if len(raw) <= SIGNATURE_BYTES + 2 or raw[0] != VERSION:
        raise CouponRefused("malformed")
    return raw[:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:]


def _verify(signed: bytes, signature: bytes, keys: Mapping[int, bytes]) -> CouponClaims:
    key = keys.get(signed[1])
    if key is None or len(key) != KEY_BYTES:
        raise CouponRefused("unknown_key")
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, signed)
        return msgspec.msgpack.decode(signed[2:], type=CouponClaims)
    except (InvalidSignature, msgspec.DecodeError) as error:
        raise CouponRefused("forged") from error
