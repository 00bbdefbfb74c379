"""A web face for browsers: a server of its own, on a port of its own."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Final

from starlette.types import ASGIApp

from sync.connection import BoundedServer, Limits, Refusal

CONNECTIONS_MAX: Final = 200
HEADER_BYTES_MAX: Final = 16 * 1024
HEADERS_S: Final = 10.0
WHOLE_S: Final = 30.0
KEEP_ALIVE_S: Final = 30
_STATUS: Final = {"too_slow": 408, "busy": 503, "headers_too_large": 431, "malformed": 400}


@contextmanager
def desk_served(
    app: ASGIApp, listener: socket.socket, proxies: Collection[str] = (), *, of_address_max: int | None = None
) -> Iterator[None]:
    """Until the block ends. `proxies`: addresses whose word is taken for whom, and how, they speak for;
    `of_address_max`: connections."""
    trusted = frozenset(proxies)
    server = BoundedServer(app, limits_of(trusted, of_address_max=of_address_max), refusal, proxies=trusted)
    thread = threading.Thread(target=server.run, args=([listener],), name="pages", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


def limits_of(
    trusted: frozenset[str], *, connections_max: int = CONNECTIONS_MAX, of_address_max: int | None = None
) -> Limits:
    return Limits(
        connections_max=connections_max,
        of_address_max=of_address_max,
        header_bytes_max=HEADER_BYTES_MAX,
        headers_s=HEADERS_S,
        whole_s=WHOLE_S,
        keep_alive_s=KEEP_ALIVE_S,
        trusted=trusted,
    )


def refusal(code: str, facts: dict[str, str]) -> Refusal:
    return Refusal(_STATUS[code], "application/problem+json", json.dumps({"code": code, **facts}).encode())
