"""The account's own small database: who is signed in, and what browsers were told. Nothing of points or people.

Two engines, one text: `queries.sql` and `migrations/` are SQL that SQLite and PostgreSQL both understand. Moments are
texts in UTC (loyalty/utc.py), which both compare rightly.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, Protocol


class StoreOff(Exception):
    """The database cannot be used now; the message says why and what helps."""


class Book(Protocol):
    """One transaction; `name` is one of queries.sql."""

    def one(self, name: str, **facts: Any) -> tuple[Any, ...] | None: ...

    def all(self, name: str, **facts: Any) -> list[tuple[Any, ...]]: ...

    def do(self, name: str, **facts: Any) -> int:
        """How many rows it changed."""
        ...


class Store(Protocol):
    """Every method raises StoreOff."""

    name: str

    def reading(self) -> AbstractContextManager[Book]: ...

    def writing(self) -> AbstractContextManager[Book]:
        """All of the block or nothing."""
        ...

    def close(self) -> None: ...
