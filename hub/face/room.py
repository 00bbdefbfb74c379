"""How many requests of tills may be in the hub at once: whoever comes when it is full is told so, and comes again.

After an outage all tills of a chain come at once. If all were let in, each would wait for minutes and hold half a
megabyte here; but a till hangs up after seconds (sync/client.py) and sends the same again, and the hub works for
answers that nobody waits for and is never done (simulator/draining shows it). Whoever is let in is answered in time.
One till has few of the places, however often it asks: its own program asks for one thing after the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from sync.protocol import BUSY, Problem

PUSHES_MAX = 30  # of 50 ms each, with the pages before them: answered within half of what a till waits
PAGES_MAX = 10  # of 120 ms at most
OF_TILL_MAX = 2  # the answer to one may be lost, and the till asks again while the hub still works for it


class Full(Exception):
    """There is no room now; nothing of the request was looked at."""

    problem = Problem(code=BUSY, message="the hub has a queue: come again in a while")


class Room:
    """For so many at once, of one kind, and of one till. One thread lets them in and out: that of the HTTP face."""

    def __init__(self, most: int, of_till: int = OF_TILL_MAX) -> None:
        self._left = most
        self._of_till = of_till
        self._inside: Counter[str] = Counter()

    @contextmanager
    def of(self, till: str) -> Iterator[None]:
        """A place for one request of this till. Raises Full."""
        if self._left <= 0 or self._inside[till] >= self._of_till:
            raise Full
        self._left -= 1
        self._inside[till] += 1
        try:
            yield
        finally:
            self._left += 1
            self._inside[till] -= 1
            self._inside += Counter()  # names with nobody inside go
