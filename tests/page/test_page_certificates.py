"""P16: a gift certificate at the cashier's page, by keys: sold with a receipt that is keyed in, looked at, used in part
by its QR and by its number with the PIN, taken off again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from tests.page.shop import Shop
from tests.page.till import SHOWN_MS

if TYPE_CHECKING:
    from tests.page.till import Till

TEA = {"id": "1", "name": "Чай", "price": "300.00", "category": "tea"}
GIFT = {"id": "1", "name": "Сертификат", "price": "1000.00", "category": "gift_certificate"}


def _on_paper(shop: Shop) -> tuple[str, str]:
    """The number of the certificate that came out, and its PIN."""
    found: list[tuple[str, str]] = []

    def is_out(status: dict[str, Any]) -> bool:
        for file in sorted(shop.papers.glob("receipt-*.txt")):
            plain = file.read_text(encoding="utf-8").replace(" ", "")
            found.extend(re.findall(r"^(9\d{15})$\n^(?:ПИН|PIN)(\d{6})$", plain, re.MULTILINE))
        return bool(found)

    shop.wait("the certificate's paper", is_out)
    return found[-1]


def test_a_certificate_is_sold_looked_at_and_pays_in_part(shop: Shop, till: Till) -> None:
    for _ in range(200):  # the till asks for numbers by itself
        reply = shop.ask("basket", sale="g1", lines=[GIFT])
        if "numbers" not in reply["text"]:
            break
        till.page.wait_for_timeout(100)
    shop.ask("prepare", sale="g1")
    paid = shop.ask("pay", sale="g1")
    assert paid["code"] == "no_member" and paid["told"]["certificates"][0]["face"] == "1000.00"
    number, pin = _on_paper(shop)
    shop.wait("the hub", lambda status: status["outbox"] == 0)

    # before there is a receipt it is looked at
    till.choose("F4", "8")
    till.opened("Gift certificate")
    till.keep("number", number)
    till.keep("pin", pin)
    till.press("Enter")
    till.shows("panel", "1,000.00")
    till.press("Escape")
    till.opened(None)

    # it pays a part
    shop.ask("basket", sale="g2", lines=[TEA])
    till.sees("Чай")
    till.choose("F4", "8")
    till.keep("number", number)
    till.press("Enter")
    expect(till.page.locator("#f-pin")).to_be_focused(timeout=SHOWN_MS)
    till.type(pin)
    till.press("Enter")
    till.opened(None)
    till.shows("certificates", "700.00")
    expect(till.region("to-pay")).to_contain_text("0.00", timeout=SHOWN_MS)
    assert number not in till.text() and pin not in till.text()

    # and goes off again
    till.region("certificates").locator("button").click()
    expect(till.region("certificates")).to_be_hidden(timeout=SHOWN_MS)
    expect(till.region("to-pay")).to_contain_text("300.00", timeout=SHOWN_MS)
