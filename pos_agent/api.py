"""The agent's HTTP face for the page and the POS, on this machine alone.

The calls are in `routes.py`; `POST /v1/commands` takes any command by its `do`. One rule for all: what was done is 200
with a reply; what was not is a problem (RFC 9457) with the same code and text (`problems.py`).

Every call carries `Authorization: Bearer <token>`; tokens lie in the data directory (pos_agent/tokens.py).
Requests that name another host are refused, so that no page on the internet can reach the till by its name.
"""

from __future__ import annotations

from asyncio import wait_for, wrap_future
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

import msgspec
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as HttpRoute

from loyalty.programme import Language
from pos_agent.agent import Agent
from pos_agent.answers import Reply
from pos_agent.bad_command import BadCommand
from pos_agent.described import description
from pos_agent.problems import MEDIA_TYPE, problem_of, status_of
from pos_agent.protocol import REPLY_TIMEOUT_S, read_command
from pos_agent.routes import ROUTES, Route
from pos_agent.status import Look, Status
from pos_agent.tokens import Asker
from pos_agent.words import say

BODY_BYTES_MAX = 1_000_000  # a basket of a thousand lines is a fifth of that
WAIT_S_MAX = 30.0
OUR_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
FRAMEWORK = {404: "not_found", 405: "wrong_method"}  # what the router itself says

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """What every call stands on. `asker_of` tells whose a token is (pos_agent/tokens.py)."""

    agent: Agent
    status: Callable[[], Status]
    asker_of: Callable[[str], Asker | None]
    language: Language

    def problem(self, code: str) -> Response:
        return self.answer(Reply(ok=False, code=code, text=say(code, self.language)))

    def answer(self, reply: Reply) -> Response:
        """As the one rule has it."""
        if reply.ok:
            return _json(reply)
        body = msgspec.json.encode(problem_of(reply, self.language))
        return Response(body, status_code=status_of(reply.code), media_type=MEDIA_TYPE)


def agent_app(
    agent: Agent, status: Callable[[], Status], asker_of: Callable[[str], Asker | None], language: Language
) -> Starlette:
    """The ASGI application over one agent."""
    face = Face(agent=agent, status=status, asker_of=asker_of, language=language)
    looks: dict[str, Handler] = {
        "/v1/visit": partial(_visit, face),
        "/v1/status": partial(_status, face),
        "/v1/openapi.json": _openapi,
    }
    routes = [_http(face, route, looks.get(route.path) or partial(_do, face, route.does)) for route in ROUTES]
    routes.append(HttpRoute("/v1/commands", _guarded(face, partial(_do, face, None)), methods=["POST"]))

    async def by_the_router(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return face.problem(FRAMEWORK.get(error.status_code, "not_found"))

    return Starlette(routes=routes, exception_handlers={HTTPException: by_the_router})


def _http(face: Face, route: Route, handler: Handler) -> HttpRoute:
    return HttpRoute(route.path, _guarded(face, handler), methods=[route.method])


def _guarded(face: Face, handler: Handler) -> Handler:
    """Nobody who may not talk to the till comes as far as the handler."""

    async def guarded(request: Request) -> Response:
        refused = _refused(request, face.asker_of(_token(request)))
        return face.problem(refused) if refused else await handler(request)

    return guarded


def _refused(request: Request, asker: Asker | None) -> str | None:
    """Why whoever asks may not talk to the till. `asker`: whose token it is, None for nobody's."""
    host = request.headers.get("host", "").rsplit(":", 1)[0]
    if host not in OUR_HOSTS:
        return "wrong_host"
    if asker is None:
        return "wrong_token"
    if request.method == "POST" and request.headers.get("content-type", "").split(";")[0] != "application/json":
        return "wrong_content_type"
    return None


# the calls


async def _do(face: Face, does: str | None, request: Request) -> Response:
    """A command; `does` is its `do`, where the path says it."""
    asker = face.asker_of(_token(request)) or Asker("")
    try:
        command = read_command(await _body(request), does)
    except BadCommand as bad:
        text, field = bad.text(face.language), bad.facts.get("field")
        return face.answer(Reply(ok=False, code="bad_command", text=text, field=field))
    try:
        return face.answer(await wait_for(wrap_future(face.agent.asked(command, *asker)), REPLY_TIMEOUT_S))
    except TimeoutError:
        return face.problem("busy")


async def _visit(face: Face, request: Request) -> Response:
    try:
        after = int(request.query_params.get("after", "-1"))
        wait_s = min(WAIT_S_MAX, max(0.0, float(request.query_params.get("wait_s", "0"))))
    except ValueError:
        return face.problem("bad_query")
    return _json(await run_in_threadpool(face.agent.view, after, wait_s))


async def _status(face: Face, request: Request) -> Response:
    return _json(await run_in_threadpool(face.status))


async def _openapi(request: Request) -> Response:
    return Response(msgspec.json.encode(description()), media_type="application/json")


# the pieces


def _token(request: Request) -> str:
    return request.headers.get("authorization", "").removeprefix("Bearer ")


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > BODY_BYTES_MAX:
            raise BadCommand("bad_command_too_large", most=str(BODY_BYTES_MAX))
    return bytes(body)


def _json(value: Reply | Look | Status) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")
