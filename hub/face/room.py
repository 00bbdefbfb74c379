"""How many requests of tills may be in the hub at once: whoever comes when it is full is told so, and comes again.

After an outage all tills of a chain come at once. If all were let in, each would wait for minutes and hold half a
megabyte here; but a till hangs up after seconds (sync/client.py) and sends the same again, and the hub works for
answers that nobody waits for and is never done (simulator/drain.py shows it). Whoever is let in is answered in time.
"""

from __future__ import annotations

from types import TracebackType

from sync.protocol import BUSY, Problem

PUSHES_MAX = 30  # of 50 ms each, with the pages before them: answered within half of what a till waits
PAGES_MAX = 10  # of 120 ms at most


class Full(Exception):
    """There is no room now; nothing of the request was looked at."""

    problem = Problem(code=BUSY, message="the hub has a queue: come again in a while")


class Room:
    """For so many at once, of one kind. One thread lets them in and out: that of the HTTP face."""

    def __init__(self, most: int) -> None:
        self._left = most

    def __enter__(self) -> None:
        """Raises Full."""
        if self._left <= 0:
            raise Full
        self._left -= 1

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._left += 1
