"""What each member got by a file, as the ledger has it: a million of them are more than a process should hold."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Final, NamedTuple

SCHEMA: Final = """
CREATE TABLE holders (
  member TEXT PRIMARY KEY, rows INTEGER NOT NULL, points INTEGER NOT NULL, kopecks INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""
ADD: Final = """
INSERT INTO holders VALUES (?1, 1, ?2, ?3) ON CONFLICT (member) DO UPDATE
SET rows = rows + 1, points = points + ?2, kopecks = kopecks + ?3
"""


class Holder(NamedTuple):
    member: str
    rows: int
    points: int
    kopecks: int


class Holders:
    """Of one thread; in a file without a name, which goes with the process."""

    def __init__(self) -> None:
        self._file = sqlite3.connect("", isolation_level=None)
        self._file.executescript(f"PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; {SCHEMA}")

    def add(self, member: str, points: int, kopecks: int) -> None:
        self._file.execute(ADD, (member, points, kopecks))

    def __len__(self) -> int:
        ((count,),) = self._file.execute("SELECT count(*) FROM holders")
        return int(count)

    def __iter__(self) -> Iterator[Holder]:
        """In the order of their ids."""
        return map(Holder._make, self._file.execute("SELECT * FROM holders ORDER BY member"))

    def close(self) -> None:
        self._file.close()
