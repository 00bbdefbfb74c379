"""From the account to the till and back: a coupon that a member made is read from his screen, redeemed, and stands
used; and what he has chosen as a favourite brings more points."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from account.app import account_app
from account.hub_desk import HubDesk
from account.sessions import Sessions
from account.store.sqlite import SqliteStore
from drivers.scanner.decode import decode, read_picture
from drivers.scanner.emulator.phone import phone as phone_seen
from loyalty.card_numbers import make_number
from loyalty.operation import ACCOUNT_CHAIN
from loyalty.programme import COUPON
from pos_agent.answers import Reply
from pos_agent.protocol import BasketLine, Code, Pay, Prepare, SetBasket
from sync.identity import Own
from tests.account.conftest import PHONE, SHOWN_MS
from tests.account.homely import FAVOURITE, MADE, in_force
from tests.browser import needs_browser
from tests.one_port import Server
from tests.pos_agent.joined import ALENKA, Here, Till
from tests.speaking import joined

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CARD: Final = make_number(ALENKA.cards.schemes[0], 1)
SWEETS: Final = BasketLine(id="1", name="Конфеты", price="900.00", quantity="1", category="sweets")


@pytest.fixture
def here(tmp_path: Path, hub_server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Here]:
    here = Here(tmp_path, hub_server)
    in_force(monkeypatch, here.hub, member_made=MADE, favourite=FAVOURITE)
    here.join("anna", CARD, points=500)
    yield here
    here.close()


@pytest.fixture
def till(here: Here) -> Till:
    till = here.till("t1", "s1")
    till.checkout.house.programme = replace(till.checkout.house.programme, favourite=FAVOURITE)
    till.sync()
    return till


@pytest.fixture
def page(here: Here, browser: Browser, account_server: Server) -> Iterator[Page]:
    """Anna's phone."""
    store = SqliteStore(here.folder / "account.db")
    desk = HubDesk(here.url, Own(joined(here.hub, ACCOUNT_CHAIN)), "alenka")
    account_server.app = account_app(desk, store, now=lambda: here.now)
    cookie = Sessions(store, lambda: here.now).begin("anna", "ru", "test")[0]
    context = browser.new_context(viewport=PHONE, locale="ru-RU", device_scale_factor=2, has_touch=True)  # type: ignore[arg-type]
    context.add_cookies([{"name": "account", "value": cookie, "url": account_server.url}])
    page = context.new_page()
    page.set_default_timeout(SHOWN_MS)
    page.goto(account_server.url)
    yield page
    context.close()
    store.close()


def ask(till: Till, command: Any) -> Reply:
    """The agent hears from the hub besides."""
    asked = till.agent.asked(command)
    while not asked.done():
        till.step()
    reply = asked.result()
    assert reply.ok, reply.text
    return reply


def text(page: Page, where: str = "main") -> str:
    return page.inner_text(where).replace("\xa0", " ").replace("\u202f", " ")


def seen_by_camera(page: Page, file: Path) -> str:
    """What the till's decoder reads of a picture of the screen, straight and as a camera sees a phone."""
    page.locator(".qr svg").first.evaluate("one => one.scrollIntoView({block: 'center', behavior: 'instant'})")
    page.screenshot(path=file)
    (code,) = decode(read_picture(file))
    for seed in range(2):
        (seen,) = decode(phone_seen(read_picture(file), seed), live=True)
        assert seen.text == code.text
    return code.text


@needs_browser
def test_p32_p26_p24_a_coupon_is_made_read_from_the_screen_redeemed_and_stands_used(
    here: Here, till: Till, page: Page, tmp_path: Path
) -> None:
    """P32: made, shown as a QR; P26: one clipped besides; P24: favourites bring more points at the till."""
    page.get_by_role("link", name="Любимые категории").click()
    page.get_by_label("Конфеты").check()
    page.get_by_label("Чай и кофе").check()
    page.get_by_role("button", name="Сохранить").click()
    assert "Категорий слишком много" in text(page, "#told") and page.get_by_label("Чай и кофе").is_checked()
    page.get_by_label("Чай и кофе").uncheck()
    page.get_by_role("button", name="Сохранить").click()
    page.get_by_text("Выбор сохранён").wait_for()
    assert "Ваш выбор стоит до 1 апреля" in text(page)

    page.goto(page.url.replace("/favourites", "/"))
    page.get_by_role("link", name="Купоны").click()
    assert "Действующих купонов нет" in text(page)
    page.get_by_role("button", name="Сделать за 100 бонусов: Скидка 10 %").click()
    page.get_by_text("Купон у вас, действует по 9 марта").wait_for()
    assert "Можно потратить: 400 бонусов" in text(page) and "осталось: 1 из 2" in text(page)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    coupon = seen_by_camera(page, tmp_path / "coupon.png")
    assert coupon.startswith(COUPON)
    page.get_by_role("button", name="Взять: 100 ₽ на конфеты").click()
    page.get_by_text("уже у вас").wait_for()
    assert page.locator(".coupons > li").count() == 2

    till.sync()
    ask(till, SetBasket(sale="101", lines=(SWEETS,)))
    ask(till, Code(sale="101", text=CARD))
    ask(till, Code(sale="101", text=coupon))
    told = ask(till, Prepare(sale="101")).told
    assert told is not None and told.to_pay == "810.00"
    by_favourite = [points for what, points in told.accrued.parts if "favourite" in what]
    assert by_favourite == [5 * 8]
    ask(till, Pay(sale="101", quote=told.quote))
    till.sync()

    page.reload()
    before = text(page, "section:has(#before)")
    assert "Скидка 10 % на весь чек" in before and "использован" in before
    assert "магазин s1, скидка 90 ₽" in before and re.search(r"0?2[. ](03|марта)", before)
    assert page.locator(".coupons > li").count() == 1
    page.get_by_role("link", name="Чек").click()
    assert "Конфеты" in text(page)
