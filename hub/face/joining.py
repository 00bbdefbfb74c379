"""A till that was invited joins: the one thing that a stranger may ask."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.face.room import Room
from hub.face.wire import RequestRefused, answer, told_in
from hub.hub import Hub
from sync.joining import JoinRequest

JOINS_MAX = 4  # at once


def join_routes(hub: Hub) -> list[Route]:
    room = Room(JOINS_MAX)

    async def join(request: Request) -> Response:
        _check_no_browser(request)
        with room:
            asked = await told_in(request, JoinRequest)
            return answer(await run_in_threadpool(hub.join, asked))

    return [Route("/v3/join", join, methods=["POST"])]


def _check_no_browser(request: Request) -> None:
    """A page in some browser of the shop can send text to wherever it likes; it cannot say that it is JSON unasked, and
    always says where it comes from."""
    if request.headers.get("content-type") != "application/json" or "origin" in request.headers:
        raise RequestRefused("bad_request", "JSON, please, and from no browser")
