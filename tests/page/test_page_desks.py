"""What else a cashier does at the page: receipts put aside, cards, balances, returns, goods, other POS."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from playwright.sync_api import Route, expect

from tests.page import screens
from tests.page.shop import ANNA, BLANKS, BORIS, CHOCOLATE, PHONE, SWEETS, VERA, Shop

if TYPE_CHECKING:
    from tests.page.till import Till


def test_a_receipt_is_put_aside_and_taken_up(shop: Shop, till: Till) -> None:
    screens.ready(till)
    number = shop.visit()["receipt"]
    till.choose("F10", "2")
    till.shows("work", "Scan the card")
    screens.keyed(till)  # another one meanwhile
    assert shop.visit()["receipt"] != number
    till.choose("F10", "1")
    till.shows("work", "Scan the card")
    till.choose("F10", "1")
    till.shows("work", f"Receipt {number}")
    till.shows("side", "****0017")


def test_cancelling_needs_a_second_key(shop: Shop, till: Till) -> None:
    screens.ready(till)
    till.press("F10")
    till.opened("Put the receipt away?")
    till.press("Escape")
    till.opened(None)
    till.shows("side", "****0017")
    till.press("F10")
    till.opened("Put the receipt away?")
    till.press("Enter")
    till.shows("work", "Scan the card")
    assert shop.visit()["state"] == "idle" and shop.visit()["put_aside"] == []


def test_a_card_and_a_coupon_are_taken_off(shop: Shop, till: Till) -> None:
    screens.coupon(till)
    till.page.get_by_role("button", name="Take the coupon off: 10 % off the receipt").click()
    expect(till.page.locator(".coupons")).to_have_count(0)
    till.shows("to-pay", "494.90")
    till.press("F2")
    till.page.get_by_role("button", name="Take the card off").click()
    till.shows("side", "No card")


def test_a_line_is_chosen_and_removed(shop: Shop, till: Till) -> None:
    screens.keyed(till)
    till.press("ArrowUp", "Delete")
    till.shows("to-pay", "225.20")
    expect(till.region("work")).not_to_contain_text("Шоколад")


def test_a_new_card_goes_out_with_the_purchase(shop: Shop, till: Till) -> None:
    screens.keyed(till)
    till.choose("F4", "1")
    till.wedge(BLANKS[1])
    till.shows("side", f"Card ****{BLANKS[1][-4:]} goes out with this purchase")
    till.press("Escape", "Escape")
    till.press("F9")
    till.shows("answers", "been paid?")
    till.press("Enter")
    till.shows("work", "is recorded")
    assert shop.sold()[-1]["body"]["card"] == BLANKS[1]


def test_a_lost_card_is_replaced_when_the_manager_allows_it(shop: Shop, till: Till) -> None:
    screens.keyed(till)
    shop.do("phone", number=PHONE)
    till.shows("side", "by phone")
    till.choose("F4", "2")
    till.shows("panel", "Whose: ****0017")
    till.keep("number", BLANKS[2])
    till.press("Enter")
    till.opened(None)
    till.shows("answers", "Does the manager allow it?")
    till.press("Escape")
    till.choose("F4", "2")
    till.keep("number", BLANKS[2])
    till.page.get_by_label("The manager allows it").check()
    till.keep("by", "Olga")
    till.press("Enter")
    till.opened(None)
    till.shows("side", f"Card ****{BLANKS[2][-4:]} goes out with this purchase")


def test_a_balance_by_card_and_by_phone_touches_no_receipt(shop: Shop, till: Till) -> None:
    screens.ready(till)
    till.choose("F4", "3")
    till.wedge(VERA)
    till.shows("panel", "40,000 bonuses")
    till.keep("number", f"+7{PHONE}")
    till.press("Enter")
    expect(till.page.locator("#panel .told")).not_to_contain_text("40,000")
    till.press("Escape", "Escape")
    till.shows("side", "****0017")


GIVEN_BACK = re.compile(r'"do":"return".*"paid":true')


def losing(till: Till, lose: Callable[[Route], None]) -> list[str]:
    """The till does what a page says of money that was given back, and the page hears nothing of it; `lose` ends the
    first such request. All that was said so. It lies on the way long before: a browser that is told so may still send
    the next request by the old way."""
    said: list[str] = []

    def on_the_way(route: Route) -> None:
        if not GIVEN_BACK.search(route.request.post_data or ""):
            return route.continue_()
        said.append(route.request.post_data or "")
        if len(said) > 1:
            return route.continue_()
        route.fetch()
        return lose(route)

    till.page.route("**/v1/commands", on_the_way)
    return said


def asked(till: Till) -> None:
    """One of three is to come back: whether the money has been given."""
    screens.back(till)
    till.page.locator(".takes .short").select_text()
    till.type("1")
    till.press("Enter")
    till.shows("panel", "Has 89.90 ₽ been given back?")


def test_a_part_comes_back_once_though_the_answer_was_lost(shop: Shop, till: Till) -> None:
    """One of three, after the answer to «given back» did not reach the page."""
    said = losing(till, lambda route: route.abort())
    asked(till)
    before = len(shop.sold())
    till.press("Enter")
    till.shows("work", "89.90 ₽ given back")
    till.opened(None)
    assert len(said) == 2 and said[0] == said[1]
    assert [one["body"]["refund_kopecks"] for one in shop.sold()[before:]] == [8_990]


def test_a_return_is_one_though_the_page_is_closed_before_the_answer(shop: Shop, till: Till) -> None:
    """The till has done it; somebody presses Enter again on the page that was opened anew."""
    said = losing(till, lambda route: None)
    asked(till)
    before = len(shop.sold())
    till.press("Enter")
    till.shows("work", "89.90 ₽ given back")
    till.page.reload()
    till.ready()
    till.opened("Return")
    till.shows("panel", "89.90 ₽")
    till.press("Enter")
    till.opened(None)
    till.shows("work", "given back")
    assert len(said) == 2
    assert len(shop.sold()) == before + 1


def test_a_scan_of_our_paper_opens_its_return(shop: Shop, till: Till) -> None:
    screens.done(till)
    code = till.page.locator(".paper").inner_text().partition("[QR ")[2].partition("]")[0]
    shop.scan(code)
    till.opened("Return")
    till.shows("panel", "What comes back?")
    till.shows("panel", "of 0.347")


def test_goods_that_are_scanned_open_their_form(shop: Shop, till: Till) -> None:
    """Where no POS keeps the receipt."""
    shop.scan("4600000000015")
    till.opened("Goods")
    expect(till.region("f-code")).to_have_value("4600000000015")


def test_goods_of_the_office_are_sold_by_their_article_alone(shop: Shop, till: Till) -> None:
    """At the store's price of today; one that is typed wins, and is asked for where none is known."""
    shop.knows("9001")
    till.press("F6")
    till.opened("Goods")
    till.type("9001")
    till.press("Enter")
    till.shows("work", "Чай")
    till.shows("to-pay", "120.50 ₽")
    expect(till.region("f-code")).to_have_value("")
    till.keep("code", "9001")
    till.keep("price", "100")
    till.press("Enter")
    till.shows("to-pay", "220.50 ₽")
    expect(till.region("f-code")).to_have_value("")
    till.keep("code", "77")
    till.press("Enter")
    till.shows("panel", "nobody told what '77' costs here today; type its price")
    expect(till.region("f-code")).to_have_value("77")


