"""Looking at a file as it was at one moment while its writer goes on: read-only connections, kept for the next look.

They never write and never checkpoint, so that the one connection which does stays the only one
(storage/sqlite_file.py). The log cannot begin anew while somebody looks at what is in it: look, and let go.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from storage import engine

KEPT = 4  # connections at rest: a page of the feed, a report, two tills that look something up
LET_GO_S = 5.0  # a page of the feed takes milliseconds; whoever streams a whole table is interrupted


class Snapshots:
    """Everything it raises is an engine.Error."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._changed = threading.Condition()
        self._idle: list[engine.Connection] = []
        self._used: set[engine.Connection] = set()
        self.barred = False

    @contextmanager
    def look(self) -> Iterator[engine.Connection]:
        """One moment, the same for every statement of the block."""
        connection = self._take()
        try:
            connection.execute("BEGIN")
            connection.execute("SELECT rootpage FROM sqlite_master LIMIT 1").fetchone()  # BEGIN alone is no moment yet
            yield connection
        finally:
            self._give_back(connection)

    def _take(self) -> engine.Connection:
        with self._changed:
            if self.barred:
                raise engine.NotOurs("it is not to be looked at now")
            connection = self._idle.pop() if self._idle else self._open()
            self._used.add(connection)
            return connection

    def _open(self) -> engine.Connection:
        connection = engine.connect(self._path, "ro")
        connection.execute("PRAGMA query_only = ON")
        return connection

    def _give_back(self, connection: engine.Connection) -> None:
        with suppress(engine.Error):
            connection.execute("ROLLBACK")  # also ends a stream that was left half read
        with self._changed:
            self._used.discard(connection)
            if self.barred or connection.in_transaction or len(self._idle) >= KEPT:
                connection.close()
            else:
                self._idle.append(connection)
            self._changed.notify_all()

    def bar(self) -> None:
        """Nobody looks until `admit`: those at rest are closed, the others are interrupted and not kept."""
        with self._changed:
            self.barred = True
            while self._idle:
                self._idle.pop().close()
            for connection in self._used:
                connection.interrupt()

    def wait_until_gone(self) -> None:
        """When they are barred. Raises NotOurs when somebody does not let go."""
        with self._changed:
            if not self._changed.wait_for(lambda: not (self.barred and self._used), LET_GO_S):
                raise engine.NotOurs("it is still being read")

    def admit(self) -> None:
        with self._changed:
            self.barred = False
