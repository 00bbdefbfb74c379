"""A signed text for a QR, as all of ours are (docs/tokens.md):

    prefix base45( what it is, key id, claims, Ed25519 signature ) .

The hub signs, tills verify with its public keys, so a stolen till makes none. Nothing behind the key id is read before
the signature holds. One right has one text: base45 is read strictly, and a signature has one form
(tests/loyalty/test_forgeries.py).
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from functools import lru_cache
from typing import Final, Literal

import base45
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

END: Final = "."  # base45 may end with a blank, which scanners and people trim; the full stop keeps it
SIGNATURE_BYTES: Final = 64
KEY_BYTES: Final = 32
HEAD_BYTES: Final = 2  # what it is, key id
KEY_IDS: Final = range(256)

Broken = Literal["malformed", "unknown_key", "forged"]


class NotSealed(Exception):
    """Nobody whom we know has signed this; `reason` says how that shows."""

    def __init__(self, reason: Broken) -> None:
        super().__init__(reason)
        self.reason: Broken = reason


def seal(prefix: str, what: int, key_id: int, claims: bytes, sign: Callable[[bytes], bytes]) -> str:
    """`sign` is the hub's Ed25519 signing."""
    signed = bytes((what, key_id)) + claims
    encoded: bytes = base45.b45encode(signed + sign(signed))
    return prefix + encoded.decode() + END


def open_sealed(text: str, prefix: str, what: int, sizes: Container[int], keys: Mapping[int, bytes]) -> bytes:
    """The claims of a genuine text. `sizes`: how many bytes they may have; `keys`: key id → raw public key. Raises
    NotSealed."""
    raw = _bytes_of(text, prefix, sizes)
    if raw[0] != what:
        raise NotSealed("malformed")
    signed, signature = raw[:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:]
    key = keys.get(signed[1])
    if key is None or len(key) != KEY_BYTES:
        raise NotSealed("unknown_key")
    try:
        _public(key).verify(signature, signed)
    except InvalidSignature as error:
        raise NotSealed("forged") from error
    return signed[HEAD_BYTES:]


def _bytes_of(text: str, prefix: str, sizes: Container[int]) -> bytes:
    if not (text.startswith(prefix) and text.endswith(END)):
        raise NotSealed("malformed")
    letters = text[len(prefix) : -len(END)]
    size = len(letters) // 3 * 2 + (len(letters) % 3) // 2 - HEAD_BYTES - SIGNATURE_BYTES
    if size not in sizes:
        raise NotSealed("malformed")
    try:
        raw: bytes = base45.b45decode(letters.encode())  # of str it drops line ends
    except ValueError as error:
        raise NotSealed("malformed") from error
    return raw


@lru_cache(maxsize=16)  # a hub has few
def _public(key: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(key)
