"""Registered in the account, bought at a till, found in the account: hub, account and till are processes of their own,
scanner and printer are emulated devices."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hub.account.programme_acts import NEEDED_HERE
from tests.account.conftest import PHONE as SIZE
from tests.browser import needs_browser
from tests.hub.conftest import PROGRAMMES
from tests.page.shop import BLANKS, CHOCOLATE, SWEETS, Shop

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NEEDED = [one.what for one in PROGRAMMES["alenka"].consents if one.needed or one.what in NEEDED_HERE]
CARD = BLANKS[0]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with closing(Shop(tmp_path, "ru", accounts=["alenka"])) as shop:
        yield shop


def spaced(text: str) -> str:
    return text.replace("\u202f", " ").replace("\xa0", " ")


@needs_browser
def test_a8_a5_a7_registered_with_a_card_bought_at_the_till_and_the_receipt_with_its_lots_is_there(
    shop: Shop, browser: Browser
) -> None:
    page = browser.new_context(viewport=SIZE, locale="ru-RU", has_touch=True).new_page()  # type: ignore[arg-type]
    page.goto(shop.office.accounts["alenka"])
    page.get_by_role("link", name="Регистрация").click()
    page.get_by_role("link", name="У меня есть карта").click()
    page.get_by_label("Номер карты").fill(CARD)
    page.get_by_role("button", name="Далее").click()
    page.get_by_label("Имя и фамилия").fill("Вера Котова")
    page.get_by_label("Номер телефона").fill("8 916 555-66-77")
    page.get_by_label("Дата рождения").fill("17.05.1990")
    for what in NEEDED:
        page.locator(f"input[value={what}]").check()
    page.get_by_role("button", name="Далее").click()
    page.wait_for_url("**/sign-in/code")
    page.get_by_label("Код, 4 цифры").fill(shop.code())
    page.get_by_role("button", name="Далее").click()
    page.get_by_text("Добро пожаловать! Начислено: 150").wait_for()

    joined_at = datetime.now(UTC).isoformat()
    shop.wait("the till to hear of her", lambda status: status["hub"]["pulled_at"] > joined_at)

    visit = shop.visit()
    number = visit["next_number"]
    shop.do("basket", sale=number, day=visit["today"], lines=[CHOCOLATE, SWEETS])
    shop.scan(CARD)
    shop.wait("her card", lambda status: (status["visit"]["member"] or {}).get("balance") == 150)
    shop.do("redeem", sale=number, points=50)
    told = shop.do("prepare", sale=number)["told"]
    earned = told["accrued"]["points"]
    shop.do("pay", sale=number, quote=told["quote"])
    shop.wait("the hub to hear of it", lambda status: status["outbox"] == 0)

    page.goto(f"{shop.office.accounts['alenka']}/points")
    assert f"{100 + earned} бонус" in spaced(page.inner_text("main"))
    page.locator("ul.rows > li", has_text="чек 0-1").first.get_by_role("link").click()
    page.wait_for_url("**/points/receipt?*")
    told = spaced(page.inner_text("main"))
    assert "Конфеты «Мишка косолапый»" in told and "444,90" in told and f"+{earned}" in told and "−50" in told
    page.goto(f"{shop.office.accounts['alenka']}/points/lots")
    left = [int(text) for text in page.locator("ul.rows .amount").all_inner_texts()]
    assert left == [100, earned], "of the welcome, and of the purchase"
