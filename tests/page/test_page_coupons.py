"""A coupon at the cashier's page: its code is typed, why it gives nothing is read, and it is taken off again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.page import screens
from tests.page.shop import BORIS, Shop

if TYPE_CHECKING:
    from tests.page.till import Till


def test_t5_a_typed_code_stands_with_why_not_and_what_is_left_and_is_taken_off(shop: Shop, till: Till) -> None:
    """A personal one, before its owner's card: by keyboard alone."""
    order = ("--programme", "alenka", "--campaign", "ten-percent", "--for", BORIS, "--uses", "3", "--json")
    minted = json.loads(shop.office.do("coupon", "mint", *order))
    screens.keyed(till)
    till.press("F2")
    till.type(minted["code"].lower())
    till.press("Enter")
    till.shows("side", "10 % off the receipt: personal: show its owner's card · uses left: 3")
    till.shows("to-pay", "494.90")
    shop.do("code", text=BORIS)
    till.shows("side", "10 % off the receipt: 49.49 ₽ off · uses left: 3")
    till.shows("to-pay", "445.41")
    till.page.get_by_role("button", name="Take the coupon off: 10 % off the receipt").click()
    expect(till.page.locator(".coupons")).to_have_count(0)
    till.shows("to-pay", "494.90")
