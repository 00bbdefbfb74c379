"""A till that was invited joins: the one thing that a stranger may ask."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.face.room import Room
from hub.face.wire import answer, told_in
from hub.hub import Hub
from sync.joining import JoinRequest

JOINS_MAX = 4  # at once


def join_routes(hub: Hub) -> list[Route]:
    room = Room(JOINS_MAX, JOINS_MAX)

    async def join(request: Request) -> Response:
        with room.of(""):
            asked = await told_in(request, JoinRequest)
            return answer(await run_in_threadpool(hub.join, asked))

    return [Route("/v3/join", join, methods=["POST"])]
