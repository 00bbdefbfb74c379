"""The guest's page in a real browser, by touch: he types his phone, chooses, confirms; the till follows, and the page
follows the till."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from drivers.scanner.emulator.camera import CameraEmulator
from loyalty.programme import Language
from pos_agent.page.guest_words import GUEST_WORDS, REFUSALS, SELF_REFUSALS
from pos_agent.page.pairing import Role, new_link
from tests import browser
from tests.browser import needs_browser
from tests.pos_agent.conftest import BORIS
from tests.pos_agent.guests import Till, until
from tests.pos_agent.running import TIMEOUT_S, running, with_members

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = needs_browser

SIZES = [(800, 480), (1024, 600), (1280, 800), (800, 1280)]
TARGET_PX = 64  # of a finger whose owner looks at his bag
THEMES: dict[Any, list[str]] = {
    "light": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "dark": ["color-contrast"],  # all that a theme changes
}
GOODS = [
    {"id": "1", "name": "Шоколад «Алёнка»", "price": "89.90", "quantity": "3", "category": "chocolate"},
    {"id": "2", "name": "<img src=x onerror=alert(1)>", "price": "649.00", "quantity": "0.347", "unit": "kg"},
]
GOODS[1]["category"] = "sweets"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser.chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def language(request: pytest.FixtureRequest) -> Language:
    return "en" if request.param == "en" else "ru"


RUSSIAN = pytest.mark.parametrize("language", ["ru"], indirect=True)
BOTH = pytest.mark.parametrize("language", ["ru", "en"], indirect=True)


@pytest.fixture(scope="module")
def a_till(tmp_path_factory: pytest.TempPathFactory, language: Language) -> Iterator[Till]:
    folder = tmp_path_factory.mktemp("page")
    with_members(folder)
    camera = CameraEmulator(tmp_path_factory.mktemp("counter"))
    camera.plug()
    more = f'[[scanners]]\nname = "camera"\nurl = "{camera.url}"\n'
    with running(folder, top=f'receipt_language = "{language}"\n', more=more) as (url, token):
        yield Till(url, token, folder / "data", "")
    camera.unplug()


@pytest.fixture
def till(a_till: Till) -> Iterator[Till]:
    a_till.sale += 1
    a_till.pos(do="cancel")  # also ends the thanks to the one before
    yield a_till
    a_till.pos(do="cancel", sale=str(a_till.sale))


class Guest:
    """Fingers on the page."""

    def __init__(self, page: Page, till: Till, language: Language) -> None:
        self.page = page
        self.till = till
        self.words = {code: pair[language == "en"] for code, pair in GUEST_WORDS.items()}
        self.refusals = {code: pair[language == "en"] for code, pair in (REFUSALS | SELF_REFUSALS).items()}

    def tap(self, *ids: str) -> None:
        for id in ids:
            self.page.tap(f"#{id}:enabled")

    def type(self, digits: str) -> None:
        for digit in digits:
            self.page.tap(f'#pad button:text-is("{digit}")')

    def sees(self, selector: str, text: str) -> None:
        self.page.locator(selector).filter(has_text=text).wait_for(timeout=TIMEOUT_S * 1_000)

    def basket(self, lines: Any = GOODS) -> None:
        assert self.till.pos(do="basket", sale=self.sale, lines=lines)["ok"]
        self.sees("#to_pay", "₽")

    def cashier(self, do: str, **more: Any) -> Any:
        return self.till.pos(do=do, sale=self.sale, **more)

    @property
    def sale(self) -> str:
        return str(self.till.sale)

    @property
    def visit(self) -> Any:
        return self.till.get("/v1/visit")["visit"]


def opened(context: BrowserContext, till: Till, language: Language, role: Role = "guest") -> Guest:
    page = context.new_page()
    page.set_default_timeout(TIMEOUT_S * 1_000)
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.goto(f"{till.url}/pair#{new_link(till.data, role, time.time())}")
    page.wait_for_selector("body.guest main:not([hidden])")
    return Guest(page, till, language)


@pytest.fixture(scope="module")
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1024, "height": 600}, has_touch=True, reduced_motion="reduce")
    yield context
    context.close()


@pytest.fixture(scope="module")
def his_page(context: BrowserContext, a_till: Till, language: Language) -> Iterator[Guest]:
    """One for all tests, as the shop has one display."""
    guest = opened(context, a_till, language)
    yield guest
    guest.page.close()


@pytest.fixture
def guest(his_page: Guest, till: Till) -> Guest:
    his_page.sees("#title", his_page.words["welcome"])
    return his_page


@pytest.fixture
def alone(chromium: Browser, till: Till, language: Language) -> Iterator[Guest]:
    """Of a self-checkout; with cookies of its own."""
    context = chromium.new_context(viewport={"width": 1024, "height": 600}, has_touch=True)
    yield opened(context, till, language, "self")
    context.close()


@RUSSIAN
def test_he_types_his_phone_so_that_nobody_hears_it(guest: Guest) -> None:
    guest.basket()
    guest.type("8916123")  # the 8 that people begin with stands there already
    guest.sees("#shown", "8 916 123-__-__")
    assert guest.page.locator("#done").is_disabled()
    guest.type("4567")
    held: list[Any] = []
    guest.page.route("**/guest/commands", lambda route: held.append(route), times=1)
    guest.tap("done")
    guest.sees("#shown", "8 9•• •••-••-67")
    until("it is sent", lambda: guest.page.title() and held)  # asking for anything lets the browser's events in
    held[0].continue_()
    guest.sees("#who", "0017")
    assert (guest.visit["member"]["card"], guest.visit["member"]["identified_by"]) == ("****0017", "phone")
    assert "150" not in guest.page.inner_text("#panel")


@BOTH
def test_a_slip_is_told_in_his_language_and_mended(guest: Guest) -> None:
    guest.basket()
    guest.type("9161239999")
    guest.tap("done")
    guest.sees("#message", guest.refusals["unknown_phone"])
    guest.tap(*["erase"] * 4)
    assert guest.page.inner_text("#message") == ""
    guest.type("4567")
    guest.tap("done")
    guest.sees("#who", "0017")
    guest.tap("not_mine")
    guest.sees("#heading", guest.words["who_title"])
    assert guest.visit["member"] is None


@RUSSIAN
def test_a_card_that_somebody_left_read_is_not_this_guests(guest: Guest) -> None:
    guest.basket()
    guest.type("9161239999")
    guest.tap("done")
    guest.sees("#message", guest.refusals["unknown_phone"])
    guest.cashier("code", text=BORIS)
    guest.sees("#who", "0024")
    assert guest.page.inner_text("#message") == ""  # what was wrong with his digits is over
    guest.tap("not_mine")
    guest.sees("#heading", guest.words["who_title"])
    assert (guest.visit["member"], guest.visit["told"]["to_pay"]) == (None, "494.90")


@RUSSIAN
def test_he_chooses_a_sum_sees_what_it_comes_to_and_confirms(guest: Guest) -> None:
    guest.basket()
    guest.cashier("code", text=BORIS)
    guest.sees("#heading", "247")
    guest.tap("other")
    guest.type("300")
    guest.sees("#would", "247")
    assert guest.page.locator("#done").is_disabled()
    assert guest.page.inner_text("#shown") == "300"  # what he typed stays, for him to mend
    guest.tap("erase")
    guest.sees("#would", "464")
    assert guest.visit["redeemed_points"] == 0
    guest.tap("done")
    guest.sees("#heading", "30")
    assert (guest.visit["redeemed_points"], guest.visit["told"]["to_pay"]) == (30, "464.90")
    guest.page.reload()
    guest.sees("#heading", "30")
    guest.sees("#to_pay", "464")


@RUSSIAN
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_no_key_moves_while_he_types(guest: Guest, width: int, height: int) -> None:
    guest.page.set_viewport_size({"width": width, "height": height})
    guest.basket()
    guest.type("16")
    assert (
        guest.page.inner_text("#shown") == "8 16_ ___-__-__"
    )  # the 8 stands there, and nothing else that he did not type
    guest.cashier("code", text=BORIS)
    guest.tap("other")
    before = guest.page.evaluate(KEYS)
    for typed, would in (("1", "493"), ("0", "484"), ("00", "247")):
        guest.type(typed)
        guest.sees("#would", would)
        assert guest.page.evaluate(KEYS) == before, (typed, guest.page.inner_text("#would"))
    guest.page.set_viewport_size({"width": 1024, "height": 600})


@RUSSIAN
def test_all_is_confirmed_once_more_and_none_needs_no_second_tap(guest: Guest) -> None:
    guest.basket()
    guest.cashier("code", text=BORIS)
    guest.tap("all")
    guest.sees("#offer", "247")
    assert guest.visit["redeemed_points"] == 0
    guest.tap("yes")
    guest.sees("#to_pay", "247")
    guest.tap("change")
    guest.tap("none")
    guest.sees("#heading", guest.words["spent_none"])
    assert guest.visit["told"]["to_pay"] == "494.90"


@RUSSIAN
def test_the_page_follows_the_cashier(guest: Guest) -> None:
    guest.basket()
    guest.sees("#lines", "<img src=x onerror=alert(1)>")
    guest.cashier("code", text=BORIS)
    guest.cashier("redeem", points=100)
    guest.sees("#to_pay", "394")
    guest.cashier("prepare")
    guest.sees("#heading", guest.words["pay_now"])
    guest.cashier("pay")
    guest.sees("#title", guest.words["thanks"])
    guest.sees("#thanks_spent", "100")
    guest.page.reload()
    guest.sees("#title", guest.words["thanks"])
    guest.till.sale += 1
    guest.basket()
    guest.sees("#title", guest.words["lines"])


@RUSSIAN
def test_what_he_confirms_is_asked_again_when_the_basket_grew(guest: Guest) -> None:
    guest.basket()
    guest.cashier("code", text=BORIS)
    guest.tap("all")
    guest.sees("#offer", "247")
    guest.cashier("basket", lines=[*GOODS, GOODS[0] | {"id": "3"}])
    guest.sees("#offer", "517")
    guest.tap("yes")
    guest.sees("#to_pay", "517")


@RUSSIAN
def test_half_a_phone_is_not_left_for_the_next_customer(guest: Guest) -> None:
    guest.basket()
    guest.type("91612")
    guest.cashier("cancel")
    guest.sees("#title", guest.words["welcome"])
    assert guest.page.inner_text("#shown") == "8 ___ ___-__-__"


@RUSSIAN
def test_the_camera_is_shown_while_a_card_is_waited_for(guest: Guest) -> None:
    guest.page.wait_for_function("document.querySelector('#camera img').naturalWidth === 640")
    guest.basket()
    guest.cashier("code", text=BORIS)
    guest.page.wait_for_selector("#camera", state="hidden")


@BOTH
def test_a_self_checkout_guides_and_asks(alone: Guest) -> None:
    guest = alone
    guest.sees("#heading", guest.words["step_who"])
    guest.basket([GOODS[0] | {"quantity": "20"}])
    guest.cashier("code", text="2600000000116")  # a blank card: nobody gives himself one
    guest.sees("#person", guest.words["person"])
    guest.cashier("code", text=BORIS)
    guest.sees("#step", guest.words["step_choose"])
    assert guest.page.evaluate(OVER) == []  # nowhere does more stand below each other
    guest.tap("none")
    guest.sees("#step", guest.words["step_pay"])
    assert guest.page.locator("#person").is_hidden()


@RUSSIAN
def test_a_self_checkout_asks_whether_a_changed_sum_is_right(alone: Guest, till: Till) -> None:
    guest = alone
    guest.basket()
    state = till.browser("self").state() | {"changed": True}
    told = f"id: 1\nevent: state\ndata: {json.dumps(state)}\n\n"
    guest.page.route("**/guest/events", lambda route: route.fulfill(content_type="text/event-stream", body=told))
    guest.page.reload()
    guest.sees("#heading", "494")
    assert guest.page.is_visible("#changed p")  # what to do if it is not
    with guest.page.expect_request("**/guest/commands") as sent:
        guest.tap("go_on")
    assert sent.value.post_data_json == {"turn": state["turn"], "do": "prepare", "quote": state["quote"]}
    guest.page.unroute_all(behavior="wait")  # what is on its way is answered first
    guest.page.reload()
    guest.sees("#heading", guest.words["pay_alone"])
    assert guest.visit["prepared"]


@BOTH
def test_every_state_is_for_fingers_and_for_everybody(guest: Guest) -> None:
    """On every display: no target that a thumb misses, nothing that hangs over the edge. In both themes axe finds
    nothing."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    for state, reach in STATES.items():
        reach(guest)
        for width, height in SIZES:
            guest.page.set_viewport_size({"width": width, "height": height})
            assert guest.page.evaluate(SMALL, TARGET_PX) == [], (state, width)
            assert guest.page.evaluate(OVER) == [], (state, width)
        for theme, rules in THEMES.items():
            guest.page.emulate_media(color_scheme=theme)
            found = axe.run(guest.page, options={"runOnly": rules}).response["violations"]
            assert not [(each["id"], [node["html"] for node in each["nodes"]]) for each in found], (state, theme)


