"""The account that the hub starts itself gets its key from it, without a code."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.hub import Hub
from hub.store.rows import Rows
from hub.store.seam import Writer
from hub.tills.joining import held
from hub.tills.till import Till
from loyalty.operation import ACCOUNT_CHAIN
from loyalty.utc import utc_text
from storage.whole_file import write_over
from sync.identity import Identity

KEY_FILE: Final = "account.key"


def enrol(hub: Hub, folder: Path) -> None:
    """The key that lies in the folder is the account's, if the hub hears it; else a new one is made. Raises OSError."""
    path = folder / KEY_FILE
    identity = _kept(path)
    with hub.store.reading() as reader:
        row = reader.tills([ACCOUNT_CHAIN]).get(ACCOUNT_CHAIN)
    known = msgspec.json.decode(row.body, type=Till) if row is not None else None
    if identity is not None and known is not None and known.key == _public(identity) and _is_ours(hub, identity):
        return
    key = Ed25519PrivateKey.generate().private_bytes_raw().hex()
    made = Identity(till=ACCOUNT_CHAIN, key=key, hub_key=hub.keys.public, ledger=hub.ledger)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_over(path, msgspec.json.encode(made))
    hub.within(lambda writer: _joined(hub, writer, _public(made)))


def _joined(hub: Hub, writer: Writer, key: str) -> None:
    at = utc_text(hub.now())
    known = held(writer, ACCOUNT_CHAIN) or Till(till=ACCOUNT_CHAIN, state="joined", added_at=at, by="hub")
    joined = msgspec.structs.replace(
        known, state="joined", key=key, next_key=None, invitation=None, joined_by=None, joined_at=at, revoked_at=None
    )
    writer.write(Rows(tills=[joined.row]))


def _is_ours(hub: Hub, identity: Identity) -> bool:
    """It believes this hub, with the key that it has now."""
    return (identity.ledger, identity.hub_key) == (hub.ledger, hub.keys.public)


def _kept(path: Path) -> Identity | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Identity)
    except (OSError, msgspec.DecodeError):
        return None


def _public(identity: Identity) -> str:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(identity.key)).public_key().public_bytes_raw().hex()
