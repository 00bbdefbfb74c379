"""R32: cards at the cashier's page and at the desk's: a spoiled blank, a card without one, blocked and free again, and
plastic that becomes virtual, with the hub and without."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from config.settings import load_settings
from loyalty.card_numbers import make_number
from offline_cache.packed import unpack_text
from pos_agent.parts import staff_of
from storage import engine
from tests.page import screens
from tests.page.shop import BLANKS, CARDS, Shop
from tests.page.till import SHOWN_MS
from tests.staffed import OLGA, ZOYA, told

if TYPE_CHECKING:
    from tests.page.till import Till

DORA, ELSA, FAYA, GALA, HANNA, IRMA = (make_number(CARDS, serial) for serial in range(301, 307))
PHONE: Final = "9261234567"  # Elsa's


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """With members of its own, whose cards no other test needs."""
    if shop.ask("balance", text=FAYA).get("code") != "balance_told":
        cards = ((DORA, ""), (ELSA, f"+7{PHONE}"), (FAYA, ""), (GALA, ""), (HANNA, ""), (IRMA, ""))
        rows = (f"alenka,{card},{phone},300,yes,," for card, phone in cards)
        (shop.folder / "more.csv").write_text(
            "\n".join(("programme,card,phone,points,registered,birthday,favourites", *rows, "")), encoding="utf-8"
        )
        shop.office.do("import", str(shop.folder / "more.csv"))
        shop.wait("the members", lambda status: shop.ask("balance", text=FAYA)["code"] == "balance_told")
    shop.wait("virtual numbers", lambda status: status["cards"]["virtual"] > 10)
    return shop


@pytest.fixture
def staffed(shop: Shop) -> Iterator[Shop]:
    """Its office has told who works here, and is away since."""
    before = set(shop.data.iterdir())
    shop.kill()
    shop.wire.cut()  # which would tell that there is nobody
    staff_of(load_settings(shop.folder / "pos-agent.toml")).book.keep(told())
    kept = set(shop.data.iterdir()) - before
    shop.start()
    yield shop
    shop.kill()
    for file in kept:
        file.unlink(missing_ok=True)
    shop.wire.mend()
    shop.start()


def _done(shop: Shop, kind: str) -> list[Any]:
    with closing(engine.connect(shop.data / "till.db", "ro")) as file:
        rows = file.execute("SELECT text FROM operations WHERE kind = ? ORDER BY sequence", (kind,)).fetchall()
    return [json.loads(unpack_text(kept)) for (kept,) in rows]


def _paid(till: Till) -> None:
    till.press("F9")
    till.shows("answers", "been paid?")
    till.press("Enter")
    till.shows("work", "is recorded")


def test_a_spoiled_blank_is_swapped_and_without_one_a_virtual_card_goes_out(shop: Shop, till: Till) -> None:
    screens.keyed(till)
    till.choose("F4", "1")
    till.wedge(BLANKS[5])
    till.shows("side", f"Card ****{BLANKS[5][-4:]} goes out")
    till.press("Escape", "Escape")
    till.choose("F4", "7")
    till.wedge(BLANKS[6])
    till.shows("side", f"Card ****{BLANKS[6][-4:]} goes out")
    till.press("Escape", "Escape")
    _paid(till)
    assert _done(shop, "card_issued")[-1]["body"]["card"] == BLANKS[6]
    shop.wire.cut()
    screens.keyed(till)
    till.choose("F4", "1")
    till.keep("number", BLANKS[5])
    till.press("Enter")
    till.shows("panel", "written off as spoiled")
    till.press("Escape")
    till.press("6")
    till.opened(None)
    till.shows("side", "goes out with this purchase")
    _paid(till)
    assert _done(shop, "card_issued")[-1]["body"]["virtual"] is True


def test_esc_is_back_after_changed_terms_and_what_changed_is_said(shop: Shop, till: Till) -> None:
    """The receipt stays as it is, unpaid: Esc destroys nothing. That the card is blocked is seen."""
    screens.keyed(till)
    shop.do("code", text=GALA)
    quote = shop.visit()["quote"]
    shop.do("block_card", card=GALA)
    expect(till.page.locator(".member .blocked")).to_contain_text("The card is blocked", timeout=SHOWN_MS)
    assert shop.ask("prepare", quote=quote)["code"] == "changed_card"
    till.shows("alert", "The card is blocked: nothing is earned or redeemed")
    till.shows("answers", "Go on?")
    till.press("Escape")
    expect(till.region("answers")).to_be_hidden(timeout=SHOWN_MS)
    till.shows("work", "Шоколад")
    visit = shop.visit()
    assert len(visit["lines"]) == 2 and not visit["prepared"] and shop.status()["last_reply"]["code"] == "changed_card"


def test_the_fee_of_a_lost_card_alone_is_a_sale_that_is_paid_here(shop: Shop, till: Till) -> None:
    shop.do("code", text=HANNA)
    till.shows("side", "300 bonuses")
    till.choose("F4", "2")
    till.keep("number", BLANKS[8])
    till.press("Enter")
    till.shows("to-pay", "50.00")
    expect(till.region("side")).not_to_contain_text("The POS takes the money")
    expect(till.region("side")).not_to_contain_text("not registered")
    till.press("F9")
    till.shows("answers", "Has 50.00 ₽ been paid?")
    till.press("Escape")  # not frozen any more, and nothing is lost
    shop.wait("going on", lambda status: status["visit"]["prepared"] is False)
    till.shows("to-pay", "50.00")
    _paid(till)
    assert _done(shop, "card_reissued")[-1]["body"]["new_card"] == BLANKS[8]
    assert _done(shop, "sale")[-1]["body"]["paid_kopecks"] == 5_000


def _desk(till: Till) -> None:
    till.page.goto(f"{till.shop.url}/desk")
    expect(till.region("desk").locator("[data-choice='1']")).to_be_visible(timeout=SHOWN_MS)


def _cards(till: Till) -> None:
    """The flow's menu, from that of the desk."""
    till.page.locator("#desk .flows button", has_text="Cards").click()
    expect(till.region("left")).to_be_visible(timeout=SHOWN_MS)


