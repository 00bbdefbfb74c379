"""Every key that the page shows works; a key that is held, or pressed twice, does nothing twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.page import screens
from tests.page.screens import Screen
from tests.page.shop import BORIS, PHONE, Shop

if TYPE_CHECKING:
    from tests.page.till import Till

OPENS = {
    "F1": "Keys",
    "F2": "Customer",
    "F3": "How many to redeem?",
    "F4": "Cards",
    "F6": "Goods",
    "F7": "Return",
    "F8": "Papers",
    "F10": "Put the receipt away?",
}
STATES = [screen for screen in screens.SCREENS if screen.name in ("idle", "member", "basket", "ready", "pos", "money")]
NEVER = {"F5", "F11", "F12"}  # the browser's


@pytest.mark.parametrize("screen", STATES, ids=lambda screen: screen.name)
def test_each_key_of_the_bar_does_what_it_says(shop: Shop, till: Till, screen: Screen) -> None:
    """By key and by pointer; Esc closes, and no field has the focus then."""
    screen.story(till)
    keys = till.bar()
    assert len(keys) == len(set(keys)) >= 6 and not NEVER & set(keys)
    for key in keys:
        if key not in OPENS:
            continue
        if key == "F10" and screen.name == "idle":
            till.press(key)
            till.sees("What is to be done?")
            till.press("Escape")
            till.ready()
            continue
        till.press(key)
        till.opened(OPENS[key])
        till.press("Escape")
        till.opened(None)
        till.page.locator(f"#bar [data-key={key}]").click()
        till.opened(OPENS[key])
        till.page.locator("#panel [data-key=close]").click()
        till.opened(None)
        assert till.page.evaluate("() => document.activeElement === document.body")
    assert ("F9" in keys) == (screen.name == "ready")
    if "F9" in keys:
        till.press("F9")
        till.shows("answers", "been paid?")
        till.press("Escape")  # the sum is not frozen any more
        shop.wait("going on", lambda status: status["visit"]["prepared"] is False)
    for key in OPENS.keys() - set(keys):
        till.press(key)
        till.opened(None)


def test_the_keys_that_are_shown_in_panels_work(shop: Shop, till: Till) -> None:
    screens.ready(till)
    till.press("F3", "F3")  # all of it
    till.opened(None)
    till.shows("to-pay", "247.90")
    for key, digits in (("F4", "123"), ("F8", "235"), ("F1", "12")):
        for digit in digits:
            till.press(key)
            before = till.region("panel").inner_text()
            till.press(digit)
            expect(till.region("panel")).not_to_have_text(before, use_inner_text=True)
            till.press("Escape", "Escape", "Escape")
            till.opened(None)


def test_a_number_never_chooses_from_a_menu_and_a_scan_or_enter_takes_it_whole(shop: Shop, till: Till) -> None:
    """A menu left open eats no card or phone; what was typed fast goes whole; in a list letters search in it."""
    till.press("F4")
    till.opened("Cards")
    till.page.keyboard.type(BORIS, delay=90)  # by hand: each key is slower than a scanner's
    expect(till.region("entry")).to_have_value(BORIS)
    till.press("Enter")
    till.shows("side", f"****{BORIS[-4:]}")
    till.opened(None)
    till.press("F2", "Delete")  # the card alone is off
    till.page.locator(".welcome").wait_for()
    till.press("F4")
    till.page.keyboard.type(PHONE, delay=120)
    till.press("Enter")
    till.shows("side", "by phone")
    till.opened(None)
    till.press("F4")
    till.wedge(BORIS)
    till.shows("side", f"****{BORIS[-4:]} by card")
    till.opened(None)
    shop.calm()

    till.press("F4")
    till.page.locator("#panel [data-choice='4']").click()  # the desk
    till.sees("What is to be done?")
    till.press("F10")
    till.ready()
    till.opened(None)

    till.press("F6")
    till.page.keyboard.type("12345", delay=5)  # as quick as a scanner, and too short for one
    till.press("Enter")
    till.shows("panel", "line 1, price: nobody told what '12345' costs")
    expect(till.region("f-code")).to_have_value("12345")
    till.page.locator("#f-code").fill("")
    till.page.locator("#f-code").focus()
    till.wedge("4600000000015", gap_s=0.025)  # a slow one
    expect(till.region("f-code")).to_have_value("4600000000015")
    till.page.locator("#f-category").focus()
    till.wedge("cho", end="c")  # by the moments that keys have: letters that come slowly begin another search
    expect(till.region("f-category")).to_have_value("chocolate")
    expect(till.region("f-category")).to_be_focused()
    expect(till.region("f-quantity")).to_have_value("1")


def test_the_arrows_walk_through_lines_and_choices(till: Till) -> None:
    screens.keyed(till)
    chosen = till.page.locator("tr.chosen")
    expect(chosen).to_contain_text("Мишка")
    till.press("ArrowUp")
    expect(chosen).to_contain_text("Шоколад")
    till.press("PageDown")
    expect(chosen).to_contain_text("Мишка")
    till.press("F8", "ArrowDown", "ArrowDown", "ArrowUp")
    expect(till.page.locator("#panel [data-choice='2']")).to_be_focused()
    till.press("Enter")
    till.shows("panel", "Receipt number")


def test_a_held_key_and_a_double_enter_do_nothing_twice(shop: Shop, till: Till) -> None:
    screens.money(till)
    sold = len(shop.sold())
    till.page.keyboard.down("Enter")
    for _ in range(5):
        till.page.keyboard.down("Enter")  # repeats
    till.page.keyboard.up("Enter")
    till.press("Enter", "Enter")
    till.shows("work", "is recorded")
    till.press("Enter")
    assert len(shop.sold()) == sold + 1
    before = shop.status()["last_reply"]
    till.page.keyboard.down("F8")
    till.page.keyboard.down("F8")
    till.opened("Papers")
    till.press("Escape")
    assert shop.status()["last_reply"] == before


def test_a_held_f3_only_asks(shop: Shop, till: Till) -> None:
    """Pressed again, it spends all that may be."""
    screens.ready(till)
    for _ in range(4):
        till.page.keyboard.down("F3")
    till.page.keyboard.up("F3")
    till.opened("How many to redeem?")
    till.shows("becomes", "to pay")
    assert shop.visit()["redeemed_points"] == 0


def test_enter_in_the_line_of_entry_answers_no_question(shop: Shop, till: Till) -> None:
    screens.money(till)
    till.type(BORIS)
    till.press("Enter")
    till.shows("said", "****0024")
    assert shop.visit()["prepared"] is False or shop.visit()["state"] != "idle"


def test_esc_empties_the_line_of_entry_and_cancels_nothing(shop: Shop, till: Till) -> None:
    screens.ready(till)
    till.type("26")
    till.press("Escape")
    expect(till.region("entry")).to_have_value("")
    assert shop.visit()["state"] == "ready"
