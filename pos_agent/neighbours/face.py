"""Where the other tills of the shop ask this one: two paths, on a listener of its own, for whoever has the secret."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from pos_agent.body import TooLarge, whole_body
from pos_agent.neighbours.shop import Refused, Shop
from pos_agent.neighbours.signing import MAC, NONCE, Gate, sign_answer
from pos_agent.neighbours.wire import BODY_BYTES_MAX, HOLDS, VOIDS, Asked, Ended, Heard, Problem
from storage.sqlite_file import FileError

log = logging.getLogger(__name__)

STATUS: Final = {
    "not_found": 404,
    "wrong_method": 405,
    "too_large": 413,
    "malformed": 400,
    "other_programme": 409,
    "busy": 503,
    "disk": 503,
}  # any other: 401
_asked = msgspec.json.Decoder(Asked).decode
_ended = msgspec.json.Decoder(Ended).decode


def neighbours_app(
    shop: Shop, secret: bytes, clock: Callable[[], datetime], refused: Callable[[str], None] = lambda code: None
) -> ASGIApp:
    """`clock`: the corrected moment; `refused` hears why whoever asked has not the secret."""
    gate = Gate(secret)

    async def answering(scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "http", "served without WebSockets and lifespan"
        request = Request(scope, receive)
        try:
            body = await _body(request)
        except ClientDisconnect:
            return
        except Refused as error:
            response = _refused(error.code)
        else:
            refusal = gate.refusal(request.method, request.url.path, request.headers, body, clock())
            if refusal is not None:
                refused(refusal)
            response = _answer(shop, secret, request, body) if refusal is None else _refused(refusal)
        await response(scope, receive, send)

    return answering


async def _body(request: Request) -> bytes:
    """Nothing of a request is read that goes nowhere. Raises Refused."""
    if request.url.path not in (HOLDS, VOIDS):
        raise Refused("not_found")
    if request.method != "POST":
        raise Refused("wrong_method")
    try:
        return await whole_body(request, BODY_BYTES_MAX)
    except TooLarge:
        raise Refused("too_large") from None


def _answer(shop: Shop, secret: bytes, request: Request, body: bytes) -> Response:
    try:
        status, said = 200, msgspec.json.encode(_said(shop, request.url.path, body))
    except Refused as refused:
        status, said = STATUS[refused.code], _problem(refused.code)
    except (msgspec.DecodeError, ValueError, RecursionError):
        status, said = STATUS["malformed"], _problem("malformed")
    except FileError as error:
        log.error("%s", error)
        status, said = STATUS["disk"], _problem("disk")
    return _response(status, said, {MAC: sign_answer(secret, status, said, nonce=request.headers[NONCE])})


def _said(shop: Shop, path: str, body: bytes) -> msgspec.Struct:
    if path == HOLDS:
        return shop.asked(_asked(body))
    shop.ended(_ended(body))
    return Heard(till=shop.till)


def _refused(code: str) -> Response:
    """Whoever has not the secret learns nothing that is signed; his connection closes with it."""
    return _response(STATUS.get(code, 401), _problem(code), {})


def _problem(code: str) -> bytes:
    return msgspec.json.encode(Problem(code=code))


def _response(status: int, body: bytes, headers: Mapping[str, str]) -> Response:
    more = {"connection": "close", "cache-control": "no-store", "x-content-type-options": "nosniff"}
    return Response(body, status, {**headers, **more}, media_type="application/json")
