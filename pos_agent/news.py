"""That something changed at the till: told by any thread, waited for in the HTTP face's loop, where waiting costs no
thread however many wait."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress


class News:
    """`changes` only grows: whoever says which one he has seen misses none, however late he comes to wait."""

    def __init__(self) -> None:
        self.changes = 0
        self.is_over = False  # the till is stopping: nobody waits any more
        self._counting = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        """From any thread: something changed."""
        with self._counting:
            self.changes += 1
        loop = self._loop  # read after the count is written: `after` does the two the other way round
        if loop is not None:
            with suppress(RuntimeError):  # the face has closed: nobody waits
                loop.call_soon_threadsafe(self._wake)

    def end(self) -> None:
        """From any thread: whoever waits goes."""
        self.is_over = True
        self.ring()

    def _wake(self) -> None:
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)

    async def after(self, seen: int, wait_s: float) -> bool:
        """Whether more has changed than was `seen`, at the latest when the time is up."""
        self._loop = asyncio.get_running_loop()
        waiting: asyncio.Future[None] = self._loop.create_future()
        self._waiting.add(waiting)
        try:
            if self.changes == seen:
                await asyncio.wait_for(waiting, wait_s)
        except TimeoutError:
            return self.changes != seen
        finally:
            self._waiting.discard(waiting)
        return True
