"""One look at the shop: who looks, at what, what he typed; and the page as an answer."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

from example_shop.book import Book, Session
from example_shop.hub_api import HubApi, HubSaysNo, Told
from example_shop.words import WORDS
from web.figures import FILTERS
from web.form import Form
from web.language import Language, in_language, say
from web.static import SHARED_STATIC, addresses

TEMPLATES: Final = Path(__file__).with_name("templates")
STATIC: Final = Path(__file__).with_name("static")
ASSET: Final = addresses(STATIC, SHARED_STATIC)
MENU: Final = (("/", "goods"), ("/favourites", "favourites"), ("/list", "menu_list"), ("/orders", "orders"))


@dataclass(frozen=True)
class House:
    """What all visits have in common. `account`: where members' account is; `here`: where browsers find this shop, as
    the hub knows it; `title`: what it is called."""

    hub: HubApi
    book: Book
    account: str
    here: str
    zone: ZoneInfo
    now: Callable[[], datetime]
    title: str = ""


@dataclass
class Visit:
    house: House
    session: Session
    language: Language
    path: dict[str, str]
    typed: Form
    here: str
    member: Told | None = None

    @property
    def owner(self) -> str:
        return self.session.owner

    def say(self, word: str, /, **facts: object) -> str:
        return say(WORDS, self.language, word, **facts)

    def of(self, pair: Any) -> str:
        """Of two words of the hub's, this one's."""
        return str(pair[0 if self.language == "ru" else 1])

    def keep(self) -> None:
        self.house.book.keep(self.session, self.house.now())

    def customer(self) -> Told | None:
        """Who is signed in, as the hub knows him now; asked once a look. Raises HubSilent."""
        if self.member is None and self.session.token:
            try:
                self.member = self.house.hub.look("/members/me", self.session.token)
            except HubSaysNo as no:
                if no.code != "member_token":
                    raise
                self.forget()
                self.session.told = self.say("link_ended")
        return self.member

    def forget(self) -> None:
        """Nobody is signed in any more; what he laid aside stays his."""
        self.session.token = self.session.customer = self.session.name = ""
        self.session.spend = False
        self.keep()

    def go(self, path: str, told: str = "") -> Response:
        if told:
            self.session.told = told
            self.keep()
        return RedirectResponse(path, status_code=303)

    def show(self, template: str, title: str, *, status: int = 200, refused: str = "", **facts: Any) -> Response:
        """A page, whole. What was told by the step before stands on it once."""
        member = self.customer() if status < 500 else None
        told, self.session.told = self.session.told, ""
        if told:
            self.keep()
        count = len(self.house.book.basket(self.owner))
        shown = facts | {
            "title": title,
            "told": told,
            "refused": refused,
            "t": self.say,
            "of": self.of,
            "language": self.language,
            "other_language": in_language(self.here, "en" if self.language == "ru" else "ru"),
            "here": self.here,
            "menu": [(path, self.say(word), path == self.here.partition("?")[0]) for path, word in MENU],
            "in_basket": count,
            "member": member,
            "brand": self.house.title or self.say("shop"),
            "zone": self.house.zone,
            "asset": ASSET,
            "new_key": new_key,
        }
        return HTMLResponse(_environment().get_template(template).render(shown), status_code=status)


def new_key() -> str:
    return secrets.token_hex(8)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(FILTERS)
    made.filters["amount"] = amount
    return made


def amount(quantity_m: int, language: Language) -> str:
    """Of thousandths: 2, or 0,35."""
    text = f"{quantity_m / 1000:g}"
    return text.replace(".", ",") if language == "ru" else text
