"""PINs of gift certificates, asked where a number is typed. They are worked out of the number by a key of the hub's
own, which lies beside the ledger: whoever has the ledger, or a copy of it, has no PIN, and none has to be kept."""

from __future__ import annotations

import hmac
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

DIGITS: Final = 6
KEY_BYTES: Final = 32


class CertificatePins:
    """`master`: the hub's, which is never renewed: what was printed years ago is asked for today."""

    def __init__(self, master: bytes) -> None:
        info = b"pins of certificates"
        self._key = HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=info).derive(master)

    def of(self, number: str) -> str:
        """Of 2^64 values a million parts are as good as equal."""
        drawn = int.from_bytes(hmac.digest(self._key, number.encode(), "sha256")[:8])
        return f"{drawn % 10**DIGITS:0{DIGITS}}"

    def is_right(self, number: str, pin: str) -> bool:
        typed = "".join(pin.split()).replace("-", "")
        return hmac.compare_digest(self.of(number).encode(), typed.encode())
