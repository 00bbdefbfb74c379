"""The account's database in one SQLite file, for one process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from account.store.seam import StoreOff
from storage import engine
from storage.schema import Room
from storage.sqlite_file import FileError, SqliteFile

ROOM: Final = Room(Path(__file__).parent, "account")


class SqliteBook:
    def __init__(self, connection: engine.Connection, sql: Any) -> None:
        self._connection = connection
        self._sql = sql

    def one(self, name: str, **facts: Any) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = getattr(self._sql, name)(self._connection, **facts)
        return row

    def all(self, name: str, **facts: Any) -> list[tuple[Any, ...]]:
        return list(getattr(self._sql, name)(self._connection, **facts))

    def do(self, name: str, **facts: Any) -> int:
        return int(getattr(self._sql, name)(self._connection, **facts))


class SqliteStore:
    def __init__(self, path: Path) -> None:
        self.name = str(path)
        with _translated():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = SqliteFile(path, ROOM, shreds=True)

    @contextmanager
    def reading(self) -> Iterator[SqliteBook]:
        with _translated(), self._file.reading() as connection:
            yield SqliteBook(connection, self._file.sql)

    @contextmanager
    def writing(self) -> Iterator[SqliteBook]:
        with _translated(), self._file.transaction() as connection:
            yield SqliteBook(connection, self._file.sql)

    def close(self) -> None:
        self._file.close()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (FileError, OSError) as error:
        raise StoreOff(str(error)) from error
