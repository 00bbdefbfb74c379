"""What a hub says to a PostgreSQL goes through here to its machine's disk, as what SQLite asks of a file goes through
simulator/vfs.py: a word may be the last that a process said, and the connection may break before one, or behind it.

A COMMIT is what a sync is to a file, any other word what a write is. Here is where the store (hub/store/postgres) meets
psycopg; neither knows of it. A broken connection is closed, and the server has noticed when the program hears of it:
how long it takes to notice would be this machine's time.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, suppress
from types import TracebackType
from typing import Any, Final, NoReturn, Self, TypeVar, cast
from unittest.mock import patch

import apsw
import psycopg
from psycopg.abc import PQGen

from hub.store.postgres import connections, store
from simulator.disk import Call, Died, Disk

SAID: Final = "server closed the connection unexpectedly"
IS_THERE: Final = b"SELECT FROM pg_stat_activity WHERE pid = %s"

_answered: Final = connections.answered
_T = TypeVar("_T")


class Words:
    """Of a hub's machine, while `with` it. `aside`: by which the server is asked what is no part of the play."""

    def __init__(self, drive: Disk, url: str) -> None:
        self._drive = drive
        self._url = url
        self._lines: list[Line] = []
        self._between = ExitStack()

    def __enter__(self) -> Self:
        self.aside = self._between.enter_context(psycopg.Connection.connect(self._url, autocommit=True))
        self._between.callback(self.cut)
        self._between.enter_context(patch.object(psycopg, "connect", self._connected))
        for user in (connections, store):
            self._between.enter_context(patch.object(user, "answered", self._commits))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._between.close()

    def cut(self) -> None:
        """Every connection, as the system does when a process has ended."""
        for line in self._lines:
            self._cut(line)
        self._lines.clear()

    def _cut(self, line: Line) -> None:
        if not line.closed:
            session = line.info.backend_pid
            line.close()
            while self.aside.execute(IS_THERE, (session,)).fetchone() is not None:
                pass  # it ends by itself: it waited for another word

    def _connected(self, conninfo: str, **how: Any) -> Line:
        if self._drive.is_struck("write"):
            self._strikes("write", lambda: self._line(conninfo, how), None)
        return self._line(conninfo, how)

    def _line(self, conninfo: str, how: dict[str, Any]) -> Line:
        line = Line.connect(conninfo, **how)
        line.life, line.says = self._drive.life, self._says
        self._lines = [one for one in self._lines if not one.closed] + [line]
        return line

    def _commits(self, connection: connections.Connection, statement: bytes, within_s: float) -> None:
        """What the store says without psycopg: it does not wait for the answer for ever."""
        call: Call = "sync" if statement == b"COMMIT" else "write"
        self._says(cast(Line, connection), call, lambda: _answered(connection, statement, within_s))

    def _says(self, line: Line, call: Call, do: Callable[[], _T]) -> _T:
        """Raises Died, psycopg.OperationalError."""
        if line.life != self._drive.life:
            raise Died(f"{self._drive.name} is dead")
        if self._drive.is_struck(call):
            self._strikes(call, do, line)
        return do()

    def _strikes(self, call: Call, do: Callable[[], object], line: Line | None) -> NoReturn:
        def heard_by_nobody() -> None:
            with suppress(psycopg.Error, TimeoutError):
                do()

        try:
            self._drive.strikes(call, heard_by_nobody)
        except apsw.IOError:
            if line is not None:
                self._cut(line)
            raise psycopg.OperationalError(SAID) from None
        raise AssertionError("whatever strikes is told by an error")


class Line(psycopg.Connection[tuple[Any, ...]]):
    """A connection whose every word is asked about. `life`: of the machine, in which it was made."""

    life: int
    says: Callable[[Line, Call, Callable[[], Any]], Any]

    def wait(self, gen: PQGen[_T], *args: Any, **how: Any) -> _T:
        say = super().wait
        return cast(_T, self.says(self, "write", lambda: say(gen, *args, **how)))
