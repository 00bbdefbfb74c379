"""A manager at the till: cases of his shop by two keys each, a member looked up, points put right; without the hub all
of it is refused in words."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect

from tests.page.shop import ANNA, CHOCOLATE
from tests.page.test_page_staff import StaffedShop, serious, type_pin
from tests.page.till import SHOWN_MS, Till

if TYPE_CHECKING:
    from tests.page.conftest import Opener

PICTURES: Final = os.environ.get("OFFICE_PICTURES")


@pytest.fixture(scope="module")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StaffedShop]:
    with closing(StaffedShop(tmp_path_factory.mktemp("office"), "en", printer=False)) as shop:
        yield shop.staffed()


@pytest.fixture
def desk(opened: Opener, staffed: StaffedShop) -> Till:
    till = opened(staffed)
    till.page.goto(f"{staffed.url}/desk")
    till.sees("Who are you?")
    type_pin(till, "Orlova", staffed.pins["orlova"])
    till.shows("signed-in", "Orlova O.")
    return till


def pictured(till: Till, name: str) -> None:
    if PICTURES:
        till.page.screenshot(path=Path(PICTURES) / f"till-{name}.png")
    assert serious(till) == []


def open_flow(till: Till, title: str) -> None:
    digit = till.page.locator("#desk .flows button", has_text=title).get_attribute("data-choice", timeout=SHOWN_MS)
    till.press(str(digit))
    expect(till.region("desk-head")).to_have_text(title, timeout=SHOWN_MS)


def balance(shop: StaffedShop) -> int:
    return int(json.loads(shop.office.do("member", "--card", ANNA, "--json"))["points"])


def overspend(shop: StaffedShop) -> None:
    """Without the hub this till lets 50 of Anna's points be spent; meanwhile the office takes all that she has."""
    shop.wire.cut()
    shop.wait("no hub", lambda status: not status["hub"]["online"])
    shop.do("basket", sale="7001", lines=[CHOCOLATE])
    shop.do("code", sale="7001", text=ANNA)
    shop.do("redeem", sale="7001", points=50)
    assert shop.do("pay", sale="7001", quote=shop.visit()["told"]["quote"])["told"]["redeemed"]["points"] == 50
    shop.office.do("correct", ANNA, "--points", str(-balance(shop)), "--reason", "given out elsewhere")


def test_cases_and_points_at_the_till(desk: Till, staffed: StaffedShop) -> None:
    open_flow(desk, "Find a member, correct points")
    desk.type("9161234567")
    desk.press("Enter")
    desk.sees("1 500 pts", "+7916***4567", ANNA)
    pictured(desk, "member")
    desk.press("1")
    expect(desk.region("f-points")).to_be_focused(timeout=SHOWN_MS)
    desk.type("-2000")
    desk.keep("reason", "paid twice")
    desk.press("Enter")
    desk.shows("alert", "less than is taken")
    assert desk.region("f-points").input_value() == "-2000", "what was typed stays"
    desk.keep("points", "-100")
    pictured(desk, "correct")
    desk.press("Enter")
    desk.shows("status", "Corrected")
    desk.sees("corrected: paid twice", "Orlova O.")
    assert balance(staffed) == 1_400
    desk.press("Escape", "Escape")
    overspend(staffed)
    open_flow(desk, "Cases of this shop")
    desk.shows("alert", "There is no connection, and nothing was done")
    staffed.wire.mend()
    staffed.wait("all is sent", lambda status: status["hub"]["online"] and status["outbox"] == 0)
    desk.press("Escape")
    open_flow(desk, "Cases of this shop")
    desk.sees("More points were spent than there were", "receipt 7001", "50 pts")
    desk.press("1")
    desk.sees("Write off", "Collect on the next visit")
    pictured(desk, "case")
    desk.press("2")
    expect(desk.page.locator("[aria-pressed=true]")).to_contain_text("Write off", timeout=SHOWN_MS)
    desk.press("Enter")
    desk.sees("No case is open")
    desk.shows("status", "Settled. Write off")
    shown = staffed.office.do("cases", "list")
    assert "settled: write_off" in shown and balance(staffed) >= 0
