"""The agent's HTTP face for the page and the POS, on this machine alone.

The calls are in `routes.py`; `POST /v1/commands` takes any command by its `do`. One rule for all: what was done is 200
with a reply; what was not is a problem (RFC 9457) with the same code and text (`problems.py`).

Every call carries `Authorization: Bearer <token>`; tokens lie in the data directory (pos_agent/tokens.py). The till's
own page has a cookie instead (pos_agent/page/pairing.py). Before that, `front.py` refuses what a page of another site
may send, and `connection.py` keeps idle connections from being too many.

Nobody who waits holds a thread: commands wait for the agent's answer, looks and events for its news, all in one loop.
"""

from __future__ import annotations

from asyncio import FIRST_COMPLETED, create_task, shield, wait, wait_for, wrap_future
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from time import monotonic
from typing import Any, Final
from urllib.parse import unquote

import msgspec
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route as HttpRoute
from starlette.types import ASGIApp

from loyalty.possible import is_text
from loyalty.programme import Language
from pos_agent.agent import Agent
from pos_agent.answers import Reply
from pos_agent.bad_command import BadCommand
from pos_agent.body import TooLarge, whole_body
from pos_agent.described import description
from pos_agent.events import WholeState, events
from pos_agent.front import BODY_BYTES_MAX, front
from pos_agent.listening import Listening, Places
from pos_agent.once import KEY_CHARS_MAX, BadKey, KeyReused, Once, fingerprint, key_in
from pos_agent.page.emulated import EmulatedTill
from pos_agent.page.faces import Pages
from pos_agent.page.guest import Side
from pos_agent.page.guest_face import GuestFace
from pos_agent.problems import MEDIA_TYPE, problem_of, status_of
from pos_agent.protocol import REPLY_TIMEOUT_S, Command, read_command
from pos_agent.replying import plain_reply
from pos_agent.route import Route
from pos_agent.routes import ROUTES
from pos_agent.short_words import short
from pos_agent.state import state_now
from pos_agent.status import Look, ShownDone, Status
from pos_agent.strict_json import refuse_unclear
from pos_agent.tokens import Asker
from storage.sqlite_file import FileError

WAIT_S_MAX: Final = 30.0
RETRY_AFTER_S: Final = {429: "5", 503: "1"}
CASHIER: Final = "pos-cashier"
CASHIER_LETTERS_MAX: Final = 60
FRAMEWORK = {404: "not_found", 405: "wrong_method"}  # what the router itself says

THE_PAGE: Final = Asker("", role=None)  # whoever stands at the till

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """What every call stands on. `asker_of` tells whose a token is (pos_agent/tokens.py)."""

    agent: Agent
    status: Callable[[], Status]
    asker_of: Callable[[str], Asker | None]
    language: Language
    whole: WholeState
    pages: Pages | None = None  # who has a cookie of theirs needs no token
    once: Once = field(default_factory=lambda: Once(monotonic))
    places: Places = field(default_factory=Places)

    def asker(self, request: Request) -> Asker | None:
        """By the token; without one, by the cookie of the cashier's page."""
        if "authorization" in request.headers or self.pages is None:
            return self.asker_of(_token(request))
        return THE_PAGE if self.pages.role(request) == "cashier" else None

    def problem(self, code: str) -> Response:
        return self.answer(plain_reply(False, code, self.language, **FACTS.get(code, {})))

    def bad(self, bad: BadCommand) -> Response:
        said = short("bad_command", self.language)
        text, field = bad.text(self.language), bad.facts.get("field")
        return self.answer(Reply(ok=False, code="bad_command", text=text, say=said, field=field))

    def answer(self, reply: Reply) -> Response:
        """As the one rule has it."""
        if reply.ok:
            return _json(reply)
        body = msgspec.json.encode(problem_of(reply, self.language))
        status = status_of(reply.code)
        headers = {"Retry-After": RETRY_AFTER_S[status]} if status in RETRY_AFTER_S else {}
        if status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        return Response(body, status_code=status, media_type=MEDIA_TYPE, headers=headers)


