"""An online shop that uses nothing of the loyalty programme but its HTTP face: pages for browsers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from functools import partial
from typing import Final

import anyio
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from example_shop import goods_pages, order_pages, signing
from example_shop.book import SESSION_LIVES
from example_shop.hub_api import HubSaysNo, HubSilent
from example_shop.visit import STATIC, House, Visit
from web.body import TooLarge, body_of
from web.form import Form, form_of
from web.guard import Guard
from web.language import Language, language_of
from web.static import SHARED_STATIC, static_files

Show = Callable[[Visit], Response]
THREADS: Final = 16  # most of each is waiting for the hub
COOKIE: Final = "shop"
SECURE_COOKIE: Final = "__Host-shop"
VIEWS: Final[tuple[tuple[str, str, Show], ...]] = (
    ("GET", "/", goods_pages.goods),
    ("GET", "/favourites", goods_pages.favourites),
    ("POST", "/favourites", goods_pages.favour),
    ("GET", "/list", goods_pages.shopping_list),
    ("POST", "/list", goods_pages.list_add),
    ("POST", "/list/tick", goods_pages.list_tick),
    ("POST", "/list/drop", goods_pages.list_drop),
    ("POST", "/list/basket", goods_pages.list_to_basket),
    ("GET", "/basket", order_pages.basket),
    ("POST", "/basket", order_pages.change),
    ("POST", "/basket/put", goods_pages.put),
    ("POST", "/basket/drop", order_pages.drop),
    ("POST", "/basket/spend", order_pages.spend),
    ("GET", "/orders", order_pages.orders),
    ("POST", "/orders", order_pages.place),
    ("GET", "/orders/{number}", order_pages.order),
    ("POST", "/orders/{number}/pay", order_pages.pay),
    ("POST", "/orders/{number}/cancel", order_pages.cancel),
    ("POST", "/orders/{number}/bring", order_pages.bring),
    ("POST", "/orders/{number}/return", order_pages.give_back),
    ("GET", "/sign-in", signing.leave_for_account),
    ("GET", signing.BACK, signing.come_back),
    ("POST", "/sign-out", signing.sign_out),
)


def shop_app(house: House, names: Collection[str] = ()) -> ASGIApp:
    """`names`: by which browsers call it."""
    shop = _Shop(house)
    routes = [
        Route("/static/{path:path}", static_files(STATIC, SHARED_STATIC)),
        *(Route(path, shop.view(show), methods=[method]) for method, path, show in VIEWS),
    ]
    app = Starlette(routes=routes, exception_handlers={HTTPException: shop.no_page, TooLarge: _too_large})
    return Guard(app, names)


class _Shop:
    def __init__(self, house: House) -> None:
        self._house = house
        self._threads = anyio.CapacityLimiter(THREADS)

    def view(self, show: Show) -> Callable[[Request], Awaitable[Response]]:
        async def shown(request: Request) -> Response:
            text = request.url.query if request.method == "GET" else (await body_of(request)).decode(errors="replace")
            work = partial(self._answered, request, show, form_of(text))
            return await anyio.to_thread.run_sync(work, limiter=self._threads)

        return shown

    async def no_page(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        work = partial(self._answered, request, partial(_nothing, status=error.status_code), Form())
        return await anyio.to_thread.run_sync(work, limiter=self._threads)

    def _answered(self, request: Request, show: Show, typed: Form) -> Response:
        visit = self._visit(request, typed)
        try:
            answer = show(visit)
        except HubSaysNo as no:
            text = visit.of(no.text) or visit.say("no_other")
            answer = visit.show("refused.html", visit.say("refused"), status=409, refused=text)
        except HubSilent:
            answer = visit.show("refused.html", visit.say("refused"), status=503, refused=visit.say("hub_silent"))
        self._with_cookie(request, visit, answer)
        return answer

    def _visit(self, request: Request, typed: Form) -> Visit:
        book = self._house.book
        known = book.session_of(request.cookies.get(_name(request), ""), self._house.now())
        session = known or book.begin()
        if known is None and request.method == "POST":
            book.keep(session, self._house.now())
        chosen = request.query_params.get("lang", "")
        if chosen and (language := language_of(chosen, "")) != session.language:
            session.language = language
            book.keep(session, self._house.now())
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        said: Language = language_of(session.language, request.headers.get("accept-language", ""))
        return Visit(
            self._house, session, said, dict(request.path_params), typed, here if request.method == "GET" else "/"
        )

    def _with_cookie(self, request: Request, visit: Visit, answer: Response) -> None:
        """From the first thing that is kept of somebody."""
        cookie, before = visit.session.cookie, request.cookies.get(_name(request), "")
        if cookie == before or self._house.book.session_of(cookie, self._house.now()) is None:
            return
        # lax: whoever comes back from the account is still who he is
        answer.set_cookie(
            _name(request),
            cookie,
            path="/",
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",
            max_age=int(SESSION_LIVES.total_seconds()),
        )


def _nothing(visit: Visit, status: int) -> Response:
    return visit.show("refused.html", visit.say("not_found"), status=status, refused=visit.say("not_found_how"))


def _name(request: Request) -> str:
    return SECURE_COOKIE if request.url.scheme == "https" else COOKIE


async def _too_large(request: Request, error: Exception) -> Response:
    return Response(status_code=413)
