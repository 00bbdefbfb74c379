"""One answer to one question, in time: whichever comes first, the answer or the end of the wait."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

_T = TypeVar("_T")


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
