"""The ledger of a simulated chain's hub in a schema of a PostgreSQL, which is there for the simulation alone.

A process has one schema, and each of its plays empties it: making one takes fifty times as long.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Final, LiteralString
from unittest.mock import patch
from urllib.parse import quote

import psycopg
from psycopg import sql

from hub.build import KEYS_FROM, build_hub, build_store
from hub.covering import cover, ends_now
from hub.epochs import EPOCH_BYTES, next_life, own_generation
from hub.hub import Hub
from hub.programmes import UTC
from hub.store.postgres import opening
from hub.store.postgres.connections import Connection
from hub.store.postgres.store import PostgresStore
from hub.store.postgres.trial import start
from hub.store.postgres.visit import TABLES
from hub.store.rows import Rows
from hub.store.seam import Reader, Store
from loyalty.programme import Programme
from simulator.disk import Disk
from simulator.ledger import Ledger
from simulator.own_process import drawn_from
from simulator.play import memory
from simulator.words import Words

KEPT: Final = ("schema", "ledger")  # settings of a ledger that is as new


@dataclass(frozen=True, slots=True)
class InSchemas:
    """At the server of this URL; for `play`, in any process."""

    url: str

    @contextmanager
    def __call__(self, drive: Disk) -> Iterator[Ledger]:
        keys = str(drive.folder / "hub.keys")
        with patch.dict(os.environ, {KEYS_FROM: keys}), patch.object(opening, "identity", _named):
            url = _schema(self.url)
            with Words(drive, url) as words:
                yield SchemaLedger(url, words)


@contextmanager
def server() -> Iterator[InSchemas]:
    """From the wheel, thrown away at the end. Raises TrialFailed."""
    folder = Path(mkdtemp(prefix="simulated-server-", dir=memory()))
    try:
        trial = start(folder)
        try:
            yield InSchemas(trial.url)
        finally:
            with suppress(OSError):
                trial.kill()
            trial.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # its children write until they have noticed


_identity: Final = opening.identity


def _named(connection: Connection) -> str:
    """Whoever opens a schema draws a name for it, and the first is kept. That is not drawn from what a play draws:
    a file's hub draws one name in its life."""
    with drawn_from(0):
        return _identity(connection)


@cache
def _schema(url: str) -> str:
    """This process's, made once."""
    name = f"hub_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
    url = f"{url}&options={quote(f'-csearch_path={name}')}"
    PostgresStore(url).close()
    return url


class SchemaLedger:
    def __init__(self, url: str, words: Words) -> None:
        self._url = url
        self._words = words
        self._is_named = False
        self._copy: dict[str, bytes] | None = None

    @property
    def has_copy(self) -> bool:
        return self._copy is not None

    def begin(self) -> None:
        with self._words.aside.transaction():
            for table in TABLES:
                if table != "settings":
                    self._words.aside.execute(_of("DELETE FROM {}", table))
            self._words.aside.execute("DELETE FROM settings WHERE name <> ALL(%s)", (list(KEPT),))

    def served(self, programmes: dict[str, Programme], now: Callable[[], datetime]) -> Hub:
        hub = build_hub(self._url, programmes, serving=True, now=now)
        if not self._is_named:
            self._is_named = True
            os.urandom(EPOCH_BYTES)  # what the hub of a file draws for the ledger's name
        return hub

    @contextmanager
    def looked_at(self) -> Iterator[Reader]:
        with self._opened() as store, store.reading() as reader:
            yield reader

    def let_go(self, dead: Hub | None) -> None:
        self._words.cut()

    def copy(self) -> None:
        """As docs/scaling.md says of a database: how far it goes is noted when it is there."""
        aside, copy = self._words.aside, dict[str, bytes]()
        with self._opened() as store:
            ends = ends_now(store)
            with aside.transaction():
                aside.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                for table in TABLES:
                    with aside.cursor().copy(_of("COPY {} TO STDOUT (FORMAT binary)", table)) as rows:
                        copy[table] = b"".join(rows)
            cover(store, ends)
        self._copy = copy

    def put_back(self, now: datetime) -> None:
        assert self._copy is not None
        aside = self._words.aside
        with aside.transaction():
            for table, rows in self._copy.items():
                aside.execute(_of("DELETE FROM {}", table))
                with aside.cursor().copy(_of("COPY {} FROM STDIN (FORMAT binary)", table)) as copied:
                    copied.write(rows)
        self.forget_copy()
        with self._opened() as store, store.writing() as writer:
            writer.write(Rows(settings=next_life(own_generation(writer), now)))

    def forget_copy(self) -> None:
        self._copy = None

    def _opened(self) -> closing[Store]:
        return closing(build_store(self._url, serving=False, zone_of=lambda id: UTC))


def _of(statement: LiteralString, table: str) -> sql.Composed:
    return sql.SQL(statement).format(sql.Identifier(table))
