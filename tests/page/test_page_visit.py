"""A whole visit at the cashier's page: by keyboard only, by scanner only, by touch only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.page.shop import ANNA, BORIS, CHOCOLATE, SWEETS, Shop

if TYPE_CHECKING:
    from tests.page.conftest import Opener
    from tests.page.till import Till

FIELDS = ("none", "entry", "goods", "redeem", "dialog")


def basket_here(shop: Shop) -> None:
    visit = shop.visit()
    shop.do("basket", sale=visit["next_number"], day=visit["today"], lines=[CHOCOLATE, SWEETS])


def coupon(shop: Shop) -> str:
    return shop.office.do("coupon", "mint", "--programme", "alenka", "--campaign", "ten-percent").splitlines()[-1]


def test_n11_by_keyboard_only(shop: Shop, till: Till) -> None:
    till.press("F6")
    till.opened("Goods")
    till.type("77")  # its article
    till.press("Tab")
    till.type("Tea")
    till.press("Tab")
    till.type("120,5")
    till.press("Tab", "Tab", "Tab")
    till.type("tea")
    till.press("Enter")
    till.shows("work", "Tea")
    till.press("Escape")
    till.opened(None)

    till.type(BORIS)  # nothing has the focus
    expect(till.region("entry")).to_have_value(BORIS)
    till.press("Enter")
    till.shows("side", f"****{BORIS[-4:]} by card")
    till.shows("answers", "Redeem 60 bonuses?")

    till.press("F3")
    till.opened("How many to redeem?")
    till.type("61")
    expect(till.region("becomes-not")).to_contain_text("Up to 60 bonuses")
    till.press("Enter")
    till.opened("How many to redeem?")
    expect(till.region("f-points")).to_have_value("61")
    till.press("Backspace", "Backspace")
    till.type("50")
    till.shows("becomes", "70.50 ₽ to pay")
    till.press("Enter")
    till.opened(None)
    till.shows("to-pay", "70.50 ₽")

    till.press("F9")
    till.shows("answers", "Has 70.50 ₽ been paid?")
    till.press("Enter")
    till.shows("work", "70.50 ₽ paid, 1 bonus earned, 50 bonuses redeemed")
    till.shows("side", "printed")
    assert till.page.evaluate("document.activeElement === document.body")
    body = shop.sold()[-1]["body"]
    assert (body["paid_kopecks"], body["redeemed"]["points"], body["lines"][0]["name"]) == (7_050, 50, "Tea")


def test_n11_by_scanner_only(shop: Shop, till: Till) -> None:
    """Serial, through the agent; the POS has the goods and the money."""
    shop.do("basket", sale="2001", lines=[CHOCOLATE, SWEETS])
    shop.scan(ANNA)
    till.shows("side", "****0017")
    shop.scan(coupon(shop))
    till.shows("side", "10 % off the receipt: 49.49 ₽ off")
    till.shows("to-pay", "445.41 ₽")
    quote = shop.do("prepare", sale="2001")["told"]["quote"]
    shop.do("pay", sale="2001", quote=quote)
    till.shows("work", "Receipt 2001 is recorded")


@pytest.mark.parametrize("russian", [False, True], ids=["latin", "cyrillic"])
@pytest.mark.parametrize("focus", FIELDS)
def test_a_scanner_that_types_is_read_whatever_has_the_focus(shop: Shop, till: Till, focus: str, russian: bool) -> None:
    """Cards, and a QR with letters; no field is left with any of it."""
    basket_here(shop)
    till.shows("work", "Шоколад")
    if focus == "redeem":
        shop.do("code", text=BORIS)
        till.shows("answers", "Redeem")
        till.press("F3")
        till.opened("How many to redeem?")
    elif focus == "goods":
        till.press("F6", "Tab")
        till.type("Te")
    elif focus == "entry":
        till.region("entry").click()
        till.type("9")
    elif focus == "dialog":
        till.press("F10")
    fields = till.page.locator("input:visible, select:visible").all()
    before = [field.input_value() for field in fields]
    if focus != "goods":  # where a code is the goods'
        till.wedge(BORIS, russian=russian)
        till.shows("side", "****0024")
        if focus == "none":
            till.wedge(coupon(shop), russian=russian)
            till.shows("side", "49.49 ₽ off")
    else:
        till.wedge("4600000000015", russian=russian)
        expect(till.region("f-code")).to_have_value("4600000000015")
        expect(till.region("f-name")).to_have_value("Te")
        return
    till.opened(None if focus in ("none", "entry", "dialog") else "How many to redeem?")
    assert shop.visit()["put_aside"] == []  # a dialog took no digit of it for a choice
    if focus != "entry":
        assert [field.input_value() for field in fields] == before


def test_n11_by_touch_only(shop: Shop, opened: Opener) -> None:
    till = opened(shop, has_touch=True, is_mobile=True)
    basket_here(shop)
    till.page.locator("[data-key=F2]").tap()
    for digit in BORIS:
        till.page.locator(".pad button", has_text=digit).tap()
    till.page.locator("#panel .pad .main").tap()
    till.opened(None)
    till.shows("side", "****0024")
    till.page.locator("#bar [data-key=F3]").tap()
    for name in ("Erase", "Erase", "Erase"):
        till.page.get_by_role("button", name=name).tap()
    for digit in "45":
        till.page.locator(".pad button", has_text=digit).tap()
    till.shows("becomes", "449.90 ₽ to pay")
    till.page.locator("#panel button.main").first.tap()
    till.shows("to-pay", "449.90")
    till.page.locator("[data-key=F9]").tap()
    till.page.locator("#answers .main", has_text="Yes, paid").tap()
    till.shows("work", "449.90 ₽ paid")
    assert shop.sold()[-1]["body"]["redeemed"]["points"] == 45
