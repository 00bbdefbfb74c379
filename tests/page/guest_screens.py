"""Every state of the guest's page, each with the way that leads there; `make gallery` draws them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tests.page.screens import BASKET, Screen
from tests.page.shop import ANNA, BLANKS, BORIS
from tests.page.till import Till

FIRST: Final = 1042  # the number of the POS's receipt


def morning(till: Till) -> None:
    """Nobody before it, and nothing left of whoever was: what is half typed lasts as long as a visit."""
    till.shop.calm()
    till.page.reload()
    till.page.locator("#programme:not(:empty)").wait_for()
    till.page.locator("body.alone-with-words").wait_for()


def sale(till: Till) -> str:
    """The number of the receipt in front: one that was paid does not come again."""
    return str(FIRST + len(till.shop.sold()))


def tap(till: Till, *ids: str) -> None:
    for id in ids:
        till.page.locator(f"#{id}:enabled").click()


def digits(till: Till, text: str) -> None:
    for digit in text:
        till.page.locator(f'#pad button:text-is("{digit}")').click()


def welcome(till: Till) -> None:
    till.pictured("camera img")
    till.page.locator("#camera").wait_for()


def shopping(till: Till, lines: list[dict[str, str]] = BASKET) -> None:
    till.shop.do("basket", sale=sale(till), lines=lines)
    till.page.locator("#to_pay", has_text="₽").wait_for()
    till.page.locator("#camera").wait_for()


def phone(till: Till) -> None:
    shopping(till)
    digits(till, "916123")


def slip(till: Till) -> None:
    shopping(till)
    digits(till, "9161239999")
    tap(till, "done")
    till.page.locator("#message:not(:empty)").wait_for()


def card(till: Till) -> None:
    """Before any goods."""
    till.shop.do("code", text=ANNA)
    till.page.locator("#who:not(:empty)").wait_for()


def choose(till: Till) -> None:
    shopping(till)
    till.shop.do("code", text=BORIS)
    till.page.locator("#choose").wait_for()


def whole(till: Till) -> None:
    choose(till)
    tap(till, "all")
    till.page.locator("#offer", has_text="₽").wait_for()


def none(till: Till) -> None:
    choose(till)
    tap(till, "none")
    till.page.locator("#change").wait_for()


def another(points: str) -> Callable[[Till], None]:
    """So many, by the pad."""

    def story(till: Till) -> None:
        choose(till)
        tap(till, "other")
        digits(till, points)
        till.page.locator("#would").filter(has_not_text="…").wait_for()

    return story


def decided(till: Till) -> None:
    another("100")(till)
    tap(till, "done")
    till.page.locator("#change").wait_for()


def pay(till: Till) -> None:
    decided(till)
    till.shop.do("prepare", sale=sale(till))
    till.page.locator("#change").wait_for(state="hidden")


def thanks(till: Till) -> None:
    pay(till)
    till.shop.do("pay", sale=sale(till))
    till.page.locator("#thanks").wait_for()


def offline(till: Till) -> None:
    choose(till)
    till.shop.wire.cut()
    till.page.locator("#offline:not(:empty)").wait_for()


def changed(till: Till) -> None:
    """He was told a sum with points, and his card is blocked before he pays: the last of all, for it stays so."""
    shopping(till)
    till.shop.do("code", text=BORIS)
    tap(till, "all", "yes")
    till.page.locator("#change").wait_for()
    till.shop.do("block_card", card=BORIS, reason="lost")
    till.shop.ask("prepare", sale=sale(till))
    till.page.locator("#changed").wait_for()


def person(till: Till) -> None:
    """Nobody gives himself a blank card."""
    shopping(till)
    till.shop.ask("code", text=BLANKS[0])
    till.page.locator("#person").wait_for()


GUEST_SCREENS: Final = (
    Screen("welcome", "Nobody is there yet; the camera shows where to hold a card", welcome),
    Screen("shopping", "Goods, and nobody has shown a card", shopping),
    Screen("phone", "Half of a phone", phone),
    Screen("slip", "A phone that nobody has", slip),
    Screen("card", "A card was read before any goods", card),
    Screen("choose", "All points, none, or another sum", choose),
    Screen("all", "All: what it would come to", whole),
    Screen("another", "Another sum, and what it would come to", another("100")),
    Screen("over", "More than may be: what was typed stays", another("300")),
    Screen("none", "None, until he pays", none),
    Screen("decided", "So many, until he pays", decided),
    Screen("pay", "The sum is told: the money is taken", pay),
    Screen("thanks", "Thanks, for half a minute", thanks),
    Screen("offline", "The hub is away", offline),
)
ALONE_SCREENS: Final = (
    Screen("self-who", "The first step", shopping),
    Screen("self-choose", "The second one", choose),
    Screen("self-person", "Somebody of the shop is called", person),
    Screen("self-changed", "The sum is another than he was told: is it right?", changed),
)
