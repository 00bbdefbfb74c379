"""Papers at the page: out of paper and back, a question that only its keys answer, copies, reports, the drawer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.page import screens
from tests.page.shop import ANNA, Shop
from tests.page.till import SHOWN_MS

CALM_MS = 650  # a question takes no key before
# in the very moment in which it is there, however long the machine takes to say so to a test
ENTER_AS_SOON_AS_ASKED = """() => {
  const asked = document.getElementById("asked")
  const press = () => document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", bubbles: true}))
  window.wasPressed = 0
  new MutationObserver((_, watch) => {
    if (!asked.checkVisibility()) return
    watch.disconnect()
    window.wasPressed = 1
    press()
  }).observe(asked, {attributes: true, childList: true, subtree: true})
}"""

if TYPE_CHECKING:
    from tests.page.till import Till


def papers(shop: Shop) -> int:
    return len(list(shop.papers.glob("receipt-*.txt")))


def test_paper_out_in_the_middle_and_back(shop: Shop, till: Till) -> None:
    shop.order("at line 8 paper out")
    screens.money(till)
    till.press("Enter")
    till.shows("work", "is recorded")
    till.shows("troubles", "Out of paper")
    expect(till.page.locator(".paper.printed")).to_have_count(0)
    shop.order("paper in")
    expect(till.page.locator(".paper.printed")).to_be_visible(timeout=SHOWN_MS)
    expect(till.region("troubles")).to_be_hidden(timeout=SHOWN_MS)


def test_the_question_is_answered_by_its_own_keys_alone_and_not_at_once(shop: Shop, till: Till) -> None:
    till.page.evaluate(ENTER_AS_SOON_AS_ASKED)  # whoever was pressing it has not read the question yet
    screens.question(till)
    asked = till.region("asked")
    assert till.page.evaluate("() => window.wasPressed") == 1
    till.press("F9", "Escape", "F10", "F4", "1")
    expect(asked).to_be_visible()
    till.opened(None)
    before = papers(shop)
    till.page.wait_for_timeout(CALM_MS)
    till.press("F8")
    expect(asked).to_be_hidden(timeout=SHOWN_MS)
    expect(till.page.locator(".paper.printed")).to_be_visible(timeout=SHOWN_MS)
    assert papers(shop) > before
    assert "ДУБЛИКАТ" in newest(shop)


def newest(shop: Shop) -> str:
    """Its text; headings have their letters apart."""
    return max(shop.papers.glob("receipt-*.txt")).read_text(encoding="utf-8").replace(" ", "")


def test_a_question_that_enter_answers_prints_nothing_more(shop: Shop, till: Till) -> None:
    screens.question(till)
    before = papers(shop)
    till.page.wait_for_timeout(CALM_MS)
    till.wedge(ANNA)  # its Enter is no answer
    till.shows("side", "****0017")
    expect(till.region("asked")).to_be_visible()
    till.press("Enter")
    expect(till.region("asked")).to_be_hidden(timeout=SHOWN_MS)
    shop.wait("no open papers", lambda status: not status["papers"].get("queued"))
    assert papers(shop) == before


def test_the_printers_cable_is_pulled_and_plugged_in(shop: Shop, till: Till) -> None:
    shop.order("unplug")
    till.shows("troubles", "No printer found")
    screens.money(till)
    till.press("Enter")
    till.shows("side", "waits for the printer")
    shop.order("plug")
    expect(till.page.locator(".paper.printed")).to_be_visible(timeout=30_000)


def test_copies_reports_and_the_drawer(shop: Shop, till: Till) -> None:
    screens.done(till)
    number, before = shop.sold()[-1]["body"]["sale"]["number"], papers(shop)
    till.choose("F8", "1")
    till.opened(None)
    shop.wait("a copy", lambda _: papers(shop) == before + 1)
    till.choose("F8", "2")
    till.type(number)
    till.press("Enter")
    till.opened(None)
    shop.wait("another copy", lambda _: papers(shop) == before + 2)
    assert "КОПИЯ" in newest(shop)
    till.choose("F8", "3")
    expect(till.page.locator("#panel pre")).to_contain_text("Points report", timeout=SHOWN_MS)
    till.choose("Escape", "4")
    till.opened(None)
    shop.wait("a report", lambda _: papers(shop) == before + 3)
    till.choose("F8", "5")
    till.opened(None)
    till.shows("status", "drawer")


def test_an_unknown_receipt_is_refused_where_it_was_typed(till: Till) -> None:
    till.choose("F8", "2")
    till.type("999999")
    till.press("Enter")
    expect(till.page.locator("#panel .bad")).not_to_be_empty(timeout=SHOWN_MS)
    till.press("Escape", "Escape")
    till.opened(None)