def _step(till: Till, digit: str) -> None:
    """One of the flow's; the next key is no part of a scan that begins with this digit."""
    till.press(digit)
    expect(till.region("f-number")).to_be_focused(timeout=SHOWN_MS)


def test_a_card_is_blocked_and_another_becomes_virtual_without_the_hub(shop: Shop, till: Till) -> None:
    """At the desk's page, by keyboard and scanner; its QR is on the screen and on paper."""
    shop.wire.cut()
    before = len(_done(shop, "card_blocked"))
    _desk(till)
    _cards(till)
    _step(till, "1")
    till.wedge(DORA)
    till.shows("looked", f"Card ****{DORA[-4:]}, active. 300 bonuses on the account.")
    assert _done(shop, "card_blocked")[before:] == [], (
        "nothing is done to a card before somebody has seen which one it is"
    )
    till.press("Enter")
    till.shows("status", f"Card ****{DORA[-4:]} is blocked")
    _step(till, "1")
    till.wedge(DORA)
    till.shows("alert", "is blocked already")
    till.press("Escape")
    _step(till, "2")
    till.wedge(DORA)
    till.shows("alert", "no list of staff")
    till.press("Escape")
    _step(till, "3")
    till.keep("number", f"+7{PHONE}")
    till.press("Enter")
    till.shows("looked", f"Card ****{ELSA[-4:]}, active.")
    till.press("Enter")
    till.shows("alert", "the code or the manager")
    till.page.get_by_label("The manager allows it").check()
    till.press("Enter")
    till.shows("desk", "take a picture of the QR")
    made = _done(shop, "card_made_virtual")[-1]["body"]
    assert made["old_card"] == ELSA
    till.shows("desk", made["new_card"])
    drawn = till.page.locator("canvas.qr").screenshot()
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(drawn)))
    assert code.text == made["new_card"]
    till.press("Enter")
    till.shows("left", "Virtual numbers in stock")
    assert shop.ask("balance", text=made["new_card"])["balance"]["balance"] == 300
    assert shop.ask("code", text=ELSA)["code"] == "card_replaced"
    _step(till, "3")
    till.wedge(made["new_card"])
    till.shows("alert", "is virtual already")
    till.visit()
    till.choose("F4", "5")
    till.wedge(FAYA)
    till.shows("panel", f"Card ****{FAYA[-4:]} is blocked")


def test_a_card_in_hand_goes_to_a_phone_by_a_qr_on_the_screen(shop: Shop, till: Till) -> None:
    _desk(till)
    _cards(till)
    _step(till, "4")
    till.wedge(IRMA)
    till.shows("looked", f"Card ****{IRMA[-4:]}")
    till.press("Enter")
    till.shows("alert", "no page for cards on phones")
    with closing(engine.connect(shop.office.db)) as ledger:
        ledger.execute("INSERT INTO settings (name, value) VALUES ('card_page', 'https://card.example')")
    till.press("Enter")
    till.shows("desk", "good for an hour and one phone")
    assert till.reads("canvas.qr").startswith("https://card.example/card/#")


def test_a_manager_sets_a_card_free_and_a_cashier_does_not(staffed: Shop, till: Till) -> None:
    staffed.ask("block_card", card=DORA)
    _desk(till)
    for person, code in ((ZOYA, "alert"), (OLGA, "status")):
        till.page.get_by_role("button", name=person.name).click()
        till.page.locator("#pin").fill(person.pin)
        till.press("Enter")
        till.shows("signed-in", person.name)
        _cards(till)
        _step(till, "2")
        till.keep("number", DORA)
        till.press("Enter")
        if person is OLGA:
            till.shows("looked", "blocked")
            till.keep("reason", "found")
            till.press("Enter")
        till.shows(code, "works again" if person is OLGA else "not")
        till.page.locator("#sign-out").click()
    freed = _done(staffed, "card_unblocked")[-1]
    assert (freed["by"], freed["body"]["card"], freed["body"]["reason"]) == (OLGA.name, DORA, "found")
