"""The day and the audit log at the manager's desk: what is seen, by keys, with the hub and without it (R32, SEC7)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.page.shop import ANNA, CHOCOLATE, Shop
from tests.page.till import SHOWN_MS, Till

if TYPE_CHECKING:
    from tests.page.conftest import Opener

PEOPLE = {"orlova": ("Орлова О.", "manager"), "ivanov": ("Иванов И.", "auditor")}
UNKNOWN = {"id": "9", "name": "Халва", "price": "100.00", "article": "H-9"}
SHOTS = os.environ.get("DAY_SHOTS", "")


class DayShop(Shop):
    """Two people work here, with badges."""

    def staffed(self) -> DayShop:
        self.badges: dict[str, str] = {}
        for person, (name, role) in PEOPLE.items():
            self.office.do("staff", "add", person, "--name", name, "--role", role)
            self.badges[person] = self.office.do("staff", "badge", person).strip()
        self.wait("its people", lambda status: len(status.get("staff", {}).get("people", [])) == len(PEOPLE))
        return self


@pytest.fixture(scope="module")
def working(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DayShop]:
    with closing(DayShop(tmp_path_factory.mktemp("day"), "ru", printer=False)) as shop:
        yield shop.staffed()


def serious(till: Till) -> list[Any]:
    till.page.evaluate(Axe().axe_script)
    found = till.page.evaluate("() => axe.run(document)")["violations"]
    return [(one["id"], one["nodes"][0]["html"][:120]) for one in found if one["impact"] in ("serious", "critical")]


def shot(till: Till, name: str) -> None:
    if SHOTS:
        till.page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def test_the_day_and_who_did_what_are_seen_by_whom_they_concern(opened: Opener, working: DayShop) -> None:
    shop = working
    shop.do("sign_in", badge=shop.badges["orlova"])
    for number in range(5):
        shop.do("basket", sale=str(number), lines=[CHOCOLATE, UNKNOWN][: 1 + number % 2])
        shop.do("code", sale=str(number), text=ANNA)
        shop.do("pay", sale=str(number))
    assert not shop.ask("code", text="2600000000994")["ok"]
    desk = opened(shop)
    desk.page.goto(f"{shop.url}/desk")
    desk.sees("Что сделать?")
    expect(desk.page.locator("#desk [aria-disabled=true]")).to_contain_text("журнал видят офис и ревизор")
    desk.page.locator("#desk button", has_text="День").click()
    day = desk.page.locator("#day")
    expect(day).to_contain_text("Продаж с картой", timeout=SHOWN_MS)
    row = day.locator("tr", has=desk.page.locator("th", has_text=re.compile("^Продаж с картой$")))
    expect(row.locator("td")).to_have_text("5")
    expect(day).to_contain_text("покупок за час на этой кассе: 4, обычно до 3, кассир Орлова О.")
    expect(day).to_contain_text("H-9")
    assert day.locator("svg.bar rect").count() >= 2
    assert ANNA not in desk.page.content() and serious(desk) == []
    shot(desk, "day")

    desk.page.locator("#f-where").select_option("store")
    desk.page.locator("#desk button.main").click()
    desk.shows("status", "весь магазин")
    shop.wire.cut()
    desk.page.locator("#desk button.main").click()
    desk.shows("alert", "ничего не")
    expect(day).to_be_visible()
    shop.wire.mend()

    shop.do("sign_out")
    shop.do("sign_in", badge=shop.badges["ivanov"])
    desk.shows("signed-in", "Иванов И.")
    desk.page.locator("#desk button", has_text="Кто что делал").click()
    audit = desk.page.locator("#audit")
    expect(audit).to_contain_text("вход", timeout=SHOWN_MS)
    expect(audit).to_contain_text("Орлова О.")
    expect(audit).not_to_contain_text("sign_in")
    expect(audit).not_to_contain_text("=")
    expect(audit.locator("tbody tr")).to_have_count(4)
    desk.shows("status", "Журнал цел")
    assert serious(desk) == []
    [month] = (shop.data / "audit").glob("*.ndjson")
    month.write_text(
        month.read_text(encoding="utf-8").replace('"act":"sign_out"', '"act":"sign_off"'), encoding="utf-8"
    )
    desk.press("Enter")
    desk.shows("status", "В журнал вмешивались: запись 3 изменена")
    expect(audit).to_contain_text("изменена")
    shot(desk, "audit")
