"""What every request to the hub has in common: bounded bodies, names that are text, answers and problems as JSON."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from hub.store.errors import BadCursor
from hub.tills.till import Till
from loyalty.possible import is_text
from sync.protocol import BODY_BYTES_MAX, CURSOR_LETTERS_MAX, Problem
from sync.signed import Asker, NotSigned, check_body

_T = TypeVar("_T")


class RequestRefused(Exception):
    """It is none that the protocol knows; nothing of it was looked at."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.problem = Problem(code=code, message=message)


async def _body_of(request: Request) -> bytes:
    """The body, never more of it than the protocol allows."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > BODY_BYTES_MAX:
            raise RequestRefused("too_long", f"at most {BODY_BYTES_MAX} bytes in a request")
    asker: Asker | None = getattr(request.state, "asker", None)
    if asker is not None:
        _check_digest(request, bytes(body))
    return bytes(body)


def _check_digest(request: Request, body: bytes) -> None:
    try:
        check_body(body, request.headers["content-digest"])
    except NotSigned as error:
        raise RequestRefused("not_signed", str(error)) from error


def asker_of(request: Request) -> Asker:
    """As whom the till spoke that signed this."""
    asker: Asker = request.state.asker
    return asker


def till_asking(request: Request) -> Till:
    """The till that signed this, as the hub knows it."""
    till: Till = request.state.till
    return till


def check_till(request: Request, till: str) -> None:
    """A till speaks for itself alone."""
    asker = asker_of(request)
    if till != asker.till:
        raise RequestRefused("wrong_till", f"signed by till {asker.till}, and said of another")


async def told_in(request: Request, type: type[_T]) -> _T:
    """What the body says."""
    body = await _body_of(request)
    try:
        return msgspec.json.decode(body, type=type)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise RequestRefused("bad_request", str(error)) from error


def check_name(text: str, name: str) -> str:
    """Of a till or a programme; nobody's is empty. Not every database takes what is no text."""
    if text and not is_text(text):
        raise RequestRefused("bad_request", f"{name} must be short and without control characters")
    return text


def answer(value: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status_code=status, media_type="application/json")


def number_in(query: QueryParams, name: str, otherwise: int, highest: int) -> int:
    text = query.get(name, str(otherwise))
    if not (text.isascii() and text.isdigit() and len(text) < 20) or int(text) > highest:
        raise RequestRefused("bad_request", f"{name} must be a whole number from 0 to {highest}")
    return int(text)


def cursor_in(text: str) -> str:
    if not (text.isascii() and len(text) <= CURSOR_LETTERS_MAX and (text == "" or text.isprintable())):
        raise BadCursor(ascii(text[:CURSOR_LETTERS_MAX]))
    return text
