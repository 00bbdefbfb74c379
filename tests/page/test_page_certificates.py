"""P16: a gift certificate at the cashier's page, by keys: sold with a receipt that is keyed in, looked at, used in part
by its QR and by its number with the PIN, taken off again; and at the desk's: looked at, blocked, replaced, refunded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.page.shop import Shop
from tests.page.till import SHOWN_MS

if TYPE_CHECKING:
    from tests.page.till import Till

TEA = {"id": "1", "name": "Чай", "price": "300.00", "category": "tea"}
GIFT = {"id": "1", "name": "Сертификат", "price": "1000.00", "category": "gift_certificate"}


@pytest.fixture
def shop(shops: Callable[..., Shop]) -> Iterator[Shop]:
    """A manager has signed in."""
    shop = shops("en", staffed=True)
    shop.wait("the staff", lambda status: status.get("staff") is not None)
    shop.do("sign_in", badge=shop.badges["olga"])
    shop.calm()
    yield shop
    shop.mend()


def _papers(shop: Shop) -> list[str]:
    return [file.read_text(encoding="utf-8") for file in shop.papers.glob("receipt-*.txt")]


def _all_on_paper(shop: Shop) -> dict[str, str]:
    """The number of each certificate that came out, with its PIN."""
    found: dict[str, str] = {}
    for text in _papers(shop):
        found.update(re.findall(r"^(9\d{15})$\n^(?:ПИН|PIN)(\d{6})$", text.replace(" ", ""), re.MULTILINE))
    return found


def _on_paper(shop: Shop, before: dict[str, str]) -> tuple[str, str]:
    """The one that came out since."""
    shop.wait("the certificate's paper", lambda status: len(_all_on_paper(shop)) > len(before))
    ((number, pin),) = _all_on_paper(shop).items() - before.items()
    return number, pin


def _sold(shop: Shop, sale: str) -> tuple[str, str]:
    """One for 1,000 rubles, of which the hub knows."""
    before = _all_on_paper(shop)
    shop.wait("numbers to sell", lambda status: (status["cards"]["certificates"] or 0) > 0)
    shop.do("basket", sale=sale, lines=[GIFT])
    shop.ask("prepare", sale=sale)
    paid = shop.ask("pay", sale=sale)
    assert paid["code"] == "no_member" and paid["told"]["certificates"][0]["face"] == "1000.00"
    number, pin = _on_paper(shop, before)
    shop.wait("the hub", lambda status: status["outbox"] == 0)
    return number, pin


def test_a_certificate_is_sold_looked_at_and_pays_in_part(shop: Shop, till: Till) -> None:
    number, pin = _sold(shop, "g1")

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
    shop.do("cancel")

    # one that is sold here says for whom it is, on its paper alone
    visit = shop.visit()
    shop.do("basket", sale=visit["next_number"], day=visit["today"], lines=[GIFT])
    till.sees(f"Receipt {visit['next_number']}")
    till.choose("F4", "9")
    till.opened("The certificate sold here: for whom")
    till.keep("recipient", "Мария")
    till.keep("wishes", "Будь счастлива")
    till.press("Enter")
    till.opened(None)
    till.press("F9")
    till.shows("answers", "been paid?")
    till.press("Enter")
    till.shows("work", "is recorded")
    shop.wait("its paper", lambda status: any("Будь счастлива" in text for text in _papers(shop)))
    assert not any("Мария" in str(one) for one in shop.sold())


def _begin(desk: Till, digit: str, number: str) -> None:
    """A step of the flow, from its menu, and a number typed into it."""
    expect(desk.page.locator("#desk .menu")).to_be_visible(timeout=SHOWN_MS)
    desk.press(digit)
    expect(desk.region("f-number")).to_be_focused(timeout=SHOWN_MS)
    desk.keep("number", number)
    desk.press("Enter")


def _typed_pin(desk: Till, pin: str) -> None:
    expect(desk.region("f-pin")).to_be_focused(timeout=SHOWN_MS)
    desk.type(pin)
    desk.press("Enter")


def test_at_the_desk_one_is_looked_at_blocked_replaced_and_refunded(till: Till, shop: Shop) -> None:
    number, pin = _sold(shop, "g3")
    desk = till
    desk.page.goto(f"{shop.url}/desk")
    desk.shows("signed-in", "Olga")
    desk.press("2")
    desk.shows("desk-head", "Gift certificates")
    desk.shows("left", "Numbers to sell in stock:")

    _begin(desk, "1", number)
    desk.shows("alert", "type its number and PIN")
    _typed_pin(desk, pin)
    desk.shows("told", "1,000.00")
    assert pin not in desk.text()
    desk.press("Enter")

    _begin(desk, "2", number)
    desk.shows("sure", f"Block certificate {number}?")
    desk.press("Enter")
    desk.shows("alert", "Say why.")
    desk.type("stolen")
    desk.press("Enter")
    desk.shows("told", "is blocked: nobody pays with it")
    desk.press("Enter")

    before = _all_on_paper(shop)
    _begin(desk, "3", number)
    desk.shows("sure", f"Replace certificate {number}?")
    desk.keep("reason", "stolen")
    desk.press("Enter")
    desk.shows("told", f"is given in place of ****{number[-4:]}, 1,000.00")
    instead, pin = _on_paper(shop, before)
    desk.press("Enter")

    _begin(desk, "4", instead)
    _typed_pin(desk, "000000" if pin != "000000" else "000001")
    desk.shows("alert", "Not its PIN")
    _typed_pin(desk, pin)
    desk.shows("told", "Give this money to the customer")
    desk.press("Escape")  # not given: nothing is refunded
    expect(desk.region("f-number")).to_have_value(instead, timeout=SHOWN_MS)
    assert shop.do("certificate_balance", text=instead, pin=pin)["certificate"]["left"] == "1000.00"
    desk.press("Enter")
    desk.shows("told", "Give this money to the customer")
    desk.press("Enter")
    desk.shows("told", "refunded in money")
    shop.wait("the hub", lambda status: status["outbox"] == 0)
    assert shop.do("certificate_balance", text=instead, pin=pin)["certificate"]["left"] == "0.00"

    # a cashier may block one, and no more
    desk.wedge(shop.badges["petr"])
    desk.shows("signed-in", "Petr")
    desk.press("2")
    for step in ("Replace one by a new number", "Refund what is left in money"):
        expect(desk.page.get_by_role("button", name=f"{step} (you may not)")).to_be_visible(timeout=SHOWN_MS)
    shop.do("sign_in", badge=shop.badges["olga"])
