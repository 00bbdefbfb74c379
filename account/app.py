"""The member's account: pages for browsers, over the hub's acts (sync/account/). It has no points of its own.

Each page is a module of `pages/`, joined in `menu.py`. Whoever is not signed in is led to the door, and back.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from urllib.parse import quote

import anyio
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from account import forgetting
from account.api.described import PREFIX
from account.api.face import api_app
from account.hub_desk import HubDesk, HubSaysNo, HubSilent
from account.known import Known
from account.menu import BESIDES, PAGES
from account.networks import NO_NETWORKS, Networks
from account.passwords import Passwords
from account.pictures import BYTES_MAX as PICTURES_BYTES_MAX
from account.pictures import PICTURES_MAX
from account.sessions import LONGEST, Session, Sessions
from account.settings import NO_SETTINGS, Settings
from account.store.seam import Store, StoreOff
from account.tries import Tries
from account.visit import STATIC, House, Link, Page, Refused, View, Visit
from account.words import SHARED
from sync.account.help import AskFigures, FiguresTold
from sync.account.shops import AskShops, ShopsTold
from web.body import TooLarge, body_of
from web.form import Form, form_of
from web.guard import CSP, Guard
from web.language import Language, language_of, say
from web.rates import Rates, TooMany
from web.static import SHARED_STATIC, static_files
from web.upload import upload_of

A_SECOND: Final = 20.0  # looks of one member, or of one address where nobody is signed in: many phones may share that
AT_ONCE: Final = 300.0
THREADS: Final = 16  # looks at once; most of each is waiting for the hub
PROGRAMME_S: Final = 60.0  # so old may be what pages say of the programme and its shops
COOKIE: Final = "account"
SECURE_COOKIE: Final = "__Host-account"
BROWSER: Final = "browser"  # which one it is, before anybody signs in: only tries are counted by it
SECURE_BROWSER: Final = "__Host-browser"
BROWSER_KEPT: Final = timedelta(days=30)
BROWSER_LETTERS_MAX: Final = 64
WORDS: Final = {word: pair for words in (SHARED, *(page.words for page in PAGES)) for word, pair in words.items()}
DOOR: Final = "/sign-in"
ONE_CLICK: Final = "/stop"  # what reads mail posts there for its reader (RFC 8058)
OF_ACCOUNT: Final = CSP + "; manifest-src 'self'; worker-src 'self'"

log = logging.getLogger(__name__)
security = logging.getLogger("account.security")


def account_app(
    desk: HubDesk,
    store: Store,
    *,
    now: Callable[[], datetime],
    names: Collection[str] = (),
    now_s: Callable[[], float] = time.monotonic,
    networks: Networks = NO_NETWORKS,
    settings: Settings = NO_SETTINGS,
) -> ASGIApp:
    """`names`: by which browsers call it; `networks`: by whose word members may come in (A11);
    `settings`: what the shop says besides its programme."""
    house = House(
        desk,
        store,
        Sessions(store, now),
        WORDS,
        now,
        Known(desk.programme_told, now_s, PROGRAMME_S).told,
        Passwords(store, now),
        Tries(store, now),
        networks,
        settings,
        Known(lambda: desk.ask("shops", AskShops(), ShopsTold), now_s, PROGRAMME_S).told,
        Known(lambda: desk.ask("figures", AskFigures(), FiguresTold), now_s, PROGRAMME_S).told,
    )
    threads, rates = anyio.CapacityLimiter(THREADS), Rates(now_s, A_SECOND, AT_ONCE)
    account = _Account(house, threads, rates)
    routes = [
        Mount(PREFIX, api_app(house, threads, rates)),
        Route("/static/{path:path}", static_files(STATIC, SHARED_STATIC)),
        *(Route(view.path, account.view(page, view), methods=[view.method]) for page in PAGES for view in page.views),
    ]
    app = Starlette(routes=routes, exception_handlers={HTTPException: account.no_page, TooLarge: _too_large})
    return Guard(app, names, OF_ACCOUNT, programs=(PREFIX, ONE_CLICK))


TOO_LARGE: Final = View("POST", "", lambda visit: _wrong(visit, 413, "no_picture_large"), open=True)


class _Account:
    def __init__(self, house: House, threads: anyio.CapacityLimiter, rates: Rates) -> None:
        self._house = house
        self._threads = threads
        self._rates = rates

    def view(self, page: Page, view: View) -> Callable[[Request], Awaitable[Response]]:
        async def shown(request: Request) -> Response:
            try:
                asked, typed, files = view, *await _typed(request, view)
            except TooLarge:
                if not view.pictures:
                    raise
                asked, typed, files = TOO_LARGE, Form(), ()
            work = partial(self._answered, request, page, asked, typed, files)
            return await anyio.to_thread.run_sync(work, limiter=self._threads)

        return shown

    async def no_page(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        view = View(request.method, "", lambda visit: _wrong(visit, error.status_code, "not_found"), open=True)
        work = partial(self._answered, request, None, view, Form())
        return await anyio.to_thread.run_sync(work, limiter=self._threads)

    def _answered(
        self, request: Request, page: Page | None, view: View, typed: Form, files: tuple[bytes, ...] = ()
    ) -> Response:
        try:
            visit = self._visit(request, page, typed, files)
        except StoreOff as error:  # nobody knows who he is
            log.error("%s", error)
            return _silent(self._house, self._language(request, None))
        try:
            self._rates.take(visit.member or visit.address)
        except TooMany as many:
            return _plain(self._house, visit.language, "no_too_many", 429, many.again_s)
        if not (visit.member or view.open):
            return _to_the_door(request)
        was = visit.session.id if visit.session is not None else ""
        answer = self._shown(view, visit)
        _note(request, visit, was, answer.status_code)
        return _with_cookie(request, visit, answer)

    def _visit(self, request: Request, page: Page | None, typed: Form, files: tuple[bytes, ...]) -> Visit:
        session = self._house.sessions.of(request.cookies.get(_cookie_name(request), ""))
        language = self._language(request, session)
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return Visit(
            house=self._house,
            language=language,
            session=session,
            below=_below(page.path if page else ""),
            links=_links(page.path if page else ""),
            besides=BESIDES_LINKS,
            path=dict(request.path_params),
            typed=typed,
            files=files,
            here=here if request.method == "GET" else "/",
            address=request.client.host if request.client is not None else "",
            device=request.headers.get("user-agent", ""),
            site=f"{request.url.scheme}://{request.headers.get('host', '')}",
            browser=_known_browser(request),
        )

    def _language(self, request: Request, session: Session | None) -> Language:
        chosen = request.query_params.get("lang", "")
        if session is None:
            return language_of(chosen, request.headers.get("accept-language", ""))
        if chosen and (language := language_of(chosen, "")) != session.language:
            session.language = language
            self._house.sessions.keep(session)
        return session.language

    def _shown(self, view: View, visit: Visit) -> Response:
        try:
            try:
                return view.show(visit)
            except Refused as refused:
                return _wrong(visit, refused.status, refused.word, **refused.facts)
            except HubSaysNo as refused:
                return self._refused(visit, refused)
        except HubSilent as error:
            log.warning("%s", error)
        except StoreOff as error:
            log.error("%s", error)
        return _silent(visit.house, visit.language)

    def _refused(self, visit: Visit, refused: HubSaysNo) -> Response:
        """In the page's words where the code has some. Whoever is nobody any more is out."""
        if refused.code == "member_gone":
            known_as = visit.member
            visit.sign_out()
            forgetting.forget(self._house.store, [known_as])
            return RedirectResponse(DOOR, status_code=303)
        word = f"no_{refused.code}"
        if word not in visit.house.words:
            log.warning("no words for %s: %s", refused.code, refused)
            word = "no_other"
        return _wrong(visit, 409, word, tries_left=refused.tries_left or 0)


