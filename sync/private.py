"""What the hub tells one till alone, though the wire is not encrypted: the key that phones are hashed with.

For each page the till makes a pair of keys (X25519), names the public one in its signed request, and forgets both with
the answer. The hub seals to it by a pair that it makes likewise, and signs the answer: whoever sits between can put in
no key of his own, and whoever gets either's keys later opens nothing that he has heard before.
"""

from __future__ import annotations

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES: Final = 32
_NONCE: Final = bytes(12)  # each key seals once
_PURPOSE: Final = b"pos-hub tells one till"


class Ear:
    """Opens what was sealed to it."""

    def __init__(self) -> None:
        self._key = X25519PrivateKey.generate()
        self.public = self._key.public_key().public_bytes_raw().hex()

    def opened(self, sealed: str) -> str:
        """Raises ValueError."""
        whole = bytes.fromhex(sealed)
        theirs, content = whole[:KEY_BYTES], whole[KEY_BYTES:]
        shared = self._key.exchange(X25519PublicKey.from_public_bytes(theirs))
        try:
            return _cipher(shared, theirs, bytes.fromhex(self.public)).decrypt(_NONCE, content, None).hex()
        except InvalidTag as error:
            raise ValueError("it is sealed to another key") from error


def sealed_to(public: str, secret: str) -> str:
    """All hexadecimal. Raises ValueError for a key that is none."""
    theirs, key = bytes.fromhex(public), X25519PrivateKey.generate()
    shared = key.exchange(X25519PublicKey.from_public_bytes(theirs))
    ours = key.public_key().public_bytes_raw()
    return (ours + _cipher(shared, ours, theirs).encrypt(_NONCE, bytes.fromhex(secret), None)).hex()


def _cipher(shared: bytes, sealer: bytes, opener: bytes) -> AESGCM:
    made = HKDF(SHA256(), length=KEY_BYTES, salt=None, info=_PURPOSE + sealer + opener).derive(shared)
    return AESGCM(made)
