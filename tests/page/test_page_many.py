"""Many visits at one page without a mouse, in every way and any order: each sale is recorded once, with right sums.

PAGE_VISITS=200 for a long run; POS_TEST_SEED plays one again.
"""

from __future__ import annotations

import os
import random
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from playwright.sync_api import expect

from tests.page.shop import ANNA, BORIS, PHONE, VERA, Shop
from tests.page.till import SHOWN_MS

if TYPE_CHECKING:
    from tests.page.till import Till

VISITS: Final = int(os.environ.get("PAGE_VISITS", "25"))
SEED: Final = int(os.environ.get("POS_TEST_SEED", "0")) or secrets.randbelow(2**32)
CARDS: Final = (BORIS, VERA)


class Cashier:
    """Does one visit after the other, and remembers what must have been recorded."""

    def __init__(self, shop: Shop, till: Till, draw: random.Random) -> None:
        self.shop, self.till, self.draw = shop, till, draw
        self.number = 5_000
        self.sold: list[tuple[str, int, int | None]] = []  # number, total, points spent (None: as many as may be)

    def visit(self) -> None:
        own = self.draw.random() < 0.6
        number, total_kopecks = self.key_in() if own else self.told_by_pos()
        if self.draw.random() < 0.1:
            self.put_aside(number)
        who = self.draw.choice([None, self.by_wedge, self.by_scanner, self.by_hand, self.by_phone])
        points: int | None = 0
        if who:
            card = who()
            if card:
                points = self.spend()
        if self.draw.random() < 0.1:
            self.cancel()
            return
        self.pay(own, number)
        self.sold.append((number, total_kopecks, points))

    # goods

    def key_in(self) -> tuple[str, int]:
        number = str(self.shop.visit()["next_number"])
        total = 0
        self.till.press("F6")
        for line in range(self.draw.randint(1, 2)):
            kopecks = self.draw.randrange(10_000, 90_000, 10)
            expect(self.till.region("f-code")).to_be_focused(timeout=SHOWN_MS)
            keyboard = self.till.page.keyboard
            self.till.press("Tab")
            keyboard.insert_text(f"Tea {line}")
            self.till.press("Tab")
            keyboard.insert_text(f"{kopecks // 100},{kopecks % 100:02}")
            self.till.press("Tab", "Tab", "Tab")
            self.till.type("te")
            self.till.press("Enter")
            self.till.shows("work", f"Tea {line}")
            expect(self.till.region("f-name")).to_have_value("", timeout=SHOWN_MS)
            total += kopecks
        self.till.press("Escape")
        self.till.opened(None)
        return number, total

    def told_by_pos(self) -> tuple[str, int]:
        self.number += 1
        kopecks = self.draw.randrange(10_000, 90_000, 10)
        price = f"{kopecks // 100}.{kopecks % 100:02}"
        line = {"id": "1", "name": "Coffee", "price": price, "category": "tea"}
        self.shop.do("basket", sale=str(self.number), lines=[line])
        self.till.shows("work", f"Receipt {self.number}")
        return str(self.number), kopecks

    # who; a card whose points may be spent

    def by_wedge(self) -> str:
        card = self.draw.choice(CARDS)
        self.till.wedge(card, russian=self.draw.random() < 0.5)
        return self.found(card)

    def by_scanner(self) -> str:
        card = self.draw.choice(CARDS)
        self.shop.scan(card)
        return self.found(card)

    def by_hand(self) -> str:
        card = self.draw.choice(CARDS)
        self.till.type(card)
        self.till.press("Enter")
        return self.found(card)

    def by_phone(self) -> None:
        self.till.press("F2")
        expect(self.till.region("f-number")).to_be_focused(timeout=SHOWN_MS)
        self.till.page.keyboard.insert_text(f"+7{PHONE}")
        self.till.press("Enter")
        self.till.opened(None)
        self.found(ANNA)

    def found(self, card: str) -> str:
        self.till.shows("side", f"****{card[-4:]}")
        return card

    # how much

    def spend(self) -> int | None:
        how: Callable[[], int | None] = self.draw.choice([lambda: 0, self.some, self.as_many_as_may_be])
        self.till.shows("answers", "Redeem")
        return how()

    def some(self) -> int:
        points = self.draw.randint(1, 9)
        self.till.press("F3")
        self.till.opened("How many to redeem?")
        self.till.type(str(points))
        self.till.shows("becomes", "to pay")
        self.till.press("Enter")
        self.till.opened(None)
        self.till.shows("side", f"Paid with points ({points})")
        return points

    def as_many_as_may_be(self) -> None:
        self.till.press(*self.draw.choice([("Enter",), ("F3", "F3")]))
        self.till.shows("side", "Paid with points")

    # and away

    def put_aside(self, number: str) -> None:
        self.till.choose("F10", "2")
        self.till.shows("work", "Scan the card")
        self.till.choose("F10", "1")
        self.till.shows("work", f"Receipt {number}")

    def cancel(self) -> None:
        self.till.choose("F10", "1")
        self.till.shows("work", "Scan the card")

    def pay(self, own: bool, number: str) -> None:
        if own:
            self.till.press("F9")
            self.till.shows("answers", "been paid?")
            self.till.press("Enter", "Enter")
        else:
            quote = self.shop.do("prepare", sale=number)["told"]["quote"]
            self.shop.do("pay", sale=number, quote=quote)
        self.till.shows("work", f"Receipt {number} is recorded")


def test_many_visits_without_a_mouse(shop: Shop, till: Till) -> None:
    print(f"POS_TEST_SEED={SEED}")
    cashier = Cashier(shop, till, random.Random(SEED))
    before = len(shop.sold())
    for _ in range(VISITS):
        cashier.visit()
    recorded = [sums(one["body"]) for one in shop.sold()[before:]]
    assert [(number, total) for number, total, _ in recorded] == [(number, total) for number, total, _ in cashier.sold]
    for (number, total, points), (_, _, wanted) in zip(recorded, cashier.sold, strict=True):
        assert points == wanted if wanted is not None else 0 < points <= total // 200, number
    shop.wait("all of it at the hub", lambda status: status["outbox"] == 0 and not status["refused"])
    shop.office.do("verify")


def sums(sale: dict[str, Any]) -> tuple[str, int, int]:
    """Number, what the goods came to, points: one is a ruble."""
    points = sale.get("redeemed", {}).get("points", 0)
    return sale["sale"]["number"], sale["paid_kopecks"] + points * 100, points
