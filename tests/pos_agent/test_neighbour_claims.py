"""Points that the shop's tills claim while the hub is away: never more than there are, whatever message comes when."""

from __future__ import annotations

import os
import random
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from pos_agent.neighbours.claims import Claims, Granted, Held, active_in, counted, known
from pos_agent.neighbours.wire import CLAIMS_MAX, Claim, Spent, Told, Word
from sync.protocol import HOLD_LASTS_MAX_S
from tests.pos_agent.shop_of_claims import (
    ANNA,
    BEGUN,
    AskSent,
    EndSent,
    Receipt,
    ShopOfClaims,
    TillHere,
    ToldSent,
)

RACES = int(os.environ.get("SHOP_RACES", "250"))  # `make long`: 10,000
STEPS = 120  # of a race


def test_in_one_shop_whose_tills_all_answer_nothing_is_spent_twice_sec10() -> None:
    seed = int(os.environ.get("SHOP_SEED", random.SystemRandom().randrange(2**32)))
    print(f"SHOP_SEED={seed}")
    granted = 0
    for race in range(RACES):
        chance = random.Random(f"{seed}/{race}")
        shop = ShopOfClaims(2 + chance.randrange(3), chance.randrange(2_000), partial(chance.randrange, -9, 9))
        if race % 4 < 2:
            shop.burst(chance.randrange)
        for _ in range(STEPS if race % 4 else 0):
            shop.step(chance.randrange, losses=race % 2 == 1)
        shop.end()
        granted += shop.granted
    assert granted > RACES  # they do get some


def test_three_tills_that_wait_for_each_other_in_a_ring_get_no_more_than_there_is() -> None:
    """By ids alone b counts a, c counts b, and a counts c, which is held by then; each would get half."""
    shop = ShopOfClaims(3, 100)
    a, b, c = shop.tills.values()

    def deliver(to: TillHere, sender: str, kind: type) -> None:
        place = next(
            place
            for place, sent in enumerate(shop.wire)
            if isinstance(sent, kind) and sent.to == to.name and _sender(sent) == sender
        )
        shop.tick()
        shop.deliver(place)

    shop.ask(b, 50, id="b")
    shop.ask(c, 50, id="c")
    for kind, to, sender in (
        *((AskSent, c, b.name), (AskSent, a, c.name), (AskSent, b, c.name)),
        *((ToldSent, c, a.name), (ToldSent, c, b.name)),
    ):
        deliver(to, sender, kind)
    shop.ask(a, 50, id="a")
    for kind, to, sender in (
        *((AskSent, c, a.name), (AskSent, b, a.name), (ToldSent, a, c.name), (ToldSent, a, b.name)),
        *((AskSent, a, b.name), (ToldSent, b, a.name), (ToldSent, b, c.name)),
    ):
        deliver(to, sender, kind)
    for till in (a, b, c):
        shop.land(till)
    assert shop.granted == 100
    assert [till.receipts[0].points for till in (a, b, c)] == [0, 50, 50]


def _sender(sent: AskSent | ToldSent | EndSent) -> str:
    return sent.told.till if isinstance(sent, ToldSent) else sent.sender


class Interleavings(RuleBasedStateMachine):
    """The same by rules, so that what fails becomes short."""

    @initialize(tills=st.integers(2, 4), points=st.integers(0, 1_000))
    def open(self, tills: int, points: int) -> None:
        ahead = iter((0, 7, -7, 3))
        self.shop = ShopOfClaims(tills, points, lambda: next(ahead))

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


# one till by itself

NOW, UNTIL = BEGUN, BEGUN + timedelta(minutes=35)
NOTHING = Spent()
WORD = Word(at=NOW, active=100)


def claim(hold: str, points: int, till: str = "b", turn: int = 1, state: str = "held") -> Claim:
    return Claim(hold=hold, till=till, points=points, turn=turn, until=UNTIL, state=state)  # type: ignore[arg-type]


def told(till: str = "b", *claims: Claim, turn: int = 9, word: Word | None = WORD, spent: Spent = NOTHING) -> Told:
    return Told(till=till, turn=turn, word=word, spent=spent, claims=claims)


def test_the_word_of_the_till_whose_claim_it_is_counts() -> None:
    ended, other, newer = claim("h1", 10), claim("h2", 20), claim("h3", 30, turn=10, state="pending")
    own = told("a", ended, other, newer, claim("h4", 40, till="c"))
    found = known(own, [told("b", claim("h2", 25), claim("h4", 45, till="c"))])
    assert {hold: one.points for hold, one in found.items()} == {"h2": 25, "h3": 30, "h4": 40}


def test_what_a_silent_till_wants_counts_whatever_its_rank() -> None:
    mine = claim("h0", 50, till="a", turn=1, state="pending")
    own = told("a", mine, claim("h9", 40, turn=8, state="pending"))
    assert [one.hold for one in counted(mine, None, own, [])] == ["h9"]
    assert counted(mine, None, own, [told("b", claim("h9", 40, turn=8, state="pending"))]) == []


