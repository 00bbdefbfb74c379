"""The office's web desk: pages for people who have signed in, and the table of acts for programs (hub/desk/acts.py).

Each page is a module of `pages/`, joined in `menu.py`. All of them stand behind the same guard; whether somebody may
see one is asked at each look, so that who was revoked is out at the next page.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Collection
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlsplit

import anyio
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from hub.cases.settling import NotSettled
from hub.desk.acts import ActRefused
from hub.face.health import Health
from hub.hub import Hub
from hub.office.api import api_routes
from hub.office.door import Clerk, Door, Tries
from hub.office.menu import PAGES
from hub.office.sessions import Session, Sessions
from hub.office.signing import SignIn, cookie_of, whom
from hub.office.visit import Link, Page, Refused, View, Visit, say
from hub.office.words import SHARED
from hub.people.orders import NotDone
from hub.people.who import NotFound
from hub.store.errors import LedgerReplaced, StoreOff
from web.body import TooLarge, body_of
from web.form import Form, form_of
from web.guard import Guard
from web.language import language_of
from web.static import SHARED_STATIC, static_files

STATIC: Final = Path(__file__).with_name("static")
THREADS: Final = 4  # of its own: whoever looks through a member's years keeps no till waiting
WORDS: Final = {word: pair for words in (SHARED, *(page.words for page in PAGES)) for word, pair in words.items()}


def office_app(
    hub: Hub,
    door: Door,
    *,
    names: Collection[str] = (),
    now_s: Callable[[], float] = time.monotonic,
    on_replaced: Callable[[LedgerReplaced], None] = lambda error: None,
) -> ASGIApp:
    """`names`: by which browsers call it; `now_s`: for sessions and pauses."""
    sessions, tries, health = Sessions(now_s), Tries(), Health(hub.store)
    desk = _Desk(hub, door, sessions, health, on_replaced)
    sign_in = SignIn(door, sessions, tries, now_s, WORDS)
    routes = [
        Route("/static/{path:path}", static_files(STATIC, SHARED_STATIC)),
        Route("/sign-in", sign_in.page),
        Route("/sign-in", sign_in.typed, methods=["POST"]),
        Route("/sign-out", sign_in.out, methods=["POST"]),
        Route("/", desk.first),
        *api_routes(hub, door, health, on_replaced),
        *(Route(view.path, desk.view(page, view), methods=[view.method]) for page in PAGES for view in page.views),
    ]
    app = Starlette(routes=routes, exception_handlers={HTTPException: desk.no_page, TooLarge: desk.too_large})
    return Guard(app, names)


class _Desk:
    def __init__(
        self,
        hub: Hub,
        door: Door,
        sessions: Sessions,
        health: Health,
        on_replaced: Callable[[LedgerReplaced], None],
    ) -> None:
        self._hub = hub
        self._door = door
        self._sessions = sessions
        self._health = health
        self._on_replaced = on_replaced
        self._threads = anyio.CapacityLimiter(THREADS)

    async def first(self, request: Request) -> Response:
        there = await self._who(request)
        if there is None:
            return _to_sign_in(request)
        return RedirectResponse(next(link.path for link in links_for(there[1], "", there[0].language)), status_code=303)

    def view(self, page: Page, view: View) -> Callable[[Request], Awaitable[Response]]:
        async def shown(request: Request) -> Response:
            there = await self._who(request)
            if there is None:
                return _to_sign_in(request)
            visit = self._visit(request, page, *there, await _typed(request))
            if not visit.clerk.may(view.right or page.right):
                return _refused(visit, 403, visit.say("not_allowed"))
            return await anyio.to_thread.run_sync(partial(self._shown, view, visit), limiter=self._threads)

        return shown

    async def no_page(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        there = await self._who(request)
        if there is None:
            return _to_sign_in(request)
        visit = self._visit(request, None, *there, Form())
        return visit.show("nothing.html", title="not_found", status=error.status_code)

    async def too_large(self, request: Request, error: Exception) -> Response:
        return Response(status_code=413)

    async def _who(self, request: Request) -> tuple[Session, Clerk] | None:
        return await anyio.to_thread.run_sync(partial(whom, self._door, self._sessions, cookie_of(request)))

    def _visit(self, request: Request, page: Page | None, session: Session, clerk: Clerk, typed: Form) -> Visit:
        chosen = request.query_params.get("lang")
        if chosen is not None:
            session.language = language_of(chosen, "")
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return Visit(
            hub=self._hub,
            clerk=clerk,
            session=session,
            words=WORDS,
            links=links_for(clerk, page.path if page else "", session.language),
            path=dict(request.path_params),
            typed=typed,
            here=here,
        )

    def _shown(self, view: View, visit: Visit) -> Response:
        try:
            if view.method == "GET":
                return view.show(visit)
            return self._health.of_write(lambda: view.show(visit))
        except Refused as refused:
            return _refused(visit, 409, visit.say(refused.word, **refused.facts))
        except (ActRefused, NotDone, NotFound, NotSettled) as refused:
            return _refused(visit, 409, _words_of(visit, refused))
        except LedgerReplaced as error:
            self._on_replaced(error)
            return _refused(visit, 503, visit.say("ledger_off"))
        except StoreOff:
            return _refused(visit, 503, visit.say("ledger_off"))


def links_for(clerk: Clerk, here: str, language: str) -> tuple[Link, ...]:
    """What this one may look at."""
    return tuple(
        Link(page.path, say(page.words, "ru" if language == "ru" else "en", page.title), page.path == here)
        for page in PAGES
        if clerk.may(page.right)
    )


def _words_of(visit: Visit, refused: Exception) -> str:
    """In the page's language, where the reason has a word; an act may have put its own before a finer one."""
    codes = [getattr(one, "code", "") for one in (refused.__cause__, refused) if one is not None]
    word = next((word for code in codes if (word := f"no_{code}") in visit.words), "")
    return visit.say(word) if word else str(refused)


def _refused(visit: Visit, status: int, why: str) -> Response:
    return visit.show("refused.html", title="refused", status=status, refused=why)


def _to_sign_in(request: Request) -> Response:
    """Back to where he was, when he is in. A part of a page is not replaced by this one."""
    where = urlsplit(str(request.url))
    back = f"{where.path}?{where.query}" if where.query else where.path
    to = "/sign-in" + (f"?next={quote(back)}" if request.method == "GET" and back != "/" else "")
    if request.headers.get("hx-request"):
        return Response(headers={"HX-Redirect": to})
    return RedirectResponse(to, status_code=303)


async def _typed(request: Request) -> Form:
    text = request.url.query if request.method == "GET" else _text(await body_of(request))
    return form_of(text)


def _text(body: bytes) -> str:
    return body.decode("utf-8", errors="replace")
