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
from pos_agent.problems import MEDIA_TYPE, problem_of, status_of
from pos_agent.protocol import REPLY_TIMEOUT_S, read_command
from pos_agent.replying import plain_reply
from pos_agent.routes import ROUTES, Route
from pos_agent.short_words import short
from pos_agent.status import Look, Status

BODY_BYTES_MAX = 1_000_000  # a basket of a thousand lines is a fifth of that
WAIT_S_MAX = 30.0
OUR_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
FRAMEWORK = {404: "not_found", 405: "wrong_method"}  # what the router itself says

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """What every call stands on. `name_of` tells whose a token is (pos_agent/tokens.py)."""

    agent: Agent
    status: Callable[[], Status]
    name_of: Callable[[str], str | None]
    language: Language

    def problem(self, code: str) -> Response:
        return answer(plain_reply(False, code, self.language))


def agent_app(
    agent: Agent, status: Callable[[], Status], name_of: Callable[[str], str | None], language: Language
) -> Starlette:
    """The ASGI application over one agent."""
    face = Face(agent=agent, status=status, name_of=name_of, language=language)
    looks: dict[str, Handler] = {"/v1/visit": partial(_visit, face), "/v1/status": partial(_status, face)}
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
        refused = _refused(request, face.name_of(_token(request)))
        return face.problem(refused) if refused else await handler(request)

    return guarded


def _refused(request: Request, pos: str | None) -> str | None:
    """Why whoever asks may not talk to the till. `pos`: whose token it is, None for nobody's."""
    host = request.headers.get("host", "").rsplit(":", 1)[0]
    if host not in OUR_HOSTS:
        return "wrong_host"
    if pos is None:
        return "wrong_token"
    if request.method == "POST" and request.headers.get("content-type", "").split(";")[0] != "application/json":
        return "wrong_content_type"
    return None


# the calls


async def _do(face: Face, does: str | None, request: Request) -> Response:
    """A command; `does` is its `do`, where the path says it."""
    pos = face.name_of(_token(request)) or ""
    try:
        command = read_command(await _body(request), does)
    except BadCommand as bad:
        said = short("bad_command", face.language)
        text, field = bad.text(face.language), bad.facts.get("field")
        return answer(Reply(ok=False, code="bad_command", text=text, say=said, field=field))
    try:
        return answer(await wait_for(wrap_future(face.agent.asked(command, pos)), REPLY_TIMEOUT_S))
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


def answer(reply: Reply) -> Response:
    """As the one rule has it."""
    if reply.ok:
        return _json(reply)
    body = msgspec.json.encode(problem_of(reply))
    return Response(body, status_code=status_of(reply.code), media_type=MEDIA_TYPE)


def _json(value: Reply | Look | Status) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")