def test_the_newest_word_counts_and_all_that_was_spent() -> None:
    newer = Word(at=NOW + timedelta(seconds=1), active=300)
    assert active_in(told("a", spent=Spent(points=30)), [told("b", word=newer, spent=Spent(points=20))]) == 250
    assert active_in(told("a"), [told("b", word=None)], earned=5) == 105
    assert active_in(told("a"), [told("b", word=newer)], earned=5) == 300  # which may have it in it
    assert active_in(told("a", word=None), [told("b", word=None)]) == 0


def test_a_hold_that_was_paid_is_among_what_was_spent_and_counts_once() -> None:
    mine = claim("h0", 50, till="a", turn=5, state="pending")
    own = told("a", mine, spent=Spent(points=10, holds=("h1",)))
    assert counted(mine, None, own, [told("b", claim("h1", 10, till="b"))]) == []


def asked(points: int = 100) -> Claims:
    claims = Claims("a")
    claims.want(ANNA, "h1", points, UNTIL, NOW)
    return claims


def decided(claims: Claims, hold: str = "h1", replaces: str | None = None) -> Granted | None:
    own = Told(till="a", turn=claims.turn, word=WORD, claims=claims.on(ANNA, NOW))
    return claims.decide(ANNA, hold, replaces, own, [])


def test_what_is_granted_is_held_and_what_it_replaces_until_the_receipt_has_it() -> None:
    claims = asked(60)
    assert decided(claims) == Granted(60, 100, 0)
    claims.want(ANNA, "h2", 90, UNTIL, NOW)
    assert decided(claims, "h2", "h1") == Granted(90, 100, 0)
    assert [(one.hold, one.points, one.state) for one in claims.on(ANNA, NOW)] == [
        ("h1", 60, "held"),
        ("h2", 90, "held"),
    ]
    assert claims.own({"h2": Held(ANNA, 90, UNTIL)}, (), NOW) == [(ANNA, "h1")]


def test_a_receipt_that_is_gone_meanwhile_gets_nothing() -> None:
    claims = asked()
    assert claims.own({}, (), NOW) == [(ANNA, "h1")]
    assert decided(claims) is None and claims.on(ANNA, NOW) == ()


def test_what_is_being_asked_for_stays_and_what_receipts_hold_is_there_after_a_start() -> None:
    claims = asked()
    assert claims.own({"h0": Held(ANNA, 40, UNTIL)}, {"h1"}, NOW) == []
    assert {one.hold: one.state for one in claims.on(ANNA, NOW)} == {"h0": "held", "h1": "pending"}
    assert claims.own({}, {"h1"}, NOW) == []  # nobody was asked about h0
    assert [one.hold for one in claims.on(ANNA, NOW)] == ["h1"]


def test_a_claim_ends_by_its_time_and_lasts_no_longer_than_any_hold() -> None:
    claims = Claims("a")
    assert claims.heard(ANNA, replace_until(claim("h9", 10), timedelta(days=400)), NOW)
    assert claims.on(ANNA, NOW + timedelta(seconds=HOLD_LASTS_MAX_S - 1))
    assert not claims.on(ANNA, NOW + timedelta(seconds=HOLD_LASTS_MAX_S))


def replace_until(one: Claim, later: timedelta) -> Claim:
    return Claim(hold=one.hold, till=one.till, points=one.points, turn=one.turn, until=NOW + later, state=one.state)


def test_nobody_speaks_for_another_till() -> None:
    claims = asked()
    assert claims.heard(ANNA, claim("h1", 1, till="a"), NOW)  # this till itself, by its own address
    assert claims.on(ANNA, NOW)[0].points == 100
    assert not claims.heard(ANNA, claim("h1", 1, till="b"), NOW)
    claims.ended(ANNA, "b", ["h1"])
    claims.ended(ANNA, "a", ["h1"])
    assert [one.points for one in claims.on(ANNA, NOW)] == [100]


def test_there_is_room_for_so_many_and_then_whoever_asks_is_refused() -> None:
    claims = Claims("a")
    for number in range(CLAIMS_MAX):
        assert claims.heard(ANNA, claim(f"h{number}", 1), NOW)
    assert not claims.heard(ANNA, claim("more", 1), NOW)
    assert claims.heard("boris", claim("more", 1), NOW)
    assert claims.heard(ANNA, claim("more", 1), UNTIL)


def test_turns_go_on_from_all_that_was_heard_and_after_a_start_from_the_clock() -> None:
    claims, far = Claims("a"), 10**15
    assert claims.heard(ANNA, claim("h9", 1, turn=far), NOW)
    assert claims.want(ANNA, "h1", 1, UNTIL, NOW).turn == far + 1
    assert Claims("a").want(ANNA, "h1", 1, UNTIL, NOW).turn == int(NOW.timestamp() * 1_000)


@pytest.mark.parametrize("points", [0, 99, 100, 101])
def test_nobody_gets_more_than_he_wants_or_there_is(points: int) -> None:
    granted = decided(asked(points))
    assert granted is not None and granted.points == min(points, 100)
