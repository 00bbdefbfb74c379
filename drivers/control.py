"""The control of an emulated device over HTTP, beside its standard input: what a page or a test does to it, and sees.

`GET /state.json` is how it is; `POST /order` takes one line, as the standard input does, and answers `{"error": ""}`,
or 400 with what is wrong. What has a lens shows at `GET /seen.jpg` what it sees; `POST /picture` puts one before it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from drivers.local_server import LocalServer, TooLong, answer_to_order, body_of

ORDER_BYTES_MAX: Final = 4_500  # a QR code holds 4,296 letters, and an order says a word or two besides
PICTURE_BYTES_MAX: Final = 4_000_000  # a photograph of a telephone's; what it becomes as pixels is bounded apart


class Controlled(Protocol):
    """An emulated device. Both may be called from any thread."""

    def state(self) -> dict[str, Any]:
        """How it is, as JSON."""

    def obey(self, line: str) -> str:
        """Do what the line says; "" or one line of what is wrong with it."""


class Lens(Controlled, Protocol):
    """An emulated device that sees."""

    def seen(self) -> bytes:
        """What lies before it now, as a JPEG."""

    def put(self, picture: bytes) -> str:
        """Put a picture before it; "" or one line of what is wrong with it."""


class Control(LocalServer):
    """Of one device. Orders are obeyed in a thread: a scanner's hand takes its time."""

    def __init__(self, device: Controlled, port: int, *, lens: Lens | None = None) -> None:
        routes = [
            Route("/state.json", lambda request: JSONResponse(device.state())),
            Route("/order", _taking(ORDER_BYTES_MAX, lambda body: device.obey(_line(body))), methods=["POST"]),
        ]
        if lens is not None:
            routes += [
                Route("/seen.jpg", lambda request: Response(lens.seen(), media_type="image/jpeg")),
                Route("/picture", _taking(PICTURE_BYTES_MAX, lens.put), methods=["POST"]),
            ]
        super().__init__(routes, port, "control")


def _line(body: bytes) -> str:
    """The first line alone: a second one would be another order."""
    return (body.decode("utf-8", "replace").splitlines() or [""])[0]


def _taking(most: int, obey: Callable[[bytes], str]) -> Callable[[Request], Awaitable[Response]]:
    async def taking(request: Request) -> Response:
        try:
            body = await body_of(request, most)
        except TooLong:
            return PlainTextResponse(f"that is longer than {most} bytes", 413)
        return answer_to_order(await run_in_threadpool(obey, body))

    return taking
