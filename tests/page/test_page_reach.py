"""Who can use the page: axe, sizes of targets, zoom, one language at a time, no other host, its weight, its headers."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Response

from tests.page import screens
from tests.page.screens import SCREENS, Screen
from tests.page.shop import Shop
from tests.page.till import SIZE, Till, let_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.page.conftest import Opener

RULES: Final[dict[str, Any]] = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
COLOURS: Final[dict[str, Any]] = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
TARGET_LEAST_PX: Final = 47.99  # 48, as browsers round
PAGE_MOST_BYTES: Final = 60_000  # over the wire
ZOOMED: Final[Any] = {"width": 512, "height": 384}  # 1024 × 768 at 200 %

UNSEEN_CHOICES: Final = """() => {
  const panel = document.querySelector("#panel"), low = panel.getBoundingClientRect().bottom
  const unseen = one => one.getBoundingClientRect().bottom > low
  return [...panel.querySelectorAll(".menu [data-choice]")].filter(unseen).map(one => one.innerText)
}"""

# what is of no language: key caps, what devices and tills are called, cards
NAMES: Final = re.compile(r"till-1|counter|\b(?:Enter|Esc|Delete|Tab|F\d{1,2})\b")
RU, EN = re.compile(r"[А-Яа-яЁё]{2,}"), re.compile(r"[A-Za-z]{2,}")
GOODS: Final = re.compile(r"Шоколад «Алёнка»|Конфеты «Мишка косолапый»")


@pytest.fixture(scope="module")
def windows(shops: Callable[..., Shop], browser: Browser) -> Callable[[str], Till]:
    """One of each language, with axe in it."""

    @cache
    def window(language: str) -> Till:
        till = let_in(shops(language), browser, color_scheme="dark", reduced_motion="reduce")
        till.page.evaluate(Axe().axe_script)
        return till

    return window


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_a_screen_keeps_nothing_from_anybody(windows: Callable[[str], Till], screen: Screen, language: str) -> None:
    """In both themes, at the size of a till and at 200 % zoom."""
    till = windows(language)
    screens.morning(till)
    try:
        screen.story(till)
        assert serious(till, RULES) == []
        assert till.page.evaluate(UNSEEN_CHOICES) == [], "who chooses by a digit sees all of them"
        till.page.emulate_media(color_scheme="light")
        assert serious(till, COLOURS) == []
        assert small_targets(till) == []
        assert of_another_language(till, language) == []
        till.page.set_viewport_size(ZOOMED)
        assert out_of_reach(till) == []
    finally:
        till.page.set_viewport_size(SIZE)
        till.page.emulate_media(color_scheme="dark")
        till.shop.mend()


def serious(till: Till, rules: dict[str, Any]) -> list[str]:
    found = till.page.evaluate("rules => axe.run(document, rules)", rules)["violations"]
    return [
        f"{one['id']}: {node['html'][:120]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def small_targets(till: Till) -> list[str]:
    """Of what can be pressed; a box is pressed by its label too."""
    sizes: list[tuple[str, float, float]] = till.page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, a[href]")].filter(one => one.checkVisibility())
          .map(one => {
            const {width, height} = one.getBoundingClientRect()
            const label = one.type === "checkbox" ? one.labels[0].getBoundingClientRect() : {width: 0, height: 0}
            return [one.outerHTML.slice(0, 90), Math.max(width, label.width), Math.max(height, label.height)]
          })"""
    )
    return [html for html, width, height in sizes if min(width, height) < TARGET_LEAST_PX]


def of_another_language(till: Till, language: str) -> list[str]:
    """Words of it; but for goods and papers, which are as they are."""
    text = till.text()
    for paper in till.page.locator("pre.paper").all_inner_texts():
        text = text.replace(paper, "")
    text = GOODS.sub("", NAMES.sub("", text))
    return (EN if language == "ru" else RU).findall(text)


def out_of_reach(till: Till) -> list[str]:
    """What cannot be scrolled to. Nothing is wider than the window."""
    lost: list[str] = till.page.evaluate(
        """() => {
          const lost = [...document.querySelectorAll("button, input, select, h2, strong")]
            .filter(one => one.checkVisibility()).filter(one => {
              one.scrollIntoView({block: "center", inline: "nearest"})
              const {left, right, top, bottom} = one.getBoundingClientRect()
              const at = document.elementFromPoint((left + right) / 2, (top + bottom) / 2)
              const covered = !at || !(one.contains(at) || at.contains(one) || at.closest("#asked, #panel, #gone"))
              return left < -1 || right > innerWidth + 1 || covered
            })
          return lost.map(one => one.outerHTML.slice(0, 90))
        }"""
    )
    return lost


def test_the_page_asks_no_other_host_and_weighs_little(shop: Shop, opened: Opener) -> None:
    bodies: dict[str, int] = {}
    hosts: set[str] = set()
    documents: list[Response] = []
    till = opened(shop)

    def came(response: Response) -> None:
        if response.request.resource_type == "document":
            documents.append(response)
        if response.request.resource_type in ("document", "stylesheet", "script", "image", "other"):
            bodies[response.url] = response.request.sizes()["responseBodySize"]

    till.page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    till.page.on("response", came)
    till.page.reload()
    screens.done(till)
    till.choose("F8", "3")
    till.press("Escape", "Escape", "F1", "Escape")
    till.page.goto(f"{shop.url}/pair")
    assert hosts == {shop.url.removeprefix("http://")}
    assert len(documents) == 2
    for document in documents:
        assert document.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
        assert "unsafe" not in document.headers["content-security-policy"]
    weight = sum(size for url, size in bodies.items() if "pair" not in url)
    assert 10_000 < weight <= PAGE_MOST_BYTES, weight
