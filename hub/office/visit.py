"""One look at a page of the office's desk: who looks, at what, what he typed; and the page as an answer."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

from hub.desk.acts import ACTS, Asked
from hub.hub import Hub
from hub.office.door import Clerk
from hub.office.sessions import Session
from loyalty.programme import Language
from loyalty.staff import Right
from web.figures import FILTERS
from web.form import Form
from web.language import Words as Words
from web.language import in_language
from web.language import say as say

TEMPLATES: Final = Path(__file__).with_name("templates")


class Refused(Exception):
    """Why it is not done, as a word of the page's with its facts."""

    def __init__(self, word: str, **facts: object) -> None:
        super().__init__(word)
        self.word = word
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Link:
    """To a page in the menu."""

    path: str
    title: str
    here: bool


@dataclass(frozen=True, kw_only=True)
class Visit:
    """`path`: what stands in the address for the view's {names}; `typed`: the query of a look, the form of an order.
    `key`: the same order under the same key is carried out once; each form has one of its own."""

    hub: Hub
    clerk: Clerk
    session: Session
    words: Words
    links: tuple[Link, ...]
    path: Mapping[str, str]
    typed: Form
    here: str  # the address, with what was looked for

    @property
    def language(self) -> Language:
        return self.session.language

    @property
    def key(self) -> str:
        return self.typed.one("key") or secrets.token_hex(8)

    def say(self, word: str, /, **facts: object) -> str:
        return say(self.words, self.language, word, **facts)

    def show(self, template: str, *, title: str, status: int = 200, **facts: Any) -> Response:
        """A page, whole. What was told by the step before stands on it once."""
        told, self.session.told = self.session.told, ""
        return HTMLResponse(
            _environment()
            .get_template(template)
            .render(
                facts
                | {
                    "title": self.say(title) if title in self.words else title,
                    "told": told,
                    "t": self.say,
                    "language": self.language,
                    "clerk": self.clerk,
                    "links": self.links,
                    "other_language": in_language(self.here, "en" if self.language == "ru" else "ru"),
                    "new_key": new_key,
                    "refused": facts.get("refused", ""),
                }
            ),
            status_code=status,
        )

    def go(self, path: str, told: str = "") -> Response:
        """On to a page, which says at its top what was done."""
        self.session.told = told
        return RedirectResponse(path, status_code=303)

    def asked(self, programme: str = "") -> Asked:
        return Asked(
            person=self.clerk.id,
            by=self.clerk.name,
            till="",
            store="",
            programme=programme,
            key=f"office/{self.clerk.id}/{self.key}",
            stores=self.clerk.stores,
        )

    def do(self, act: str, body: Mapping[str, Any], *, programme: str = "") -> Any:
        """An act of the desk's table. Raises Refused, ActRefused."""
        row = ACTS[act]
        if not self.clerk.may_ask(row.right):
            raise Refused("not_allowed")
        try:
            told = msgspec.convert(body, row.takes)
        except msgspec.ValidationError as error:
            raise Refused("not_understood", why=str(error)) from error
        return row.do(self.hub, self.asked(programme), told)


Show = Callable[[Visit], Response]


class View(NamedTuple):
    """`right` None: the page's own. In a thread; raises Refused and what an order raises."""

    method: str
    path: str
    show: Show
    right: Right | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page in the menu, with all views under its path. `right` None: whoever has signed in. `title`: one of `words`,
    which are the page's own and begin with its name."""

    path: str
    title: str
    right: Right | None
    words: Words
    views: tuple[View, ...]


def new_key() -> str:
    return secrets.token_hex(8)


def render(template: str, **facts: Any) -> str:
    """Of nobody's: the page that one signs in at."""
    return _environment().get_template(template).render(facts)


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
