"""With what PINs are hashed before they are hashed slowly: made of the hub's master key, which lies beside the ledger
and not in it. Whoever has the ledger, or a copy of it, has no PIN of it."""

from __future__ import annotations

from functools import lru_cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sync.staff_codes import PEPPER_BYTES


@lru_cache(maxsize=4)
def pepper_of(master: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=PEPPER_BYTES, salt=None, info=b"pins of staff").derive(master)
