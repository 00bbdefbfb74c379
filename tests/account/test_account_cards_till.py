"""A31, A29: lost, virtual, and the old one refused at a till: hub, till and devices are processes, as in a shop."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from account.app import account_app
from account.hub_desk import HubDesk
from account.joining import join, own_in
from account.sessions import Sessions
from account.store.sqlite import SqliteStore
from tests.account.conftest import PHONE, SHOWN_MS
from tests.browser import needs_browser
from tests.one_port import Server
from tests.page.shop import ANNA, BORIS, CHOCOLATE, Shop

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with closing(Shop(tmp_path_factory.mktemp("shop"), "en")) as shop:
        yield shop


@pytest.fixture(scope="module")
def signed_in(shop: Shop, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Page]]:
    """The account beside that shop's hub, opened on the phone of who has this card."""
    data, hub = tmp_path_factory.mktemp("account"), f"http://127.0.0.1:{shop.office.port}"
    join(data, hub, str(shop.office.ask("account", "invite")["code"]))
    store, server = SqliteStore(data / "account.db"), Server()
    server.app = account_app(HubDesk(hub, own_in(data), "alenka"), store, now=lambda: datetime.now(UTC))
    sessions = Sessions(store, lambda: datetime.now(UTC))

    def opened(card: str) -> Page:
        member = json.loads(shop.office.do("member", "--card", card, "--json"))["member"]
        context = browser.new_context(viewport=PHONE, locale="ru-RU")  # type: ignore[arg-type]
        cookie = {"name": "account", "value": sessions.begin(member, "ru", "test")[0], "url": server.url}
        context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        page.set_default_timeout(SHOWN_MS)
        page.goto(f"{server.url}/cards")
        return page

    yield opened
    server.close()
    store.close()


def bought(shop: Shop, number: str, card: str) -> dict[str, Any]:
    shop.do("basket", sale=number, lines=[CHOCOLATE])
    shop.do("code", sale=number, text=card)
    return shop.do("pay", sale=number, quote=shop.do("prepare", sale=number)["told"]["quote"])


def points_of(shop: Shop, card: str) -> int:
    return int(json.loads(shop.office.do("member", "--card", card, "--json"))["points"])


@needs_browser
def test_a31_lost_virtual_and_the_old_one_is_refused_at_the_till(
    shop: Shop, signed_in: Callable[..., Page], tmp_path: Path
) -> None:
    assert shop.ask("balance", text=ANNA)["ok"]
    before, page = points_of(shop, ANNA), signed_in(ANNA)
    page.get_by_role("link", name="Потеряна?").click()
    page.get_by_role("link", name="Добавить виртуальную карту").click()
    page.get_by_role("button", name="Отправить код").click()
    page.get_by_label("Код из сообщения").fill(shop.code())
    page.get_by_role("button", name="Сделать карту виртуальной").click()
    page.wait_for_url("**/cards")
    fresh = page.locator("section h2 .number").first.inner_text()
    assert fresh != ANNA and f"Заменена картой {fresh}" in page.inner_text("main")
    shop.wait("the new card", lambda status: shop.ask("balance", text=fresh)["ok"])
    assert shop.ask("balance", text=ANNA)["code"] == "card_replaced"
    shop.scan(ANNA)  # at the counter's own scanner
    shop.wait("its refusal", lambda status: status["last_reply"]["code"] == "card_replaced")
    earned = bought(shop, "3101", fresh)["told"]["accrued"]["points"]
    shop.wait("the purchase at the hub", lambda status: points_of(shop, fresh) == before + earned)
    assert earned > 0


@needs_browser
def test_a_till_without_the_hub_takes_the_old_card_until_it_hears(shop: Shop, signed_in: Callable[..., Page]) -> None:
    """It cannot know. What was earned is his all the same: a sale names the member, and the card does not matter."""
    before, page = points_of(shop, BORIS), signed_in(BORIS)
    shop.wire.cut()
    shop.wait("no hub", lambda status: not status["hub"]["online"])
    page.get_by_role("link", name="Потеряна?").click()
    page.get_by_role("button", name="Заблокировать карту").click()
    page.wait_for_url("**/cards")
    assert "Касса без связи узнаёт" in page.inner_text("main")
    earned = bought(shop, "3102", BORIS)["told"]["accrued"]["points"]
    assert earned > 0
    shop.wire.mend()
    shop.wait("the purchase at the hub", lambda status: points_of(shop, BORIS) == before + earned)
    shop.wait("the news", lambda status: shop.ask("balance", text=BORIS)["balance"]["status"] == "blocked")
    shop.do("basket", sale="3103", lines=[CHOCOLATE])
    shop.do("code", sale="3103", text=BORIS)
    told = shop.do("prepare", sale="3103")["told"]
    assert told["accrued"]["points"] == 0, "a blocked card earns nothing"
    shop.do("pay", sale="3103", quote=told["quote"])
    shop.wait("the hub to hear of it", lambda status: status["outbox"] == 0)
    page.goto(page.url.rpartition("/")[0] + "/points")
    assert page.inner_text("main").count("Карта была заблокирована: ничего не начислено") == 1
