"""What a job gets when it is its turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sized
from dataclasses import dataclass
from datetime import datetime

from hub.hub import Hub
from hub.store.seam import Reader, Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Do what became due up to `until`. `since`: all that was due up to there is done; None: nothing was done yet."""

    hub: Hub
    since: datetime | None
    until: datetime
    page: int  # members at a time, in one transaction for which a till's push may have to wait

    def pages(self, due: Callable[[Reader], Sized], page: Callable[[Writer], int]) -> Iterator[int]:
        """How many each page did, while something is `due`, which each page looks at anew in its own transaction."""
        while self._is_due(due):
            done = self.hub.within(page)
            if not done:  # somebody else was quicker
                return
            yield done

    def _is_due(self, due: Callable[[Reader], Sized]) -> bool:
        with self.hub.store.reading() as reader:
            return len(due(reader)) > 0
