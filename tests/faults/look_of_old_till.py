"""What must be so of a till's file of an older version, before and after it is brought up to date."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.faults.kept import digest_of
from tests.faults.look_of_old_hub import sound
from tests.faults.rows import rows

FILE = "till.db"


def hashes(folder: Path) -> list[str]:
    return [digest_of(digest) for (digest,) in rows(folder / FILE, "SELECT hash FROM operations")]


def faults(folder: Path) -> Iterator[str]:
    """Of any version."""
    yield from sound(folder / FILE)
    unanswered = "SELECT count(*) FROM operations WHERE result IS NULL"
    if (sent := rows(folder / FILE, "SELECT count(*) FROM outbox")) != rows(folder / FILE, unanswered):
        yield f"the outbox has {sent}"
