"""The account's database on a PostgreSQL, which several processes of the account may share."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import aiosql
import psycopg

from account.store.named_book import NamedBook
from account.store.seam import StoreOff

HERE: Final = Path(__file__).parent
MIGRATIONS: Final = tuple(sorted((HERE / "migrations").glob("*.sql")))
CONNECTIONS: Final = 8
CONNECT_S: Final = 5
FREE_S: Final = 5.0
SESSION: Final = "SET statement_timeout = 5000"  # ms
OPENING_LOCK: Final = 0x706F732D616363  # one process at a time migrates

Connection = psycopg.Connection[tuple[Any, ...]]


class PostgresStore:
    """`url`: postgresql://…; a database of its own. Raises StoreOff."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._sql: Any = aiosql.from_path(HERE / "queries.sql", "psycopg")
        self._idle: queue.LifoQueue[Connection | None] = queue.LifoQueue()
        for _ in range(CONNECTIONS):
            self._idle.put(None)  # not made yet
        with self._lent() as connection:
            self.name = f"{connection.info.host}/{connection.info.dbname}"
            _migrate(connection)

    @contextmanager
    def reading(self) -> Iterator[NamedBook]:
        with self._lent() as connection:
            yield NamedBook(connection, self._sql)

    @contextmanager
    def writing(self) -> Iterator[NamedBook]:
        with self._lent() as connection:
            yield NamedBook(connection, self._sql)

    def close(self) -> None:
        while not self._idle.empty():
            connection = self._idle.get_nowait()
            if connection is not None:
                connection.close()

    @contextmanager
    def _lent(self) -> Iterator[Connection]:
        """In one transaction."""
        connection = self._free()
        try:
            with ExitStack() as transaction:
                connection = self._begun(connection, transaction)
                yield connection
        except psycopg.Error as error:
            raise StoreOff(f"The account's database: {' '.join(str(error).split())}") from error
        finally:
            self._idle.put(connection)

    def _free(self) -> Connection | None:
        """None: not made yet."""
        try:
            return self._idle.get(timeout=FREE_S)
        except queue.Empty:
            raise StoreOff(f"All {CONNECTIONS} connections to the account's database are busy.") from None

    def _begun(self, idle: Connection | None, transaction: ExitStack) -> Connection:
        """One that broke while nobody had it is made anew: nothing was asked of it yet."""
        if idle is not None and not idle.closed:
            with suppress(psycopg.OperationalError):
                transaction.enter_context(idle.transaction())
                return idle
            idle.close()
        made = psycopg.connect(self._url, connect_timeout=CONNECT_S, autocommit=True)
        made.execute(SESSION)
        transaction.enter_context(made.transaction())
        return made


def _migrate(connection: Connection) -> None:
    connection.execute("SET LOCAL statement_timeout = 0")  # a table of years takes its time
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (OPENING_LOCK,))
    connection.execute("CREATE TABLE IF NOT EXISTS account_schema (version INTEGER NOT NULL)")
    row = connection.execute("SELECT max(version) FROM account_schema").fetchone()
    there = (row[0] if row is not None else None) or 0
    if there > len(MIGRATIONS):
        raise StoreOff(f"The account's database is of a newer program (schema {there}, known {len(MIGRATIONS)}).")
    for number, path in enumerate(MIGRATIONS[there:], start=there + 1):
        connection.execute(path.read_bytes())
        connection.execute("INSERT INTO account_schema (version) VALUES (%s)", (number,))
