"""How many requests each of many who ask is answered: a bucket for each, which fills evenly."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Final, NamedTuple

REMEMBERED_MAX: Final = 20_000  # tills, addresses, members


class TooMany(Exception):
    """Of one who asks; nothing of this request was looked at."""

    def __init__(self, again_s: int) -> None:
        super().__init__(f"too many requests: again in {again_s} s")
        self.again_s = again_s


class Filled(NamedTuple):
    level: float
    at_s: float


class Rates:
    """`now_s`: a clock that only goes on."""

    def __init__(self, now_s: Callable[[], float], a_second: float, at_once: float) -> None:
        self._now_s = now_s
        self._a_second = a_second
        self._at_once = at_once
        self._buckets: OrderedDict[str, Filled] = OrderedDict()

    def take(self, who: str) -> None:
        """Room for one request more. Raises TooMany."""
        now_s = self._now_s()
        before = self._buckets.pop(who, Filled(self._at_once, now_s))
        level = min(self._at_once, before.level + (now_s - before.at_s) * self._a_second)
        taken = level >= 1.0
        self._buckets[who] = Filled(level - taken, now_s)
        bound(self._buckets)
        if not taken:
            raise TooMany(max(1, round((1.0 - level) / self._a_second)))


def bound(known: OrderedDict[str, Filled]) -> None:
    """Whoever was here longest ago is forgotten."""
    while len(known) > REMEMBERED_MAX:
        known.popitem(last=False)
