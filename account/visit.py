"""One look at a page of the account: who looks, at what, what he typed; and the page as an answer."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

from account.hub_desk import HubDesk, HubSilent
from account.look import look_of
from account.networks import Networks
from account.passwords import Passwords
from account.phones import phone_shown
from account.sessions import Session, Sessions
from account.settings import Settings
from account.shops import name_of
from account.store.seam import Store
from account.tries import Tries
from loyalty.utc import utc_text
from loyalty.wording import amount_text, currency_text, day_text, day_this_year_text, points_text, rubles_text
from sync.account.help import FiguresTold
from sync.account.me import Me, MeTold
from sync.account.programme import ProgrammeTold
from sync.account.shops import ShopsTold
from web.figures import FILTERS, when
from web.form import Form
from web.language import Language, Words, in_language, say
from web.static import SHARED_STATIC, addresses

TEMPLATES: Final = Path(__file__).with_name("templates")
STATIC: Final = Path(__file__).with_name("static")
ASSET: Final = addresses(STATIC, SHARED_STATIC)  # where a page finds a file of either
THEMES: Final = ("light", "dark")
WHOSE: Final = "Whose"  # a header: what a browser keeps of a page, it keeps for this session alone
KEY_LETTERS_MAX: Final = 60
MARK: Final = "mark"  # remembered: of the phone that he had when he signed in

_T = TypeVar("_T", bound=msgspec.Struct)


class Refused(Exception):
    """Why it is not done, as a word of the page's with its facts. `status`: of the answer."""

    def __init__(self, word: str, *, status: int = 409, **facts: object) -> None:
        super().__init__(word)
        self.word = word
        self.status = status
        self.facts = facts


class Link(NamedTuple):
    """To a page in the menu. `title`: a word, as it is said when it is shown; `icon`: a drawing of the sprite."""

    path: str
    title: str
    icon: str
    here: bool


@dataclass(frozen=True, slots=True)
class House:
    """What all visits have in common."""

    desk: HubDesk
    store: Store
    sessions: Sessions
    words: Words
    now: Callable[[], datetime]
    programme: Callable[[], ProgrammeTold]
    passwords: Passwords
    tries: Tries
    networks: Networks
    settings: Settings
    shops: Callable[[], ShopsTold]
    figures: Callable[[], FiguresTold]


