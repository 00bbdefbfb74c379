"""A till's key is renewed while it runs, without a person: the hub asks for it on a page (`new_key`).

    till: the next key is on its disk ─▶ told to the hub, signed by the old one, proved by the new one
    hub:  hears both until it hears the new one, and then that one alone
    till: goes over to the new one when the hub's signed answer is there

Wherever it is cut off, the till speaks with a key that the hub hears, and tells the same next key again.
"""

from __future__ import annotations

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sync.joining import Key
from sync.protocol import ShortText


class NewKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`proof`: the new key's signature of both, hexadecimal: nobody tells a key that he has not."""

    till: ShortText
    key: Key
    proof: str


class NewKeyTaken(msgspec.Struct, frozen=True, kw_only=True):
    key: Key


def new_key(till: str, key: Ed25519PrivateKey) -> NewKey:
    public = key.public_key().public_bytes_raw().hex()
    return NewKey(till=till, key=public, proof=key.sign(_proved(till, public)).hex())


def is_proved(asked: NewKey) -> bool:
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(asked.key))
        key.verify(bytes.fromhex(asked.proof), _proved(asked.till, asked.key))
    except (InvalidSignature, ValueError):
        return False
    return True


def _proved(till: str, key: str) -> bytes:
    return msgspec.json.encode(("pos-agent: a new key", till, key))