FACTS: Final = {"too_large": {"most": str(BODY_BYTES_MAX)}, "bad_idempotency_key": {"most": str(KEY_CHARS_MAX)}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Guests:
    """What the guest's side needs besides: the corrected moment, and what the camera sees as a JPEG, if anything."""

    side: Side
    clock: Callable[[], datetime]
    jpeg: Callable[[], bytes | None] = lambda: None


def agent_app(
    agent: Agent,
    status: Callable[[], Status],
    asker_of: Callable[[str], Asker | None],
    language: Language,
    *,
    done: Callable[[], ShownDone | None] = lambda: None,
    pages: Pages | None = None,
    guests: Guests | None = None,
    emulated: EmulatedTill | None = None,
) -> ASGIApp:
    """The ASGI application over one agent. `done`: what was recorded last; `guests`: with their side of it."""
    whole = WholeState(lambda: state_now(agent, status(), done()), agent.news)
    face = Face(agent=agent, status=status, asker_of=asker_of, language=language, whole=whole, pages=pages)
    looks: dict[str, Handler] = {
        "/v1/visit": partial(_visit, face),
        "/v1/status": partial(_status, face),
        "/v1/events": partial(_events, face),
        "/v1/openapi.json": _openapi,
    }
    routes = [_http(face, route, looks.get(route.path) or partial(_do, face, route.does)) for route in ROUTES]
    routes.append(HttpRoute("/v1/commands", _guarded(face, partial(_do, face, None)), methods=["POST"]))
    routes += pages.routes() if pages is not None else []
    if pages is not None and guests is not None:
        routes += _guest_face(face, pages, guests, done).routes()
    routes += emulated.routes(partial(_of_page, face)) if emulated is not None else []

    async def by_the_router(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return face.problem(FRAMEWORK.get(error.status_code, "not_found"))

    async def by_mistake(request: Request, error: Exception) -> Response:
        return face.problem("fault")

    app = Starlette(routes=routes, exception_handlers={HTTPException: by_the_router, Exception: by_mistake})
    app.router.redirect_slashes = False  # an address has one way to be written
    return front(app, face.problem, pages.guests_at if pages is not None else None)


def _guest_face(face: Face, pages: Pages, guests: Guests, done: Callable[[], ShownDone | None]) -> GuestFace:
    return GuestFace(
        agent=face.agent,
        status=face.status,
        done=done,
        clock=guests.clock,
        jpeg=guests.jpeg,
        side=guests.side,
        pages=pages,
        once=face.once,
        places=face.places,
        in_time=partial(_in_time, face),
        problem=face.problem,
    )


def _http(face: Face, route: Route, handler: Handler) -> HttpRoute:
    return HttpRoute(route.path, _guarded(face, handler), methods=[route.method])


def _guarded(face: Face, handler: Handler) -> Handler:
    """Nobody who has no token comes as far as the handler."""

    async def guarded(request: Request) -> Response:
        request.state.asker = face.asker(request)
        return face.problem("wrong_token") if request.state.asker is None else await handler(request)

    return guarded


def _of_page(face: Face, handler: Handler) -> Handler:
    """A call of a page of ours: for whoever may send commands, and refused in the same words."""

    async def answering(request: Request) -> Response:
        try:
            return await handler(request)
        except BadCommand as bad:
            return face.bad(bad)
        except TooLarge:
            return face.problem("too_large")
        except ClientDisconnect:
            return face.problem("busy")  # to nobody

    return _guarded(face, answering)


# the calls


async def _do(face: Face, does: str | None, request: Request) -> Response:
    """A command; `does` is its `do`, where the path says it."""
    asker: Asker = request.state.asker
    try:
        key = key_in(request.headers.getlist("idempotency-key"))
        body = await whole_body(request, BODY_BYTES_MAX)
        refuse_unclear(body)
        command = read_command(body, does)
        ask = partial(_asked, face, command, asker, key, _cashier(request))
        if key is None:
            return await _in_time(face, ask())
        return await _in_time(face, face.once.answer(asker.name, key, fingerprint(request.url.path, body), ask))
    except BadKey:
        return face.problem("bad_idempotency_key")
    except KeyReused:
        return face.problem("idempotency_key_reused")
    except TooLarge:
        return face.problem("too_large")
    except ClientDisconnect:
        return face.problem("busy")  # to nobody
    except BadCommand as bad:
        return face.bad(bad)


async def _asked(face: Face, command: Command, asker: Asker, key: str | None, cashier: str) -> Response:
    name, channel, role = asker
    return face.answer(await wrap_future(face.agent.asked(command, name, channel, key=key, role=role, cashier=cashier)))


async def _in_time(face: Face, asked: Awaitable[Response]) -> Response:
    """What takes longer is answered `busy`; it goes on all the same, and the same key asks after it."""
    try:
        return await wait_for(shield(asked), REPLY_TIMEOUT_S)
    except TimeoutError:
        return face.problem("busy")


async def _visit(face: Face, request: Request) -> Response:
    try:
        after = int(request.query_params.get("after", "-1"))
        wait_s = min(WAIT_S_MAX, max(0.0, float(request.query_params.get("wait_s", "0"))))
    except ValueError:
        return face.problem("bad_query")
    if wait_s > 0 and face.agent.handled <= after:
        if not face.places.take():
            return face.problem("too_many")
        try:
            await _unless_gone(request, _handled(face, after, monotonic() + wait_s))
        finally:
            face.places.leave()
    return _json(await run_in_threadpool(face.agent.view))


async def _handled(face: Face, after: int, until_s: float) -> None:
    """Until the agent has handled more events than that, or the time is up."""
    while True:
        seen, left_s = face.agent.news.changes, until_s - monotonic()
        if face.agent.handled > after or left_s <= 0 or face.agent.news.is_over:
            return
        await face.agent.news.after(seen, left_s)


async def _unless_gone(request: Request, waiting: Coroutine[Any, Any, None]) -> None:
    """A browser whose page was reloaded lets go of the connection, and waits for nothing any more."""
    tasks = {create_task(waiting), create_task(_gone(request))}
    try:
        await wait(tasks, return_when=FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _status(face: Face, request: Request) -> Response:
    """Whoever is interrupted by a file that is opened anew, after a commit that failed, looks once more and waits."""
    try:
        return _json(await run_in_threadpool(face.status))
    except FileError:
        return _json(await run_in_threadpool(face.status))


async def _openapi(request: Request) -> Response:
    return Response(msgspec.json.encode(description()), media_type="application/json")


async def _events(face: Face, request: Request) -> Response:
    if not face.places.take():
        return face.problem("too_many")
    has = request.headers.get("last-event-id", "")
    told = events(face.whole, face.agent.news, has, lambda: face.asker(request) is not None)
    return Listening(told, media_type="text/event-stream", places=face.places)


# the pieces


def _token(request: Request) -> str:
    """Of one `Authorization: Bearer`; two of them are nobody's."""
    given = request.headers.getlist("authorization")
    scheme, _, token = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    return token.strip() if scheme.lower() == "bearer" else ""


def _cashier(request: Request) -> str:
    """As the POS names him: percent-encoded UTF-8, for a header has no other letters. What is no name is none."""
    name = unquote(request.headers.get(CASHIER, "")).strip()
    return name if is_text(name, CASHIER_LETTERS_MAX) else ""


def _json(value: Reply | Look | Status) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")
