"""Where what is struck lies: in files, or in databases of a PostgreSQL. Each life has a copy of the shop for itself."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from hub.store.postgres.trial import start
from tests.faults.rows import LEDGER


class Place(Protocol):
    def new(self, folder: Path) -> None:
        """A shop that nothing has happened in."""

    def copy(self, of: Path, to: Path) -> None:
        """As it is now, in the place of what is there."""


class Files:
    def new(self, folder: Path) -> None:
        folder.mkdir()

    def copy(self, of: Path, to: Path) -> None:
        shutil.rmtree(to, ignore_errors=True)
        shutil.copytree(of, to)


class Databases:
    """Beside the files there is a database of the folder's name; its URL stands in the file LEDGER."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._files = Files()

    def new(self, folder: Path) -> None:
        self._files.new(folder)
        self._make(folder, "template1")

    def copy(self, of: Path, to: Path) -> None:
        self._files.copy(of, to)
        self._make(to, of.name)

    def _make(self, folder: Path, like: str) -> None:
        """The server waits by itself until whoever was killed has gone."""
        name, template = sql.Identifier(folder.name), sql.Identifier(like)
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, template))
        (folder / LEDGER).write_text(urlsplit(self._url)._replace(path=f"/{folder.name}").geturl())


@contextmanager
def files() -> Iterator[Place]:
    yield Files()


@contextmanager
def databases() -> Iterator[Place]:
    """Of a server of their own; not in a folder of ours, which it may not enter as nobody."""
    folder = Path(tempfile.mkdtemp(prefix="faults-postgres-"))
    try:
        server = start(folder)
        try:
            yield Databases(server.url)
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
