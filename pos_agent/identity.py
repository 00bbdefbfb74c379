"""Who this till is, on its disk: a file that its owner alone reads, in a folder apart from the till's data."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from config.settings import Settings
from offline_cache.lease import Bond
from offline_cache.own_file import own_file
from pos_agent.machine import place_of
from storage.whole_file import write_over
from sync.identity import Identity, Own, OwnFile, Speaker
from sync.signed import LOOKS

log = logging.getLogger(__name__)

FILE = "identity.json"
NO_FILE = ("", 0)


class IdentityError(ValueError):
    """What lies there is no identity, or another till's."""


def identity_in(folder: Path, till: str) -> Identity | None:
    """What joining brought; None: the till has not joined. Raises IdentityError."""
    path = folder / FILE
    try:
        identity = msgspec.json.decode(path.read_bytes(), type=Identity)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError, ValueError) as error:
        raise IdentityError(f"{path} cannot be read as this till's key: {error}.") from error
    if identity.till != till:
        raise IdentityError(
            f"{path} is the key of till {identity.till!r}, not {till!r}. Give each till its own folder."
        )
    return identity


def keep_identity(folder: Path, identity: Identity) -> None:
    """Whole or not at all; in the place of the one of before."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_over(folder / FILE, msgspec.json.encode(identity))


def bond_of(identity: Identity, machine: str) -> Bond:
    """What a lease of this till's file names."""
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(identity.key)).public_key()
    return Bond(ledger=identity.ledger, key=key.public_bytes_raw().hex(), machine=machine)


def speaker_read(settings: Settings) -> Speaker | None:
    """For a look beside a running agent: its key and which file it has, and nothing is written. None: the till has not
    joined. Raises IdentityError."""
    own = own_in(settings)
    file = OwnFile(*own_file(settings.kept_in / "till.db") or NO_FILE)
    return speaker_of(own, lambda: file, run=LOOKS)()


def own_if_any(settings: Settings) -> Own | None:
    """A key that cannot be read is none: the till sells and records, and says that it has not joined."""
    try:
        return own_in(settings)
    except IdentityError as error:
        log.warning("%s The till works as one that has not joined: `pos-agent join` mends it.", error)
        return None


def own_in(settings: Settings) -> Own | None:
    """Raises IdentityError."""
    identity = identity_in(settings.keys_in, settings.till)
    return Own(identity, partial(keep_identity, settings.keys_in)) if identity is not None else None


def new_run(settings: Settings) -> str:
    """Of this process; one that follows another in the same place says so (hub/face/runs.py)."""
    place, run = place_of(Path(settings.data)), secrets.token_hex(8)
    return f"{place}.{run}" if place is not None else run


def speaker_of(own: Own | None, file: Callable[[], OwnFile], run: str | None = None) -> Callable[[], Speaker | None]:
    """Makes speakers for this process: each connection has one of its own, with the nonces that it hears."""
    run = run or secrets.token_hex(8)
    if own is None:
        return lambda: None
    return lambda: Speaker(own, file=file, run=run, new_id=lambda: secrets.token_hex(16))
