"""With what phones are certified, and what stands behind a link's id: made of the hub's master key, which is in no
ledger.

After a theft of it, or now and then, the office rotates the key: the new one certifies, those of before are told to
tills until they are revoked, and every phone gets a certificate under the new one when it is online next.
"""

from __future__ import annotations

import hmac
from functools import lru_cache
from typing import Final, NamedTuple

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hub.store.rows import Rows
from hub.store.seam import Reader, Writer

TURN: Final = "rotating_turn"  # a setting: which key certifies, counted from 1
SINCE: Final = "rotating_since"  # a setting: the first that tills still believe
TOLD_MAX: Final = 8  # keys
KEY_BYTES: Final = 32
SECRET_LETTERS: Final = 32  # hexadecimal: 128 bits


class RotatingKeys(NamedTuple):
    """`signer` certifies, and is called `id`; `told`: public keys by id, as tills know them."""

    id: int
    signer: Ed25519PrivateKey
    told: dict[int, bytes]


def keys_now(reader: Reader, master: bytes) -> RotatingKeys:
    turn = _turn(reader)
    since = max(int(reader.setting(SINCE) or 1), turn - TOLD_MAX + 1)
    told = {one % 256: _public_half(master, one) for one in range(since, turn + 1)}
    return RotatingKeys(turn % 256, _key(master, turn), told)


def rotate(writer: Writer, *, revoke: bool) -> int:
    """The next key certifies from now on. `revoke`: tills forget all those of before."""
    turn = _turn(writer) + 1
    writer.write(Rows(settings={TURN: str(turn)} | ({SINCE: str(turn)} if revoke else {})))
    return turn


def secret_of(master: bytes, link: str) -> str:
    """What whoever has the link knows, and whoever has the ledger alone does not."""
    return hmac.digest(derived(master, "links of card phones"), link.encode(), "sha256").hex()[:SECRET_LETTERS]


def _turn(reader: Reader) -> int:
    return int(reader.setting(TURN) or 1)


@lru_cache(maxsize=64)
def _key(master: bytes, turn: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(derived(master, f"card phones:{turn}"))


@lru_cache(maxsize=64)
def _public_half(master: bytes, turn: int) -> bytes:
    return _key(master, turn).public_key().public_bytes_raw()


@lru_cache(maxsize=64)
def derived(master: bytes, what: str) -> bytes:
    """A key of its own for each use."""
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=what.encode()).derive(master)
