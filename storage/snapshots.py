"""Looking at a file as it was at one moment while its writer goes on: read-only connections, kept for the next look.

They never write and never checkpoint. The log cannot begin anew while somebody looks at what is in it: look, and let
go.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

import apsw

from storage import engine

KEPT = 4  # connections at rest: a page of the feed, a report, two tills that look something up
LET_GO_S = 5.0  # a page of the feed takes milliseconds; whoever streams a whole table is interrupted

Told = Callable[[engine.Error], Exception]  # an error, as whoever looks is told of it


class Reader(NamedTuple):
    """`own`: a cursor to begin and end with; to make one each time costs more than most lookups."""

    connection: engine.Connection
    own: apsw.Cursor

    def begin(self, *, at_once: bool) -> None:
        self.own.execute("BEGIN")
        if at_once:
            self.own.execute("SELECT rootpage FROM sqlite_master LIMIT 1").fetchall()

    def end(self) -> bool:
        """Whether it can be used again."""
        try:
            self.own.execute("ROLLBACK")  # also ends a stream that was left half read
        except engine.Error:
            return False
        return True


class Look:
    """One moment, the same for every statement of the block: that of the first one, or `at_once` that of the block's
    beginning. A class, for a generator would cost a lookup a fifth of its time."""

    __slots__ = ("_at_once", "_pool", "_reader", "_told")

    def __init__(self, pool: Snapshots, told: Told, *, at_once: bool) -> None:
        self._pool = pool
        self._told = told
        self._at_once = at_once

    def __enter__(self) -> engine.Connection:
        try:
            self._reader = self._pool.take(at_once=self._at_once)
        except engine.Error as error:
            self._tell(error)
            raise
        return self._reader.connection

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.give_back(self._reader)
        if isinstance(error, engine.Error):
            self._tell(error)

    def _tell(self, error: engine.Error) -> None:
        if engine.is_of_the_world(error):
            raise self._told(error) from error


class Snapshots:
    """What it raises itself is an engine.Error; a look tells of it in the words of `told`."""

    def __init__(self, path: Path, told: Told) -> None:
        self._path = path
        self._told = told
        self._lock = threading.Lock()  # taken as it is where nobody waits: a condition costs a lookup two calls more
        self._changed = threading.Condition(self._lock)
        self._idle: list[Reader] = []
        self._used: set[Reader] = set()
        self.barred = False

    def look(self, *, at_once: bool) -> Look:
        return Look(self, self._told, at_once=at_once)

    def take(self, *, at_once: bool) -> Reader:
        reader = self._take()
        try:
            reader.begin(at_once=at_once)
        except BaseException:
            self.give_back(reader)
            raise
        return reader

    def _take(self) -> Reader:
        with self._lock:
            if self.barred:
                raise engine.NotOurs("it is not to be looked at now")
            reader = self._idle.pop() if self._idle else self._open()
            self._used.add(reader)
            return reader

    def _open(self) -> Reader:
        connection = engine.connect(self._path, "ro")
        connection.execute("PRAGMA query_only = ON")
        return Reader(connection, connection.cursor())

    def give_back(self, reader: Reader) -> None:
        reusable = reader.end()
        with self._lock:
            self._used.discard(reader)
            if self.barred or not reusable or len(self._idle) >= KEPT:
                reader.connection.close()
                self._changed.notify_all()
            else:
                self._idle.append(reader)

    def bar(self) -> None:
        """Nobody looks until `admit`: those at rest are closed, the others are interrupted and not kept."""
        with self._changed:
            self.barred = True
            while self._idle:
                self._idle.pop().connection.close()
            for reader in self._used:
                reader.connection.interrupt()

    def wait_until_gone(self) -> None:
        """When they are barred. Raises NotOurs when somebody does not let go."""
        with self._changed:
            if not self._changed.wait_for(lambda: not (self.barred and self._used), LET_GO_S):
                raise engine.NotOurs("it is still being read")

    def admit(self) -> None:
        with self._changed:
            self.barred = False
