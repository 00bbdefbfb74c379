"""Who this till is: what joining brought, among its own keys, which are apart from its data."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from config.settings import Settings
from offline_cache.lease import Bond
from offline_cache.own_file import own_file
from pos_agent.keys import IDENTITY, Keys, keys_of
from pos_agent.machine import place_of
from sync.identity import Identity, Own, OwnFile, Speaker
from sync.signed import LOOKS

NO_FILE = ("", 0)


class IdentityError(ValueError):
    """What lies there is no identity, or another till's, or nobody gets at it now."""


def identity_in(keys: Keys, till: str) -> Identity | None:
    """What joining brought; None: the till has not joined. Raises IdentityError."""
    try:
        content = keys.read(IDENTITY)
        identity = msgspec.json.decode(content, type=Identity) if content is not None else None
    except (OSError, msgspec.DecodeError, ValueError) as error:
        raise IdentityError(f"{keys.where}: {IDENTITY} cannot be read as this till's key: {error}.") from error
    if identity is not None and identity.till != till:
        told = f"{keys.where}: {IDENTITY} is the key of till {identity.till!r}, not {till!r}."
        raise IdentityError(f"{told} Give each till its own folder.")
    return identity


def keep_identity(keys: Keys, identity: Identity) -> None:
    """Whole or not at all; in the place of the one of before. Raises OSError."""
    keys.keep(IDENTITY, msgspec.json.encode(identity))


def bond_of(identity: Identity, machine: str) -> Bond:
    """What a lease of this till's file names."""
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(identity.key)).public_key()
    return Bond(ledger=identity.ledger, key=key.public_bytes_raw().hex(), machine=machine)


def speaker_read(settings: Settings) -> Speaker:
    """For a look beside a running agent: its key and which file it has, and nothing is written. Raises
    IdentityError."""
    own = own_in(settings)
    file = OwnFile(*own_file(settings.kept_in / "till.db") or NO_FILE)
    return speaker_of(own, lambda: file, run=LOOKS)()


def own_in(settings: Settings) -> Own:
    """Raises IdentityError."""
    keys = keys_of(settings)
    return Own(identity_in(keys, settings.till), partial(keep_identity, keys))


def new_run(settings: Settings) -> str:
    """Of this process; one that follows another in the same place says so (hub/face/runs.py)."""
    place, run = place_of(Path(settings.data)), secrets.token_hex(8)
    return f"{place}.{run}" if place is not None else run


def speaker_of(own: Own, file: Callable[[], OwnFile], run: str | None = None) -> Callable[[], Speaker]:
    """Makes speakers for this process: each connection has one of its own, with the nonces that it hears."""
    run = run or secrets.token_hex(8)
    return lambda: Speaker(own, file=file, run=run, new_id=lambda: secrets.token_hex(16))
