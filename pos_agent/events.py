"""The till's whole state as server-sent events: all of it on connecting, and all of it again at every change.

Nobody puts pieces together, and who missed something is right again with the next event.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from typing import Final

import msgspec
from starlette.concurrency import run_in_threadpool

from pos_agent.news import News
from pos_agent.status import Revised

HEARTBEAT_S: Final = 5.0  # a page that hears nothing for longer knows that the till is gone
HEARTBEAT: Final = b"event: here\ndata: here\n\n"  # a browser tells its page of events, and not of comments
RETRY_MS: Final = 500  # until a browser tries again after a restart


class WholeState:
    """The state as an event, worked out once for all who listen. `revision` is another when anything in it is."""

    def __init__(
        self, now: Callable[[], Revised], news: News, is_over: Callable[[Revised], bool] = lambda state: False
    ) -> None:
        self._now = now  # reads the till's file, so not in the loop
        self._news = news
        self._is_over = is_over  # whether the clock alone has made another of it; looked at with each heartbeat
        self._of_this_run = secrets.token_hex(4)  # a number alone would be taken for the same one of the run before
        self._number = 0
        self._seen = -1
        self._state: Revised | None = None
        self._at_work = asyncio.Lock()
        self.revision = ""
        self.event = b""

    async def look(self) -> int:
        """Bring `revision` and `event` up to date; the count of changes that they are of."""
        async with self._at_work:
            if self._seen != self._news.changes or self._has_passed():
                self._seen = self._news.changes  # before looking: what changes meanwhile is looked at again
                self._take(await run_in_threadpool(self._now))
            return self._seen

    def _has_passed(self) -> bool:
        return self._state is not None and self._is_over(self._state)

    def _take(self, state: Revised) -> None:
        if state != self._state:
            self._state = state
            self._number += 1
            self.revision = f"{self._of_this_run}-{self._number}"
            body = msgspec.json.encode(msgspec.structs.replace(state, revision=self.revision))
            self.event = b"id: %b\nretry: %d\nevent: state\ndata: %b\n\n" % (self.revision.encode(), RETRY_MS, body)


async def events(
    whole: WholeState, news: News, has: str, may_listen: Callable[[], bool] = lambda: True
) -> AsyncIterator[bytes]:
    """For one who listens; `has` is the revision that he has already. He is sent the newest when he takes it, so one
    that reads slowly skips some and holds nothing up. Who may listen no longer hears nothing more."""
    while not news.is_over and may_listen():
        seen = await whole.look()
        if whole.revision != has:
            has = whole.revision
            yield whole.event
        elif not await news.after(seen, HEARTBEAT_S):
            yield HEARTBEAT
