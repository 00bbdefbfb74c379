"""What hides codes and phones in the ledger: keys made of the hub's own, which are never in it.

A code has ten thousand values, and so has its hash: whoever has the ledger alone must not be able to try them.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
LETTER_LETTERS: Final = 16  # of 32: eighty bits
PHONE_LETTERS: Final = 32  # hexadecimal: no two numbers of the world have the same


class Sealed(Exception):
    """A text that another key has sealed, or that was changed."""


class CodeSecrets:
    def __init__(self, master: bytes, random_bytes: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self._digests = _key(master, "codes")
        self._phones = _key(master, "phones of codes")
        self._coupons = _key(master, "codes of coupons")
        self._texts = AESGCM(_key(master, "messages"))
        self._letters = _key(master, "letters")
        self._random_bytes = random_bytes

    def digits(self, count: int) -> str:
        """Each value as likely as any other."""
        while True:
            number = int.from_bytes(self._random_bytes(8))
            if number < 2**64 - 2**64 % 10**count:
                return f"{number % 10**count:0{count}}"

    def digest(self, id: str, digits: str) -> str:
        return hmac.digest(self._digests, f"{id}\n{digits}".encode(), "sha256").hex()

    def is_right(self, id: str, digits: str, digest: str) -> bool:
        return hmac.compare_digest(self.digest(id, digits), digest)

    def phone(self, e164: str) -> str:
        """What stands for a phone."""
        return hashlib.blake2b(e164.encode(), key=self._phones, digest_size=PHONE_LETTERS // 2).hexdigest()

    def coupon_bits(self, serial: str, bits: int) -> int:
        """Of what is typed for a coupon: made again whenever it is shown, and nowhere kept."""
        return int.from_bytes(hmac.digest(self._coupons, f"code\n{serial}".encode(), "sha256")) >> (256 - bits)

    def coupon_digest(self, code: str) -> str:
        return hmac.digest(self._coupons, f"typed\n{code}".encode(), "sha256").hex()

    def letter_id(self, what: str) -> str:
        """Of a message to a member: the same for the same, it says nothing of him, and nobody guesses one."""
        digest = hmac.digest(self._letters, what.encode(), "sha256")
        return base64.b32encode(digest).decode().casefold()[:LETTER_LETTERS]

    def seal(self, id: str, text: str) -> str:
        nonce = self._random_bytes(NONCE_BYTES)
        return (nonce + self._texts.encrypt(nonce, text.encode(), id.encode())).hex()

    def open(self, id: str, sealed: str) -> str:
        """Raises Sealed."""
        raw = bytes.fromhex(sealed)
        try:
            return self._texts.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], id.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise Sealed("sealed under another key") from error


def _key(master: bytes, what: str) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=what.encode()).derive(master)
