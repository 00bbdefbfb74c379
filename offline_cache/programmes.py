"""The shelf of programmes: the files that operations here were made under or will be, and which of them the hub has
told of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from offline_cache.published import Published, keep_published, read_published, with_the_one_before
from storage import engine
from storage.sqlite_file import SqliteFile


class Programmes:
    """`published`: as the file says; what a command stands on is looked up in memory."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file
        self._sql: Any = file.sql
        self.published: tuple[Published, ...] = ()

    def look(self, connection: engine.Connection) -> None:
        self.published = read_published(self._sql, connection)

    def after_page(
        self, connection: engine.Connection, told: Sequence[Published] | None, at: datetime | None
    ) -> tuple[Published, ...]:
        """Inside the caller's transaction: what is published by a page of the hub's, which it is here once that has
        committed. `told`: None where the page says nothing of them; `at`: the hub's time."""
        if told is None:
            return self.published
        published = with_the_one_before(self._sql, connection, self.published, told, at)
        if published != self.published:
            keep_published(self._sql, connection, published)
        return published

    def keep(self, content_hash: str, source: str) -> None:
        """Operations are made under it, or will be: its file is kept, for their returns too."""
        with self._file.transaction(synced=False) as connection:
            self._sql.keep_programme(connection, hash=content_hash, source=source)

    def source(self, content_hash: str) -> str | None:
        """The file of a programme that operations here were made under, or will be."""
        with self._file.reading() as connection:
            source: str | None = self._sql.programme(connection, hash=content_hash)
        return source

    def own(self) -> str | None:
        """The hash of the programme that the till's settings named last and that had begun."""
        with self._file.reading() as connection:
            hash: str | None = self._sql.setting(connection, name="own_programme")
        return hash

    def set_own(self, content_hash: str) -> None:
        with self._file.transaction() as connection:
            self._sql.set_setting(connection, name="own_programme", value=content_hash)
