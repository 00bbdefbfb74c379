"""The account on a real port, over a hub on another, both in this process, with a clock of their own; and browsers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
import requests

from account.app import account_app
from account.hub_desk import HubDesk
from account.sessions import Sessions
from account.store.sqlite import SqliteStore
from hub.face.tills import hub_app
from hub.hub import Hub
from loyalty.operation import ACCOUNT_CHAIN
from sync.identity import Own
from tests.browser import chromium
from tests.hub.conftest import Office
from tests.hub.conftest import office as office
from tests.one_port import Server
from tests.speaking import joined

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

PHONE: Final = {"width": 360, "height": 740}
WIDE: Final = {"width": 1280, "height": 800}
SHOWN_MS: Final = 8_000


class Account:
    """The account of one programme. `url`: where browsers find it; `office`: its hub, whose clock is everybody's."""

    def __init__(self, office: Office, url: str, desk: HubDesk, store: SqliteStore) -> None:
        self.office = office
        self.url = url
        self.desk = desk
        self.store = store
        self.sessions = Sessions(store, lambda: office.now)

    @property
    def hub(self) -> Hub:
        return self.office.hub

    def cookie_of(self, member: str, language: Any = "ru") -> str:
        """As if he had signed in with a browser."""
        return self.sessions.begin(member, language, "test")[0]

    def client(self, member: str = "", language: str = "ru") -> Client:
        """A browser without a screen."""
        return Client(self.url, self.cookie_of(member, language) if member else "", language)


class Client:
    """`requests` as a browser that says where it asks from."""

    def __init__(self, url: str, cookie: str, language: str) -> None:
        self.url = url
        self.browser = requests.Session()
        self.browser.trust_env = False
        self.browser.headers["Accept-Language"] = language
        if cookie:
            self.browser.cookies.set("account", cookie, domain="127.0.0.1")  # as the account sets it

    def get(self, path: str, **how: Any) -> requests.Response:
        return self.browser.get(self.url + path, timeout=20, **how)

    def post(self, path: str, typed: dict[str, Any] | None = None, **how: Any) -> requests.Response:
        headers = {"Origin": self.url} | how.pop("headers", {})
        return self.browser.post(self.url + path, data=typed or {}, headers=headers, timeout=20, **how)


@pytest.fixture(scope="session")
def hub_server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture(scope="session")
def account_server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def account(office: Office, tmp_path: Path, hub_server: Server, account_server: Server) -> Iterator[Account]:
    made = account_over(office, tmp_path, hub_server, account_server)
    yield made
    made.store.close()


def account_over(
    office: Office, folder: Path, hub_server: Server, account_server: Server, programme: str = "alenka"
) -> Account:
    hub_server.app = hub_app(office.hub)
    desk = HubDesk(hub_server.url, Own(joined(office.hub, ACCOUNT_CHAIN)), programme)
    store = SqliteStore(folder / "account.db")
    account_server.app = account_app(desk, store, now=lambda: office.now)
    return Account(office, account_server.url, desk, store)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Of a file: while one is open, no other test of this process has an event loop."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def phone(browser: Browser, account: Account) -> Iterator[Callable[..., Page]]:
    """A member's phone, 360×740: `phone(member="")` is a page at the account's first address; nobody has it open but
    the test. Whatever the page writes as an error fails the test."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def opened(member: str = "", language: str = "ru", *, size: Any = PHONE, dark: bool = False) -> Page:
        context = browser.new_context(
            viewport=size,
            locale="ru-RU" if language == "ru" else "en-GB",
            color_scheme="dark" if dark else "light",
            has_touch=True,
        )
        contexts.append(context)
        if member:
            context.add_cookies([{"name": "account", "value": account.cookie_of(member, language), "url": account.url}])
        page = context.new_page()
        page.set_default_timeout(SHOWN_MS)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(account.url)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not wrong, wrong


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)
