"""A till that was invited joins, which is the one thing that a stranger may ask; its file gets its lease, and reads its
own operations."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.face.room import Room
from hub.face.wire import answer, asker_of, check_till, number_in, told_in
from hub.hub import Hub
from sync.joining import JoinRequest
from sync.protocol import COUNTER_MAX, LeaseRequest

JOINS_MAX = 4  # at once


def join_routes(hub: Hub, pages: Room) -> list[Route]:
    """`pages`: the room of all that is read page by page."""
    room = Room(JOINS_MAX, JOINS_MAX)

    async def join(request: Request) -> Response:
        with room.of(""):
            asked = await told_in(request, JoinRequest)
            return answer(await run_in_threadpool(hub.tills.join, asked))

    async def lease(request: Request) -> Response:
        asked = await told_in(request, LeaseRequest)
        check_till(request, asked.till)
        return answer(await run_in_threadpool(hub.tills.lease, asked))

    async def own(request: Request) -> Response:
        query = request.query_params
        till = query.get("till", "")
        check_till(request, till)
        generation, after = (number_in(query, name, 0, COUNTER_MAX) for name in ("generation", "after"))
        with pages.of(asker_of(request).till):
            return answer(await run_in_threadpool(hub.tills.own, till, generation, after))

    return [
        Route("/v3/join", join, methods=["POST"]),
        Route("/v3/lease", lease, methods=["POST"]),
        Route("/v3/own", own),
    ]
