"""What tills read of the chain's goods."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.face.room import Room
from hub.face.wire import answer, asker_of, check_name, cursor_in, number_in
from hub.goods_feed import tell_goods
from hub.hub import Hub
from sync.protocol import PAGE_GOODS_MAX


def goods_routes(hub: Hub, room: Room) -> list[Route]:
    """`room`: that of all pages."""

    async def goods(request: Request) -> Response:
        query = request.query_params
        store, scope = (check_name(query.get(name, ""), name) for name in ("store", "scope"))
        after = cursor_in(query.get("after", ""))
        limit = max(1, number_in(query, "limit", 100, PAGE_GOODS_MAX))
        with room.of(asker_of(request).till):
            return answer(
                await run_in_threadpool(lambda: tell_goods(hub, store=store, scope=scope, after=after, limit=limit))
            )

    return [Route("/v3/goods", goods)]
