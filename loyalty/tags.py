"""Short names of ids, for texts that a QR holds: the first bytes of a hash (docs/tokens.md).

Nobody guesses an id by its tag, and two ids of one tag are refused where that matters (config/programme_offers.py).
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from typing import Final, Literal

TagOf = Literal["programme", "campaign", "store", "member"]

BYTES: Final[dict[TagOf, int]] = {"programme": 4, "campaign": 4, "store": 3, "member": 8}


@lru_cache(maxsize=1_024)  # a programme has some campaigns, and a till one store
def tag(of: TagOf, id: str) -> bytes:
    """Of no id: zeros. No id has zeros."""
    size = BYTES[of]
    if not id:
        return bytes(size)
    short = sha256(f"pos-agent/{of}/{id}".encode()).digest()[:size]
    return short if any(short) else bytes(size - 1) + b"\x01"