@dataclass(kw_only=True)
class Visit:
    """`path`: what stands in the address for the view's {names}; `typed`: the query of a look, the form of an order;
    `files`: that the form has brought, as they came. `below`: links to the pages under this one; `besides`: to those
    that the menu has no room for. `session` None: somebody who has typed nothing yet. `address`: whence he comes, for
    limits. `site`: how addresses of this account begin, as he calls it. `cookie`: what the browser is to keep from now
    on; "" for nothing new, None: it forgets. `browser`: by which a browser is known before anybody signs in, for
    limits; `new_browser`: it is to keep it."""

    house: House
    language: Language
    session: Session | None
    links: tuple[Link, ...]
    path: Mapping[str, str]
    typed: Form
    here: str
    address: str
    device: str
    files: tuple[bytes, ...] = ()
    site: str = ""
    below: tuple[Link, ...] = ()
    besides: tuple[Link, ...] = ()
    cookie: str | None = ""
    browser: str = ""
    new_browser: bool = False
    _me: MeTold | None = None

    @property
    def member(self) -> str:
        """Who is signed in; "": nobody."""
        return self.session.member if self.session is not None else ""

    @property
    def whose(self) -> str:
        """What a browser may know its session by; "": nobody is signed in."""
        if self.session is None or not self.session.member:
            return ""
        return hashlib.sha256(f"whose\n{self.session.id}".encode()).hexdigest()[:16]

    @property
    def theme(self) -> str:
        """As it was chosen (`remember(theme=…)`); "": as the phone likes."""
        chosen = self.remembered("theme")
        return chosen if chosen in THEMES else ""

    @property
    def key(self) -> str:
        """Of the order: the form's own, so that the same form sent twice is one order."""
        return (self.typed.one("key") or secrets.token_hex(8))[:KEY_LETTERS_MAX]

    def say(self, word: str, /, **facts: object) -> str:
        """`facts`: what stands in the word's braces, but for how the programme calls its points."""
        return say(self.house.words, self.language, word, **(self._currency_in(word) | facts))

    def _currency_in(self, word: str) -> dict[str, object]:
        """Of {currency}, {Currency} and {of_currency}, if the word has one of them: else there may be no programme."""
        if "currency}" not in "".join(self.house.words[word]).casefold():
            return {}
        currency = self.house.programme().currency
        named = currency_text(currency, self.language)
        of = currency.ru.many if self.language == "ru" else named
        return {"currency": named, "Currency": named[:1].upper() + named[1:], "of_currency": of}

    def ask(self, act: str, body: msgspec.Struct, told: type[_T]) -> _T:
        """An act of the hub's table. Raises HubSilent, HubSaysNo."""
        return self.house.desk.ask(act, body, told, member=self.member, key=self.key, mark=self.remembered(MARK))

    def me(self) -> MeTold:
        """Asked once a look."""
        if self._me is None:
            self._me = self.ask("me", Me(seen=self.seen()), MeTold)
        return self._me

    def seen(self) -> str:
        """Until when he has seen what he was written; "": nothing yet."""
        with self.house.store.reading() as book:
            row = book.one("messages_seen", member=self.member)
        return str(row[0]) if row is not None else ""

    def browser_id(self) -> str:
        """It has one from the first time that it is counted by it."""
        if not self.browser:
            self.browser, self.new_browser = secrets.token_urlsafe(16), True
        return self.browser

    # as people of his language write it

    def local(self) -> datetime:
        """Now, by the programme's clock."""
        return self.house.now().astimezone(ZoneInfo(self.house.programme().timezone))

    def shop_of(self, id: str) -> str:
        """What a shop is called, also one that is closed for good; its id where nobody knows."""
        try:
            shops = self.house.shops().shops
        except HubSilent:
            return id
        return next((name_of(shop) for shop in shops if shop.id == id), id)

    def day_of(self, day: str) -> str:
        """Of YYYY-MM-DD; the year of another year."""
        zone = ZoneInfo(self.house.programme().timezone)
        that, today = date.fromisoformat(day), self.house.now().astimezone(zone).date()
        return (day_this_year_text if that.year == today.year else day_text)(that, self.language)

    def moment_of(self, at: str) -> str:
        """Day and hour where the programme's shops are, of a moment in UTC."""
        return when(at, self.language, ZoneInfo(self.house.programme().timezone))

    # what is remembered of this browser

    def remembered(self, name: str) -> str:
        return self.session.state.get(name, "") if self.session is not None else ""

    def remember(self, **facts: str) -> None:
        """Until he signs in or out, or has typed nothing for an hour; "" forgets one."""
        if self.session is None:
            self.cookie, self.session = self.house.sessions.begin("", self.language, self.device)
        state = self.session.state | facts
        self.session.state = {name: text for name, text in state.items() if text}
        self.house.sessions.keep(self.session)

    def sign_in(self, member: str, **facts: str) -> None:
        """From now on this browser is the member's: with another cookie, and nothing of what it was told before."""
        if self.session is not None:
            self.house.sessions.end(self.session.id)
        self.cookie, self.session = self.house.sessions.begin(member, self.language, self.device, dict(facts))

    def sign_out(self) -> None:
        if self.session is not None:
            self.house.sessions.end(self.session.id)
        self.cookie, self.session = None, None

    # answers

    def show(self, template: str, *, title: str, status: int = 200, **facts: Any) -> Response:
        """A page, whole. What was told by the step before stands on it once."""
        told = self.remembered("told")
        if told:
            self.remember(told="")
        programme = self.house.programme()
        me = self._me or facts.get("me")
        shown = facts | {
            "title": self.say(title) if title in self.house.words else title,
            "told": told or facts.get("told", ""),
            "t": self.say,
            "language": self.language,
            "is_in": bool(self.member),
            "links": self._said(self.links),
            "unread": _unread(me) if isinstance(me, MeTold) else {},
            "below": self._said(self.below),
            "besides": self._said(self.besides),
            "here": self.here,
            "other_language": in_language(self.here, "en" if self.language == "ru" else "ru"),
            "new_key": new_key,
            "refused": facts.get("refused", ""),
            "programme": programme,
            "look": look_of(programme.face),
            "theme": self.theme,
            "whose": self.whose,
            "asset": ASSET,
            "shown_at": self.moment_of(utc_text(self.house.now())),
            "brand": programme.name[0 if self.language == "ru" else 1],
            **self._figures(),
        }
        headers = {WHOSE: self.whose} if self.whose else None
        return HTMLResponse(_environment().get_template(template).render(shown), status_code=status, headers=headers)

    def piece(self, template: str, **facts: Any) -> Response:
        """A part of a page, for a page that is shown already."""
        shown = facts | {"t": self.say, "language": self.language, "new_key": new_key, **self._figures()}
        return HTMLResponse(_environment().get_template(template).render(shown))

    def _figures(self) -> dict[str, Any]:
        """As people of his language write them."""
        programme = self.house.programme()
        return {
            "points_of": lambda points: points_text(points, programme.currency, self.language),
            "money_of": lambda kopecks: amount_text(kopecks, self.language),
            "rubles_of": lambda kopecks: rubles_text(kopecks, self.language),
            "day_of": self.day_of,
            "moment_of": self.moment_of,
            "shop_of": self.shop_of,
            "phone_shown": phone_shown,
            "settings": self.house.settings,
        }

    def _said(self, links: tuple[Link, ...]) -> tuple[Link, ...]:
        return tuple(link._replace(title=self.say(link.title)) for link in links)

    def go(self, path: str, told: str = "") -> Response:
        """On to a page, which says at its top what was done."""
        if told:
            self.remember(told=told)
        return RedirectResponse(path, status_code=303)


Show = Callable[[Visit], Response]


class View(NamedTuple):
    """In a thread; raises Refused, HubSilent, HubSaysNo. `open`: also for nobody who is signed in; `pictures`: its form
    may bring some, as browsers have them (pictures.py)."""

    method: str
    path: str
    show: Show
    open: bool = False
    pictures: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page with all views under its path. `title`: one of `words`, which are the page's own and begin with its name.
    `icon` "": it does not stand in the menu."""

    path: str
    title: str
    words: Words
    views: tuple[View, ...]
    icon: str = ""


def _unread(me: MeTold) -> dict[str, int]:
    """By the page that has it."""
    return {"/messages": me.new, "/more": me.answers, "/help/tickets": me.answers}


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
    return made
