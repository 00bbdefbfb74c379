"""Can the ledger be used? A short read says it, and how the last write went."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from hub.store.errors import OutcomeUnknown, StoreOff
from hub.store.seam import Store
from sync.protocol import Problem

log = logging.getLogger(__name__)

_T = TypeVar("_T")

OFF = "ledger_off"  # disk full, server gone: nothing was written, the till keeps what it has and asks again later
UNKNOWN = "outcome_unknown"  # it may have been written: the same, sent again, is answered as it was


class Health:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._last_write: Problem | None = None

    def of_write(self, write: Callable[[], _T]) -> _T:
        """Write, and remember how it went. Raises StoreOff."""
        try:
            done = write()
        except StoreOff as error:
            self._not_written(error)
            raise
        if self._last_write is not None:
            log.warning("The ledger is written again.")
        self._last_write = None
        return done

    def _not_written(self, error: StoreOff) -> None:
        problem = problem_of(error)
        if self._last_write is None or self._last_write.code != problem.code:
            log.error("%s", problem.message)  # once, not for every till that asks again
        self._last_write = problem

    def problem(self) -> Problem | None:
        """What is wrong, None for nothing. Raises LedgerReplaced."""
        try:
            with self._store.reading() as reader:
                reader.setting("ledger")
        except StoreOff as error:
            return problem_of(error)
        return self._last_write


def problem_of(error: StoreOff) -> Problem:
    return Problem(code=UNKNOWN if isinstance(error, OutcomeUnknown) else OFF, message=str(error))
