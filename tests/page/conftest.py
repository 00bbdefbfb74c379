"""One shop of each language for all tests of the pages, one browser for each file of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import chromium, needs_browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.page.shop import Shop
    from tests.page.till import Till

Opener = Callable[..., "Till"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(needs_browser)


@pytest.fixture(scope="session")
def shops(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Shop]]:
    """A running shop, made when it is first asked for."""
    from tests.page.shop import Shop

    open_ones: dict[str, Shop] = {}
    with ExitStack() as closing_time:

        def shop(language: str, **how: Any) -> Shop:
            name = "-".join([language, *map(str, how)])
            if name not in open_ones:
                folder = tmp_path_factory.mktemp("shop")
                open_ones[name] = closing_time.enter_context(closing(Shop(folder, language, **how)))
            return open_ones[name]

        yield shop


@pytest.fixture
def shop(shops: Callable[..., Shop]) -> Iterator[Shop]:
    """The English one, as in the morning."""
    shop = shops("en")
    shop.calm()
    yield shop
    shop.mend()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opener]:
    """Windows that are closed after the test; nothing may have gone wrong in them."""
    from tests.page.till import let_in

    wrong: list[str] = []

    def open_one(shop: Shop, **how: Any) -> Till:
        till = let_in(shop, browser, **how)
        till.page.on("pageerror", lambda error: wrong.append(str(error)))
        return till

    yield open_one
    for context in browser.contexts:
        context.close()
    assert not wrong


@pytest.fixture
def till(opened: Opener, shop: Shop) -> Till:
    """The page of the English till."""
    return opened(shop)
