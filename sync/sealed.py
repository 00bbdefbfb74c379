"""A file that is carried to a till before its first start: all that it needs to join, sealed by the hub's key.

It holds a code of 128 bits, good once and for days: whoever has the file before the till joined can join in its place,
so it goes where keys go. What is between them still gets nothing: the proofs are those of a typed code.
"""

from __future__ import annotations

import hashlib
import hmac

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sync.joining import Key
from sync.protocol import FileId

SUFFIX = ".join"
CODE_BYTES = 16
FILE_BYTES_MAX = 10_000


class NotSealed(ValueError):
    """It is no such file, or not as the hub wrote it."""


class Sealed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    url: str
    till: str
    store: str
    ledger: str
    hub_key: Key
    code: FileId
    ends_at: str


class _Whole(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    sealed: Sealed
    seal: str


def seal(sealed: Sealed, key: Ed25519PrivateKey) -> bytes:
    whole = _Whole(sealed=sealed, seal=key.sign(msgspec.json.encode(sealed)).hex())
    return msgspec.json.format(msgspec.json.encode(whole), indent=2) + b"\n"


def opened(content: bytes) -> Sealed:
    """Raises NotSealed."""
    try:
        whole = msgspec.json.decode(content, type=_Whole)
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(whole.sealed.hub_key))
        key.verify(bytes.fromhex(whole.seal), msgspec.json.encode(whole.sealed))
    except (msgspec.DecodeError, ValueError, InvalidSignature) as error:
        raise NotSealed(str(error) or "its seal is broken") from error
    return whole.sealed


def secret_of_file(code: str, till: str) -> bytes:
    """What its code comes to, for one till: as long as it is, nobody tries them all, and it need not be slow."""
    return hmac.new(bytes.fromhex(code), f"pos-agent joins: {till}".encode(), hashlib.sha256).digest()
