"""The receipt in front for whoever looks at it: drawn for the first who does, the same for all until the next event.

A POS that asks and answers by itself waits for no page, and at many a till none is open.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from pos_agent.status import ShownVisit
from pos_agent.visit import VisitState
from storage.sqlite_file import FileError

log = logging.getLogger(__name__)

NOBODY = ShownVisit(state=VisitState.IDLE.value)


class Showing:
    """After one event. `draw` is called once, from any thread; where it cannot be drawn, what was drawn last stands."""

    def __init__(self, draw: Callable[[], ShownVisit] | None = None, last: ShownVisit = NOBODY) -> None:
        self._draw = draw
        self._last = last
        self._drawing = threading.Lock()

    def then(self, draw: Callable[[], ShownVisit]) -> Showing:
        """After the event that follows."""
        return Showing(draw, self._last)

    def view(self) -> ShownVisit:
        with self._drawing:
            draw, self._draw = self._draw, None
            if draw is not None:
                try:
                    self._last = draw()
                except FileError as error:
                    log.error("%s", error)
                except Exception:  # our own mistake; what was answered stands
                    log.exception("the receipt in front")
            return self._last
