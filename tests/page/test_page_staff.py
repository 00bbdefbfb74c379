"""Whoever works at the till signs in at its desk, and a second person answers for a step: near, and far."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from hub.build import build_hub
from hub.sender.file_sender import lines_in
from hub.staff import book
from hub.store.seam import Writer
from loyalty.staff import Role
from tests.page.shop import BLANKS, CHOCOLATE, PHONE, Shop
from tests.page.till import SHOWN_MS, Face, Till

if TYPE_CHECKING:
    from tests.page.conftest import Opener

DESK = Face("cashier", "#desk-head", "")
PEOPLE: dict[str, tuple[str, Role]] = {
    "petrova": ("Petrova A.", "cashier"),
    "orlova": ("Orlova O.", "manager"),
    "markov": ("Markov M.", "manager"),
}
VOUCH = """points => { window.answer = null; return import("/page/desk_kit.js").then(kit => {
  kit.ask({do: "redeem", manager: true, points}).then(answer => { window.answer = answer }) }) }"""


class StaffedShop(Shop):
    """Three people work here; `pins` of each."""

    def staffed(self) -> StaffedShop:
        self.pins = {person: book.random_pin() for person in PEOPLE}
        self.badge = book.random_badge()
        with closing(build_hub(self.office.db, {}, serving=False)) as hub:
            hub.within(lambda writer: self._added(writer, hub.pepper, hub.now()))
        self.wait("its people", lambda status: len(self.people(status)) == len(PEOPLE))
        return self

    def _added(self, writer: Writer, pepper: bytes, now: datetime) -> None:
        by: dict[str, Any] = {"by": "vera", "now": now}
        for person, (name, role) in PEOPLE.items():
            book.add(writer, person, name=name, role=role, stores=(), **by)
            book.set_pin(writer, person, self.pins[person], pepper, **by)
        book.new_badge(writer, "orlova", self.badge, pepper, **by)

    @staticmethod
    def people(status: dict[str, Any]) -> list[str]:
        return [one["person"] for one in status.get("staff", {}).get("people", [])]

    def signed_in(self) -> str | None:
        now = self.status()["staff"]["signed_in"]
        return None if now is None else str(now["person"])


@pytest.fixture(scope="module")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StaffedShop]:
    with closing(StaffedShop(tmp_path_factory.mktemp("staffed"), "en", printer=False)) as shop:
        yield shop.staffed()


@pytest.fixture
def desk(opened: Opener, staffed: StaffedShop) -> Till:
    """The desk's page, at which nobody has signed in."""
    till = opened(staffed)
    till.page.goto(f"{staffed.url}/desk")
    till.sees("Who are you?")
    return till


def type_pin(till: Till, name: str, pin: str) -> None:
    """By keyboard alone: the digit before the name, the PIN, Enter."""
    digit = till.page.locator("#desk .people button", has_text=name).get_attribute("data-choice", timeout=SHOWN_MS)
    till.page.locator("#desk-head").click()
    if till.page.locator("#pin").count():
        till.press("Escape")  # somebody else was chosen: digits are his PIN
    till.press(str(digit))
    expect(till.page.locator("#pin")).to_be_focused(timeout=SHOWN_MS)
    till.type(pin)
    till.press("Enter")


def serious(till: Till) -> list[str]:
    till.page.evaluate(Axe().axe_script)
    found = till.page.evaluate("() => axe.run(document)")["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found if one["impact"] in ("serious", "critical")
    ]


def receipt_by_phone(shop: Shop) -> None:
    """In front, as a POS has sent it; who he is was only said."""
    shop.do("basket", lines=[CHOCOLATE])
    shop.do("phone", number=PHONE)


def test_signing_in_by_keys_and_a_wrong_pin_until_nobody_may_try(desk: Till, staffed: StaffedShop) -> None:
    assert serious(desk) == []
    desk.page.locator("#desk-head").click()
    desk.press("0")  # of nobody: it goes nowhere
    expect(desk.region("entry")).not_to_be_focused()
    desk.page.locator("#desk .people button", has_text="Orlova").click()
    desk.page.locator("#desk-head").click()
    desk.type(staffed.pins["orlova"])  # digits are the PIN, wherever one has pressed
    expect(desk.region("pin")).to_have_value(staffed.pins["orlova"])
    desk.press("Enter")
    desk.shows("signed-in", "Orlova O. · manager")
    assert staffed.signed_in() == "orlova"
    assert serious(desk) == []
    receipt_by_phone(staffed)
    desk.press("F10")  # never out: back to the till, as Esc
    desk.shows("work", "Шоколад")
    desk.page.goto(f"{staffed.url}/desk")
    desk.page.locator("#sign-out").click()
    desk.shows("desk", "The receipt stays at the till")
    desk.press("Escape")
    desk.sees("What is to be done?")
    assert staffed.signed_in() == "orlova"
    desk.page.locator("#sign-out").click()
    desk.press("Enter")
    desk.sees("Who are you?")
    assert staffed.visit()["lines"]
    staffed.calm()
    desk.wedge(staffed.badge)
    desk.shows("signed-in", "Orlova O.")
    desk.page.locator("#sign-out").click()
    desk.sees("Who are you?")
    staffed.scan(staffed.badge)  # at the till's own scanner
    desk.shows("signed-in", "Orlova O.")
    desk.page.locator("#sign-out").click()
    desk.sees("Who are you?")
    right = staffed.pins["petrova"]
    for left in range(4, 0, -1):
        type_pin(desk, "Petrova", f"{(int(right) + left) % 10**6:06}")
        desk.shows("alert", f"Tries before a pause: {left}")
    type_pin(desk, "Petrova", f"{(int(right) + 9) % 10**6:06}")
    desk.shows("alert", "Too many wrong tries")
    type_pin(desk, "Petrova", right)
    desk.shows("alert", "Too many wrong tries")
    assert staffed.signed_in() is None
    for file in ("staff-tried.json", "staff.json"):
        assert (staffed.data / file).stat().st_mode & 0o077 == 0
    staffed.kill()
    (staffed.data / "staff-tried.json").unlink()  # half a minute, for the tests behind this one
    staffed.start()


