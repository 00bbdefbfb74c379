"""The databases of benchmarks.hub: ledgers that are made once and kept, copies of them to be written to.

They are kept outside the repository, in the folder that HUB_BENCH_CACHE names, else in the system's temporary one; a
changed schema or maker makes others.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit

import psycopg

import hub.store.postgres
from benchmarks.hub_ledgers import VERSION_OF_LEDGERS, Size, fill
from benchmarks.hub_raw import PostgresRaw, Raw, SqliteRaw
from benchmarks.hub_sales import PROGRAMME
from hub.build import build_store
from hub.store.postgres.trial import Trial, start
from hub.store.seam import Store
from storage import engine

CACHE_VARIABLE = "HUB_BENCH_CACHE"


class Database(Protocol):
    """`copy` gives the name (a path or a URL) of a ledger that is there until `drop`."""

    name: str

    def copy(self, size: Size, name: str) -> str: ...

    def drop(self, ledger: str) -> None: ...

    def store(self, ledger: str) -> Store: ...

    def raw(self, ledger: str) -> Raw: ...

    def close(self) -> None: ...


def cache_folder() -> Path:
    named = os.environ.get(CACHE_VARIABLE)
    folder = Path(named) if named else Path(tempfile.gettempdir()) / "pos-hub-bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _key(schema: Iterable[str]) -> str:
    """Changes with the schema and with what is in the ledgers."""
    digest = hashlib.sha256(str(VERSION_OF_LEDGERS).encode())
    for statement in schema:
        digest.update(statement.encode())
    return digest.hexdigest()[:10]


def _sqlite_schema() -> list[str]:
    """Of a ledger that is made now: how it came to be so does not matter."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        open_store(str(path), serving=True).close()
        with closing(engine.connect(path)) as connection:
            return [sql for (sql,) in connection.execute("SELECT sql FROM sqlite_master WHERE sql > '' ORDER BY name")]


def _postgres_schema() -> list[str]:
    migrations = Path(hub.store.postgres.__path__[0]) / "migrations"
    return [path.read_text(encoding="utf-8") for path in sorted(migrations.glob("*.sql"))]


def open_store(ledger: str, *, serving: bool) -> Store:
    """The hub's own way to one."""
    return build_store(ledger, serving=serving, zone_of=lambda programme: PROGRAMME.timezone)


def _say_made(database: str, size: Size, began: float) -> None:
    sys.stderr.write(f"{database}: made a ledger of {size.name} in {perf_counter() - began:.0f} s; it is kept\n")


class Sqlite:
    name = "sqlite"

    def __init__(self) -> None:
        key = _key(_sqlite_schema())
        self._folder = cache_folder() / f"sqlite-{key}"
        self._folder.mkdir(exist_ok=True)

    def copy(self, size: Size, name: str) -> str:
        kept, copy = self._folder / f"{size.members}-{size.entries}.db", self._folder / f"{name}.copy.db"
        if not kept.exists():
            self._make(kept, size)
        self.drop(str(copy))  # with the log of a run that was interrupted
        shutil.copyfile(kept, copy)
        return str(copy)

    def _make(self, kept: Path, size: Size) -> None:
        making, began = kept.with_suffix(".making"), perf_counter()
        self.drop(str(making))
        store = self.store(str(making))
        fill(store, size)
        store.close()
        making.rename(kept)
        _say_made(self.name, size, began)

    def drop(self, ledger: str) -> None:
        for end in ("", "-wal", "-shm", ".lock"):
            Path(ledger + end).unlink(missing_ok=True)

    def store(self, ledger: str) -> Store:
        return open_store(ledger, serving=True)

    def raw(self, ledger: str) -> Raw:
        return SqliteRaw(Path(ledger), 16_000)

    def close(self) -> None:
        pass


class Postgres:
    """The wheel's server. A kept ledger is a database that nobody writes to; a copy is made of its files."""

    name = "postgres"

    def __init__(self) -> None:
        key = _key(_postgres_schema())
        self._trial: Trial = start(cache_folder() / f"postgres-{key}")
        self._admin = psycopg.connect(self._trial.url, autocommit=True)

    def copy(self, size: Size, name: str) -> str:
        kept = f"kept_{size.members}_{size.entries}"
        if not self._admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (kept,)).fetchone():
            self._make(kept, size)
        url = self._url(name)
        self.drop(url)
        self._do(f'CREATE DATABASE "{name}" TEMPLATE "{kept}" STRATEGY FILE_COPY')
        return url

    def _make(self, kept: str, size: Size) -> None:
        making, began = f"{kept}_making", perf_counter()
        self.drop(self._url(making))
        self._do(f'CREATE DATABASE "{making}"')
        store = self.store(self._url(making))
        fill(store, size)
        store.close()
        with psycopg.connect(self._url(making), autocommit=True) as connection:
            connection.execute("VACUUM (ANALYZE, FREEZE)")  # else whoever reads a row first writes it
        self._do(f'ALTER DATABASE "{making}" RENAME TO "{kept}"')
        _say_made(self.name, size, began)

    def _url(self, database: str) -> str:
        return urlunsplit(urlsplit(self._trial.url)._replace(path=f"/{database}"))

    def _do(self, statement: str) -> None:
        self._admin.execute(statement)

    def drop(self, ledger: str) -> None:
        self._do(f'DROP DATABASE IF EXISTS "{urlsplit(ledger).path[1:]}" WITH (FORCE)')

    def store(self, ledger: str) -> Store:
        return open_store(ledger, serving=True)

    def raw(self, ledger: str) -> Raw:
        return PostgresRaw(ledger)

    def close(self) -> None:
        self._admin.close()
        self._trial.stop()
