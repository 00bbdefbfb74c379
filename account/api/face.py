"""The account's face for programs: the calls of one table (account/api/calls.py), under /api/v1.

A program says who it is by `Authorization: Bearer TOKEN`; what a browser's cookie says counts for nothing here, so that
no page of somebody else's can ask in a member's name.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Mapping
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

from account.api.call import Call
from account.api.calls import CALLS
from account.api.described import KEY_HEADER, KEY_PATTERN, openapi
from account.api.problems import problem
from account.hub_desk import HubSaysNo, HubSilent
from account.store.seam import StoreOff
from account.visit import House, Refused, Visit
from web.body import TooLarge, body_of
from web.form import Form
from web.language import Language, Words, language_of
from web.rates import Rates, TooMany

FRAMEWORK: Final = {404: "not_found", 405: "wrong_method"}  # what the router itself says
_KEY: Final = re.compile(KEY_PATTERN)

log = logging.getLogger(__name__)

Answering = Callable[[Request], Awaitable[Response]]


class _Not(Exception):
    """What was sent is no request of this face. `code`: of the problem."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(detail)
        self.code = code


def api_app(house: House, threads: anyio.CapacityLimiter, rates: Rates) -> ASGIApp:
    """To be mounted at PREFIX (described.py). `rates`: of each member, or address where nobody is signed in."""
    face = _Face(house, threads, rates)
    by_path: dict[str, list[Call]] = {}
    for call in CALLS:
        by_path.setdefault(call.path, []).append(call)
    routes = [
        Route(path, face.answering(calls), methods=[one.method for one in calls]) for path, calls in by_path.items()
    ]
    handlers: Mapping[Any, Any] = {HTTPException: face.by_the_router, Exception: face.by_mistake}
    app = Starlette(routes=[Route("/openapi.json", _described), *routes], exception_handlers=handlers)
    app.router.redirect_slashes = False  # an address has one way to be written
    return app


class _Face:
    def __init__(self, house: House, threads: anyio.CapacityLimiter, rates: Rates) -> None:
        self._house = house
        self._rates = rates
        self._threads = threads

    def answering(self, calls: list[Call]) -> Answering:
        by_method: dict[str, Call] = {call.method: call for call in calls}

        async def answered(request: Request) -> Response:
            call = by_method["GET" if request.method == "HEAD" else request.method]
            try:
                asked = await _asked(request, call)
                work = partial(self._done, request, call, asked)
                return await anyio.to_thread.run_sync(work, limiter=self._threads)
            except _Not as refused:
                return self._problem(request, refused.code, detail=str(refused))
            except TooLarge:
                return self._problem(request, "too_large")
            except ClientDisconnect:
                return Response(status_code=400)  # to nobody

        return answered

    def _done(self, request: Request, call: Call, asked: msgspec.Struct) -> Response:
        try:
            visit = self._visit(request)
            self._rates.take(visit.member or visit.address)
            if call.signed_in and not visit.member:
                return self._problem(request, "wrong_token")
            return _json(call.do(visit, asked))
        except TooMany as many:
            return self._problem(request, "too_many", detail=str(many))
        except Refused as refused:
            return self._problem(request, refused.word.removeprefix("no_"), word=refused.word)
        except HubSaysNo as no:
            return self._refused(request, visit, no)
        except (HubSilent, StoreOff) as error:
            log.warning("%s", error)
            return self._problem(request, "hub_silent", word="hub_silent")

    def _refused(self, request: Request, visit: Visit, no: HubSaysNo) -> Response:
        if no.code in ("member_gone", "not_signed_in"):
            visit.sign_out()
            return self._problem(request, "wrong_token")
        return self._problem(request, no.code, tries_left=no.tries_left)

    def _visit(self, request: Request) -> Visit:
        session = self._house.sessions.of(_token(request))
        return Visit(
            house=self._house,
            language=session.language if session is not None else _language(request),
            session=session,
            links=(),
            path=dict(request.path_params),
            typed=Form({"key": [request.headers.get(KEY_HEADER, "")]}),
            here="/",
            address=request.client.host if request.client is not None else "",
            device=request.headers.get("user-agent", ""),
        )

    def _problem(self, request: Request, code: str, **more: Any) -> Response:
        words: Words = self._house.words
        return problem(code, words, _language(request), **more)

    async def by_the_router(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        answer = self._problem(request, FRAMEWORK.get(error.status_code, "not_found"))
        answer.headers.update(error.headers or {})  # which ways there are
        return answer

    async def by_mistake(self, request: Request, error: Exception) -> Response:
        return self._problem(request, "fault")


async def _asked(request: Request, call: Call) -> msgspec.Struct:
    """What was sent, as the call takes it. Raises _Not, TooLarge."""
    keys = request.headers.getlist(KEY_HEADER)
    if len(keys) > 1 or not all(map(_KEY.fullmatch, keys)):
        raise _Not("bad_request", f"{KEY_HEADER}: one, of 1 to 60 letters without spaces")
    try:
        if call.method == "POST":
            return msgspec.json.decode(await _json_in(request), type=call.takes)
        return msgspec.convert(dict(request.query_params), type=call.takes, strict=False)
    except (ValueError, RecursionError) as error:  # msgspec's own are, too
        raise _Not("bad_request", str(error)) from error


async def _json_in(request: Request) -> bytes:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise _Not("wrong_content_type", "application/json, please")
    return await body_of(request)


def _token(request: Request) -> str:
    """Of one `Authorization: Bearer`; two of them are nobody's."""
    given = request.headers.getlist("authorization")
    scheme, _, token = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    return token.strip() if scheme.lower() == "bearer" else ""


def _language(request: Request) -> Language:
    return language_of("", request.headers.get("accept-language", ""))


def _json(told: msgspec.Struct) -> Response:
    return Response(msgspec.json.encode(told), media_type="application/json")


@cache
def _description() -> bytes:
    return msgspec.json.encode(openapi(version("pos-agent"), CALLS))


async def _described(request: Request) -> Response:
    return Response(_description(), media_type="application/json", headers={"Cache-Control": "no-cache"})
