"""Stickers at the cashier's page and on the guest's display: exchanged with a press, kept with another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from config.programmes import SHIPPED
from tests.page.shop import ANNA, Shop
from tests.page.till import GUEST

if TYPE_CHECKING:
    from tests.page.conftest import Opener

COLLECTION = """
[stickers]
step_sum = "200.00"
per_step = 1
first_day = 2020-01-01
last_day = 2199-12-31

[[stickers.offers]]
stickers = 20
id = "knife"
ru = "Нож"
en = "A knife: 500 rubles off"
kind = "amount_off"
amount = "500.00"
categories = ["gifts"]

[[stickers.offers]]
stickers = 40
id = "pan"
ru = "Сковорода"
en = "A pan: half price"
kind = "percent_off"
percent_bp = 5000
"""
TEAPOT = {"id": "1", "name": "Teapot", "price": "1499.00", "category": "gifts"}
MUCH = {"id": "2", "name": "Tea", "price": "5000.00", "category": "tea"}


class ShopOfStickers(Shop):
    """By a programme of its own, in which a collection always runs."""

    def _settings(self) -> str:
        source = (SHIPPED / "alenka.toml").read_text(encoding="utf-8")
        (self.folder / "ours.toml").write_text(source + COLLECTION, encoding="utf-8")
        return super()._settings().replace('programme = "alenka"', 'programme = "ours.toml"')


@pytest.fixture(scope="module")
def collecting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with closing(ShopOfStickers(tmp_path_factory.mktemp("stickers"), "en")) as shop:
        yield shop


def test_stickers_are_exchanged_and_kept_at_the_page_and_seen_by_the_guest(collecting: Shop, opened: Opener) -> None:
    shop = collecting
    till, guest = opened(shop), opened(shop, face=GUEST)
    shop.do("basket", sale="1", lines=[MUCH])
    shop.do("code", text=ANNA)
    till.shows("stickers", "Stickers: 0 → 25")
    till.shows("stickers", "20 missing")
    shop.do("pay", sale="1")
    shop.do("code", text=ANNA)
    till.shows("side", "Stickers: 25.")
    shop.do("basket", sale="2", lines=[TEAPOT])
    till.shows("stickers", "Stickers: 25 → 32")
    till.shows("stickers", "15 missing")
    guest.shows("stickers", "Наклейки за покупку: 7, станет 32. До «Сковорода» ещё 8.")

    till.page.get_by_role("button", name="Exchange 20").click()
    till.shows("to-pay", "999.00 ₽")
    till.shows("stickers", "A knife: 500 rubles off (20): 500.00 ₽ off")
    till.shows("stickers", "Stickers: 25 → 9")
    guest.shows("stickers", "станет 9")

    till.page.get_by_role("button", name="Keep the stickers").focus()
    till.press("Enter")
    till.shows("to-pay", "1,499.00 ₽")
    expect(till.page.locator("[data-choice='stickers-knife']")).to_be_visible()
    till.page.locator("[data-choice='stickers-knife']").focus()
    till.press("Enter")
    till.shows("to-pay", "999.00 ₽")
    shop.do("pay", sale="2")
    body = shop.sold()[-1]["body"]
    assert body["stickers"]["given"] == 4 and body["stickers"]["spent"][0]["count"] == 20
