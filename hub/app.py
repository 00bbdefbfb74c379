"""The hub's HTTP face (sync/protocol.py). Reads nothing longer than the protocol allows, answers problems as JSON."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from hub.hub import BatchRefused, Hub
from hub.older_tills import page_v1
from storage.sqlite_file import FileError
from sync.protocol import (
    BATCH_OPERATIONS_MAX,
    BODY_BYTES_MAX,
    CURSOR_MAX,
    PAGE_MEMBERS_MAX,
    ChangesPage,
    Problem,
    PushReply,
    PushRequest,
)


def hub_app(hub: Hub) -> Starlette:
    """The ASGI application over one hub."""

    async def push(request: Request) -> Response:
        try:
            pushed = msgspec.json.decode(await _body(request), type=PushRequest)
        except (msgspec.DecodeError, UnicodeError) as error:
            raise BatchRefused("bad_request", str(error)) from error
        if len(pushed.operations) > BATCH_OPERATIONS_MAX:
            raise BatchRefused("batch_too_long", f"at most {BATCH_OPERATIONS_MAX} operations in a batch")
        return _json(await run_in_threadpool(_push, hub, pushed))

    async def changes(request: Request) -> Response:
        return _json(await run_in_threadpool(_changes, hub, request))

    async def changes_v1(request: Request) -> Response:
        return _json(page_v1(await run_in_threadpool(_changes, hub, request)))

    async def health(request: Request) -> Response:
        return _json({"hub": "ready"})

    return Starlette(
        routes=[
            Route("/v2/operations", push, methods=["POST"]),
            Route("/v2/changes", changes),
            Route("/v1/operations", push, methods=["POST"]),  # for tills that are still to be upgraded
            Route("/v1/changes", changes_v1),
            Route("/v1/health", health),
        ],
        exception_handlers={BatchRefused: _problem, FileError: _ledger_off, ClientDisconnect: _gone},
    )


def _push(hub: Hub, pushed: PushRequest) -> PushReply:
    hub.keep_programmes(pushed.programmes)
    answers = hub.take(pushed.till, pushed.operations)
    return PushReply(answers=tuple(answers), programmes_wanted=hub.programmes_wanted(pushed.operations))


def _changes(hub: Hub, request: Request) -> ChangesPage:
    query = request.query_params
    return hub.changes(
        till=query.get("till", ""),
        generation=_number(query.get("generation", "1"), "generation", CURSOR_MAX),
        programme=query.get("programme", ""),
        after=_number(query.get("after", "0"), "after", CURSOR_MAX),
        limit=max(1, _number(query.get("limit", "100"), "limit", PAGE_MEMBERS_MAX)),
    )


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, BatchRefused)
    status = 409 if error.problem.code in ("sequence_gap", "chain_broken", "identity_conflict") else 400
    return _json(error.problem, status)


async def _ledger_off(request: Request, error: Exception) -> Response:
    """Disk full, ledger locked: the till keeps what it has and asks again later."""
    return _json(Problem(code="ledger_off", message=str(error)), 503)


async def _gone(request: Request, error: Exception) -> Response:
    """The till hung up in the middle of its request; nobody reads this."""
    return Response(status_code=400)


async def _body(request: Request) -> bytes:
    """The body, never more of it than the protocol allows."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > BODY_BYTES_MAX:
            raise BatchRefused("too_long", f"at most {BODY_BYTES_MAX} bytes in a request")
    return bytes(body)


def _number(text: str, name: str, highest: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 20) or int(text) > highest:
        raise BatchRefused("bad_request", f"{name} must be a whole number from 0 to {highest}")
    return int(text)


def _json(value: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status_code=status, media_type="application/json")
