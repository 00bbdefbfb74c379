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
from storage.sqlite_file import FileError
from sync.protocol import (
    BATCH_OPERATIONS_MAX,
    BODY_BYTES_MAX,
    CURSOR_MAX,
    PAGE_MEMBERS_MAX,
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
        answers = await run_in_threadpool(hub.take, pushed.till, pushed.operations)
        return _json(PushReply(answers=tuple(answers)))

    async def changes(request: Request) -> Response:
        query = request.query_params
        page = await run_in_threadpool(
            hub.changes,
            till=query.get("till", ""),
            programme=query.get("programme", ""),
            after=_number(query.get("after", "0"), "after", CURSOR_MAX),
            limit=max(1, _number(query.get("limit", "100"), "limit", PAGE_MEMBERS_MAX)),
        )
        return _json(page)

    async def health(request: Request) -> Response:
        return _json({"hub": "ready"})

    return Starlette(
        routes=[
            Route("/v1/operations", push, methods=["POST"]),
            Route("/v1/changes", changes),
            Route("/v1/health", health),
        ],
        exception_handlers={BatchRefused: _problem, FileError: _ledger_off, ClientDisconnect: _gone},
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
