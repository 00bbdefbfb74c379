"""A few connections to one server, lent to whoever reads or writes, and made anew after it was gone.

A connection is in autocommit mode: transactions are begun and committed in words, so that what a failed COMMIT means
is decided in one place (store.py).
"""

from __future__ import annotations

import re
import selectors
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Final

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.types.numeric import Int8BinaryDumper, Int8Dumper

from hub.store.errors import StoreOff
from hub.store.postgres.errors import translated

Connection = psycopg.Connection[tuple[Any, ...]]
Begun = psycopg.Cursor[tuple[Any, ...]]

CONNECTIONS_MAX: Final = 12  # batches, pages of the feed and one reader of everything; a server has 100 by default
CONNECT_S: Final = 5  # of the 15 that a till waits
FREE_S: Final = 5.0  # until somebody gives one back
STATEMENT_MS: Final = 10_000  # of the 15 s that a till waits
LOCK_MS: Final = 5_000  # whoever holds a member for longer has hung
IDLE_IN_TRANSACTION_MS: Final = 60_000  # a hub that hangs must not hold members for ever
UNANSWERED_MS: Final = 10_000  # a server that lost its power says nothing
UNDONE_S: Final = 10.0  # the server undoes it when the connection is closed, too

QUOTED: Final = re.compile('".*"')
DEFAULTS: Final = {
    "connect_timeout": str(CONNECT_S),
    "fallback_application_name": "pos-hub",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": str(UNANSWERED_MS),
}
SESSION: Final = f"""
SET timezone = 'UTC';
SET datestyle = 'ISO';
SET statement_timeout = {STATEMENT_MS};
SET lock_timeout = {LOCK_MS};
SET idle_in_transaction_session_timeout = {IDLE_IN_TRANSACTION_MS}
""".encode()


class Connections:
    """`welcome` looks at each new connection before it is used, and raises when it will not do."""

    def __init__(self, url: str, welcome: Callable[[Connection], None]) -> None:
        self._conninfo = _conninfo(url)
        self.name = _name(self._conninfo)
        self._welcome = welcome
        self._idle: list[Connection] = []
        self._lock = threading.Lock()
        self._free = threading.BoundedSemaphore(CONNECTIONS_MAX)
        self._closed = False

    @contextmanager
    def lent(self, begin: bytes) -> Iterator[Begun]:
        """A connection in a transaction that has begun so, with the server's answers to that; whatever is left of the
        transaction at the end is undone."""
        if not self._free.acquire(timeout=FREE_S):
            raise StoreOff(f"All {CONNECTIONS_MAX} connections to {self.name} are busy. It is tried again.")
        try:
            begun = self._begun(begin)
            try:
                yield begun
            finally:
                self._give_back(begun.connection)
        finally:
            self._free.release()

    def _begun(self, begin: bytes) -> Begun:
        """An idle connection may be one to a server that is gone by now: then nothing was begun, and a new one is."""
        while (connection := self._taken()) is not None:
            try:
                return connection.execute(begin)
            except psycopg.Error as error:
                refused = not connection.closed  # the server is there, and would say the same to a new one
                connection.close()
                if refused:
                    raise translated(error, f"Reaching {self.name}") from error
        connection = self.opened()
        try:
            return connection.execute(begin)
        except psycopg.Error as error:
            connection.close()
            raise translated(error, f"Reaching {self.name}") from error

    def _taken(self) -> Connection | None:
        with self._lock:
            if self._closed:
                raise StoreOff(f"{self.name} is closed.")
            return self._idle.pop() if self._idle else None

    def _give_back(self, connection: Connection) -> None:
        with suppress(psycopg.Error, TimeoutError):
            if connection.info.transaction_status != TransactionStatus.IDLE:
                answered(connection, b"ROLLBACK", UNDONE_S)  # psycopg would forget the statements that are prepared
        with self._lock:
            if not self._closed and connection.info.transaction_status == TransactionStatus.IDLE:
                self._idle.append(connection)
                return
        connection.close()

    def opened(self) -> Connection:
        """A new one. Raises StoreOff."""
        try:
            connection = psycopg.connect(self._conninfo, autocommit=True)
        except psycopg.Error as error:
            raise translated(error, f"Reaching {self.name}") from error
        try:
            connection.adapters.register_dumper(int, Int8Dumper)  # one statement for small numbers and for large ones
            connection.adapters.register_dumper(int, Int8BinaryDumper)
            connection.execute(SESSION)
            self._welcome(connection)
        except psycopg.Error as error:
            connection.close()
            raise translated(error, f"Opening {self.name}") from error
        except BaseException:
            connection.close()
            raise
        return connection

    def forget(self) -> None:
        """Close those that nobody has."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def close(self) -> None:
        with self._lock:
            self._closed = True
        self.forget()


def answered(connection: Connection, statement: bytes, within_s: float) -> None:
    """Carry out a statement for whose answer nobody can wait for ever. Raises TimeoutError, and has closed the
    connection then."""
    wire = connection.pgconn
    wire.send_query(statement)
    deadline = time.monotonic() + within_s
    with selectors.DefaultSelector() as selector:
        selector.register(wire.socket, selectors.EVENT_READ)
        while wire.flush() or wire.is_busy():
            if not selector.select(max(0.0, deadline - time.monotonic())):
                connection.close()
                raise TimeoutError(f"no answer within {within_s:g} s")
            wire.consume_input()
    said = list(iter(wire.get_result, None))  # also that the connection ends: only then is that known
    for result in said:
        if result.status != ExecStatus.COMMAND_OK:
            raise psycopg.errors.error_from_result(result)


def _conninfo(url: str) -> str:
    try:
        given = {name: value for name, value in conninfo_to_dict(url).items() if value is not None}
        _check_password(given)
        return make_conninfo("", **{**DEFAULTS, **given, "client_encoding": "UTF8"})
    except psycopg.ProgrammingError as error:
        said = QUOTED.sub("…", " ".join(str(error).split()))  # it quotes what it stumbled over, a password too
        raise StoreOff(f"This is no URL of a PostgreSQL: {said}. It looks like postgresql://user@host/name.") from error


def _check_password(given: Mapping[str, object]) -> None:
    """One with / or @ in it, written as it is, is read as something else, and would be shown as that."""
    if any("@" in str(given.get(name, "")) for name in ("host", "port", "dbname")):
        raise StoreOff("This is no URL of a PostgreSQL. Write / @ : ? % in a password as %2F %40 %3A %3F %25.")


def _name(conninfo: str) -> str:
    """For people: without the password."""
    parts = conninfo_to_dict(conninfo)
    port = f":{parts['port']}" if parts.get("port") else ""
    return f"postgresql://{parts.get('host') or 'localhost'}{port}/{parts.get('dbname') or parts.get('user') or ''}"
