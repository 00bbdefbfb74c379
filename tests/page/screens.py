"""Every state of the cashier's page, each with the way that leads there: axe reads them, `make gallery` draws them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from tests.page.shop import ANNA, BLANKS, BORIS, CHOCOLATE, PHONE, SWEETS
from tests.page.till import Till

BASKET: Final = [CHOCOLATE, SWEETS]


class Screen(NamedTuple):
    """A story from a calm shop to what is shown; it ends when it is shown."""

    name: str
    shows: str
    story: Callable[[Till], None]


def morning(till: Till) -> None:
    """From whatever was shown to a calm shop."""
    till.shop.calm()
    till.region("asked").wait_for(state="hidden")
    till.press("Escape", "Escape", "Escape")
    till.page.locator(".welcome").wait_for()
    till.region("panel").wait_for(state="hidden")


def idle(till: Till) -> None:
    till.page.locator(".welcome").wait_for()


def member(till: Till) -> None:
    till.shop.do("code", text=ANNA)
    till.page.locator(".member .balance").wait_for()


def basket(till: Till) -> None:
    """Of a POS."""
    till.shop.do("basket", sale="1042", lines=BASKET)
    till.page.locator("#to-pay").wait_for()


def keyed(till: Till) -> None:
    """Typed in here."""
    visit = till.shop.visit()
    till.shop.do("basket", sale=visit["next_number"], day=visit["today"], lines=BASKET)
    till.page.locator("#to-pay").wait_for()


def ready(till: Till) -> None:
    keyed(till)
    till.shop.do("code", text=ANNA)
    till.page.locator(".member .balance").wait_for()


def pos(till: Till) -> None:
    basket(till)
    member(till)
    till.shop.do("redeem", points=100)
    till.page.locator(".sums dl div").first.wait_for()


def coupon(till: Till) -> None:
    ready(till)
    coupon = till.shop.office.do("coupon", "mint", "--programme", "alenka", "--campaign", "ten-percent")
    till.shop.do("code", text=coupon.splitlines()[-1])
    till.page.locator(".coupons li").wait_for()


def redeem(till: Till) -> None:
    ready(till)
    till.press("F3")
    till.keep("points", "200")
    till.page.locator("#becomes", has_text=re.compile("294[.,]90")).wait_for()


def over(till: Till) -> None:
    """More than may be."""
    ready(till)
    till.press("F3")
    till.keep("points", "300")
    till.page.locator("#becomes-not:not(:empty)").wait_for()


def money(till: Till) -> None:
    ready(till)
    till.press("F9")
    till.page.locator("#answers strong", has_text="₽").wait_for()


def done(till: Till) -> None:
    money(till)
    till.press("Enter")
    till.page.locator(".done").wait_for()
    if till.shop.printer:
        till.page.locator(".paper.printed").wait_for()


def refused(till: Till) -> None:
    till.shop.ask("code", text="2600000000019")
    till.page.locator("#alert:not(:empty)").wait_for()


def phone(till: Till) -> None:
    keyed(till)
    till.shop.do("phone", number=PHONE)
    till.page.locator(".member .balance").wait_for()


def panel(key: str, *more: str) -> Callable[[Till], None]:
    """What a key opens in the morning."""

    def story(till: Till) -> None:
        idle(till)
        till.press(key, *more)
        till.page.locator("#panel h2").wait_for()

    return story


def replace(till: Till) -> None:
    member(till)
    till.choose("F4", "2")
    till.keep("number", BLANKS[0])


def balance(till: Till) -> None:
    idle(till)
    till.choose("F4", "3")
    till.keep("number", BORIS)
    till.press("Enter")
    till.page.locator("#panel .told").wait_for()


def sold(till: Till) -> str:
    """A sale that may come back; its number."""
    done(till)
    return str(till.shop.sold()[-1]["body"]["sale"]["number"])


def back(till: Till) -> None:
    number = sold(till)
    till.press("F7")
    till.keep("number", number)
    till.press("Enter")
    till.page.locator(".takes input").first.click()
    till.page.locator("#panel .sums").wait_for()


def given(till: Till) -> None:
    back(till)
    till.press("Enter")
    till.page.locator("#panel .big").wait_for()


def report(till: Till) -> None:
    idle(till)
    till.choose("F8", "3")
    till.page.locator("#panel pre").wait_for()


def away(till: Till) -> None:
    ready(till)
    till.press("F10")
    till.page.locator("#panel h2").wait_for()


def aside(till: Till) -> None:
    ready(till)
    till.shop.do("put_aside")
    idle(till)
    till.press("F10")
    till.page.locator("#panel h2").wait_for()


def offline(till: Till) -> None:
    ready(till)
    till.shop.wire.cut()
    till.page.locator("#troubles p").first.wait_for()


def paper_out(till: Till) -> None:
    till.shop.order("paper out")
    till.page.locator("#troubles .stops").wait_for()
    money(till)
    till.press("Enter")
    till.page.locator(".paper:not(.printed)").wait_for()


def question(till: Till) -> None:
    """The printer lost its power in the middle of a receipt, and cannot know."""
    till.shop.order("at 300 power cycle")
    money(till)
    till.press("Enter")
    till.page.locator("#asked").wait_for()


def gone(till: Till) -> None:
    ready(till)
    till.shop.kill()
    till.page.locator("#gone").wait_for()


SCREENS: Final = (
    Screen("idle", "Nobody is there yet", idle),
    Screen("member", "A card was scanned before any goods", member),
    Screen("basket", "A POS told its goods, nobody has shown a card", basket),
    Screen("ready", "Goods that are keyed in here, and a member", ready),
    Screen("pos", "A receipt that a POS keeps: it takes the money", pos),
    Screen("phone", "By a spoken phone number", phone),
    Screen("coupon", "A coupon on the receipt", coupon),
    Screen("redeem", "How many points?", redeem),
    Screen("over", "More than may be: the field stays", over),
    Screen("money", "Has it been paid?", money),
    Screen("done", "Recorded, and its paper", done),
    Screen("refused", "A refusal with the next step", refused),
    Screen("keys", "The keys, and how the page looks", panel("F1")),
    Screen("who", "A card or a phone by hand", panel("F2")),
    Screen("cards", "The desk for cards", panel("F4")),
    Screen("replace", "A lost card is replaced", replace),
    Screen("balance", "What is on an account", balance),
    Screen("goods", "Goods by hand", panel("F6")),
    Screen("return", "Which receipt comes back?", panel("F7")),
    Screen("back", "What comes back, and what becomes of the points", back),
    Screen("given", "Has the money been given back?", given),
    Screen("papers", "Papers", panel("F8")),
    Screen("report", "The points report on the screen", report),
    Screen("away", "Cancel, or put aside", away),
    Screen("aside", "Receipts put aside", aside),
    Screen("offline", "The hub is away", offline),
    Screen("paper-out", "The paper ran out in the middle", paper_out),
    Screen("question", "Did the paper come out?", question),
    Screen("gone", "The agent is not there", gone),
)
