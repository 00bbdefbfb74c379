"""A file for money: one SQLite database, one connection, WAL and synchronous=FULL. Till and hub each have one.

One connection for the whole process, behind a lock: SQLite before 3.51.3 can lose commits when several connections
write and checkpoint in WAL mode. A second process that looks in (an office command beside a running hub) never
checkpoints. Rows are read and written with named SQL (the owner's queries.sql); sqlite-utils applies the owner's
migrations, and is imported only when there are any to apply.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import aiosql

BUSY_TIMEOUT_MS = 5_000  # another program looking into the file must not fail a sale at once
WAL_CHECKPOINT_PAGES = 4_000  # about 16 MB: fewer checkpoints, still a short recovery


class FileError(Exception):
    """The file cannot be used; the message says why and what helps."""


class CommitUnknown(FileError):
    """A commit reported an error: it may have happened. Reopen and look the operation up; never write it anew."""


class SqliteFile:
    """The file, its connection, its lock. `room` is the folder with the owner's queries.sql and migrations/."""

    def __init__(self, path: Path, room: Path, *, checkpoints: bool = True) -> None:
        self.path = path
        self.lock = threading.RLock()
        self.sql: Any = aiosql.from_path(room / "queries.sql", "sqlite3")
        self._migrations = room / "migrations"
        self._checkpoint_pages = WAL_CHECKPOINT_PAGES if checkpoints else 0
        self.connection = self._open()

    def _open(self) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
            connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute(f"PRAGMA wal_autocheckpoint = {self._checkpoint_pages}")
            migrate(connection, self._migrations)
        except sqlite3.Error as error:
            hint = "Is it one of ours, on a disk that can be written?"
            raise FileError(f"Opening {self.path} failed: {error}. {hint}") from error
        return connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing, on disk when the block is left. Raises CommitUnknown when SQLite cannot say which."""
        with self.lock:
            connection = self.connection
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                with suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                raise
            try:
                connection.execute("COMMIT")
            except sqlite3.Error as error:
                raise CommitUnknown(
                    f"Writing to {self.path} failed: {error}. The disk may be full or broken."
                ) from error

    def reopen(self) -> None:
        """A new connection after a failed commit. WAL recovery then shows whether the commit happened."""
        with self.lock:
            with suppress(sqlite3.Error):
                self.connection.close()
            self.connection = self._open()

    def close(self) -> None:
        with self.lock:
            self.connection.close()


def migrate(connection: sqlite3.Connection, folder: Path) -> None:
    """Bring the schema up to date. Migrations are numbered .sql files and are never edited once shipped."""
    files = sorted(folder.glob("*.sql"))
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(files):
        raise sqlite3.DatabaseError(
            f"it was written by a newer pos-agent (schema {version}, this one knows {len(files)})"
        )
    if version == len(files):
        return
    from sqlite_utils import Database as SqliteUtils
    from sqlite_utils.migrations import Migrations

    migrations = Migrations(folder.parent.name)
    for number, file in enumerate(files, start=1):
        migrations(name=file.stem)(_migration(file, number))
    migrations.apply(SqliteUtils(connection))


def _migration(file: Path, number: int) -> Any:
    def run(db: Any) -> None:
        for statement in statements(file.read_text(encoding="utf-8")):
            db.conn.execute(statement)
        db.conn.execute(f"PRAGMA user_version = {number}")

    run.__name__ = file.stem
    return run


def statements(script: str) -> Iterator[str]:
    """The statements of a script one by one: executescript() would commit the migration's own transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
