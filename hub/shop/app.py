"""The face for online shops: the calls of one table (routes.py), under /shop/v1, on a port of its own.

A shop says who it is by `Authorization: Bearer KEY`, whose basket it is by `Member-Token`. What was done is 200; what
was not is a problem (RFC 9457). A POST says an `Idempotency-Key`: the same again is the same order, answered again.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from functools import cache, partial
from importlib.metadata import version
from typing import Any, Final

import anyio
import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from hub.face.health import Health
from hub.hub import Hub
from hub.shop.call import Call, Door, Shop, ShopAsked, ShopRefused
from hub.shop.described import KEY_HEADER, KEY_PATTERN, MEMBER_HEADER, PREFIX, TOKEN_CHARS_MAX, openapi
from hub.shop.problems import MEDIA_TYPE, problem_of
from hub.shop.routes import CALLS
from hub.store.errors import LedgerReplaced, StoreOff
from sync.shop.quotes import ProblemTold
from web.body import TooLarge, body_of
from web.guard import Guard
from web.rates import Rates, TooMany

THREADS: Final = 8
BODY_BYTES_MAX: Final = 512 * 1024  # a thousand lines
A_SECOND: Final = 20.0  # of one shop
AT_ONCE: Final = 60.0
PATH_PATTERN: Final = "^[0-9A-Za-z][0-9A-Za-z._-]{0,39}$"
FRAMEWORK: Final = {404: "not_found", 405: "wrong_method"}
NO_SHOP: Final = Shop("", "", "", frozenset())
_KEY: Final = re.compile(KEY_PATTERN)
_PATH: Final = re.compile(PATH_PATTERN)

log = logging.getLogger(__name__)


class _Refused(Exception):
    def __init__(self, problem: ProblemTold) -> None:
        super().__init__(problem.code)
        self.problem = problem


def shop_app(
    hub: Hub,
    door: Door,
    *,
    names: Collection[str] = (),
    calls: Sequence[Call] = CALLS,
    now_s: Callable[[], float] = time.monotonic,
    on_replaced: Callable[[LedgerReplaced], None] = lambda error: None,
) -> ASGIApp:
    """`names`: by which shops call it; `now_s`: for rates."""
    face = _Face(hub, door, now_s, on_replaced)
    by_path: dict[str, list[Call]] = {}
    for call in calls:
        by_path.setdefault(call.path, []).append(call)
    routes = [
        Route(PREFIX + path, face.answering(some), methods=[one.method for one in some])
        for path, some in by_path.items()
    ]
    handlers: Mapping[Any, Any] = {HTTPException: face.by_the_router, Exception: face.by_mistake}
    app = Starlette(routes=[Route(f"{PREFIX}/openapi.json", _described), *routes], exception_handlers=handlers)
    app.router.redirect_slashes = False
    return Guard(app, names, programs=(PREFIX,))


class _Face:
    def __init__(
        self, hub: Hub, door: Door, now_s: Callable[[], float], on_replaced: Callable[[LedgerReplaced], None]
    ) -> None:
        self._hub = hub
        self._door = door
        self._rates = Rates(now_s, A_SECOND, AT_ONCE)
        self._health = Health(hub.store)
        self._on_replaced = on_replaced
        self._threads = anyio.CapacityLimiter(THREADS)

    def answering(self, calls: Sequence[Call]) -> Callable[[Request], Awaitable[Response]]:
        by_method: dict[str, Call] = {call.method: call for call in calls}

        async def answered(request: Request) -> Response:
            call = by_method["GET" if request.method == "HEAD" else request.method]
            try:
                text = await body_of(request, BODY_BYTES_MAX)
                work = partial(self._done, request, call, text)
                return _json(await anyio.to_thread.run_sync(work, limiter=self._threads))
            except _Refused as refused:
                return _problem(refused.problem)
            except TooLarge:
                return _problem(problem_of("too_large"))
            except ClientDisconnect:
                return Response(status_code=400)  # to nobody

        return answered

    def _done(self, request: Request, call: Call, text: bytes) -> msgspec.Struct:
        """Raises _Refused."""
        try:
            shop = self._shop(request, call)
            asked = ShopAsked(shop, _key(request, call), self._member(request, call, shop), _path(request))
            body = _body(request, call, text)
            if call.method == "GET":
                return call.do(self._hub, asked, body)
            return self._health.of_write(lambda: call.do(self._hub, asked, body))
        except ShopRefused as refused:
            raise _Refused(problem_of(refused.code, str(refused), lines=refused.lines)) from refused
        except TooMany as many:
            raise _Refused(problem_of("too_many", str(many))) from many
        except StoreOff as error:
            if isinstance(error, LedgerReplaced):
                self._on_replaced(error)
            log.warning("%s", error)
            raise _Refused(problem_of("ledger_off")) from error

    def _shop(self, request: Request, call: Call) -> Shop:
        """Raises _Refused, TooMany."""
        key = _bearer(request)
        shop = self._door.shop_of(key) if key else None
        if shop is None:
            raise _Refused(problem_of("wrong_key"))
        self._rates.take(shop.name)
        if call.scope not in shop.scopes:
            raise _Refused(problem_of("scope_missing", scope=call.scope))
        return shop

    def _member(self, request: Request, call: Call, shop: Shop) -> str:
        """Raises _Refused: a basket that was meant to be somebody's is not quoted as nobody's."""
        given = request.headers.get(MEMBER_HEADER, "") if call.member != "none" else ""
        token = given.strip() if len(given) <= TOKEN_CHARS_MAX else None
        if token == "" and call.member != "must":
            return ""
        member = self._door.member_of(shop, token) if token else None
        if member is None:
            raise _Refused(problem_of("member_token"))
        return member

    async def by_the_router(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        answer = _problem(problem_of(FRAMEWORK.get(error.status_code, "not_found")))
        answer.headers.update(error.headers or {})
        return answer

    async def by_mistake(self, request: Request, error: Exception) -> Response:
        return _problem(problem_of("fault"))


def _bearer(request: Request) -> str:
    """Of one `Authorization`; two of them are nobody's."""
    given = request.headers.getlist("authorization")
    scheme, _, key = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    return key.strip() if scheme.casefold() == "bearer" else ""


