"""The office's desk in a real browser: keys alone settle a queue, a refused form keeps what was typed, axe finds
nothing, and no other host is asked for anything."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from sync.staff_codes import challenge_of
from tests.browser import chromium, needs_browser
from tests.hub.certified import ONE, sold
from tests.hub.conftest import Office, Pen
from tests.hub.office.desk import OLEG, PIN, VERA, Desk, employ
from tests.hub.office.test_office_pages import DEBT, shop

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["shop"]
pytestmark = needs_browser
Open = Callable[[], Desk]
RULES: Final[dict[str, Any]] = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
PICTURES: Final = os.environ.get("OFFICE_PICTURES")  # a folder: the pages are drawn there, for whoever looks


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture
def page(browser: Browser, desk: Open) -> Iterator[Page]:
    context = browser.new_context(locale="ru-RU", base_url=desk().url, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(5_000)
    page.on("console", lambda said: pytest.fail(said.text) if "Content Security" in said.text else None)
    yield page
    context.close()


def seen(page: Page, name: str) -> None:
    """Nothing is kept from anybody, in either theme."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
    for width in (1024, 1280, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function("document.documentElement.scrollWidth <= innerWidth")  # once it is drawn at this width
    page.evaluate(Axe().axe_script)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]
        assert [f"{one['id']}: {one['nodes'][0]['html'][:150]}" for one in found] == [], (name, scheme)
    page.emulate_media(color_scheme="light")


def sign_in(page: Page, name: str, pin: str = PIN) -> None:
    page.get_by_label("Имя").fill(name)
    page.get_by_label("ПИН-код").fill(pin)
    page.keyboard.press("Enter")


def test_a_queue_is_settled_by_two_keys_each(shop: Office, page: Page) -> None:
    hosts = set[str]()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    page.goto("/")
    seen(page, "sign-in")
    for _ in range(5):
        sign_in(page, VERA.name, "000000")
        page.locator(".refused").wait_for()
    expect(page.locator(".refused")).to_contain_text("Подождите 30 с")
    sign_in(page, OLEG.name)
    page.get_by_role("link", name="Списано больше баллов, чем было").wait_for()
    seen(page, "cases")
    page.get_by_label("Вид").select_option("debt")
    page.wait_for_url("**/cases?*kind=debt*")
    page.get_by_role("link", name="Списано больше баллов, чем было").press("Enter")
    page.wait_for_url(f"**/cases/{DEBT}")
    seen(page, "case")
    expect(page.get_by_role("radio").first).to_be_focused()
    page.keyboard.press("2")
    page.keyboard.press("Enter")  # written off, and on to the next
    page.wait_for_url("**/cases/refused/t3/1/1")
    expect(page.locator(".done")).to_contain_text("решено")
    expect(page.get_by_role("radio").first).to_be_focused()
    page.keyboard.press("3")
    page.keyboard.press("Enter")
    expect(page.locator(".refused")).to_contain_text("Не сделано")
    page.get_by_role("textbox", name="Чей счёт").fill("cardanna")
    page.keyboard.press("Enter")
    page.get_by_text("Открытых случаев нет").wait_for()
    assert shop.balance() == 40 and shop.verdict().faults == ()
    assert len(hosts) == 1


def test_points_are_corrected_and_a_refused_form_keeps_what_was_typed(shop: Office, page: Page) -> None:
    page.goto("/members?text=анна")
    sign_in(page, OLEG.name)
    page.get_by_role("link", name="Анна Петрова").wait_for()
    seen(page, "members")
    page.get_by_role("link", name="Анна Петрова").click()
    page.get_by_text("Должен").wait_for()
    seen(page, "member")
    page.get_by_label("Сколько").fill("-5")
    page.locator("form[action$=correct]").get_by_label("Причина").fill("ошибка кассира")
    page.keyboard.press("Enter")
    expect(page.locator(".refused")).to_contain_text("На счёте меньше")
    expect(page.get_by_label("Сколько")).to_have_value("-5")
    page.get_by_label("Сколько").fill("405")
    page.keyboard.press("Enter")
    expect(page.locator(".done")).to_contain_text("Теперь на счёте 5")
    assert shop.balance() == 5
    page.get_by_label("Сколько").fill("40000")
    page.locator("form[action$=correct]").get_by_label("Причина").fill("обещали")
    page.keyboard.press("Enter")
    page.get_by_text("ждёт второго").wait_for()
    page.get_by_role("link", name="Ждут второго").click()
    page.get_by_text("Вы заказали сами").wait_for()
    seen(page, "gifts")
    shop.take(sold(), pen=Pen("t-gift"))
    page.get_by_role("link", name="Сертификаты").click()
    page.get_by_label("Номер сертификата").fill(ONE)
    page.keyboard.press("Enter")
    page.get_by_text("продан за").wait_for()
    seen(page, "certificates")
    page.locator("form[action$=replace]").get_by_label("Почему").fill("украли")
    page.keyboard.press("Enter")
    page.get_by_role("img", name="QR сертификата").wait_for()
    seen(page, "certificate-replaced")
    page.get_by_role("link", name="Кассы").click()
    page.get_by_role("heading", name="Кассы").wait_for()
    seen(page, "tills")
    page.get_by_role("link", name="Сотрудники").click()
    page.get_by_label("Код").fill("petrova")
    page.get_by_label("Имя в документах").fill("Петрова А.")
    page.keyboard.press("Enter")
    expect(page.locator(".done")).to_contain_text("ПИН-код")
    seen(page, "staff")
    employ(shop.hub, OLEG)
    page.get_by_role("link", name="Второй человек").click()
    page.get_by_label("Запрос с кассы").fill(challenge_of(shop.hub.pepper, "till-1", "return"))
    page.get_by_label("Что за шаг").fill("возврат без чека, 500 ₽")
    page.keyboard.press("Enter")
    expect(page.locator(".done")).to_contain_text("Код для")
    seen(page, "second")
    page.get_by_role("button", name="Выйти").click()
    page.get_by_label("ПИН-код").wait_for()
    page.goto("/tills")
    page.get_by_label("ПИН-код").wait_for()
