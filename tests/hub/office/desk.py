"""The office's desk on a real port, with those who may come in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import requests

from hub.hub import Hub
from hub.office.door import Clerk
from hub.staff import book

PIN: Final = "482915"
VERA: Final = Clerk("s-vera", "Вера", "manager", frozenset({"omsk-7"}))
OLEG: Final = Clerk("s-oleg", "Олег", "office")
ANTON: Final = Clerk("s-anton", "Антон", "auditor")
NINA: Final = Clerk("s-nina", "Нина", "office")
IRA: Final = Clerk("s-ira", "Ира", "office", frozenset({"omsk-7"}))
CLERKS: Final = (VERA, OLEG, ANTON, NINA, IRA)


@dataclass
class KnownDoor:
    """`gone`: who was revoked."""

    gone: set[str] = field(default_factory=set)

    def by_pin(self, name: str, pin: str) -> Clerk | None:
        return next((one for one in self._there() if one.name == name and pin == PIN), None)

    def called(self, name: str) -> str:
        return next((one.name for one in CLERKS if one.id == name), name)

    def by_key(self, key: str) -> Clerk | None:
        return next((one for one in self._there() if key == f"key-{one.id}"), None)

    def still(self, id: str) -> Clerk | None:
        return next((one for one in self._there() if one.id == id), None)

    def _there(self) -> list[Clerk]:
        return [one for one in CLERKS if one.id not in self.gone]


class Desk:
    """Somebody who has signed in, or has not, with a browser that says where it asks from."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.browser = requests.Session()
        self.browser.headers["Accept-Language"] = "ru"
        self.browser.trust_env = False

    def sign_in(self, who: Clerk, pin: str = PIN, **more: str) -> requests.Response:
        return self.post("/sign-in", **{"name": who.name, "pin": pin} | more)

    def get(self, path: str, **how: Any) -> requests.Response:
        return self.browser.get(self.url + path, **how)

    def post(self, path: str, **typed: str) -> requests.Response:
        return self.browser.post(self.url + path, data=typed, headers={"Origin": self.url})


def employ(hub: Hub, one: Clerk) -> None:
    """He stands in the book of staff, too: whoever answers for a step does."""
    stores = tuple(one.stores or ())
    hub.within(lambda w: book.add(w, one.id, name=one.name, role=one.role, stores=stores, by="vera", now=hub.now()))
