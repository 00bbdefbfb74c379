"""One member at several tills, whatever comes in whatever order: what is sold within holds was there."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.books.holds import AskRefused
from hub.store.sqlite.store import SqliteStore
from loyalty.bodies import Body, HoldVoided, MemberMerged, Sale
from loyalty.utc import utc_text
from sync.protocol import HoldRequest, Unsent
from tests.hub.conftest import Pen
from tests.hub.held import Held

TILLS = 3
LASTS_MIN = 20  # minutes that a hold lasts
_life = itertools.count(1)


@dataclass
class Till:
    """What it has reserved for the receipt in front of it, and what waits to be sent."""

    name: str
    pen: Pen
    hold: tuple[str, int] | None = None  # and how many points it has
    outbox: list[tuple[Body, datetime]] = field(default_factory=list)  # and when it happened
    lost: list[HoldRequest] = field(default_factory=list)  # on its way, and may come at any time


class Life:
    """`late`: points of sales that came when their hold was over; they may have been promised to others."""

    def __init__(self, shop: Held, points: int, twins: int) -> None:
        self.shop = shop
        self.number = next(_life)
        self.member, self.twin = f"m{self.number}", f"twin{self.number}"
        shop.join(self.member, points=points, card=f"c{self.number}")
        shop.join(self.twin, points=twins, card=f"d{self.number}")
        self.there = points
        self.twins = twins
        self.tills = [Till(f"t{one}-{self.number}", Pen(f"t{one}-{self.number}")) for one in range(TILLS)]
        self.until: dict[str, float] = {}
        self.late = self.sold = self.asked = 0

    @property
    def minutes(self) -> float:
        return (self.shop.now - self.shop.NOW).total_seconds() / 60

    def _request(self, till: Till, points: int) -> HoldRequest:
        """As the till asks: instead of what it has, and with what it has sold and not sent."""
        self.asked += 1
        behind = till.pen.sequence
        sales = [
            Unsent(generation=1, sequence=behind + number, points=body.redeemed.points, hold=body.redeemed.hold)
            for number, (body, _) in enumerate(till.outbox, start=1)
            if isinstance(body, Sale)
        ]
        self.until[f"{till.name}/{self.asked}"] = self.minutes + LASTS_MIN
        return HoldRequest(
            till=till.name,
            programme="alenka",
            member=self.member,
            hold=f"{till.name}/{self.asked}",
            points=points,
            until=utc_text(self.shop.now + timedelta(minutes=LASTS_MIN)),
            replaces=till.hold[0] if till.hold else None,
            unsent=tuple(sales),
        )

    def _record(self, till: Till, body: Body) -> None:
        till.outbox.append((body, self.shop.now))

    def ask(self, till: Till, points: int) -> None:
        request = self._request(till, points)
        reply = self.shop.hub.hold(request)
        assert self.shop.hub.hold(request).points == reply.points <= points
        till.hold = (reply.hold, reply.points) if reply.points else None

    def ask_in_vain(self, till: Till, points: int) -> None:
        """No answer came in time: it is voided, and what it would have replaced too."""
        request = self._request(till, points)
        till.lost.append(request)
        gone = (request.hold, *([request.replaces] if request.replaces else []))
        self._record(till, HoldVoided(member=self.member, holds=gone, reason="unanswered"))
        till.hold = None

    def arrive(self, till: Till, points: int) -> None:
        """A request comes after all, once or again; nobody waits for the answer."""
        if till.lost:
            with suppress(AskRefused):
                self.shop.hub.hold(till.lost[points % len(till.lost)])

    def sell(self, till: Till, points: int) -> None:
        if till.hold is not None and self.until[till.hold[0]] > self.minutes:
            hold, held = till.hold
            self._record(till, self.shop.spent(hold, min(points, held), member=self.member))
        till.hold = None

    def void(self, till: Till, points: int) -> None:
        if till.hold is not None:
            self._record(till, HoldVoided(member=self.member, holds=(till.hold[0],), reason="cancelled"))
        till.hold = None

    def send(self, till: Till, points: int) -> None:
        sent, till.outbox = till.outbox[: points + 1], till.outbox[points + 1 :]
        for body, at in sent:
            if isinstance(body, Sale) and body.redeemed.hold is not None:
                self.sold += body.redeemed.points
                self.late += body.redeemed.points if self.until[body.redeemed.hold] <= self.minutes else 0
            assert self.shop.take(body, pen=till.pen, at=at) == ["applied"]

    def wait(self, till: Till, points: int) -> None:
        self.shop.now += timedelta(minutes=points % 13)

    def merge(self, till: Till, points: int) -> None:
        """The member goes into another, and tills go on by his old name."""
        if self.twins:
            assert self.shop.born(MemberMerged(member=self.member, into=self.twin)) == "applied"
            self.there, self.twins = self.there + self.twins, 0

    def debt(self) -> int:
        debts: list[int] = [self.shop.snapshot(member).debt for member in (self.member, self.twin)]
        return max(debts)

    def check(self) -> None:
        assert self.sold <= self.there + self.late and self.debt() <= self.late
        cases = [case for case in self.shop.cases() if case.chain.endswith(f"-{self.number}")]
        assert sum(case.cost_points for case in cases) == self.debt(), "every excess is a case, and nothing else is"


STEPS = ("ask", "ask", "ask_in_vain", "arrive", "sell", "sell", "void", "send", "send", "wait", "merge")
step = st.tuples(st.sampled_from(STEPS), st.integers(0, TILLS - 1), st.integers(0, 120))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Held]:
    shop = Held(SqliteStore(tmp_path_factory.mktemp("random") / "hub.db"))
    yield shop
    assert shop.is_sound()
    shop.hub.close()


@given(points=st.integers(0, 150), twins=st.integers(0, 60), steps=st.lists(step, max_size=40))
@settings(max_examples=120, deadline=None)
def test_sec2_what_is_sold_within_holds_was_there(
    shop: Held, points: int, twins: int, steps: list[tuple[str, int, int]]
) -> None:
    life = Life(shop, points, twins)
    for what, till, number in steps:
        getattr(life, what)(life.tills[till], number)
        life.check()
    for one in life.tills:
        life.send(one, len(one.outbox))
    life.check()


@given(points=st.integers(0, 150), steps=st.lists(step, max_size=40))
@settings(max_examples=60, deadline=None)
def test_sec2_where_each_sale_is_sent_at_once_nobody_is_ever_in_debt(
    shop: Held, points: int, steps: list[tuple[str, int, int]]
) -> None:
    life = Life(shop, points, 0)
    for what, till, number in steps:
        getattr(life, what)(life.tills[till], number)
        life.send(life.tills[till], len(life.tills[till].outbox))
        assert life.late == 0 and life.debt() == 0 and life.sold <= points