def _key(request: Request, call: Call) -> str:
    """Raises ShopRefused."""
    keys = request.headers.getlist(KEY_HEADER)
    if call.method == "GET":
        return ""
    if len(keys) != 1 or _KEY.fullmatch(keys[0]) is None:
        raise ShopRefused("key_missing", f"{KEY_HEADER}: one, of 1 to 60 letters without spaces")
    return keys[0]


def _path(request: Request) -> dict[str, str]:
    """Raises ShopRefused."""
    told = {name: str(value) for name, value in request.path_params.items()}
    if not all(map(_PATH.fullmatch, told.values())):
        raise ShopRefused("not_found")
    return told


def _body(request: Request, call: Call, text: bytes) -> msgspec.Struct:
    """Raises _Refused."""
    try:
        if call.method == "GET":
            return msgspec.convert(dict(request.query_params), type=call.takes, strict=False)
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise _Refused(problem_of("wrong_content_type"))
        return msgspec.json.decode(text, type=call.takes)
    except (ValueError, RecursionError) as error:  # msgspec's own are, too
        raise _Refused(problem_of("bad_request", str(error))) from error


def _json(told: msgspec.Struct) -> Response:
    return Response(msgspec.json.encode(told), media_type="application/json")


@cache
def _description() -> bytes:
    return msgspec.json.encode(openapi(version("pos-agent"), CALLS))


async def _described(request: Request) -> Response:
    return Response(_description(), media_type="application/json", headers={"Cache-Control": "no-cache"})


def _problem(told: ProblemTold) -> Response:
    headers = {"WWW-Authenticate": "Bearer"} if told.code == "wrong_key" else {}
    headers |= {"Retry-After": "5"} if told.status in (429, 503) else {}
    return Response(msgspec.json.encode(told), status_code=told.status, media_type=MEDIA_TYPE, headers=headers)
