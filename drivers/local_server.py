"""A small HTTP server on this machine alone, in a thread of its own: the page and the controls of emulated devices.

A page of somebody else's site, open in the same browser, must not press the buttons: requests with a foreign Host
(a name that was made to point here) or a foreign Origin are refused. Both are compared whole.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Sequence
from typing import Final

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

HOST: Final = "127.0.0.1"
LOCAL_NAMES: Final = (HOST, "localhost")
BACKLOG: Final = 16  # a page and a proxy; nobody else knows the port
STOP_S: Final = 1  # for answers that are under way
SECURITY: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class LocalServer:
    """`start()` returns at once, for the port is open already; the thread ends with the process or with `stop()`.
    Raises OSError when the port is taken."""

    def __init__(self, routes: Sequence[Route], port: int, name: str) -> None:
        self._socket = _listen(port)
        self.port = int(self._socket.getsockname()[1])
        self.app = Starlette(routes=routes, middleware=[Middleware(BaseHTTPMiddleware, dispatch=self._guard)])
        config = uvicorn.Config(self.app, log_level="warning", lifespan="off", timeout_graceful_shutdown=STOP_S)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}/"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()

    def _run(self) -> None:
        self._server.run([self._socket])

    async def _guard(self, request: Request, go_on: RequestResponseEndpoint) -> Response:
        hosts = {f"{name}:{self.port}" for name in LOCAL_NAMES}
        host, origin = request.headers.get("host", ""), request.headers.get("origin")
        if host not in hosts or (origin is not None and origin != f"http://{host}"):
            return PlainTextResponse("only a page of this machine's own may ask", 403, headers=SECURITY)
        answer = await go_on(request)
        answer.headers.update(SECURITY)
        return answer


def _listen(port: int) -> socket.socket:
    listener = socket.socket()
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


class TooLong(Exception):
    """A body that goes on after all that it may have."""


async def body_of(request: Request, most: int) -> bytes:
    """Raises TooLong."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise TooLong
    return body


def answer_to_order(error: str) -> JSONResponse:
    """What an order came to: "" or one line of what is wrong with it."""
    return JSONResponse({"error": error}, status_code=400 if error else 200)
