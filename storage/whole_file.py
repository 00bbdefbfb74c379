"""A small file that is there whole or not at all, and that its owner alone reads."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_new(path: Path, content: bytes) -> None:
    """Raises FileExistsError where there is one already: it is never written over."""
    half = _half(path, content)
    try:
        os.link(half, path)
    finally:
        half.unlink()


def write_over(path: Path, content: bytes) -> None:
    """In the place of the one of before, if there is one."""
    os.replace(_half(path, content), path)


def _half(path: Path, content: bytes) -> Path:
    """On the disk, beside the name that it gets."""
    half = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return half
