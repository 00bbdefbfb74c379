"""Nothing is lost at the page: a reload, a second window, a browser that crashed, an agent that was killed, no hub."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.page import screens
from tests.page.shop import BORIS, CHOCOLATE, Shop
from tests.page.till import SHOWN_MS, Till, again

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.page.conftest import Opener


def put_aside(till: Till) -> None:
    screens.aside(till)
    till.press("Escape")
    till.opened(None)


STORIES: dict[str, Callable[[Till], object]] = {
    "idle": screens.idle,
    "member": screens.member,
    "basket": screens.basket,
    "ready": screens.ready,
    "redeem": screens.redeem,
    "money": screens.money,
    "back": screens.back,
    "given": screens.given,
    "done": screens.done,
    "question": screens.question,
    "aside": put_aside,
}

WITHIN_OTHERS = ("idle", "ready", "back")  # what stands there stands in another state too: a start takes a second


def seen(till: Till) -> str:
    """What stands there; not what was said before, nor how old the hub's word is, nor how the printer is."""
    regions = ("title", "work", "side", "panel", "asked", "bar")
    said = [till.region(name).inner_text() if name != "title" else till.page.title() for name in regions]
    fields = till.page.locator("#panel input, #panel select").evaluate_all("all => all.map(one => one.value)")
    return re.sub(r"waits for the printer.*|is being printed", "", "\n".join([*said, *fields]))


def shows_again(till: Till, before: str) -> None:
    """It comes at once or a moment later: a panel asks the till anew."""
    for _ in range(40):
        if (now := seen(till)) == before:
            return
        till.page.wait_for_timeout(50)
    assert now == before


@pytest.mark.parametrize("name", STORIES)
def test_a_reload_a_crash_and_a_killed_agent_show_the_same(
    shop: Shop, opened: Opener, browser: Browser, name: str
) -> None:
    till = opened(shop)
    STORIES[name](till)
    before = seen(till)
    till.page.reload()
    till.ready()
    shows_again(till, before)
    till = again(till, browser)
    shows_again(till, before)
    if name in WITHIN_OTHERS:
        return
    shop.kill()
    expect(till.region("gone")).to_be_visible(timeout=2_000)
    shop.start()
    expect(till.region("gone")).to_be_hidden(timeout=SHOWN_MS)
    shows_again(till, before)


def test_a_command_while_the_agent_is_away_is_told_again_and_done_once(shop: Shop, till: Till) -> None:
    screens.money(till)
    number, before = shop.visit()["receipt"], len(shop.sold())
    shop.kill()
    expect(till.region("gone")).to_be_visible(timeout=2_000)
    till.press("Enter", "Enter")
    till.shows("said", "Trying again")
    shop.start()
    till.shows("work", f"Receipt {number} is recorded")
    assert len(shop.sold()) == before + 1


def test_a_scan_while_the_agent_is_away_is_not_lost(shop: Shop, till: Till) -> None:
    screens.keyed(till)
    shop.kill()
    expect(till.region("gone")).to_be_visible(timeout=2_000)
    till.press("F9")
    till.wedge(BORIS)
    shop.start()
    till.shows("side", "****0024")


def test_two_windows_follow_each_other(shop: Shop, till: Till) -> None:
    other = Till(shop, till.page.context.new_page()).visit()
    till.page.bring_to_front()
    visit = shop.visit()
    shop.do("basket", sale=visit["next_number"], day=visit["today"], lines=[CHOCOLATE])
    for one in (till, other):
        one.shows("to-pay", "269.70 ₽")
    other.page.bring_to_front()
    other.type(BORIS)
    other.press("Enter")
    till.shows("side", "****0024")
    till.page.bring_to_front()
    till.press("F9")
    other.shows("answers", "Has 269.70 ₽ been paid?")


def test_without_the_hub_and_with_it_again(shop: Shop, till: Till) -> None:
    """In words: what goes on, how old the data are, how many wait."""
    screens.offline(till)
    till.shows("troubles", "No connection to the hub, data of ")
    till.shows("troubles", "Up to 300 bonuses may be redeemed on a receipt")
    till.shows("devices", "Offline")
    till.press("F9")
    till.shows("answers", "been paid?")
    till.press("Enter")
    till.shows("devices", "not sent: ")
    shop.wire.mend()
    expect(till.region("troubles")).to_be_hidden(timeout=60_000)
    till.shows("devices", "Online")
    expect(till.region("devices")).not_to_contain_text("not sent", timeout=SHOWN_MS)
