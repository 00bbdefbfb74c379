"""The account's server process."""

from __future__ import annotations

import socket
from collections.abc import Collection
from contextlib import suppress

from starlette.types import ASGIApp

from sync.connection import BoundedServer
from web.serving import limits_of, refusal


def serve_browsers(app: ASGIApp, listener: socket.socket, proxies: Collection[str] = ()) -> None:
    """Until stopped. `proxies`: addresses whose word is taken for whom, and how, they speak for."""
    trusted = frozenset(proxies)
    server = BoundedServer(app, limits_of(trusted, connections_max=2_000, of_address_max=64), refusal, proxies=trusted)
    with suppress(KeyboardInterrupt):  # the way to stop it
        server.run(sockets=[listener])