def test_a_second_person_near_and_far_and_one_who_is_sent_away_meanwhile(
    opened: Opener, browser: Browser, staffed: StaffedShop
) -> None:
    receipt_by_phone(staffed)
    desk = opened(staffed)
    desk.page.locator("#to-sign-in").click()  # from the cashier's page, and back to it
    type_pin(desk, "Petrova", staffed.pins["petrova"])
    desk.shows("name", "Petrova A.")
    desk.press("F4", "4")
    desk.sees("What is to be done?")

    # near
    desk.page.evaluate(VOUCH, 10)
    second = desk.page.locator("#second")
    expect(second).to_contain_text("A second person is needed", timeout=SHOWN_MS)
    expect(second.locator(".people")).not_to_contain_text("Petrova")
    assert serious(desk) == []
    desk.press("1")
    expect(desk.page.locator("#second-pin")).to_be_focused(timeout=SHOWN_MS)
    desk.type("000000")
    desk.press("Enter")
    expect(second).to_contain_text("That is not the PIN", timeout=SHOWN_MS)
    desk.type(staffed.pins["markov"])
    desk.press("Enter")
    expect(second).to_be_hidden(timeout=SHOWN_MS)
    desk.page.wait_for_function("window.answer?.code === 'redeem_set'")
    assert staffed.signed_in() == "petrova", "he has only answered"

    desk.page.evaluate(VOUCH, 12)
    expect(second).to_be_visible(timeout=SHOWN_MS)
    staffed.scan(staffed.badge)  # before the till's own scanner: it answers, and signs nobody in
    expect(second).to_be_hidden(timeout=SHOWN_MS)
    desk.page.wait_for_function("window.answer?.code === 'redeem_set'")
    assert staffed.signed_in() == "petrova"

    # far, and the till has no network
    desk.page.evaluate(VOUCH, 11)
    challenge = desk.page.locator("#challenge").inner_text(timeout=SHOWN_MS)
    read_back = staffed.office.do("staff", "answer", challenge, "--about", "his phone is in the till", "--as", "markov")
    staffed.wire.cut()
    desk.press("F9")
    desk.type(f"{(int(read_back[:6]) + 1) % 10**6:06}")
    desk.press("Enter")
    expect(second).to_contain_text("Tries left: 2", timeout=SHOWN_MS)
    expect(desk.page.locator("#second-code")).to_be_focused(timeout=SHOWN_MS)
    desk.page.locator("#second-code").fill(read_back[:6])
    desk.press("Enter")
    expect(second).to_be_hidden(timeout=SHOWN_MS)
    desk.page.wait_for_function("window.answer?.code === 'redeem_set'")
    assert challenge.replace("-", "") in staffed.office.do("staff", "answer", "--list")

    staffed.wire.mend()

    # the same window at the cashier's page: a lost card by phone, its member's code or a manager
    staffed.wait("the hub", lambda status: status["hub"]["online"])
    staffed.calm()
    receipt_by_phone(staffed)
    desk.page.goto(staffed.url)
    desk.ready()
    for answers in ("nobody", "the manager", "the member"):
        desk.choose("F4", "2")
        desk.keep("number", BLANKS[1] if answers == "the member" else BLANKS[0])
        desk.press("Enter")
        desk.shows("answers", "Does the manager allow it?")
        desk.press("Enter")
        expect(second).to_be_visible(timeout=SHOWN_MS)
        if answers == "nobody":
            assert serious(desk) == []
            desk.press("Escape")
            expect(second).to_be_hidden(timeout=SHOWN_MS)
            assert staffed.visit()["gives_card"] is None
            continue
        if answers == "the manager":
            desk.press("1")
            expect(desk.page.locator("#second-pin")).to_be_focused(timeout=SHOWN_MS)
            desk.type(staffed.pins["markov"])
        else:
            desk.press("F2")
            expect(second).to_contain_text("··", timeout=SHOWN_MS)
            assert "для замены карты" in lines_in(staffed.office.outbox)[-1].text
            desk.page.locator("#second-member").fill(staffed.code())
        desk.press("Enter")
        expect(second).to_be_hidden(timeout=SHOWN_MS)
        desk.shows("side", "goes out with this purchase")
    desk.page.goto(f"{staffed.url}/desk")
    desk.sees("What is to be done?")

    # sent away in the middle: with the next page of the hub
    assert staffed.signed_in() == "petrova"
    staffed.office.do("staff", "revoke", "petrova")
    staffed.wait("the hub's next page", lambda status: "petrova" not in staffed.people(status))
    desk.sees("Who are you?")
    staffed.calm()


def test_a_program_signs_in_as_a_person_does(staffed: StaffedShop) -> None:
    """The same by the API, with a token of its own."""
    assert staffed.ask("sign_in", pos="tablet", person="markov", pin="1")["code"] == "wrong_pin"
    assert staffed.do("sign_in", pos="tablet", person="markov", pin=staffed.pins["markov"])["code"] == "signed_in"
    assert staffed.signed_in() is None, "at the till itself nobody has"
    assert staffed.do("sign_out", pos="tablet")["code"] == "signed_out"
