"""What the till must not keep in plain sight is sealed with a key that lies apart from its data, in `keys`.

It helps against whoever takes the data folder, a copy or a disk that was thrown away; not against whoever takes both.
"""

from __future__ import annotations

import logging
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.whole_file import write_new

FILE: Final = "sealing.key"
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


def _make(path: Path) -> None:
    """Whoever was first made the one that holds."""
    with suppress(FileExistsError):
        write_new(path, f"{secrets.token_bytes(KEY_BYTES).hex()}\n".encode())


def sealing_in(folder: Path, what: str) -> Sealing | None:
    """None: no key can be kept there, and so nothing that needs sealing is kept at all."""
    path = folder / FILE
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _make(path)
        os.chmod(path, 0o600)
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
        if len(key) != KEY_BYTES:
            raise ValueError("its length is another")
    except (OSError, ValueError) as error:
        log.warning("%s cannot be used: %s. After a start without the hub nobody is found by phone.", path, error)
        return None
    return Sealing(key, what)
