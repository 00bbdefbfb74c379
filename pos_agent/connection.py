"""The till's face as a server: few connections, each whole in time (sync/connection.py)."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Final

import msgspec
from starlette.types import ASGIApp

from loyalty.programme import Language
from pos_agent.answers import Reply
from pos_agent.front import HEADER_BYTES_MAX
from pos_agent.problems import MEDIA_TYPE, problem_of, status_of
from pos_agent.words import say
from sync.connection import BoundedServer, Limits, Refusal

CONNECTIONS_MAX: Final = 32  # a POS and a page need four
WHOLE_REQUEST_S: Final = 10.0  # from its first byte, or from connecting; on one machine it takes milliseconds
REFUSALS: Final = ("too_slow", "busy", "headers_too_large", "malformed")  # what sync/connection.py says
KEEP_ALIVE_S: Final = 60  # a POS between two customers need not connect anew


class FaceServer(BoundedServer):
    def __init__(self, app: ASGIApp, language: Language, ending: Callable[[], None] = lambda: None) -> None:
        """`ending` lets those go who wait for news: a stream has no end of its own."""
        self._ending = ending
        self._language: Language = language
        super().__init__(app, _limits(), self._refusal)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._ending()
        await super().shutdown(sockets)

    def _refusal(self, code: str, facts: dict[str, str]) -> Refusal:
        assert code in REFUSALS, f"no words for {code}"
        reply = Reply(ok=False, code=code, text=say(code, self._language, **facts))
        return Refusal(status_of(code), MEDIA_TYPE, msgspec.json.encode(problem_of(reply, self._language)))


def _limits() -> Limits:
    return Limits(
        connections_max=CONNECTIONS_MAX,
        of_address_max=None,  # all are this machine's
        header_bytes_max=HEADER_BYTES_MAX,
        headers_s=WHOLE_REQUEST_S,
        whole_s=WHOLE_REQUEST_S,
        keep_alive_s=KEEP_ALIVE_S,
    )
