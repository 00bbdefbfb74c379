"""The account's database in one SQLite file, for one process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from account.store.named_book import NamedBook
from account.store.seam import StoreOff
from storage.schema import Room
from storage.sqlite_file import FileError, SqliteFile

ROOM: Final = Room(Path(__file__).parent, "account")


class SqliteStore:
    def __init__(self, path: Path) -> None:
        self.name = str(path)
        with _translated():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = SqliteFile(path, ROOM, shreds=True)

    @contextmanager
    def reading(self) -> Iterator[NamedBook]:
        with _translated(), self._file.reading() as connection:
            yield NamedBook(connection, self._file.sql)

    @contextmanager
    def writing(self) -> Iterator[NamedBook]:
        with _translated(), self._file.transaction() as connection:
            yield NamedBook(connection, self._file.sql)

    def close(self) -> None:
        self._file.close()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (FileError, OSError) as error:
        raise StoreOff(str(error)) from error
