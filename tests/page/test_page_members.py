"""R32, P17, P19: the desk's flows about members, by keys alone, with a connection and without one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import Page, expect

from tests.page.shop import BLANKS, BORIS, VERA, Shop

SHOWN_MS: Final = 8_000  # of what the hub is asked for
if TYPE_CHECKING:
    from tests.page.till import Till

NAME, PHONE = "Зимородок Канарейкин", "8 903 111-22-33"
FIRST, SECOND = BLANKS[7], BLANKS[8]
GOODS: Final = {"id": "1", "name": "Чай", "price": "400.00", "quantity": "1", "category": "tea"}


@pytest.fixture
def shop(shops: Callable[..., Shop]) -> Shop:
    shop = shops("en", staffed=True)
    shop.wait("the staff", lambda status: status.get("staff") is not None)
    shop.do("sign_in", badge=shop.badges["olga"])
    if not shop.ask("balance", text=FIRST).get("ok"):
        for number, card in enumerate((FIRST, SECOND), start=901):
            shop.do("basket", sale=str(number), lines=[GOODS])
            shop.do("issue_card", sale=str(number), card=card)
            quote = shop.do("prepare", sale=str(number))["told"]["quote"]
            shop.do("pay", sale=str(number), quote=quote)
        shop.wait("the sales at the hub", lambda status: status["outbox"] == 0)
        shop.calm()
    return shop


def at_the_desk(till: Till, shop: Shop, person: str) -> Page:
    page = till.page
    page.goto(shop.url + "/desk")
    expect(page.locator("#desk-head")).to_be_visible()
    till.wedge(shop.badges[person])
    expect(page.locator("#signed-in")).to_contain_text(person.title())
    return page


def begin(page: Page, flow: str) -> None:
    page.get_by_role("button", name=flow).press("Enter")


def in_the_fields(page: Page, **values: str) -> None:
    for name, text in values.items():
        page.locator(f"#f-{name}").fill(text)


def test_a_member_is_registered_by_keys_and_changed_and_joined(till: Till, shop: Shop) -> None:
    page = at_the_desk(till, shop, "petr")
    begin(page, "Register a member")
    expect(page.locator("#f-card")).to_be_focused()
    till.wedge(FIRST)
    expect(page.locator("#f-card")).to_have_value(FIRST)
    boxes = page.locator(".consent input")
    for shown in (*boxes.all(), page.locator("#desk button.main"), page.locator("#bar [data-key=Escape]")):
        expect(shown).to_be_in_viewport(ratio=1)
    assert [box.is_checked() for box in boxes.all()] == [False, False], "nothing is ticked beforehand"
    expect(page.get_by_role("button", name="Send a code")).to_have_count(1)
    till.press("Enter")  # of a scanner that was slow: no code is sent to an empty phone
    expect(page.locator("#f-name")).to_be_focused()
    expect(page.locator("#wrong-phone")).to_have_count(0)
    in_the_fields(page, name=NAME, phone=PHONE)
    till.press("Enter")
    expect(page.locator("#f-code")).to_be_focused()
    code = shop.code()
    page.locator("#f-code").fill("0000" if code != "0000" else "0001")
    till.press("Enter")
    expect(page.locator("#wrong-code")).to_contain_text("Tries left: ")
    expect(page.locator("#f-name")).to_have_value(NAME)
    page.locator("#f-code").fill(code)
    till.press("Enter")
    expect(page.locator("#wrong-consents")).to_contain_text("without the consent")
    expect(page.locator("#f-personal_data")).to_be_focused()
    page.locator("#f-personal_data").check()
    till.press("Enter")
    expect(page.locator("#desk .note")).to_contain_text("is registered: its points may be spent. Given: 150 bonuses")
    shop.wait("the card", lambda status: shop.do("balance", text=FIRST)["balance"]["status"] == "active")

    # the same phone with another card: somebody who may answers for it that they are one
    till.press("1")
    in_the_fields(page, card=SECOND, name=NAME, phone=PHONE)
    page.locator("#f-personal_data").check()
    page.locator("#f-card").focus()
    till.press("Enter")
    expect(page.locator("#wrong-phone")).to_contain_text("in a minute")


def test_two_are_made_one_and_one_is_changed(till: Till, shop: Shop) -> None:
    page = at_the_desk(till, shop, "olga")
    begin(page, "Two members are one")
    expect(page.locator("#f-gone")).to_be_focused()
    in_the_fields(page, gone=VERA, into=BORIS)
    till.press("Enter")
    expect(page.locator("#desk .side").first).to_contain_text("40,000 bonuses", timeout=SHOWN_MS)
    till.press("Enter")
    expect(page.locator("#wrong-reason")).to_contain_text("Say why")
    page.locator("#f-reason").fill("two cards, one person")
    till.press("Enter")
    expect(page.locator("#second-title")).to_be_visible()
    till.wedge(shop.badges["mark"])
    expect(page.locator("#desk .note")).to_contain_text("The members are one", timeout=SHOWN_MS)
    assert shop.office.ask("member", "balance", "--card", BORIS)["points"] == 80_000
    till.press("Escape")
    begin(page, "A member's data")
    expect(page.locator("#f-card")).to_be_focused()
    till.wedge(BORIS)
    expect(page.get_by_role("button", name="Change the phone")).to_be_focused()
    till.press("2")
    expect(page.locator("#f-birthday")).to_be_focused()
    page.locator("#f-birthday").fill("31.02.1990")
    till.press("Enter")
    expect(page.locator("#wrong-birthday")).to_contain_text("no such birthday")
    page.locator("#f-birthday").fill("17.05.1990")
    till.press("Enter")
    expect(page.locator("#status")).to_contain_text("Changed")


def test_without_a_connection_there_is_a_form_on_paper(till: Till, shop: Shop) -> None:
    page = at_the_desk(till, shop, "petr")
    shop.wire.cut()
    shop.wait("the cut", lambda status: not status["hub"]["online"])
    try:
        begin(page, "Register a member")
        expect(page.locator("#desk .note")).to_contain_text("No connection. Print the form")
        till.wedge(FIRST)
        page.locator("#entry").fill("12")  # left there by somebody
        till.press("Enter")
        expect(page.locator("#status")).to_contain_text("The form is being printed")
    finally:
        shop.mend()
