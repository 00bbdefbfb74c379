"""A till tells its next key, when the office asked for one."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.face.wire import RequestRefused, answer, check_till, told_in
from hub.hub import Hub
from sync.renewing import NewKey, NewKeyTaken, is_proved


def renewing_routes(hub: Hub) -> list[Route]:
    async def renew(request: Request) -> Response:
        asked = await told_in(request, NewKey)
        check_till(request, asked.till)
        if not is_proved(asked):
            raise RequestRefused("bad_request", "the new key does not prove itself")
        await run_in_threadpool(hub.tills.renew, asked.till, asked.key)
        return answer(NewKeyTaken(key=asked.key))

    return [Route("/v3/key", renew, methods=["POST"])]
