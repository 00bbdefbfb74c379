"""The cashier's page as a cashier uses it: keys, fingers, a scanner that types, and what stands on the screen. The
till's other pages open in the same window."""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import Sequence
from inspect import signature
from typing import Any, Final, NamedTuple

import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, CDPSession, Locator, Page, expect

from pos_agent.page.pairing import Role
from tests.page.shop import Shop

SHOWN_MS: Final = 8_000  # on a busy machine; a tenth of a second is usual
POLL_MS: Final = 50
QUICK_S: Final = 0.008  # between a scanner's keys
PAUSE_S: Final = 0.15  # at the least, between what somebody typed and his scan
SIZE: Final[Any] = {"width": 1024, "height": 768}
CODES: Final = {"Enter": 13, "Tab": 9}
RUSSIAN: Final = dict(zip("qwertyuiopasdfghjklzxcvbnm", "йцукенгшщзфывапролдячсмить", strict=True))
MARKS: Final = {"-": "Minus", ":": "Semicolon", ".": "Period", "/": "Slash", "$": "Digit4", "+": "Equal"} | {
    "%": "Digit5",
    "*": "Digit8",
    " ": "Space",
}
SHIFTED: Final = ":$+%*"


class Face(NamedTuple):
    """A page of the till. `mark`: behind the link that leads there; `there`: what is seen once it is ready."""

    role: Role
    there: str
    mark: str = ""


CASHIER: Final = Face("cashier", "#bar button")
GUEST: Final = Face("guest", "body.guest main")
ALONE: Final = Face("self", "body.guest main")
EMULATOR: Final = Face("cashier", "#people li", "~emulator")


def _send_all(session: CDPSession, method: str, orders: Sequence[dict[str, Any]]) -> None:
    """Without waiting for an answer to each, which no public call of Playwright's does. Its own call wants a timeout
    in some editions."""
    send = session._impl_obj.send
    more = {"timeout": None} if "timeout" in signature(send).parameters else {}

    async def all_of_them() -> None:
        await asyncio.gather(*(send(method, params=order, **more) for order in orders))

    session._sync(all_of_them())


class Till:
    """One browser window at the shop's till."""

    def __init__(self, shop: Shop, page: Page, face: Face = CASHIER) -> None:
        self.shop, self.page, self.face = shop, page, face
        self._scanned_s = 0.0  # when the last key of the last scan is said to have been pressed

    def visit(self) -> Till:
        """The page, in a browser that was let in before."""
        self.page.goto(self.shop.url)
        self.ready()
        return self

    def ready(self) -> None:
        expect(self.page.locator(self.face.there).first).to_be_visible(timeout=SHOWN_MS)

    # what a cashier does

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def choose(self, key: str, digit: str) -> None:
        """A panel, and what it offers there; the next key is no part of a scan that begins with this digit."""
        self.press(key)
        offered = self.page.locator(f"#panel [data-choice='{digit}']")
        expect(offered).to_be_visible(timeout=SHOWN_MS)
        self.press(digit)
        expect(offered).to_be_hidden(timeout=SHOWN_MS)

    def type(self, text: str) -> None:
        """By hand: slower than any scanner."""
        self.page.keyboard.type(text, delay=40)

    def wedge(self, text: str, *, russian: bool = False, end: str = "Enter", gap_s: float = QUICK_S) -> None:
        """A scanner that is a keyboard: keys by their place, whatever the layout makes of them. All are sent before the
        first is answered: on a busy machine the way there and back is longer than a scanner pauses."""
        session = self.page.context.new_cdp_session(self.page)
        now = max(time.time(), self._scanned_s) + PAUSE_S
        self._scanned_s = now + len(text) * gap_s
        keys = [
            _key(character, russian) | {"type": "keyDown", "timestamp": now + number * gap_s}
            for number, character in enumerate([*text, end])
        ]
        _send_all(session, "Input.dispatchKeyEvent", keys)
        session.detach()

    def keep(self, field: str, text: str) -> None:
        """Put into a field of the open panel, as somebody typed it."""
        self.page.locator(f"#f-{field}").fill(text)

    # what stands there

    def sees(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(text, timeout=SHOWN_MS)

    def region(self, name: str) -> Locator:
        return self.page.locator(f"#{name}")

    def shows(self, name: str, text: str) -> None:
        expect(self.region(name)).to_contain_text(text, timeout=SHOWN_MS)

    def opened(self, title: str | None) -> None:
        """Which panel is open; none: the receipt is seen."""
        panel = self.region("panel")
        if title is None:
            expect(panel).to_be_hidden(timeout=SHOWN_MS)
        else:
            expect(panel.locator("h2")).to_have_text(title, timeout=SHOWN_MS)

    def reads(self, picture: str) -> str:
        """What the code in a picture says, once it is drawn."""
        for _ in range(SHOWN_MS // POLL_MS):
            drawn = Image.open(io.BytesIO(self.page.locator(picture).screenshot()))
            if codes := zxingcpp.read_barcodes(drawn):
                return str(codes[0].text)
            self.page.wait_for_timeout(POLL_MS)
        raise AssertionError(f"there is no code in {picture}")

    def pictured(self, name: str, high_px: int = 1) -> None:
        """A picture is there, and at least so high; the page's policy lets no script of ours wait in it."""
        picture = self.region(name)
        deadline = time.monotonic() + SHOWN_MS / 1_000
        while picture.evaluate("picture => picture.complete ? picture.naturalHeight : 0") < high_px:
            assert time.monotonic() < deadline, f"#{name} has never been {high_px} pixels high"
            self.page.wait_for_timeout(POLL_MS)

    def bar(self) -> list[str]:
        """The keys that it offers now."""
        keys = self.region("bar").locator("button").all()
        return [key.get_attribute("data-key") or "" for key in keys]

    def text(self) -> str:
        """All that stands on the page, as a person reads it."""
        return self.page.locator("body").inner_text()


def _key(character: str, russian: bool) -> dict[str, Any]:
    if character in CODES:
        return {"key": character, "code": character, "windowsVirtualKeyCode": CODES[character], "text": "\r"}
    shift = 8 if character.isupper() or character in SHIFTED else 0
    code = f"Digit{character}" if character.isdigit() else MARKS.get(character) or f"Key{character.upper()}"
    lower = character.lower()
    shown = RUSSIAN.get(lower, character) if russian else character
    return {"key": shown, "text": shown, "code": code, "modifiers": shift}


def let_in(shop: Shop, browser: Browser, face: Face = CASHIER, **how: Any) -> Till:
    """A window of a browser of its own that has opened the link."""
    context = browser.new_context(viewport=how.pop("viewport", SIZE), **how)
    page = context.new_page()
    page.set_default_timeout(SHOWN_MS)
    page.goto(shop.link(face.role) + face.mark)
    till = Till(shop, page, face)
    till.ready()
    return till


def again(till: Till, browser: Browser) -> Till:
    """The browser crashed, and was opened anew: what it kept on disk is all that it has."""
    kept: Any = till.page.context.storage_state()
    context: BrowserContext = browser.new_context(viewport=SIZE, storage_state=kept)
    till.page.context.close()
    page = context.new_page()
    page.set_default_timeout(SHOWN_MS)
    return Till(till.shop, page).visit()
