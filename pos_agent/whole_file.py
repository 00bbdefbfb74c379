"""A small file that is there whole or not at all, and that its owner alone reads."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_new(path: Path, text: str) -> None:
    """Raises FileExistsError where there is one already: it is never written over."""
    half = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(half, path)
    finally:
        half.unlink()
