"""Coming in at the office's desk, and going: a name, a PIN, a cookie."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final
from urllib.parse import parse_qs

import anyio
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from hub.office.door import Clerk, Door, Tries
from hub.office.sessions import Session, Sessions
from hub.office.visit import Words, render, say
from loyalty.programme import Language
from web.body import body_of
from web.form import Form
from web.language import is_here, language_of

AT_ONCE: Final = 1  # PINs looked at: each takes 19 MiB and a core
COOKIE: Final = "office"
SECURE_COOKIE: Final = "__Host-office"


class SignIn:
    def __init__(self, door: Door, sessions: Sessions, tries: Tries, now_s: Callable[[], float], words: Words) -> None:
        self._door = door
        self._sessions = sessions
        self._tries = tries
        self._now_s = now_s
        self._words = words
        self._threads = anyio.CapacityLimiter(AT_ONCE)

    async def page(self, request: Request) -> Response:
        return self._page(_language_in(request), next=request.query_params.get("next", ""))

    async def typed(self, request: Request) -> Response:
        form = Form(parse_qs((await body_of(request)).decode("utf-8", errors="replace"), max_num_fields=10))
        language = language_of(form.one("lang"), request.headers.get("accept-language", ""))
        name, next = form.one("name"), form.one("next")
        again = partial(self._page, language, next=next, name=name)
        whose = await anyio.to_thread.run_sync(self._door.called, name)
        if wait_s := self._tries.wait_s(whose, self._now_s()):
            return again(why=self._say(language, "wait", wait_s=wait_s), status=429)
        pause_s = self._tries.begins(whose, self._now_s())
        clerk = await anyio.to_thread.run_sync(self._door.by_pin, name, form.one("pin"), limiter=self._threads)
        if clerk is None:
            word = self._say(language, "wait", wait_s=pause_s) if pause_s else self._say(language, "wrong")
            return again(why=word, status=429 if pause_s else 403)
        self._tries.was_right(whose)
        return self._in(request, clerk, language, next)

    async def out(self, request: Request) -> Response:
        self._sessions.end(cookie_of(request))
        response = RedirectResponse("/sign-in", status_code=303)
        response.delete_cookie(_cookie_name(request), path="/", secure=_is_secure(request), httponly=True)
        return response

    def _in(self, request: Request, clerk: Clerk, language: Language, next: str) -> Response:
        self._sessions.end(cookie_of(request))  # of before: a cookie that somebody else knows is no use to him
        response = RedirectResponse(next if is_here(next) else "/", status_code=303)
        response.set_cookie(
            _cookie_name(request),
            self._sessions.begin(clerk.id, language, clerk.proof),
            path="/",
            secure=_is_secure(request),
            httponly=True,
            samesite="strict",
        )
        return response

    def _page(
        self, language: Language, *, next: str = "", name: str = "", why: str = "", status: int = 200
    ) -> Response:
        document = render(
            "sign_in.html",
            t=partial(say, self._words, language),
            language=language,
            title=self._say(language, "sign_in"),
            next=next,
            name=name,
            why=why,
        )
        return HTMLResponse(document, status_code=status)

    def _say(self, language: Language, word: str, /, **facts: object) -> str:
        return say(self._words, language, word, **facts)


def whom(door: Door, sessions: Sessions, token: str) -> tuple[Session, Clerk] | None:
    """Who looks, as the hub knows him now; None: nobody who is in."""
    session = sessions.of(token)
    if session is None:
        return None
    clerk = door.still(session.clerk)
    if clerk is None or clerk.proof != session.proof:
        sessions.end(token)
        return None
    return session, clerk


def cookie_of(request: Request) -> str:
    return request.cookies.get(_cookie_name(request), "")


def _language_in(request: Request) -> Language:
    return language_of(request.query_params.get("lang", ""), request.headers.get("accept-language", ""))


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"


def _cookie_name(request: Request) -> str:
    return SECURE_COOKIE if _is_secure(request) else COOKIE