def _wrong(visit: Visit, status: int, word: str, **facts: object) -> Response:
    return visit.show("refused.html", title="refused", status=status, refused=visit.say(word, **facts))


def _silent(house: House, language: Language) -> Response:
    return _plain(house, language, "hub_silent", 503, 10)


def _plain(house: House, language: Language, word: str, status: int, again_s: int) -> Response:
    """Nothing may be known of the programme: a page that needs nothing."""
    text = say(house.words, language, word)
    headers = {"Retry-After": str(again_s)}
    return Response(text, status_code=status, media_type="text/plain; charset=utf-8", headers=headers)


def _links(here: str) -> tuple[Link, ...]:
    return tuple(Link(page.path, page.title, page.icon, page.path == here) for page in PAGES if page.icon)


def _besides() -> tuple[Link, ...]:
    found = {page.path: Link(page.path, page.title, "", False) for page in PAGES}
    return tuple(found[path] for path in BESIDES if path in found)


BESIDES_LINKS: Final = _besides()


def _below(here: str) -> tuple[Link, ...]:
    """To what lies under a page's address."""
    found = ((page, _under(page, here)) for page in PAGES) if here not in ("", "/") else ()
    return tuple(Link(path, page.title, "", False) for page, path in found if path)


def _under(page: Page, here: str) -> str:
    looks = (view.path for view in page.views if view.method == "GET" and "{" not in view.path)
    return next((path for path in looks if path.startswith(f"{here}/")), "")


