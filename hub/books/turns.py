"""Whose turn it is to write: so many at a time, and those first for whom a customer waits."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """`most`: at a time. `waiting`: how many have no turn yet."""

    def __init__(self, most: int) -> None:
        self.waiting = 0
        self._free = most
        self._hurried = 0
        lock = threading.Lock()
        self._first, self._others = threading.Condition(lock), threading.Condition(lock)

    @contextmanager
    def taken(self, *, first: bool = False) -> Iterator[None]:
        """A turn. `first`: before all others that wait; their own holds are short, so nobody waits for ever."""
        self._take(first)
        try:
            yield
        finally:
            with self._first:
                self._free += 1
                self._wake()

    def _take(self, first: bool) -> None:
        with self._first:
            self.waiting += 1
            self._hurried += first
            mine = self._first if first else self._others
            mine.wait_for(lambda: self._free > 0 and (first or not self._hurried))
            self._hurried -= first
            self.waiting -= 1
            self._free -= 1
            self._wake()

    def _wake(self) -> None:
        """One for each free turn: whoever takes it looks for the next."""
        if self._free:
            (self._first if self._hurried else self._others).notify()
