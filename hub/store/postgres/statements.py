"""How a transaction is asked: named statements, by keys, or a little at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import count
from typing import Any, Final, TypeVar

from hub.store.postgres.columns import in_columns
from hub.store.postgres.connections import Connection
from hub.store.postgres.errors import translating
from hub.store.postgres.named import SQL
from hub.store.postgres.rows import Row
from hub.store.records import Place

STREAM_ROWS: Final = 2_000  # fetched at a time; operations are of about 3 KB
LONG: Final = b"SET LOCAL statement_timeout = '30min'"  # whole tables, for which no till waits

T = TypeVar("T")


class Statements:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._streams = count(1)
        self._long = False

    def _rows(self, name: str, /, **values: object) -> list[Row]:
        with translating(f"Reading ({name})"):
            cursor = self._connection.cursor(binary=True)
            return cursor.execute(SQL[name], values, prepare=True).fetchall()

    def _of(self, name: str, **values: Any) -> list[Row]:
        """By one column: the first of the values is its keys."""
        column, *others = values
        keys = [key for key in dict.fromkeys(values[column]) if can_be_there(key)]
        return self._rows(name, **{column: keys}, **{other: values[other] for other in others}) if keys else []

    def _at(self, name: str, keys: Iterable[tuple[Any, ...]], *columns: str) -> list[Row]:
        """By several columns."""
        wanted = [key for key in dict.fromkeys(keys) if all(map(can_be_there, key))]
        return self._rows(name, **in_columns(columns, wanted)) if wanted else []

    def _places(self, name: str, places: Collection[Place]) -> list[Row]:
        return self._at(name, places, "chains", "generations", "sequences")

    def _stream(self, name: str, made: Callable[[Row], T], **values: object) -> Iterator[T]:
        """A little at a time, from a cursor at the server."""
        self._for_long()
        with self._connection.cursor(f"stream_{next(self._streams)}", binary=True) as cursor:
            with translating(f"Reading ({name})"):
                cursor.execute(SQL[name], values)
            while True:
                with translating(f"Reading ({name})"):
                    rows = cursor.fetchmany(STREAM_ROWS)
                if not rows:
                    return
                yield from map(made, rows)

    def _for_long(self) -> None:
        if not self._long:
            with translating("Reading"):
                self._connection.execute(LONG)
            self._long = True


def can_be_there(key: object) -> bool:
    """PostgreSQL keeps no text with a NUL in it, and refuses to look for one."""
    return not isinstance(key, str) or "\0" not in key
