"""The till's key is renewed at its side: the next one is on the disk before the hub hears of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_agent.identity import keep_identity
from sync.identity import Identity, Own
from sync.renewing import NewKey, new_key


def renewed(own: Own, folder: Path, tell: Callable[[NewKey], None]) -> None:
    """`tell`: raises HubUnreachable or HubRefused where the hub did not take it; the old key holds then."""
    identity = own.identity
    if identity.next_key is None:
        made = Ed25519PrivateKey.generate().private_bytes_raw().hex()
        identity = _kept(own, folder, msgspec.structs.replace(identity, next_key=made))
    assert identity.next_key is not None
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(identity.next_key))
    tell(new_key(identity.till, key))
    _kept(own, folder, msgspec.structs.replace(identity, key=identity.next_key, next_key=None))


def _kept(own: Own, folder: Path, identity: Identity) -> Identity:
    keep_identity(folder, identity)
    own.identity = identity
    return identity
