"""Item 7: a receipt without a card keeps its points, from the till's paper to the account, and back to a till: hub,
till, printer and scanner are processes, as in a shop."""

from __future__ import annotations

import json
import time
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
from pos_agent.demo.processes import Process, start
from tests.account.conftest import PHONE, SHOWN_MS
from tests.browser import needs_browser
from tests.one_port import Server
from tests.page.shop import ANNA, BORIS, CHOCOLATE, POLL_S, VERA, WAIT_S, Shop

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

GIVEN = 5  # 2 % of three chocolates


class DrawnShop(Shop):
    """Its printer draws what it prints."""

    def _emulated(self, device: str, more: list[str], lines: int = 1) -> Process:
        if device != "printer":
            return super()._emulated(device, more, lines)
        return start(device, ["pos_agent", "emulate", device, *more], self.folder / "printer.log")

    def paper_of(self, number: str) -> str:
        """A sale of nobody: what the QR on its paper says, as a phone's camera reads it from the picture."""
        before = set(self.papers.glob("receipt-*.png"))
        self.do("basket", sale=number, lines=[CHOCOLATE])
        self.do("pay", sale=number, quote=self.do("prepare", sale=number)["told"]["quote"])
        self.wait(
            "its paper", lambda status: not any(status["papers"].get(one) for one in ("queued", "sending", "sent"))
        )
        (paper,) = self._drawn(before)
        return read(paper)

    def _drawn(self, before: set[Path]) -> set[Path]:
        deadline = time.monotonic() + WAIT_S
        while not (drawn := set(self.papers.glob("receipt-*.png")) - before):
            assert time.monotonic() < deadline, "no paper was drawn"
            time.sleep(POLL_S)
        return drawn

    def points(self, card: str) -> int:
        return int(json.loads(self.office.do("member", "--card", card, "--json"))["points"])


def read(picture: Path) -> str:
    import zxingcpp
    from PIL import Image

    (found,) = zxingcpp.read_barcodes(Image.open(picture))
    return str(found.text)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DrawnShop]:
    with closing(DrawnShop(tmp_path_factory.mktemp("shop"), "ru")) as shop:
        yield shop


@pytest.fixture(scope="module")
def signed_in(
    shop: DrawnShop, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Page]]:
    """The account beside that shop's hub, on the phone of who has this card, where receipts are brought."""
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
        page.goto(f"{server.url}/points")
        page.get_by_role("link", name="Внести чек без карты").click()
        return page

    yield opened
    server.close()
    store.close()


def looked(page: Page, code: str) -> str:
    page.get_by_label("Текст QR-кода").fill(code)
    page.get_by_role("button", name="Посмотреть чек").click()
    return page.locator("main").inner_text()


@needs_browser
def test_the_papers_code_is_claimed_in_the_account_once_and_then_at_no_till(
    shop: DrawnShop, signed_in: Callable[[str], Page]
) -> None:
    code, before = shop.paper_of("4101"), shop.points(ANNA)
    shop.wait("the purchase at the hub", lambda status: status["outbox"] == 0)
    page = signed_in(ANNA)
    assert "Можно получить 5 бонусов" in looked(page, code)
    page.get_by_role("button", name="Получить 5 бонусов").click()
    page.get_by_text("5 бонусов на вашем счёте: чек 4101").wait_for()
    assert shop.points(ANNA) == before + GIVEN
    page.goto(page.url.rpartition("/")[0] + "/points")
    assert "Начислено по чеку позже" in page.inner_text("main")
    page.get_by_role("link", name="Внести чек без карты").click()
    assert "Этот чек уже начислен вам: 5 бонусов" in looked(page, code)
    assert page.get_by_role("button", name="Получить").count() == 0
    shop.do("basket", sale="4102", lines=[CHOCOLATE])
    assert shop.ask("code", sale="4102", text=code)["code"] == "receipt", "nobody's card is in front"
    shop.do("code", sale="4102", text=BORIS)
    told = shop.ask("code", sale="4102", text=code)
    assert told["code"] == "claim_of_another" and f"****{ANNA[-4:]}" in told["text"], told
    shop.ask("cancel")


@needs_browser
def test_a_paper_of_a_till_without_the_hub_is_waited_for_and_one_shown_at_the_till_is_given(
    shop: DrawnShop, signed_in: Callable[[str], Page]
) -> None:
    first = shop.paper_of("4201")
    shop.wait("the purchase at the hub", lambda status: status["outbox"] == 0)
    vera = shop.points(VERA)
    shop.do("basket", sale="4202", lines=[CHOCOLATE])
    shop.do("code", sale="4202", text=VERA)
    shop.scan(first)  # at the counter's own scanner
    shop.wait("its points", lambda status: status["last_reply"]["code"] == "claim_given")
    assert shop.points(VERA) == vera + GIVEN
    shop.ask("cancel")
    shop.wire.cut()
    shop.wait("no hub", lambda status: not status["hub"]["online"])
    late = shop.paper_of("4203")
    shop.do("basket", sale="4204", lines=[CHOCOLATE])
    shop.do("code", sale="4204", text=VERA)
    silent = shop.ask("code", sale="4204", text=late)
    assert (silent["ok"], silent["code"]) == (False, "desk_hub_silent") and "Без связи" in silent["text"], silent
    shop.ask("cancel")
    page = signed_in(BORIS)
    assert "касса могла быть без связи" in looked(page, late)
    page.get_by_role("button", name="Ждать чек").click()
    page.get_by_text("Начислим сами").wait_for()
    shop.wire.mend()
    deadline = time.monotonic() + WAIT_S
    while "Чек 4203" not in page.inner_text("main"):
        assert time.monotonic() < deadline, "it was not given when it came"
        page.reload()
    assert "+5 бонусов" in page.inner_text("main")


def test_the_page_without_a_script_in_english(account: Any) -> None:
    account.office.join("anna", card=ANNA)
    client = account.client("anna", "en")
    assert "The QR code of the cash receipt is as good" in client.get("/claim").text
    assert client.get("/claim?code=po:t1:1:9:0123456789abcdef").status_code == 409
    assert "begins with po: or with t=" in client.post("/claim", {"code": "nothing"}).text
    door = account.client().get("/claim?code=po:t1:1:9:0123456789abcdef", allow_redirects=False)
    assert door.headers["location"].startswith("/sign-in?next=/claim%3Fcode%3Dpo"), "a link leads to it after the door"
