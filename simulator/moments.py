"""One clock for everybody: what happens next, and when."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

BEGIN = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


class Moments:
    """`now_s` counts from the beginning; whatever is due is done in its order."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self._numbers = count()
        self._due: list[tuple[float, int, Callable[[], None]]] = []

    @property
    def now(self) -> datetime:
        return BEGIN + timedelta(seconds=self.now_s)

    def at(self, at_s: float, do: Callable[[], None]) -> None:
        heapq.heappush(self._due, (max(at_s, self.now_s), next(self._numbers), do))

    def after(self, wait_s: float, do: Callable[[], None]) -> None:
        self.at(self.now_s + wait_s, do)

    def run(self, until_s: float, done: Callable[[], bool] = lambda: False) -> None:
        """Until then, or until it is done."""
        while self._due and self._due[0][0] <= until_s and not done():
            self.now_s, _, do = heapq.heappop(self._due)
            do()
