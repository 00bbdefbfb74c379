"""How many papers are in which state, and on whose word: counted once, however many a till has printed.

A paper that is printed or dropped stays so for ever. So what lies before the first open one is counted once in the life
of the process, and only what came since is looked at again: a till's whole state is told with every scan.
"""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

from storage.sqlite_file import SqliteFile

Tally = Counter[tuple[str, str]]  # (state, proof) → how many


class PaperTally:
    def __init__(self, file: SqliteFile) -> None:
        self._file = file
        self._sql: Any = file.sql
        self._counting = threading.Lock()
        self._settled: Tally = Counter()
        self._next = 0  # jobs before this one are in it

    def now(self) -> Tally:
        with self._counting, self._file.reading() as connection:
            first_open = self._sql.first_open_job(connection)
            self._settled += self._between(connection, self._next, first_open)
            self._next = max(self._next, first_open)
            return self._settled + self._between(connection, self._next, None)

    def _between(self, connection: Any, first: int, end: int | None) -> Tally:
        rows = self._sql.tally_of_jobs(connection, first=first, end=end)
        return Counter({(state, proof): count for state, proof, count in rows})

    def states(self) -> dict[str, int]:
        found: Counter[str] = Counter()
        for (state, _), count in self.now().items():
            found[state] += count
        return dict(found)

    def proofs(self) -> dict[str, int]:
        return {proof: count for (state, proof), count in self.now().items() if state == "printed"}
