"""Points that the shop's tills claim while the hub is away: never more than there are, whatever message comes when."""

from __future__ import annotations

import os
import random
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.pos_agent.shop_of_claims import BEGUN, Receipt, ShopOfClaims, TillHere

RACES = int(os.environ.get("SHOP_RACES", "250"))  # `make long`: 10,000
STEPS = 120  # of a race
LATER = BEGUN + timedelta(minutes=35)


def test_in_one_shop_whose_tills_all_answer_nothing_is_spent_twice_sec10() -> None:
    seed = int(os.environ.get("SHOP_SEED", random.SystemRandom().randrange(2**32)))
    print(f"SHOP_SEED={seed}")
    granted = 0
    for race in range(RACES):
        chance = random.Random(f"{seed}/{race}")
        shop = ShopOfClaims(2 + chance.randrange(3), chance.randrange(2_000))
        for _ in range(STEPS):
            shop.step(chance.randrange, losses=race % 2 == 1)
        shop.end()
        granted += shop.granted
    assert granted > RACES  # they do get some


class Interleavings(RuleBasedStateMachine):
    """The same by rules, so that what fails becomes short."""

    @initialize(tills=st.integers(2, 4), points=st.integers(0, 1_000))
    def open(self, tills: int, points: int) -> None:
        self.shop = ShopOfClaims(tills, points)

    def till(self, place: int) -> TillHere:
        alive = self.shop.alive()
        return alive[place % len(alive)]

    def receipt(self, till: TillHere, place: int) -> Receipt | None:
        return till.receipts[place % len(till.receipts)] if till.receipts else None

    places = st.integers(0, 3)
    points = st.integers(1, 1_000)

    @precondition(lambda self: self.shop.alive())
    @rule(place=places, points=points, again=st.integers(-3, 3), id=st.sampled_from("abc"))
    def ask(self, place: int, points: int, again: int, id: str) -> None:
        self.shop.tick()
        till = self.till(place)
        receipt = self.receipt(till, again) if again >= 0 else None
        if receipt is None or receipt.asking is None:
            self.shop.ask(till, points, receipt, id)

    @precondition(lambda self: self.shop.wire)
    @rule(places=st.lists(st.integers(0, 20), min_size=1, max_size=8), lost=st.booleans())
    def deliver(self, places: list[int], lost: bool) -> None:
        for place in places:
            self.shop.tick()
            if self.shop.wire:
                at = place % len(self.shop.wire)
                self.shop.wire.pop(at) if lost else self.shop.deliver(at)
            lost = False

    @precondition(lambda self: self.shop.alive())
    @rule(place=places, which=places, redeemed=points, accrued=st.integers(0, 100), paid=st.booleans())
    def close(self, place: int, which: int, redeemed: int, accrued: int, paid: bool) -> None:
        self.shop.tick()
        till = self.till(place)
        receipt = self.receipt(till, which)
        if receipt is not None and receipt.asking is None and paid:
            self.shop.pay(till, receipt, redeemed, accrued)
        elif receipt is not None:
            self.shop.give_up(till, receipt)

    @precondition(lambda self: self.shop.alive())
    @rule(place=places, what=st.sampled_from(["land", "publish", "push", "pull", "kill"]))
    def do(self, place: int, what: str) -> None:
        self.shop.tick()
        getattr(self.shop, what)(self.till(place))

    @rule(place=places)
    def start(self, place: int) -> None:
        self.shop.tick()
        dead = [till for till in self.shop.tills.values() if not till.alive]
        if dead:
            self.shop.start(dead[place % len(dead)])

    @rule(hours=st.sampled_from([1, 3]))
    def wait(self, hours: int) -> None:
        self.shop.tick(timedelta(hours=hours))

    def teardown(self) -> None:
        if hasattr(self, "shop"):
            self.shop.end()


TestInterleavings = Interleavings.TestCase
TestInterleavings.settings = settings(max_examples=int(os.environ.get("SHOP_EXAMPLES", "60")), stateful_step_count=60)
