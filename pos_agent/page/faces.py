"""The pages' own calls: documents, pairing, and what each of them may ask for besides the API."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any, Final, get_args

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from loyalty.programme import Language, Programme
from pos_agent.body import short_body
from pos_agent.page.desk_page_words import DESK_PAGE_WORDS, FLOW_WORDS
from pos_agent.page.page_words import PAGE_WORDS
from pos_agent.page.pages import html, packed, page, static
from pos_agent.page.pairing import COOKIE_LIFE_S, Role, open_link, role_of
from pos_agent.page.second_words import SECOND_WORDS
from pos_agent.page.till_words import TILL_WORDS

PAGE_OF: Final[dict[Role, str]] = {"cashier": "/", "self": "/guest", "guest": "/guest"}  # who may do more comes first


class _Key(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """`data`: where pairings lie."""

    data: Path
    language: Language  # the cashier's
    guest_language: Language
    programme: Callable[[], Programme]  # what is in force
    zone: str  # IANA, the store's
    guests_at: tuple[str, int] | None = None  # an address at which no cashier's link opens anything
    clock_s: Callable[[], float] = time.time

    def role(self, request: Request) -> Role | None:
        """By the cookie of whichever page: a cashier's browser may show the guest's side too."""
        port = request.scope["server"][1]
        roles = [role_of(self.data, given) for role in PAGE_OF for given in _cookies(request, cookie_name(role, port))]
        return next((role for role in PAGE_OF if role in roles), None)

    def routes(self) -> list[Route]:
        return [
            Route("/", packed(self._till)),
            Route("/desk", packed(self._desk)),
            Route("/pair", packed(self._pair)),
            Route("/pair/open", self._open, methods=["POST"]),
            Route("/page/{name}", packed(self._static)),
        ]

    async def _till(self, request: Request) -> Response:
        if self.role(request) != "cashier":
            return self.unpaired()
        return page("till", PAGE_WORDS | TILL_WORDS | SECOND_WORDS, self.language, self.setup(self.language))

    async def _desk(self, request: Request) -> Response:
        if self.role(request) != "cashier":
            return self.unpaired()
        words = PAGE_WORDS | TILL_WORDS | SECOND_WORDS | DESK_PAGE_WORDS | FLOW_WORDS
        return page("desk", words, self.language, self.setup(self.language))

    def setup(self, language: Language) -> dict[str, Any]:
        """What no event changes, but a new programme."""
        programme = self.programme()
        plurals = programme.currency.ru if language == "ru" else programme.currency.en
        closed = {"card_fee"}  # the till's own line
        categories = sorted(
            (category.ru if language == "ru" else category.en, category.id)
            for category in programme.categories.values()
            if category.id not in closed
        )
        return {
            "programme": programme.name(language),
            "points": msgspec.to_builtins(plurals),
            "zone": self.zone,
            "categories": categories,
            "coupons": {one.id: one.ru if language == "ru" else one.en for one in programme.coupons},
        }

    def unpaired(self) -> Response:
        shown = page("pair", PAGE_WORDS, self.language, {})
        return html(bytes(shown.body), 401)

    async def _pair(self, request: Request) -> Response:
        return page("pair", PAGE_WORDS, self.language, {})

    async def _open(self, request: Request) -> Response:
        """Whoever has the key has the cookie from now on, and nobody has the key any more."""
        try:
            key = msgspec.json.decode(await short_body(request), type=_Key).key
        except msgspec.DecodeError:
            return JSONResponse({"ok": False}, 400)
        browser = open_link(self.data, key, self.clock_s(), self._roles_at(request))
        if browser is None:
            return JSONResponse({"ok": False}, 403)
        answer = JSONResponse({"ok": True, "page": PAGE_OF[browser.role]})
        answer.set_cookie(
            cookie_name(browser.role, request.scope["server"][1]),
            browser.cookie,
            max_age=COOKIE_LIFE_S,
            path=PAGE_OF[browser.role],
            httponly=True,
            samesite="strict",
        )
        return answer

    def _roles_at(self, request: Request) -> tuple[Role, ...]:
        """A cashier's cookie never goes over the shop's network, where anybody could read it."""
        return ("self", "guest") if tuple(request.scope["server"]) == self.guests_at else get_args(Role)

    async def _static(self, request: Request) -> Response:
        return static(request.path_params["name"]) or self.nothing()

    def nothing(self) -> Response:
        return html("", 404)


def cookie_name(role: Role, port: int) -> str:
    """Browsers keep one jar for all ports of a machine; a till beside this one must not lose its cookie to us."""
    return f"pos-agent-{role}-{port}"


def _cookies(request: Request, name: str) -> list[str]:
    found = []
    for given in request.headers.getlist("cookie"):
        try:
            found += [morsel.value for key, morsel in SimpleCookie(given).items() if key == name]
        except CookieError:
            continue
    return found
