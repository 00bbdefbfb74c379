"""The page in a real browser: its code is read from a screenshot by our own decoder, and a till that heard the hub over
HTTP takes it. The phone's own clock is three minutes off in all of it."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, expect

from drivers.scanner.decode import decode, read_picture
from drivers.scanner.emulator.phone import phone as phone_seen
from hub.card_page.app import card_app
from hub.card_phones.linking import make_link, tell_page
from hub.card_phones.revoking import phones_of, revoke
from loyalty.rotating_code import PREFIX
from pos_agent.answers import Reply
from pos_agent.protocol import BasketLine, Cancel, Code, Redeem, SetBasket
from tests.browser import chromium, needs_browser
from tests.hub.card_phones.conftest import CARD, Waited
from tests.one_port import Server
from tests.pos_agent.joined import Here, Till

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = needs_browser
RULES: Final[dict[str, Any]] = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
PICTURES: Final = os.environ.get("OFFICE_PICTURES")  # a folder: the pages are drawn there, for whoever looks
OFF: Final = timedelta(minutes=3)
SWEETS: Final = BasketLine(id="1", name="Конфеты", price="900.00", quantity="1", category="sweets")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture
def here(tmp_path: Path, hub_server: Server, page_server: Server) -> Iterator[Here]:
    here = Here(tmp_path, hub_server)
    here.join("anna", CARD, points=500)
    page_server.app = card_app(here.hub, wait=Waited())
    tell_page(here.hub, page_server.url)
    yield here
    here.close()


@pytest.fixture(scope="session")
def hub_server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def till(here: Here) -> Till:
    till = here.till("t1", "s1")
    till.sync()
    house = till.checkout.house
    house.programme = replace(house.programme, redemption=replace(house.programme.redemption, card_alone_max_points=50))
    return till


@pytest.fixture
def phone(browser: Browser, page_server: Server) -> Iterator[BrowserContext]:
    context = browser.new_context(
        locale="ru-RU",
        base_url=page_server.url,
        viewport={"width": 360, "height": 740},
        device_scale_factor=2,
        service_workers="allow",
    )
    context.set_default_timeout(10_000)
    yield context
    context.close()


class Handset:
    """The phone's page, at a moment of the phone's own clock."""

    def __init__(self, context: BrowserContext, here: Here, folder: Path) -> None:
        self.here, self.folder = here, folder
        self.page = context.new_page()
        self.hosts: set[str] = set()
        self.page.on("request", lambda request: self.hosts.add(request.url.split("/")[2]))
        self.page.on("pageerror", lambda error: pytest.fail(str(error)))
        self.page.on("console", lambda said: pytest.fail(said.text) if "Content Security" in said.text else None)

    def at(self, moment: datetime) -> None:
        self.page.clock.set_fixed_time(moment + OFF)

    def open(self, url: str = "/card/") -> None:
        self.page.goto(url)
        self.page.locator("body[data-ready]").wait_for()

    def shown(self, name: str) -> str:
        """What our decoder reads from a screenshot."""
        self.page.screenshot(path=self.file(name), full_page=True)
        (code,) = decode(read_picture(self.file(name)))
        return code.text

    def file(self, name: str) -> Path:
        return (Path(PICTURES) if PICTURES else self.folder) / f"card-{name}.png"

    def slot(self) -> str | None:
        return self.page.locator("#rotating-code[data-slot]").get_attribute("data-slot")


def link(here: Here, key: str = "1") -> str:
    with here.hub.store.reading() as reader:
        page = reader.setting("card_page")
    assert page is not None
    return make_link(here.hub, CARD, key=key, by="olga").at(page)


def ask(till: Till, command: Any) -> Reply:
    """The agent hears from the hub besides."""
    asked = till.agent.asked(command)
    while not asked.done():
        till.step()
    return asked.result()


def limit(till: Till, text: str) -> tuple[int, Reply]:
    """How much a receipt may spend by this code, and what was said to it."""
    assert ask(till, SetBasket(lines=(SWEETS,))).ok
    answer = ask(till, Code(text=text))
    assert answer.ok, answer.text
    told = ask(till, Redeem(preview=True)).told
    assert told is not None and told.limit is not None and ask(till, Cancel()).ok
    return told.limit.points, answer


def test_from_the_link_to_the_till_and_what_a_screenshot_is_worth_later(
    here: Here, till: Till, phone: BrowserContext, tmp_path: Path
) -> None:
    handset = Handset(phone, here, tmp_path)
    handset.at(here.now)
    handset.open(link(here))
    assert "#" not in handset.page.url, "the link is used up, and stands nowhere"
    expect(handset.page.locator("#number")).to_have_text("2600 0000 0001 7")
    code = handset.shown("rotating")
    assert code.startswith(PREFIX)
    for seed in range(3):  # as a camera sees it on a screen
        (seen,) = decode(phone_seen(read_picture(handset.file("rotating")), seed), live=True)
        assert seen.text == code
    taken = "crypto.subtle.exportKey('pkcs8', card.keys.privateKey).then(() => 'out', () => 'in')"
    assert handset.page.evaluate(taken) == "in", "the key cannot be taken out of the phone"
    told = limit(till, code)
    assert told[0] > 50 and "phone is confirmed" in told[1].text

    handset.page.get_by_role("button", name="Номер").click()
    number = handset.shown("static")
    assert number == CARD and limit(till, number)[0] == 50, "bars, for every scanner"
    handset.page.get_by_role("button", name="Списать").click()
    drawn = handset.slot()  # before the page's clock goes on: it may be drawn anew at once
    here.now += timedelta(seconds=30)
    handset.at(here.now)
    other = "slot => document.querySelector('#rotating-code').dataset.slot !== slot"
    handset.page.wait_for_function(other, arg=drawn)
    assert limit(till, handset.shown("next"))[0] > 50

    here.now += timedelta(seconds=90)
    till.sync()
    said = limit(till, code)
    assert said[0] == 50 and "a picture perhaps" in said[1].text

    handset.page.wait_for_function("navigator.serviceWorker.controller !== null")
    handset.page.wait_for_function("caches.keys().then(names => names.length === 1)")
    phone.set_offline(True)
    handset.at(here.now)
    handset.open()
    assert limit(till, handset.shown("offline"))[0] > 50, "without a network, by the time that it heard"
    handset.page.evaluate(Axe().axe_script)
    found = handset.page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]
    assert [f"{one['id']}: {one['nodes'][0]['html'][:150]}" for one in found] == []
    assert handset.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    handset.at(here.now + timedelta(days=200))
    handset.open()
    expect(handset.page.locator("#note")).to_contain_text("Срок кода вышел")
    assert handset.shown("over") == CARD, "the number works on"
    handset.page.get_by_role("button", name="English").click()
    expect(handset.page.locator("#note")).to_contain_text("The code's term is over")
    assert len(handset.hosts) == 1, "no other host is asked for anything"


def test_a_phone_that_was_taken_off_says_so_and_gets_another_link(
    here: Here, phone: BrowserContext, tmp_path: Path
) -> None:
    handset = Handset(phone, here, tmp_path)
    handset.at(here.now)
    handset.open(link(here))
    with here.hub.store.reading() as reader:
        (one,) = phones_of(reader, CARD)
    revoke(here.hub, CARD, one.phone.phone, "olga")
    here.now += timedelta(days=8)
    handset.at(here.now)
    handset.open()
    expect(handset.page.locator("#note")).to_contain_text("отключён от карты")
    assert handset.shown("gone") == CARD
    handset.open(link(here, "2"))
    expect(handset.page.locator("#note")).to_be_hidden()
    handset.page.locator("#rotating-code svg").wait_for()
    assert handset.shown("anew").startswith(PREFIX)


def test_a_browser_without_such_keys_shows_the_number_and_a_wrong_link_says_so(
    here: Here, phone: BrowserContext, tmp_path: Path
) -> None:
    handset = Handset(phone, here, tmp_path)
    handset.at(here.now)
    handset.open()
    expect(handset.page.locator("#note")).to_contain_text("На этом телефоне карты ещё нет")
    handset.open("/card/#" + "0" * 48)
    expect(handset.page.locator("#note")).to_contain_text("Ссылка не подходит")
    handset.page.goto("about:blank")
    handset.page.add_init_script("SubtleCrypto.prototype.generateKey = () => Promise.reject(new Error('none'))")
    handset.open(link(here))
    expect(handset.page.locator("#note")).to_contain_text("не умеет хранить ключ")
    assert handset.shown("no-key") == CARD


def test_the_pages_text_is_the_one_of_the_document(here: Here, phone: BrowserContext, tmp_path: Path) -> None:
    """The script's bytes are Python's, for the vector's key."""
    from loyalty.rotating_code import code_text, slot_of
    from tests.loyalty.test_rotating_code import CERTIFICATE, NOW, PHONE

    handset = Handset(phone, here, tmp_path)
    handset.open()
    jwk = {"kty": "OKP", "crv": "Ed25519", "ext": False, "key_ops": ["sign"]}
    jwk |= {"d": _base64(PHONE.private_bytes_raw()), "x": _base64(PHONE.public_key().public_bytes_raw())}
    made = handset.page.evaluate(
        """([jwk, certificate, slot]) => crypto.subtle.importKey("jwk", jwk, "Ed25519", false, ["sign"])
        .then((key) => rotatingText(key, bytesOf(certificate), slot))""",
        [jwk, CERTIFICATE.hex(), slot_of(NOW)],
    )
    assert made == code_text(CERTIFICATE, slot_of(NOW), PHONE.sign)


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
