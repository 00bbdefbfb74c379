"""A till's people ask the hub's desk (sync/desk.py)."""

from __future__ import annotations

from typing import Final

import anyio
import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.books.holds import AskRefused
from hub.desk.acts import ACTS, Act, ActRefused, Asked
from hub.face.health import Health
from hub.face.wire import RequestRefused, answer, check_name, check_till, till_asking, told_in
from hub.hub import Hub
from sync.desk import DeskReply, DeskRequest

THREADS: Final = 4  # of their own: a desk may look through a member's years, and no hold waits behind it


def desk_routes(hub: Hub, health: Health) -> list[Route]:
    threads = anyio.CapacityLimiter(THREADS)

    async def asked(request: Request) -> Response:
        told = await told_in(request, DeskRequest)
        check_till(request, told.till)
        for name, text in {"act": told.act, "key": told.key, "programme": told.programme}.items():
            check_name(text, name)
        act = ACTS.get(told.act)
        if act is None:
            raise AskRefused("unknown_act", f"this hub's desk knows no act {told.act}")
        till = till_asking(request)
        who = Asked(
            told.person, told.person or till.till, till.till, till.store, told.programme, f"{till.till}/{told.key}"
        )
        body = _body(act, told.body)
        return answer(await anyio.to_thread.run_sync(lambda: _done(hub, health, act, who, body), limiter=threads))

    return [Route("/v3/desk", asked, methods=["POST"])]


def _body(act: Act, raw: msgspec.Raw) -> msgspec.Struct:
    try:
        return msgspec.json.decode(raw, type=act.takes)
    except (ValueError, RecursionError) as error:
        raise RequestRefused("bad_request", f"body: {error}") from error


def _done(hub: Hub, health: Health, act: Act, who: Asked, body: msgspec.Struct) -> DeskReply:
    try:
        done = health.of_write(lambda: act.do(hub, who, body))
    except ActRefused as refused:
        raise AskRefused(refused.code, str(refused), tries_left=refused.tries_left) from refused
    return DeskReply(body=msgspec.Raw(msgspec.json.encode(done)))
