"""An HTTP server for all tests of a run, as starting and stopping takes a while; `app` is what this test serves."""

from __future__ import annotations

import socket
import threading

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send


class Server:
    def __init__(self) -> None:
        self.app: ASGIApp | None = None
        listener = socket.create_server(("127.0.0.1", 0))
        listener.setsockopt(
            socket.IPPROTO_TCP, socket.TCP_NODELAY, 1
        )  # asyncio does it only where a socket says its kind
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        config = uvicorn.Config(self._serve, interface="asgi3", log_level="warning", lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([listener],))
        self._thread.start()  # the port takes connections already; nobody has to wait

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None, "a test says what it serves"
        await self.app(scope, receive, send)

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join()
