"""What must be so of a ledger of an older version, before and after it is brought up to date."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from tests.faults.kept import digest_of, text_of
from tests.faults.rows import rows, unsound

FILE = "hub.db"


def hashes(folder: Path) -> list[str]:
    return [digest for (digest,) in rows(folder / FILE, "SELECT hash FROM operations")]


def faults(folder: Path) -> Iterator[str]:
    """Of any version."""
    yield from sound(folder / FILE)
    if unbalanced := rows(folder / FILE, "SELECT sum(points) FROM entries HAVING sum(points) <> 0"):
        yield f"entries sum to {unbalanced}"


def sound(path: Path) -> Iterator[str]:
    """The file is whole, and each text is what its hash says."""
    if torn := unsound(path):
        yield f"the file: {torn}"
    for digest, text in rows(path, "SELECT hash, text FROM operations"):
        if hashlib.sha256(text_of(text).encode()).hexdigest() != digest_of(digest):
            yield f"{digest!r} is written anew"
