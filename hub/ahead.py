"""Tables that are walked beside each other: where one of them stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Ahead(Generic[T]):
    """Rows of which the next can be looked at before it is taken."""

    def __init__(self, rows: Iterator[T]) -> None:
        self._rows = rows
        self.next = next(rows, None)

    def take(self) -> T:
        taken, self.next = self.next, next(self._rows, None)
        assert taken is not None, "look first"
        return taken
