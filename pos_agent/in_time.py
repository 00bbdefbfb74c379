"""One answer to one question, in time: whichever comes first, the answer or the end of the wait."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

_T = TypeVar("_T")

log = logging.getLogger(__name__)


class InTime(Generic[_T]):
    """Called with the answer, from whatever thread. `told` is called once: with that, or with `late` after `wait_s`,
    which begin here."""

    def __init__(self, told: Callable[[_T], None], wait_s: float, late: _T) -> None:
        self._told = told
        self._lock = threading.Lock()
        self._is_over = False
        self._timer = threading.Timer(wait_s, self, [late])
        self._timer.daemon = True
        self._timer.start()

    def __call__(self, answer: _T) -> None:
        self._timer.cancel()
        with self._lock:
            late, self._is_over = self._is_over, True
        if not late:
            self._told(answer)


class Questions(Generic[_T]):
    """A thread for each question, for the hub may take long over one and the next must not wait for it; and few of them
    (`open_max`, also those that nobody waits for any more), for a hub that answers none would have them all."""

    def __init__(self, name: str, open_max: int, wait_s: float) -> None:
        self._name = name
        self.wait_s = wait_s
        self._room = threading.BoundedSemaphore(open_max)

    def ask(
        self,
        work: Callable[[], _T],
        told: Callable[[_T], None],
        *,
        late: _T,
        full: _T,
        wait_s: float | None = None,
    ) -> None:
        """Starts asking and comes back; `told` is called once, from another thread or from this one: with what `work`
        gives; with `late`, where that takes longer than the wait or is our own mistake; with `full`, where too many are
        open already. `wait_s`: of this question alone."""
        if not self._room.acquire(blocking=False):
            told(full)
            return
        first = InTime(told, self.wait_s if wait_s is None else wait_s, late)
        threading.Thread(target=self._work, args=(work, first, late), name=self._name, daemon=True).start()

    def _work(self, work: Callable[[], _T], first: Callable[[_T], None], late: _T) -> None:
        answer = late
        try:
            answer = work()
        except Exception:  # it costs whoever asked his answer, and nobody else anything
            log.exception("%s", self._name)
        finally:
            self._room.release()
            first(answer)
