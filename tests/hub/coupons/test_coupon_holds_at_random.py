"""Tills that all ask the hub before they take a coupon: whatever comes in whatever order, nobody gets more than the
campaigns allow, and nothing is a case."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.store.sqlite.store import SqliteStore
from loyalty.programme import CouponTerms
from loyalty.utc import utc_text
from tests.hub.conftest import NOW, PROGRAMMES, Pen
from tests.hub.coupons.conftest import RULES, Shop, campaign

TILLS, MEMBERS, SERIALS = 3, 2, 2
BOUNDS: Final = (  # one at a time, so that no other hides it
    CouponTerms(uses=1),
    CouponTerms(uses=2),
    CouponTerms(uses=99, per_member=1),
    CouponTerms(uses=99, in_all=2),
    CouponTerms(uses=99, budget_kopecks=200),
)
_life = itertools.count(1)


@dataclass
class Receipt:
    """Of which coupon, until when the till has it, and what it takes off at most."""

    serial: str
    hold: str
    until: str
    off: int
    member: str | None


@dataclass
class Till:
    name: str
    pen: Pen
    held: Receipt | None = None
    sold: list[tuple[int, Receipt]] = field(default_factory=list)


class Life:
    """A campaign of its own on the one hub."""

    def __init__(self, shop: Shop, terms: CouponTerms) -> None:
        self.shop, self.number, self.terms = shop, next(_life), terms
        self.campaign = f"life-{self.number}"
        offer = replace(campaign(self.campaign), terms=terms)
        shop.rules["alenka"] = replace(RULES, coupons=(offer,))
        self.members = [f"m{self.number}-{one}" for one in range(MEMBERS)]
        for member in self.members:
            shop.join(member)
        self.serials = [f"{self.number:016x}{one:016x}" for one in range(SERIALS)]
        self.tills = [Till(f"t{one}-{self.number}", Pen(f"t{one}-{self.number}")) for one in range(TILLS)]
        self.asked = 0
        self.used: Counter[str] = Counter()

    def whose(self, pick: int) -> str | None:
        return [None, *self.members][pick % (MEMBERS + 1)]

    def hold(self, till: Till, pick: int) -> None:
        self.asked += 1
        receipt = Receipt(self.serials[pick % SERIALS], f"h{self.asked}", "", 60 + pick, self.whose(pick // 3))
        more = {"member": receipt.member} if receipt.member else {}
        told = [
            self.shop.hold(
                receipt.serial,
                self.campaign,
                till=till.name,
                hold=receipt.hold,
                uses=self.terms.uses,
                discount_kopecks=receipt.off,
                **more,
            )
            for _ in range(2)
        ]
        assert told[0] == told[1], "asked twice, the same answer"
        if told[0].startswith("2026"):
            receipt.until = told[0]
            till.held = receipt

    def free(self, till: Till, pick: int) -> None:
        if till.held is not None:
            self.shop.ask("coupon_free", till=till.name, hold=till.held.hold)
        till.held = None

    def sell(self, till: Till, pick: int) -> None:
        held, till.held = till.held, None
        if held is None or held.until <= utc_text(self.shop.now):
            return
        sale = self.shop.used(
            held.serial, campaign=self.campaign, member=held.member, off=held.off - pick % 5, uses=self.terms.uses
        )
        assert self.shop.take(sale, pen=till.pen, at=self.shop.now) == ["applied"]
        till.sold.append((till.pen.sequence, held))
        self.used[held.serial] += 1

    def back(self, till: Till, pick: int) -> None:
        if till.sold:
            sequence, sold = till.sold.pop(pick % len(till.sold))
            gone = self.shop.back(sequence, sold.serial, till=till.name, member=sold.member)
            assert self.shop.take(gone, pen=till.pen, at=self.shop.now) == ["applied"]
            self.used[sold.serial] -= 1

    def wait(self, till: Till, pick: int) -> None:
        self.shop.now += timedelta(minutes=pick % 7)

    def check(self) -> None:
        terms, (uses, off) = self.terms, self.shop.counted(self.campaign)
        assert uses == self.used.total() and all(count <= terms.uses for count in self.used.values())
        assert terms.in_all is None or uses <= terms.in_all
        assert terms.budget_kopecks is None or off <= terms.budget_kopecks
        if terms.per_member is not None:
            assert all(self.shop.counted(self.campaign, one)[0] <= terms.per_member for one in self.members)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    path: Path = tmp_path_factory.mktemp("holds") / "hub.db"
    shop = Shop(path, {**PROGRAMMES, "alenka": RULES}, SqliteStore(path))
    yield shop
    assert shop.is_sound()
    shop.hub.close()


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["hold"] * 5 + ["sell"] * 3 + ["free", "back", "wait"]),
        st.integers(0, TILLS - 1),
        st.integers(0, 59),
    ),
    min_size=20,
    max_size=30,
)


@pytest.mark.parametrize("terms", BOUNDS, ids=lambda terms: str(terms)[12:40])
@settings(max_examples=4, deadline=None)
@given(steps=STEPS)
def test_nobody_gets_more_than_is_allowed_while_all_ask(
    shop: Shop, terms: CouponTerms, steps: list[tuple[str, int, int]]
) -> None:
    shop.now = NOW
    life = Life(shop, terms)
    for step, till, pick in steps:
        getattr(life, step)(life.tills[till], pick)
        life.check()
    assert shop.cases() == []
