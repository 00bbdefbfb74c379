"""What the till must not keep in plain sight is sealed with a key that lies apart from its data, in `keys`.

It helps against whoever takes the data folder, a copy or a disk that was thrown away; not against whoever takes both.
"""

from __future__ import annotations

import logging
import secrets
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pos_agent.key_folder import KeyFolder
from pos_agent.keys import SEALING, Keys

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12  # AES-GCM's; a new key is told once in years, so that chance never repeats one

log = logging.getLogger(__name__)


class Sealing:
    """AES-256-GCM. `what` is said with it: what was sealed as one thing is not opened as another."""

    def __init__(self, key: bytes, what: str) -> None:
        self._cipher = AESGCM(key)
        self._what = what.encode()

    def seal(self, plain: bytes) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, self._what)

    def unseal(self, sealed: bytes) -> bytes | None:
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], self._what)
        except (InvalidTag, ValueError):  # the folder of keys is another's, or was lost and made anew
            return None


def sealing_in(folder: Path, what: str) -> Sealing | None:
    return sealing_of(KeyFolder(folder), what)


def sealing_of(keys: Keys, what: str) -> Sealing | None:
    """None: no key can be kept there, and so nothing that needs sealing is kept at all."""
    try:
        return Sealing(_key(keys), what)
    except (OSError, ValueError) as error:
        told = (
            f"{keys.where}: {SEALING} cannot be used: {error}. After a start without the hub nobody is found by phone."
        )
        log.warning("%s", told)
        return None


def _key(keys: Keys) -> bytes:
    """Made where there is none."""
    keys.keep_first(SEALING, f"{secrets.token_bytes(KEY_BYTES).hex()}\n".encode())
    key = bytes.fromhex((keys.read(SEALING) or b"").decode("ascii").strip())
    if len(key) != KEY_BYTES:
        raise ValueError("its length is another")
    return key
