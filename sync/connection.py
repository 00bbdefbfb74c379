"""One connection to a face of ours, so that no number of idle or broken ones keeps the honest out.

uvicorn counts connections and closes idle ones, but waits for ever for the rest of a request, and turns the newest
away when there are too many: a thousand half-open ones would shut the door. Here the oldest unfinished one goes, and of
those first who never was answered anything; of one address its own.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Callable
from functools import partial
from typing import Any, Final, NamedTuple, cast

import h11
from starlette.types import ASGIApp
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import STATUS_PHRASES, H11Protocol
from uvicorn.server import Server, ServerState

ACCEPTED_AT_ONCE: Final = 8  # between two looks at what came: so few that a new one is read before it is the oldest
QUEUED_MAX: Final = 1_024  # in the kernel, not accepted yet


class CannotListen(Exception):
    """Why nobody can be served there, and what helps."""


def listening(host: str, port: int) -> socket.socket:
    """A port that is open; 0: a free one. Raises CannotListen."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle off where TCP is said
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        cause = error.strerror or error
        raise CannotListen(
            f"cannot listen on {host}:{port}: {cause}. Another program may use it; try --port 0."
        ) from error
    listener.listen()
    return listener


class Limits(NamedTuple):
    """`of_address_max`: from one address, but for `trusted` ones, which speak for many; None: no limit. `headers_s`,
    `whole_s`: from a request's first byte, or from connecting, to its last."""

    connections_max: int
    of_address_max: int | None
    header_bytes_max: int
    headers_s: float
    whole_s: float
    keep_alive_s: int
    trusted: frozenset[str] = frozenset()


class Refusal(NamedTuple):
    """What is told in the place of the answer that a request will not get."""

    status: int
    media_type: str
    body: bytes


Refuse = Callable[[str, dict[str, str]], Refusal]  # of a code and its facts


class BoundedServer(Server):
    """uvicorn with connections of ours. What a stranger sends writes no log: it would fill the disk."""

    def __init__(self, app: ASGIApp, limits: Limits, refuse: Refuse, *, proxies: frozenset[str] = frozenset()) -> None:
        """`proxies`: addresses whose word is taken for whom they speak for."""
        config = Config(
            app,
            interface="asgi3",
            http=cast(Any, partial(Connection, limits=limits, refuse=refuse)),
            ws="none",
            lifespan="off",
            log_level="error",
            log_config=None,  # the program's own, whose filter keeps people out of it
            access_log=False,
            proxy_headers=bool(proxies),
            forwarded_allow_ips=sorted(proxies) if proxies else None,
            server_header=False,
            backlog=ACCEPTED_AT_ONCE,
            h11_max_incomplete_event_size=limits.header_bytes_max,
            timeout_keep_alive=limits.keep_alive_s,
            timeout_graceful_shutdown=1,
        )
        super().__init__(config)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listener in sockets or ():
            listener.listen(QUEUED_MAX)  # asyncio has one number for both


class Connection(H11Protocol):
    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        limits: Limits,
        refuse: Refuse,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._limits = limits
        self._told = refuse
        self._late: asyncio.TimerHandle | None = None  # set while a request is not whole
        self.address = ""
        self.waits_since = 0.0
        self.was_answered = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.address = str(self.client[0]) if self.client else ""
        self.waits_since = self.loop.time()
        self._begin()
        self._make_room()

    def data_received(self, data: bytes) -> None:
        if self._late is None:
            self._begin()
        super().data_received(data)
        if not self.unfinished:
            self._in_time()

    def on_response_complete(self) -> None:
        self.waits_since = self.loop.time()
        self.was_answered = True
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._in_time()
        super().connection_lost(exc)

    @property
    def unfinished(self) -> bool:
        """It has not sent a whole request, or not the next one."""
        return self.cycle is None or self.cycle.response_complete or self.cycle.more_body

    # in time

    def _begin(self) -> None:
        self._late = self.loop.call_later(self._limits.headers_s, self._after_headers)

    def _after_headers(self) -> None:
        """The headers should be here; a body may take longer."""
        left_s = self._limits.whole_s - self._limits.headers_s
        if left_s > 0 and self.conn.their_state is h11.SEND_BODY:
            self._late = self.loop.call_later(left_s, self._too_late, self._limits.whole_s)
        else:
            self._too_late(self._limits.headers_s)

    def _too_late(self, most_s: float) -> None:
        self._late = None
        self.drop("too_slow", most=f"{most_s:g}")

    def _in_time(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    # room

    def _make_room(self) -> None:
        """The oldest unfinished one goes; where all are being answered, this one does."""
        others = [each for each in self.connections if isinstance(each, Connection) and each is not self]
        theirs = [each for each in others if each.address == self.address]
        most = self._limits.of_address_max
        if most is not None and self.address not in self._limits.trusted and len(theirs) >= most:
            self._instead_of(theirs)
        elif len(others) >= self._limits.connections_max:
            self._instead_of(others)

    def _instead_of(self, others: list[Connection]) -> None:
        unfinished = [each for each in others if each.unfinished]
        if unfinished:
            min(unfinished, key=lambda each: (each.was_answered, each.waits_since)).drop("busy")
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
        status, media_type, body = self._told(code, facts)
        headers = [("content-type", media_type), ("content-length", str(len(body))), ("connection", "close")]
        for event in (
            h11.Response(status_code=status, headers=headers, reason=STATUS_PHRASES[status]),
            h11.Data(data=body),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