def test_a_receipt_of_a_pos_has_no_goods_and_no_payment_here(shop: Shop, till: Till) -> None:
    screens.pos(till)
    assert "F6" not in till.bar() and "F9" not in till.bar()
    till.shows("side", "The POS takes the money")
    till.press("F6", "F9", "Enter")
    till.opened(None)
    assert shop.visit()["prepared"] is False


def test_n18_a_command_of_the_page_is_for_the_receipt_that_it_shows(shop: Shop, till: Till) -> None:
    """Two POS with the same number at one till."""
    shop.do("basket", pos="left", sale="7", lines=[CHOCOLATE])
    shop.do("code", pos="left", sale="7", text=BORIS)
    shop.do("basket", pos="right", sale="7", lines=[SWEETS])
    shop.do("code", pos="right", sale="7", text=ANNA)
    till.shows("to-pay", "225.20")
    till.shows("side", "by card")
    till.press("F3")
    till.opened("How many to redeem?")
    till.keep("points", "50")
    till.shows("becomes", "175.20")
    till.press("Enter")
    till.shows("to-pay", "175.20")
    left = shop.do("prepare", pos="left", sale="7")["told"]
    assert (left["redeemed"]["points"], left["to_pay"]) == (0, "269.70")


def test_n18_the_receipt_changes_while_somebody_types(shop: Shop, till: Till) -> None:
    """What was typed for one receipt redeems nothing of the next one."""
    shop.do("basket", pos="left", sale="8", lines=[CHOCOLATE])
    shop.do("code", pos="left", sale="8", text=BORIS)
    till.shows("to-pay", "269.70")
    till.shows("side", "by card")  # the sum stands there before the customer does
    till.press("F3")
    till.opened("How many to redeem?")
    till.keep("points", "50")
    till.shows("becomes", "219.70")
    shop.do("basket", pos="right", sale="8", lines=[SWEETS])
    shop.do("code", pos="right", sale="8", text=BORIS)  # a household has one card
    till.page.locator("#to-pay", has_text="225.20").wait_for(state="attached")
    till.opened(None)
    till.press("Enter")
    shop.wait("nothing", lambda status: status["visit"]["pos"] == "right")
    till.page.wait_for_timeout(100)
    assert shop.visit()["redeemed_points"] == 0


def test_a_typed_card_waits_as_a_scanned_one_does_while_the_money_is_counted(shop: Shop, till: Till) -> None:
    """The receipt that is being paid keeps its member, its points and its sum; then whose card waited is in front."""
    screens.money(till)
    sum_before = till.page.locator("#to-pay").inner_text()
    till.type(VERA)
    till.press("Enter")
    till.shows("said", f"****{VERA[-4:]} waits for the next receipt")
    till.shows("to-pay", sum_before)
    till.shows("answers", "been paid?")
    till.press("Enter")
    till.shows("side", f"****{VERA[-4:]} by card")


def test_another_phone_is_shown_before_it_takes_the_members_place(shop: Shop, till: Till) -> None:
    screens.ready(till)
    till.type(f"8{PHONE}")
    till.press("Enter")
    till.opened("Customer")
    till.shows("side", "by card")
    expect(till.region("f-number")).to_have_value(f"8{PHONE}")


def test_a_wrong_price_is_where_one_types_next(shop: Shop, till: Till) -> None:
    till.press("F6")
    till.opened("Goods")
    till.keep("name", "Tea")
    till.keep("price", "dear")
    till.press("Enter")
    till.shows("panel", "A price is like 89.90.")
    expect(till.region("f-price")).to_be_focused()
