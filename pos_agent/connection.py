"""One connection to the till's face, so that no number of idle or broken ones keeps the POS out.

uvicorn counts connections and closes idle ones, but waits for ever for the rest of a request, and turns the newest
away when there are too many: a thousand half-open ones would shut the till. Here the oldest unfinished one goes.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Callable
from functools import partial
from typing import Any, Final, cast

import h11
import msgspec
from starlette.types import ASGIApp
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import STATUS_PHRASES, H11Protocol
from uvicorn.server import Server, ServerState

from loyalty.programme import Language
from pos_agent.answers import Reply
from pos_agent.front import HEADER_BYTES_MAX
from pos_agent.problems import MEDIA_TYPE, problem_of, status_of
from pos_agent.words import say

CONNECTIONS_MAX: Final = 32  # a POS and a page need four
ACCEPTED_AT_ONCE: Final = 8  # between two looks at what came: so few that a new one is read before it is the oldest
QUEUED_MAX: Final = 1_024  # in the kernel, not accepted yet
WHOLE_REQUEST_S: Final = 10.0  # from its first byte, or from connecting; on one machine it takes milliseconds
KEEP_ALIVE_S: Final = 60  # a POS between two customers need not connect anew


class FaceServer(Server):
    """uvicorn with connections of ours. What a stranger sends writes no log: it would fill the till's disk."""

    def __init__(self, app: ASGIApp, language: Language, ending: Callable[[], None] = lambda: None) -> None:
        """`ending` lets those go who wait for news: a stream has no end of its own."""
        self._ending = ending
        config = Config(
            app,
            interface="asgi3",
            http=cast(Any, partial(Connection, language=language)),
            ws="none",
            lifespan="off",
            log_level="error",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            backlog=ACCEPTED_AT_ONCE,
            h11_max_incomplete_event_size=HEADER_BYTES_MAX,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=1,
        )
        super().__init__(config)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listener in sockets or ():
            listener.listen(QUEUED_MAX)  # asyncio has one number for both

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._ending()
        await super().shutdown(sockets)


class Connection(H11Protocol):
    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        language: Language,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._language: Language = language
        self._late: asyncio.TimerHandle | None = None  # set while a request is not whole
        self.waits_since = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.waits_since = self.loop.time()
        self._late = self.loop.call_later(WHOLE_REQUEST_S, self._too_late)
        self._make_room()

    def data_received(self, data: bytes) -> None:
        if self._late is None:
            self._late = self.loop.call_later(WHOLE_REQUEST_S, self._too_late)
        super().data_received(data)
        if not self.unfinished:
            self._in_time()

    def on_response_complete(self) -> None:
        self.waits_since = self.loop.time()
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._in_time()
        super().connection_lost(exc)

    @property
    def unfinished(self) -> bool:
        """It has not sent a whole request, or not the next one."""
        return self.cycle is None or self.cycle.response_complete or self.cycle.more_body

    def _in_time(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _too_late(self) -> None:
        self._late = None
        self.drop("too_slow", most=f"{WHOLE_REQUEST_S:g}")

    def _make_room(self) -> None:
        """The oldest unfinished one goes; where all are being answered, this one does."""
        if len(self.connections) <= CONNECTIONS_MAX:
            return
        others = [each for each in self.connections if isinstance(each, Connection) and each is not self]
        unfinished = [each for each in others if each.unfinished]
        if unfinished:
            min(unfinished, key=lambda each: each.waits_since).drop("busy")
        else:
            self.drop("busy", begun=True)

    def drop(self, code: str, *, begun: bool = False, **facts: str) -> None:
        """Close it. Whoever has begun a request (or is about to: `begun`) is told why; on an idle connection words of
        ours would be taken for the answer to the next request."""
        self.connections.discard(self)
        if begun or self.conn.trailing_data[0] or self.conn.their_state is h11.SEND_BODY:
            self._refuse(code, facts)
        self.transport.close()

    def send_400_response(self, msg: str) -> None:
        """What h11 does not take for a request."""
        too_long = getattr(sys.exc_info()[1], "error_status_hint", 400) == 431
        self._refuse("headers_too_large" if too_long else "malformed", {})
        self.transport.close()

    def _refuse(self, code: str, facts: dict[str, str]) -> None:
        """A problem, in the place of the answer that this request will not get."""
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True  # whoever reads its body is told that nothing more comes
            self.cycle.message_event.set()
        if self.transport.is_closing() or self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            return
        reply = Reply(ok=False, code=code, text=say(code, self._language, **facts))
        status, body = status_of(code), msgspec.json.encode(problem_of(reply, self._language))
        headers = [("content-type", MEDIA_TYPE), ("content-length", str(len(body))), ("connection", "close")]
        for event in (
            h11.Response(status_code=status, headers=headers, reason=STATUS_PHRASES[status]),
            h11.Data(data=body),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
