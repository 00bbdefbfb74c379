"""At the manager's desk: goods without a receipt (R26), and a purchase without a card, by keys alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.page.shop import ANNA, CHOCOLATE, SWEETS
from tests.page.test_page_staff import StaffedShop, serious, type_pin
from tests.page.till import SHOWN_MS, Till

if TYPE_CHECKING:
    from tests.page.conftest import Opener


@pytest.fixture(scope="module")
def shop_of_two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StaffedShop]:
    """Anna has bought, and then once without her card; the hub has heard of both."""
    with closing(StaffedShop(tmp_path_factory.mktemp("receipts"), "en", printer=False)) as shop:
        shop.staffed()
        shop.do("basket", sale="101", lines=[CHOCOLATE, SWEETS])
        shop.do("code", sale="101", text=ANNA)
        shop.do("pay", sale="101")
        shop.do("basket", sale="102", lines=[CHOCOLATE, SWEETS])
        shop.do("pay", sale="102")
        shop.wait("both to be sent", lambda status: status["outbox"] == 0)
        yield shop


def pictured(till: Till, name: str) -> None:
    """For whoever wants to look at it."""
    if folder := os.environ.get("PICTURES"):
        till.page.screenshot(path=str(Path(folder) / f"{name}.png"))


def test_r26_goods_without_a_receipt_and_a_purchase_without_a_card(opened: Opener, shop_of_two: StaffedShop) -> None:
    shop = shop_of_two
    desk = opened(shop)
    desk.page.goto(f"{shop.url}/desk")
    desk.sees("Who are you?")
    type_pin(desk, "Orlova", shop.pins["orlova"])
    desk.sees("What is to be done?")
    pictured(desk, "desk-menu")

    # goods without a receipt
    flow(desk, "Goods without a receipt")
    desk.type("2600000000999")
    desk.press("Enter")
    desk.shows("alert", "Nobody has that card")
    desk.wedge(ANNA)
    desk.sees("Of which purchase?")
    assert serious(desk) == []
    pictured(desk, "desk-which")
    desk.page.locator("#desk .menu button", has_text="receipt 101").click()
    desk.sees("What comes back?")
    desk.page.locator("#t-1").click()
    desk.page.locator("#q-1").fill("1")
    desk.page.locator("#f-reason").fill("bought on Monday, the receipt is lost")
    assert serious(desk) == []
    pictured(desk, "desk-what")
    desk.press("Enter")
    desk.sees("89.90 ₽ is to be given back")
    expect(desk.page.locator("#second")).to_be_hidden()
    desk.press("Enter")
    second = desk.page.locator("#second")
    expect(second).to_contain_text("A second person is needed", timeout=SHOWN_MS)
    second.locator("button", has_text="Markov").click()
    desk.type(shop.pins["markov"])
    desk.press("Enter")
    desk.sees("Has 89")
    desk.page.locator("#not-given").click()
    desk.sees("is to be given back")
    desk.press("Enter")  # the second person has answered for it
    desk.sees("Has 89")
    pictured(desk, "desk-given")
    desk.press("Enter")
    desk.sees("given back, return")
    back: dict[str, Any] = shop.sold()[-1]
    assert back["by"] == "Orlova O."
    assert {name: back["body"][name] for name in ("type", "without_receipt", "second", "reason")} == {
        "type": "return",
        "without_receipt": True,
        "second": "Markov M.",
        "reason": "bought on Monday, the receipt is lost",
    }
    desk.press("Escape")

    # a purchase without a card
    flow(desk, "Points were not added")
    desk.wedge(ANNA)
    desk.page.locator("#f-receipt").fill("101")
    desk.press("Enter")
    desk.shows("alert", "is this member's anyway")
    desk.page.locator("#f-receipt").fill("102")
    desk.press("Enter")
    desk.sees("can be added", "No card was shown")
    assert serious(desk) == []
    pictured(desk, "desk-claim")
    desk.page.locator("#f-reason").fill("forgot the card at home")
    desk.press("Enter")
    desk.sees("Added by receipt 102")
    assert "was added afterwards: forgot the card at home" in shop.office.do("member", "show", ANNA)

    # without a connection nothing of it is done
    desk.press("Escape")
    shop.wire.cut()
    flow(desk, "Points were not added")
    desk.wedge(ANNA)
    desk.page.locator("#f-receipt").fill("102")
    desk.press("Enter")
    desk.shows("alert", "nothing")
    pictured(desk, "desk-offline")


def flow(desk: Till, title: str) -> None:
    desk.page.locator(".flows button", has_text=title).click()
    expect(desk.page.locator("#desk-head")).to_have_text(title, timeout=SHOWN_MS)
