"""The till's file hears now and then what time it is: a clock that is set back later is found by it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Final

from offline_cache.cache import Cache
from storage.sqlite_file import FileError

SET_RIGHT_S: Final = 600.0  # so long a machine's clock has to be set right after a start, before anybody remembers it
LOOKED_EVERY_S: Final = 60.0


class LatestMoment:
    """`now`: the corrected moment; `at_s`: of the clock that only goes on."""

    def __init__(self, cache: Cache, now: Callable[[], datetime], at_s: float) -> None:
        self._cache = cache
        self._now = now
        self._next_s = at_s + SET_RIGHT_S

    def look(self, at_s: float) -> None:
        if at_s < self._next_s:
            return
        self._next_s = at_s + LOOKED_EVERY_S
        with suppress(FileError):
            self._cache.changes.note_moment(self._now())
