"""The ledger on a PostgreSQL: its readers, its writers, and what a failed COMMIT means."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
from psycopg.pq import TransactionStatus

from hub.store.errors import OutcomeUnknown, StoreOff
from hub.store.postgres import opening, unfinished
from hub.store.postgres.connections import Connection, Connections, answered
from hub.store.postgres.errors import translated
from hub.store.postgres.reader import PostgresReader
from hub.store.postgres.writer import PostgresWriter

# The snapshot is taken here, not by the first question. A reader of everything may take its time.
BEGIN_READING: Final = f"""
{unfinished.FIRST};
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL idle_in_transaction_session_timeout = 0;
SELECT pg_current_snapshot()
""".encode()
# Rows are found by their keys, in the order of the keys, so that two batches lock the same members in the same order.
BEGIN_WRITING: Final = f"""
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
{unfinished.HOLD};
SET LOCAL enable_seqscan = off;
SET LOCAL enable_bitmapscan = off;
SET LOCAL enable_hashjoin = off;
SET LOCAL enable_mergejoin = off;
SET LOCAL plan_cache_mode = force_generic_plan
""".encode()
COMMIT_S = 10.0  # of the 15 that a till waits: a server commits for as long as its synchronous standby is away
SETTLED_MS: Final = 5_000  # until a transaction that nobody waits for any more has ended

log = logging.getLogger(__name__)


class PostgresStore:
    """`url`: postgresql://…, with whatever libpq understands. Raises StoreOff."""

    writers = 4  # batches at a time: four connections write about twice as much as one

    def __init__(self, url: str) -> None:
        self._ledger: str | None = None
        self._lost: list[int] = []  # sessions at the server whose COMMIT was not answered
        self._lock = threading.Lock()
        self.warnings: list[str] = []  # what is dangerous at this server
        self._connections = Connections(url, self._welcome)
        self.name = self._connections.name
        with self._connections.lent(BEGIN_READING):
            pass
        for said in self.warnings:
            log.warning("%s", said)

    def _welcome(self, connection: Connection) -> None:
        name = self._connections.name  # the pool's: it is made before us
        self.warnings[:] = opening.check_server(connection, name)
        with self._lock:
            if self._ledger is None:
                opening.migrate(connection, name)
                self._ledger = opening.identity(connection)
            else:
                opening.check_identity(connection, name, self._ledger)
        opening.keep_cursors_rising(connection)

    @contextmanager
    def reading(self) -> Iterator[PostgresReader]:
        with self._connections.lent(BEGIN_READING) as begun:
            yield PostgresReader(begun.connection, unfinished.bound(begun))

    @contextmanager
    def writing(self) -> Iterator[PostgresWriter]:
        with self._connections.lent(BEGIN_WRITING) as begun:
            yield PostgresWriter(begun.connection)
            self._commit(begun.connection)

    def _commit(self, connection: Connection) -> None:
        status = connection.info.transaction_status
        assert status != TransactionStatus.INERROR, "an error of this transaction was passed over"
        session = connection.info.backend_pid
        try:
            answered(connection, b"COMMIT", COMMIT_S)
        except (psycopg.Error, TimeoutError) as error:
            if isinstance(error, psycopg.Error) and not connection.closed:  # the server has said no
                raise translated(error, f"Committing to {self.name}") from error
            with self._lock:
                self._lost.append(session)
            said = " ".join(str(error).split())
            raise OutcomeUnknown(f"{self.name} did not answer a COMMIT: {said}. It is looked up.") from error

    def settle(self) -> None:
        """A session that was cut off may still be committing at the server: it is ended, one way or the other."""
        with self._lock:
            lost, self._lost = self._lost, []
        self._connections.forget()
        try:
            with self._connections.lent(BEGIN_READING) as begun:
                left = PostgresReader(begun.connection).end_sessions(lost, SETTLED_MS)
            if left:
                raise StoreOff(f"{self.name} is still committing. Is its synchronous standby there? It is tried again.")
        except StoreOff:
            with self._lock:
                self._lost += lost
            raise

    def tidy(self) -> None:
        """A server looks after itself."""

    def scrub(self) -> None:
        """Its rows of before go when it vacuums; its log and its copies are whoever runs it's."""

    def close(self) -> None:
        self._connections.close()