def _to_the_door(request: Request) -> Response:
    """Back to where he was, when he is in."""
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    to = DOOR + (f"?next={quote(back)}" if request.method == "GET" and back != "/" else "")
    if request.headers.get("hx-request"):
        return Response(headers={"HX-Redirect": to})
    return RedirectResponse(to, status_code=303)


def _note(request: Request, visit: Visit, was: str, status: int) -> None:
    """Somebody came in or went, or was refused: sessions by their ids, and nothing of whose they are or what was
    typed."""
    now = visit.session.id if visit.session is not None else ""
    if now != was and (visit.member or visit.cookie is None):
        security.info("session %s, now %s, from %s", was or "-", now or "-", visit.address)
    elif request.method == "POST" and status >= 400:
        security.info("%s: %s, session %s, from %s", request.url.path, status, was or "-", visit.address)


def _with_cookie(request: Request, visit: Visit, response: Response) -> Response:
    name, secure = _cookie_name(request), _is_secure(request)
    if visit.new_browser:
        kept_s = int(BROWSER_KEPT.total_seconds())
        response.set_cookie(
            _browser_name(request),
            visit.browser,
            path="/",
            secure=secure,
            httponly=True,
            samesite="lax",
            max_age=kept_s,
        )
    if visit.cookie is None:
        response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="lax")
        response.headers["Clear-Site-Data"] = '"cache"'  # after signing out "back" shows nothing
    elif visit.cookie:
        seconds = int(LONGEST.total_seconds()) if visit.member else None
        # lax: whoever comes from a link in a message, or back from a social network, is still who he is; what changes
        # anything asks for the page that it comes from (web/guard.py)
        response.set_cookie(name, visit.cookie, path="/", secure=secure, httponly=True, samesite="lax", max_age=seconds)
    return response


async def _typed(request: Request, view: View) -> tuple[Form, tuple[bytes, ...]]:
    """Raises TooLarge."""
    if view.pictures:
        return await upload_of(request, PICTURES_BYTES_MAX, PICTURES_MAX)
    return form_of(request.url.query if request.method == "GET" else _text(await body_of(request))), ()


async def _too_large(request: Request, error: Exception) -> Response:
    return Response(status_code=413)


def _text(body: bytes) -> str:
    return body.decode("utf-8", errors="replace")


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"


def _known_browser(request: Request) -> str:
    said = request.cookies.get(_browser_name(request), "")
    return said if len(said) <= BROWSER_LETTERS_MAX and said.isascii() and said.isprintable() else ""


def _browser_name(request: Request) -> str:
    return SECURE_BROWSER if _is_secure(request) else BROWSER


def _cookie_name(request: Request) -> str:
    return SECURE_COOKIE if _is_secure(request) else COOKIE
