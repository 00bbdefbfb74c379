"""With what PINs are hashed before they are hashed slowly: made of the hub's master key, which lies beside the ledger
and not in it, and of how often it was rotated. Whoever has the ledger, or a copy of it, has no PIN of it.

After a theft of a till with its keys the office rotates it: no PIN and no badge holds any more, and each gets new ones.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hub.staff.book import everybody, keep
from hub.staff.person import changed
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from sync.staff_codes import PEPPER_BYTES

TURN: Final = "staff_turn"  # a setting: how often it was rotated


def pepper_now(reader: Reader, master: bytes) -> bytes:
    return _pepper(master, int(reader.setting(TURN) or 0))


@lru_cache(maxsize=4)
def _pepper(master: bytes, turn: int) -> bytes:
    info = f"pins of staff:{turn}".encode()
    return HKDF(algorithm=hashes.SHA256(), length=PEPPER_BYTES, salt=None, info=info).derive(master)


def rotate(writer: Writer, *, by: str, now: datetime) -> int:
    """How many people need a new PIN or badge."""
    writer.write(Rows(settings={TURN: str(int(writer.setting(TURN) or 0) + 1)}))
    had = [one for one in everybody(writer) if one.pin or one.badge]
    for one in had:
        keep(writer, changed(one, "PIN and badge void: the pepper was rotated", by, now, pin="", badge=""))
    return len(had)
