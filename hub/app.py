"""The hub's HTTP face (sync/protocol.py). Reads nothing longer than the protocol allows, answers problems as JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import msgspec
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from hub.health import Health, problem_of
from hub.hub import Hub
from hub.older_tills import cursor_of, page_v1, page_v2
from hub.store.seam import BadCursor, LedgerReplaced, StoreOff
from loyalty.possible import is_text
from sync.protocol import (
    BATCH_OPERATIONS_MAX,
    BODY_BYTES_MAX,
    COUNTER_MAX,
    CURSOR_LETTERS_MAX,
    PAGE_MEMBERS_MAX,
    ChangesPage,
    Problem,
    PushReply,
    PushRequest,
)

CONFLICTS: Final = ("sequence_gap", "chain_broken", "identity_conflict", "newer_operation")  # 409: of till and hub

Replaced = Callable[[LedgerReplaced], None]


class RequestRefused(Exception):
    """It is none that the protocol knows; nothing of it was looked at."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.problem = Problem(code=code, message=message)


def hub_app(hub: Hub, *, on_replaced: Replaced = lambda error: None) -> Starlette:
    """The ASGI application over one hub. `on_replaced` is told when the ledger under it is another: it must stop."""
    face = _Face(hub, on_replaced)
    return Starlette(
        routes=[
            Route("/v3/operations", face.push, methods=["POST"]),
            Route("/v3/changes", face.changes),
            Route("/v2/operations", face.push_whole, methods=["POST"]),  # for tills that are still to be upgraded
            Route("/v2/changes", face.changes_v2),
            Route("/v1/operations", face.push_whole, methods=["POST"]),
            Route("/v1/changes", face.changes_v1),
            Route("/v1/health", face.tell_health),
        ],
        exception_handlers={
            RequestRefused: _problem,
            BadCursor: _bad_cursor,
            StoreOff: _ledger_off,
            LedgerReplaced: face.replaced,
            ClientDisconnect: _gone,
        },
    )


class _Face:
    def __init__(self, hub: Hub, on_replaced: Replaced) -> None:
        self._hub = hub
        self._on_replaced = on_replaced
        self._health = Health(hub.store)

    async def push(self, request: Request) -> Response:
        """A batch, answered as far as it could be taken."""
        reply = await self._push(request)
        if reply.stopped is not None and not reply.answers:
            return _refused(reply.stopped)
        return _json(reply)

    async def push_whole(self, request: Request) -> Response:
        reply = await self._push(request)
        return _json(reply) if reply.stopped is None else _refused(reply.stopped)

    async def _push(self, request: Request) -> PushReply:
        try:
            pushed = msgspec.json.decode(await _body(request), type=PushRequest)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            raise RequestRefused("bad_request", str(error)) from error
        if len(pushed.operations) > BATCH_OPERATIONS_MAX:
            raise RequestRefused("batch_too_long", f"at most {BATCH_OPERATIONS_MAX} operations in a batch")
        _check_name(pushed.till, "till")
        return await run_in_threadpool(self._take, pushed)

    def _take(self, pushed: PushRequest) -> PushReply:
        try:
            self._hub.keep_programmes(pushed.programmes)
            taken = self._hub.take(pushed.till, pushed.operations)
        except StoreOff as error:
            self._health.not_written(error)
            raise
        self._health.written()
        answered = pushed.operations[: len(taken.answers)]
        return PushReply(
            answers=taken.answers, programmes_wanted=self._hub.programmes_wanted(answered), stopped=taken.stopped
        )

    async def changes(self, request: Request) -> Response:
        return _json(await self._page(request, _cursor(request.query_params.get("after", ""))))

    async def changes_v2(self, request: Request) -> Response:
        return _json(page_v2(await self._page(request, _cursor_of_before(request.query_params), cases=False)))

    async def changes_v1(self, request: Request) -> Response:
        return _json(page_v1(await self._page(request, _cursor_of_before(request.query_params), cases=False)))

    async def _page(self, request: Request, after: str, *, cases: bool = True) -> ChangesPage:
        query = request.query_params
        asked: dict[str, Any] = {
            "till": _check_name(query.get("till", ""), "till"),
            "generation": _number(query, "generation", 1, COUNTER_MAX),
            "programme": _check_name(query.get("programme", ""), "programme"),
            "after": after,
            "cases": cases,
            "limit": max(1, _number(query, "limit", 100, PAGE_MEMBERS_MAX)),
        }
        return await run_in_threadpool(lambda: self._hub.changes(**asked))

    async def tell_health(self, request: Request) -> Response:
        problem = await run_in_threadpool(self._health.problem)
        return _json({"hub": "ready"}) if problem is None else _json(problem, 503)

    async def replaced(self, request: Request, error: Exception) -> Response:
        """Nothing is written to what lies there now, and nothing told of it."""
        assert isinstance(error, LedgerReplaced)
        self._on_replaced(error)
        return _json(Problem(code="ledger_replaced", message=str(error)), 503)


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestRefused)
    return _refused(error.problem)


def _refused(problem: Problem) -> Response:
    return _json(problem, 409 if problem.code in CONFLICTS else 400)


async def _bad_cursor(request: Request, error: Exception) -> Response:
    message = "the cursor is none that this hub's ledger gave; was the ledger replaced or put back?"
    return _json(Problem(code="bad_cursor", message=message), 400)


async def _ledger_off(request: Request, error: Exception) -> Response:
    """The till keeps what it has and asks again later."""
    assert isinstance(error, StoreOff)
    return _json(problem_of(error), 503)


async def _gone(request: Request, error: Exception) -> Response:
    """The till hung up in the middle of its request; nobody reads this."""
    return Response(status_code=400)


async def _body(request: Request) -> bytes:
    """The body, never more of it than the protocol allows."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > BODY_BYTES_MAX:
            raise RequestRefused("too_long", f"at most {BODY_BYTES_MAX} bytes in a request")
    return bytes(body)


def _number(query: QueryParams, name: str, otherwise: int, highest: int) -> int:
    text = query.get(name, str(otherwise))
    if not (text.isascii() and text.isdigit() and len(text) < 20) or int(text) > highest:
        raise RequestRefused("bad_request", f"{name} must be a whole number from 0 to {highest}")
    return int(text)


def _check_name(text: str, name: str) -> str:
    """Of a till or a programme; nobody's is empty. Not every database takes what is no text."""
    if text and not is_text(text):
        raise RequestRefused("bad_request", f"{name} must be short and without control characters")
    return text


def _cursor(text: str) -> str:
    if not (text.isascii() and len(text) <= CURSOR_LETTERS_MAX and (text == "" or text.isprintable())):
        raise BadCursor(ascii(text[:CURSOR_LETTERS_MAX]))
    return text


def _cursor_of_before(query: QueryParams) -> str:
    return cursor_of(_number(query, "after", 0, COUNTER_MAX))


def _json(value: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status_code=status, media_type="application/json")
