"""What there is to see of the emulated till, each with the way that leads there; `make gallery` draws them."""

from __future__ import annotations

from typing import Final

from tests.page.screens import Screen
from tests.page.till import Till

SECOND_MS: Final = 1_100  # the page numbers its receipts by the second
LOOKS: Final = "**/emulator/state"


def morning(till: Till) -> None:
    till.page.unroute_all(behavior="wait")  # what is on its way is answered first
    till.shop.order("baud 0")
    till.shop.calm()
    till.page.reload()
    till.page.locator("#people li").first.wait_for()
    till.pictured("seen")
    till.page.locator(".device.off").wait_for(state="hidden")


def order(till: Till, device: str, line: str) -> None:
    """By its button, which is the remedy's then."""
    till.page.locator(f'.device[data-device="{device}"] [data-order="{line}"]').click()
    till.page.locator(f'.device[data-device="{device}"] [data-on]').wait_for()


def idle(till: Till) -> None:
    till.page.locator("#people li").first.wait_for()


def bought(till: Till) -> None:
    """The usual basket, and Anna's card."""
    till.page.locator("#baskets button").nth(1).click()
    till.page.locator("#receipt", has_text="₽").wait_for()
    till.page.locator("#people li:first-child [data-device=scanner]").click()
    till.page.locator("#receipt", has_text="0017").wait_for()


def growing(till: Till) -> None:
    """The paper of one guest comes out slowly while the next one's receipt is in front."""
    order(till, "printer", "cover open")
    bought(till)
    till.page.locator("#pay").click()
    till.page.locator("#receipt", has_text="₽").wait_for(state="hidden")
    till.page.wait_for_timeout(SECOND_MS)
    bought(till)
    till.shop.order("baud 9600")
    till.shop.order("cover close")
    halfway(till)


def halfway(till: Till) -> None:
    """The first receipt of the day: the page looks no more when its first lines are there, all of it takes a second."""
    till.page.locator("#paper-picture").wait_for()
    till.page.route(LOOKS, lambda route: route.abort())
    till.pictured("paper-picture")


def paper_out(till: Till) -> None:
    order(till, "printer", "paper out")
    till.page.locator(".device[data-device=printer] .trouble:not([hidden])").wait_for()


def network(till: Till) -> None:
    bought(till)
    order(till, "network", "cut")
    till.page.locator(".device[data-device=network] .trouble:not([hidden])").wait_for()
    till.region("devices").evaluate("column => column.scrollTo(0, column.scrollHeight)")


def camera(till: Till) -> None:
    till.page.locator("#baskets button").nth(1).click()
    till.page.locator("#people li:first-child [data-device=camera]").click()
    till.page.locator("#receipt", has_text="0017").wait_for()
    till.page.locator("#take-away:enabled").wait_for()
    till.pictured("seen")


EMULATOR_SCREENS: Final = (
    Screen("idle", "Guests, the till and its paper, the devices", idle),
    Screen("growing", "A receipt in front; the paper of the one before is still growing", growing),
    Screen("camera", "The camera sees a card", camera),
    Screen("paper-out", "The printer has no paper", paper_out),
    Screen("network", "The cable to the hub is pulled", network),
)
