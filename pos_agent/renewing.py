"""The till's key is renewed at its side: the next one is on the disk before the hub hears of it."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.identity import Own
from sync.renewing import NewKey, new_key


def renewed(own: Own, tell: Callable[[NewKey], None]) -> None:
    """`tell`: raises HubUnreachable or HubRefused where the hub did not take it; the old key holds then."""
    identity = own.identity
    next_key = identity.next_key or Ed25519PrivateKey.generate().private_bytes_raw().hex()
    if identity.next_key is None:
        own.is_now(msgspec.structs.replace(identity, next_key=next_key))
    tell(new_key(identity.till, Ed25519PrivateKey.from_private_bytes(bytes.fromhex(next_key))))
    own.is_now(msgspec.structs.replace(own.identity, key=next_key, next_key=None))
