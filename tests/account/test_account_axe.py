"""Every page of the account, in both languages and themes, on a phone: axe finds nothing, nothing scrolls sideways, no
other host is asked, and nothing but our own files may run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe

from account.menu import PAGES
from account.visit import View
from hub.coupons.making import Wanted, mint
from hub.people.orders import Order
from hub.people.stickers import correct_stickers
from tests.account.conftest import PHONE, Account
from tests.account.homely import (
    ALBUM,
    FAVOURITE,
    KNIFE,
    MADE,
    PROMOTIONS,
    anna,
    bought,
    given,
    in_force,
    stock,
)
from tests.account.shops_here import stand
from tests.browser import needs_browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

OLGA: Final = Order(by="Olga")
RULES: Final[dict[str, Any]] = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
SCREENS: Final = (("ru", "light"), ("en", "dark"), ("ru", "dark"), ("en", "light"))
ALL: Final = os.environ.get("ACCOUNT_SCREENS") == "all"  # axe looks at each page in all of them, and at a desk too
AXE: Final = Axe().axe_script
PICTURES: Final = os.environ.get("ACCOUNT_PICTURES")  # a folder: the pages are drawn there, for whoever looks
TARGET_PX: Final = 44
PRESSED: Final = "button, .button, nav a, header a, input:not([type=hidden]), select, summary"
SMALL: Final = f"""[...document.querySelectorAll("{PRESSED}")]
  .map(one => one.closest("label.row") ?? one)
  .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < {TARGET_PX})
  .map(one => one.outerHTML.slice(0, 120))"""
STRICT: Final = tuple(
    f"{what} {whom}"
    for what, whom in (
        ("default-src", "'none'"),
        ("script-src", "'self'"),
        ("style-src", "'self'"),
        ("frame-ancestors", "'none'"),
        ("base-uri", "'none'"),
    )
)


def shown_by(account: Account, is_open: bool) -> list[str]:
    """The addresses of pages that need nothing said, and one that refuses; `is_open`: as nobody sees them."""
    views: list[View] = [view for page in PAGES for view in page.views]
    paths = [view.path for view in views if view.method == "GET" and "{" not in view.path and view.open == is_open]
    client = account.client("" if is_open else "anna")
    answers = {path: client.get(path, allow_redirects=False) for path in dict.fromkeys(paths)}
    pages = {path: answer for path, answer in answers.items() if "text/html" in answer.headers.get("Content-Type", "")}
    refused = [path for path, answer in pages.items() if answer.status_code >= 400]  # they want to know of which card
    return [path for path in pages if path not in refused[1:]]


@pytest.fixture
def full(account: Account, monkeypatch: pytest.MonkeyPatch) -> Account:
    """With a member who has something everywhere."""
    rules = account.hub.programmes["alenka"]
    club: dict[str, Any] = {
        "member_made": MADE,
        "stickers": ALBUM,
        "favourite": FAVOURITE,
        "coupons": (*rules.coupons, KNIFE),
    }
    in_force(monkeypatch, account.hub, promotions=PROMOTIONS, **club)
    stock(account.hub)
    anna(account.office)
    mint(account.hub, Wanted(programme="alenka", campaign="ten-percent", whom="anna", uses=2), OLGA)
    correct_stickers(account.hub, "anna", 25, OLGA, "on paper")
    bought(account.office, "anna", "A1", "chocolate")
    given(account.office, 150, 0, 1)
    stand(account.hub)
    return account


@pytest.fixture
def context(browser: Browser, full: Account) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE, has_touch=True, service_workers="block")  # type: ignore[arg-type]
    yield context
    context.close()


@needs_browser
@pytest.mark.parametrize("is_open", [True, False], ids=["nobody", "anna"])
def test_a16_every_page_on_a_phone(full: Account, context: BrowserContext, is_open: bool) -> None:
    """A16: "adapts to a phone's screen, and nothing is lost by it". Each page in both languages; axe looks at it on one
    of the screens, another one for the next page."""
    paths = shown_by(full, is_open)
    assert ("/sign-in" if is_open else "/") in paths
    if not is_open:
        context.add_cookies([{"name": "account", "value": full.cookie_of("anna"), "url": full.url}])
    page = context.new_page()
    hosts, said = set[str](), list[str]()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    page.on("console", lambda told: said.append(told.text) if "Content Security" in told.text else None)
    faults: dict[tuple[str, str], list[str]] = {}
    for turn, path in enumerate(paths):
        for language in ("ru", "en"):
            found = plain_faults(page, full.url, path, language)
            for screen in SCREENS if ALL else (SCREENS[turn % len(SCREENS)],):
                found += axe_faults(page, path, *screen) if screen[0] == language else []
            if found:
                faults[path, language] = found
    assert faults == {} and said == []
    assert hosts == {full.url.split("/")[2]}


def plain_faults(page: Page, url: str, path: str, language: str) -> list[str]:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    answer = page.goto(f"{url}{path}?lang={language}")
    assert answer is not None
    faults = [f"CSP without {part}" for part in STRICT if part not in answer.headers["content-security-policy"]]
    if "unsafe" in answer.headers["content-security-policy"]:
        faults.append("CSP with unsafe")
    if page.evaluate("document.documentElement.lang") != language:
        faults.append("another language")
    faults += page.evaluate("document.documentElement.scrollWidth > innerWidth ? ['scrolls sideways'] : []")
    return faults + [f"small: {one}" for one in page.evaluate(SMALL)]


def axe_faults(page: Page, path: str, language: str, scheme: str) -> list[str]:
    """With the whole page in sight: the menu lies over nothing then."""
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.evaluate(AXE)
    faults = []
    for width in (360, 1280) if ALL else (360,):
        page.set_viewport_size({"width": width, "height": page.evaluate("document.documentElement.scrollHeight")})
        drawn(page, f"{path.strip('/').replace('/', '-') or 'home'}-{language}-{scheme}-{width}")
        found = page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]
        faults += [f"{scheme} {width} {one['id']}: {one['nodes'][0]['html'][:150]}" for one in found]
    return faults


def drawn(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
