"""The agent's HTTP face for the page and the POS, on this machine alone.

    POST /v1/commands   a command (pos_agent/protocol.py) → a reply
    GET  /v1/visit      ?after&wait_s → the visit as it stands
    GET  /v1/status     devices, hub, outbox, papers

Every call carries `Authorization: Bearer <token>`; tokens lie in the data directory (pos_agent/tokens.py).
Requests that name another host are refused, so that no page on the internet can reach the till by its name.
"""

from __future__ import annotations

from asyncio import wait_for, wrap_future
from collections.abc import Callable

import msgspec
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from loyalty.programme import Language
from pos_agent.agent import Agent
from pos_agent.answers import Problem, Reply
from pos_agent.bad_command import BadCommand
from pos_agent.protocol import REPLY_TIMEOUT_S, read_command
from pos_agent.status import Look, Status
from pos_agent.words import say

BODY_BYTES_MAX = 1_000_000  # a basket of a thousand lines is a fifth of that
WAIT_S_MAX = 30.0
OUR_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})


def agent_app(
    agent: Agent, status: Callable[[], Status], name_of: Callable[[str], str | None], language: Language
) -> Starlette:
    """The ASGI application over one agent. `name_of` tells whose a token is (pos_agent/tokens.py)."""

    async def commands(request: Request) -> Response:
        pos = name_of(_token(request))
        if (refused := _refused(request, pos, language)) is not None:
            return refused
        assert pos is not None, "nobody without a name comes this far"
        try:
            command = read_command(await _body(request))
        except BadCommand as bad:
            return _json(Reply(ok=False, code="bad_command", text=bad.text(language)), 400)
        try:
            reply = await wait_for(wrap_future(agent.asked(command, pos)), REPLY_TIMEOUT_S)
        except TimeoutError:
            return _json(Reply(ok=False, code="busy", text=say("busy", language)), 503)
        return _json(reply)

    async def visit(request: Request) -> Response:
        if (refused := _refused(request, name_of(_token(request)), language)) is not None:
            return refused
        try:
            after = int(request.query_params.get("after", "-1"))
            wait_s = min(WAIT_S_MAX, max(0.0, float(request.query_params.get("wait_s", "0"))))
        except ValueError:
            return _problem("bad_query", language, 400)
        return _json(await run_in_threadpool(agent.view, after, wait_s))

    async def status_now(request: Request) -> Response:
        if (refused := _refused(request, name_of(_token(request)), language)) is not None:
            return refused
        return _json(await run_in_threadpool(status))

    return Starlette(
        routes=[
            Route("/v1/commands", commands, methods=["POST"]),
            Route("/v1/visit", visit),
            Route("/v1/status", status_now),
        ]
    )


def _refused(request: Request, pos: str | None, language: Language) -> Response | None:
    """Who may not talk to the till. `pos`: whose token it is, None for nobody's."""
    host = request.headers.get("host", "").rsplit(":", 1)[0]
    if host not in OUR_HOSTS:
        return _problem("wrong_host", language, 421)
    if pos is None:
        return _problem("wrong_token", language, 401)
    if request.method == "POST" and request.headers.get("content-type", "").split(";")[0] != "application/json":
        return _problem("wrong_content_type", language, 415)
    return None


def _token(request: Request) -> str:
    return request.headers.get("authorization", "").removeprefix("Bearer ")


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > BODY_BYTES_MAX:
            raise BadCommand("bad_command_too_large", most=str(BODY_BYTES_MAX))
    return bytes(body)


def _problem(code: str, language: Language, status: int) -> Response:
    return _json(Problem(code=code, error=say(code, language)), status)


def _json(value: Reply | Look | Status | Problem, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status_code=status, media_type="application/json")