# each from the one before it
STATES: dict[str, Any] = {
    "welcome": lambda guest: guest.sees("#title", guest.words["welcome"]),
    "shopping": lambda guest: guest.basket(),
    "refused": lambda guest: (guest.type("9161239999"), guest.tap("done"), guest.sees("#message", ".")),
    "choose": lambda guest: (guest.cashier("code", text=BORIS), guest.sees("#who", "0024")),
    "other": lambda guest: (guest.tap("other"), guest.type("100"), guest.sees("#would", "394")),
    "confirm": lambda guest: (guest.tap("leave"), guest.tap("all"), guest.sees("#offer", "247")),
    "pay": lambda guest: (guest.tap("yes"), guest.sees("#to_pay", "247")),
    "no points": lambda guest: (guest.tap("change", "none"), guest.sees("#to_pay", "494")),
    "prepared": lambda guest: (guest.cashier("prepare"), guest.sees("#heading", guest.words["pay_now"])),
    "thanks": lambda guest: (guest.cashier("pay"), guest.sees("#title", guest.words["thanks"])),
}
KEYS = "[...document.querySelectorAll('#entry button')].map(each => JSON.stringify(each.getBoundingClientRect()))"
SEEN = "[...document.querySelectorAll('button, output, #lines, #to_pay')].filter(each => each.offsetParent)"
SMALL = f"""most => {SEEN}.filter(each => each.tagName === 'BUTTON').map(each => [each, each.getBoundingClientRect()])
  .filter(([, box]) => box.width < most || box.height < most).map(([each]) => each.id || each.textContent)"""
OVER = f"""() => {SEEN}.map(each => [each, each.getBoundingClientRect()])
  .filter(([, box]) => box.left < 0 || box.right > innerWidth || box.bottom > innerHeight || box.top < 0)
  .map(([each, box]) => [each.id || each.textContent, box.bottom, box.right])"""
