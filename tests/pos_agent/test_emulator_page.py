"""The emulated till's page in a real browser: what is pressed happens at the devices, and what happens is seen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from drivers.scanner.emulator.pictures import card_picture
from pos_agent.page.emulated_faults import FAULTS
from tests.browser import chromium, needs_browser
from tests.pos_agent.conftest import BORIS
from tests.pos_agent.emulating import EmulatedShop, emulated_shop, until
from tests.pos_agent.running import TIMEOUT_S

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = needs_browser
SMALLEST = {"width": 1024, "height": 768}
TARGET_PX = 48
TOO_SMALL = """least => [...document.querySelectorAll("button, a, input, [tabindex]")].filter(one => one.offsetParent)
  .filter(one => one.getBoundingClientRect().height < least || one.getBoundingClientRect().width < least)
  .map(one => one.outerHTML)"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatedShop]:
    with emulated_shop(tmp_path_factory.mktemp("page")) as shop:
        yield shop


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(shop: EmulatedShop, browser: Browser) -> Iterator[Page]:
    """Open, and every fault of it told at the end."""
    context = browser.new_context(viewport=SMALLEST)  # type: ignore[arg-type]
    context.set_default_timeout(TIMEOUT_S * 1_000)
    context.add_cookies([shop.cookie()])  # type: ignore[list-item]
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.goto(f"{shop.url}/emulator")
    page.wait_for_selector("#people li")
    until("scanners are found", lambda: {one["state"] for one in status(shop)["scanners"]} == {"ready"})
    yield page
    context.close()
    assert not [text for text in wrong if "409" not in text]  # a refusal, which the browser calls a failure


def status(shop: EmulatedShop) -> dict:  # type: ignore[type-arg]
    return shop.call("/v1/status").json()  # type: ignore[no-any-return]


def press(page: Page, device: str, line: str) -> None:
    page.click(f'.device[data-device="{device}"] [data-order="{line}"]')


@pytest.mark.parametrize("device", FAULTS)
def test_every_button_of_a_fault_does_it_at_the_device_and_becomes_its_remedy(
    shop: EmulatedShop, page: Page, device: str
) -> None:
    for fault in FAULTS[device]:  # type: ignore[index]
        if fault.order.startswith("at "):
            continue  # later, not at once
        press(page, device, fault.order)
        if fault.shown_by:
            on = page.wait_for_selector(f'.device[data-device="{device}"] [data-on][data-order="{fault.remedy}"]')
            assert shop.device(device)[fault.shown_by] is True, fault
            assert on is not None and device in page.inner_text(f'.device[data-device="{device}"]').lower()
            press(page, device, fault.remedy)
            page.wait_for_selector(
                f'.device[data-device="{device}"] [data-order="{fault.order}"]:not([data-on])', timeout=TIMEOUT_S * 1e3
            )
            assert shop.device(device)[fault.shown_by] is False, fault
        assert page.is_hidden("#refused"), fault


def test_a_basket_a_card_and_the_money_make_a_receipt_on_the_paper(shop: EmulatedShop, page: Page) -> None:
    page.click("#baskets button")
    page.wait_for_selector("#receipt:has-text('89.90')")
    page.click("#people li:first-child [data-device=scanner]")
    page.wait_for_selector("#receipt:has-text('****0017')")
    page.click("#pay")
    paper = page.wait_for_selector("#paper-picture[alt*='****0017']")
    assert paper is not None
    until("it is drawn", lambda: paper.evaluate("picture => picture.naturalHeight") > 300)
    assert status(shop)["last_reply"]["code"] == "recorded"


def test_the_paper_ends_in_the_middle_of_the_next_receipt(shop: EmulatedShop, page: Page) -> None:
    press(page, "printer", "at line 5 paper out")
    assert shop.device("printer")["paper_out"] is False
    page.click("#baskets button")
    page.wait_for_selector("#receipt:has-text('89.90')")
    page.click("#people li:first-child [data-device=scanner]")
    page.wait_for_selector("#receipt:has-text('****0017')")
    page.click("#pay")
    page.wait_for_selector('.device[data-device=printer] [data-on][data-order="paper in"]')
    assert status(shop)["papers"].get("printed", 0) + 1 == sum(status(shop)["papers"].values())
    press(page, "printer", "paper in")
    until("the till asks, or knows", lambda: status(shop)["question"] or status(shop)["printer"]["state"] == "ready")
    if (asked := status(shop)["asked"]) is not None:
        shop.call("/v1/commands", {"do": "paper", "paper": asked, "came_out": True})


@pytest.mark.parametrize("device", ["scanner", "camera"])
def test_a_scanner_that_the_till_does_not_read_is_named_with_what_to_add(
    shop: EmulatedShop, page: Page, device: str
) -> None:
    trouble = page.locator(f'.device[data-device="{device}"] .trouble')
    assert trouble.is_hidden()
    url = shop.device(device)["url"]

    def elsewhere(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace(f'"{url}"', '"tcp://127.0.0.1:9999"'))

    page.route("**/emulator/state", elsewhere)
    trouble.filter(has_text='[[scanners]] with url = "tcp://127.0.0.1:9999"').wait_for()
    assert device in trouble.inner_text()
    page.unroute_all(behavior="wait")  # what is on its way is answered first
    trouble.wait_for(state="hidden")


def test_a_picture_that_is_uploaded_is_read_by_the_camera(shop: EmulatedShop, page: Page, tmp_path: Path) -> None:
    card_picture(BORIS, "ean13", tmp_path / "photo.png")
    page.set_input_files("#picture", tmp_path / "photo.png")
    page.wait_for_selector("#told:has-text('****0024')")
    assert status(shop)["last_reply"]["code"] == "member_found"
    page.click("#take-away")
    until("the counter is empty", lambda: shop.device("camera")["shows"] is False)
    (tmp_path / "words.png").write_text("no picture", encoding="utf-8")
    page.set_input_files("#picture", tmp_path / "words.png")
    assert "PNG, JPEG or WebP" in page.inner_text("#refused:not([hidden])")
    page.click("#cancel")


def test_any_code_may_be_typed(shop: EmulatedShop, page: Page) -> None:
    page.fill("#code", "4607001234567")
    page.press("#code", "Enter")
    page.wait_for_selector("#till.refused")
    page.fill("#code", BORIS)
    page.click("#show-code")
    page.wait_for_selector("#told:has-text('****0024')")
    page.click("#take-away")
    page.click("#cancel")


def test_a_device_that_is_gone_is_shown_so_and_the_rest_goes_on(shop: EmulatedShop, page: Page) -> None:
    shop.processes["network"].kill()
    page.wait_for_selector('.device[data-device="network"] button[disabled]')
    assert "stopped" in page.inner_text('.device[data-device="network"]')
    press(page, "scanner", "!unplug")
    page.wait_for_selector(".device[data-device=scanner] [data-on]")
    page.wait_for_selector(".device[data-device=scanner] .trouble:not([hidden])")
    press(page, "scanner", "!plug")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_and_every_target_is_large_enough(page: Page, theme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    press(page, "printer", "cover open")
    page.wait_for_selector("[data-on]")
    found = axe.Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate(TOO_SMALL, TARGET_PX) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    press(page, "printer", "cover close")
    page.wait_for_selector("[data-on]", state="detached")
