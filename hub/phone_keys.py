"""With what phones are hashed for tills: a key for each programme, made of the hub's master key and of how often it was
rotated. Whoever has a till's key can make no other of it.

After a theft the office rotates it (hub/rotating.py). Until all who have a phone were told anew the feed says so, and
tills know the key of before too.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hub.store.seam import Reader

TURN: Final = "phones_turn"  # a setting: how often the key was rotated
TELLING: Final = "phones_telling"  # a setting: up to whom all were told of the newest; "" when that is done
KEY_BYTES: Final = 32


class PhoneKeyNow(NamedTuple):
    """`changes`: not everybody has been told under it yet."""

    key: bytes
    changes: bool


def phone_key_now(reader: Reader, master: bytes, programme: str) -> PhoneKeyNow:
    return PhoneKeyNow(_key(master, programme, turn_of(reader)), bool(reader.setting(TELLING)))


def turn_of(reader: Reader) -> int:
    return int(reader.setting(TURN) or 0)


@lru_cache(maxsize=64)  # a chain has some programmes
def _key(master: bytes, programme: str, turn: int) -> bytes:
    what = f"phones:{programme}:{turn}" if turn else f"phones:{programme}"
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=what.encode()).derive(master)
