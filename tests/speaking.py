"""Tills that a test's hub hears: their keys, without the ceremony of joining (that has tests of its own)."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.hub import Hub
from hub.store.records import Rows
from hub.tills.till import Lease, Till
from loyalty.operation import utc_text
from offline_cache.cache import Cache
from sync.identity import Identity, OwnFile, Speaker


def joined(hub: Hub, till: str, file: str = "f" * 32, generation: int = 1) -> Identity:
    """The till has joined, with a new key; `file` works under its name."""
    key, at = Ed25519PrivateKey.generate(), utc_text(hub.now())
    row = Till(
        till=till,
        state="joined",
        added_at=at,
        joined_at=at,
        key=key.public_key().public_bytes_raw().hex(),
        lease=Lease(file=file, generation=generation, at=at),
    ).row
    hub.within(lambda writer: writer.write(Rows(tills=[row])))
    return Identity(till=till, key=key.private_bytes_raw().hex(), hub_key=hub.keys.public, ledger=hub.ledger)


def speaking(identity: Identity, file: Callable[[], OwnFile] = lambda: OwnFile("f" * 32, 1)) -> Speaker:
    ids = itertools.count(1)
    return Speaker(identity, file=file, run=secrets.token_hex(8), new_id=lambda: f"r{next(ids)}")


def speaking_as(hub: Hub, cache: Cache) -> Speaker:
    """The till of this file, which the hub hears from now on."""
    identity = joined(hub, cache.till, cache.file_id, cache.generation)
    return speaking(identity, lambda: OwnFile(cache.file_id, cache.generation))
