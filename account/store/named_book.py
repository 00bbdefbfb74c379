"""One transaction on either engine, asked by the names of queries.sql (seam.py: Book)."""

from __future__ import annotations

from typing import Any


class NamedBook:
    """`connection`: in its transaction; `sql`: the named statements, loaded for its engine."""

    def __init__(self, connection: Any, sql: Any) -> None:
        self._connection = connection
        self._sql = sql

    def one(self, name: str, **facts: Any) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = getattr(self._sql, name)(self._connection, **facts)
        return row

    def all(self, name: str, **facts: Any) -> list[tuple[Any, ...]]:
        return list(getattr(self._sql, name)(self._connection, **facts))

    def do(self, name: str, **facts: Any) -> int:
        return int(getattr(self._sql, name)(self._connection, **facts))
