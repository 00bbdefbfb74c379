"""The example shop on a real port, over a hub's face for shops and a member's account, each on a port of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import pytest

from example_shop.app import shop_app
from example_shop.book import Book
from example_shop.hub_api import HubApi
from example_shop.visit import House
from hub.shop.keys import OnlineShop, add_shop
from tests.account.conftest import Account, Client
from tests.account.conftest import account as account
from tests.account.conftest import account_server as account_server
from tests.account.conftest import browser as browser
from tests.account.conftest import hub_server as hub_server
from tests.account.conftest import phone as phone
from tests.hub.conftest import office as office
from tests.hub.shop.conftest import shop_server as shop_server
from tests.hub.shop.online import BACK, Online
from tests.one_port import Server

if TYPE_CHECKING:
    from playwright.sync_api import Page

MOSCOW: Final = ZoneInfo("Europe/Moscow")


class Example:
    """`url`: where browsers find it, by another name than the account has: they are two sites."""

    def __init__(self, account: Account, online: Online, server: Server, folder: Path) -> None:
        self.account, self.online, self.server = account, online, server
        self.url = server.url.replace("127.0.0.1", "localhost")
        made = OnlineShop(
            name=online.name,
            title="Сласти",
            store=f"{online.name}-1",
            programme=online.programme,
            back=(f"{self.url}/in", BACK),
        )
        account.hub.within(lambda writer: add_shop(writer, made))
        hub = HubApi(online.server.url, online.key)
        office = account.office
        self.book = Book(folder / "shop.db")
        self.house = House(hub, self.book, account.url, self.url, MOSCOW, lambda: office.now, "Сласти")
        server.app = shop_app(self.house)

    def client(self) -> Client:
        """A browser without a screen."""
        return Client(self.url, "", "ru")


@pytest.fixture(scope="session")
def example_server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def example(account: Account, shop_server: Server, example_server: Server, tmp_path: Path) -> Example:
    account.office.join("anna", points=1_000, phone="+79161234567", card="2600000000017")
    online = Online(account.office, shop_server)
    online.stock()
    return Example(account, online, example_server, tmp_path)


def allowed(page: Page) -> None:
    """In by the account, where she is signed in already."""
    page.get_by_role("link", name="Войти через личный кабинет").first.click()
    page.get_by_role("button", name="Разрешить", exact=True).click()
