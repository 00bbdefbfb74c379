"""A balance at the till is right at every moment, whatever comes in which order.

The hub here is a model of ten lines. Between it and the till's real file lies a network: what was sent can be lost on
the way there, on the way back, or come late. Pages come in the order they were made, as the till asks one at a time.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from config.programmes import load_programme
from loyalty.bodies import Accrued, Redeemed, Sale, SaleNumber
from loyalty.lots import balance
from loyalty.operation import Key, hash_operation, read_operation, utc_text
from loyalty.snapshot import LotSnapshot, MemberSnapshot
from offline_cache.cache import Cache, Rules
from offline_cache.records import Answer, Page

MEMBERS = ("anna", "boris")
ALENKA = load_programme("alenka")
AT = datetime(2026, 3, 2, tzinfo=UTC)
RULES = Rules(programme="alenka", programme_hash="a" * 64)


@dataclass
class ModelHub:
    """Takes operations in order, refuses some, gives its old answer again."""

    points: dict[str, int] = field(default_factory=lambda: dict.fromkeys(MEMBERS, 1_000))
    answers: dict[int, Answer] = field(default_factory=dict)

    def take(self, texts: list[str], refuse: bool) -> list[Answer]:
        return [self._take(text, refuse) for text in texts]

    def _take(self, text: str, refuse: bool) -> Answer:
        operation = read_operation(text)
        known = self.answers.get(operation.sequence)
        if known is None:
            assert operation.sequence == len(self.answers) + 1
            known = Answer(
                key=operation.key,
                hash=hash_operation(text),
                result="refused" if refuse else "applied",
                reason="unknown_member" if refuse else None,
            )
            self.answers[operation.sequence] = known
            if not refuse:
                sale = operation.body
                assert isinstance(sale, Sale) and sale.member is not None
                self.points[sale.member] += sale.accrued.points - sale.redeemed.points
        return known

    def page(self, members: list[str]) -> tuple[list[MemberSnapshot], int]:
        return [told(who, self.points[who]) for who in members], len(self.answers)


def told(member: str, points: int) -> MemberSnapshot:
    lots = (LotSnapshot(id="told", points=points, active_from=utc_text(AT)),) if points > 0 else ()
    return MemberSnapshot(member=member, lots=lots, debt=max(0, -points), cards=())


class Interleavings(RuleBasedStateMachine):
    """Hypothesis chooses what happens next."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.cache = Cache(self.folder / "till.db", "t1")
        self.hub = ModelHub()
        self.answers_coming: list[list[Answer]] = []
        self.pages_coming: list[tuple[list[MemberSnapshot], int]] = []
        self.seen = dict.fromkeys(MEMBERS, (1_000, 0))  # points and watermark of the newest page that came
        self.told: dict[int, str] = {}  # the hub's answers that came
        self.made: list[tuple[int, str, int]] = []  # sequence, member, points

    def teardown(self) -> None:
        """The network heals: everything drains, and till and hub agree."""
        while self.cache.outbox_length():
            self.cache.answered(self.hub.take([text for _, text in self.cache.outbox(100)], refuse=False))
        self._apply(self.hub.page(list(MEMBERS)))
        for member in MEMBERS:
            assert self._points(member) == self.hub.points[member]
        self.cache.close()
        shutil.rmtree(self.folder)

    def _points(self, member: str) -> int:
        found = self.cache.members.member(member)
        assert found is not None
        return balance(found.standing(ALENKA).account, AT)

    def _apply(self, page: tuple[list[MemberSnapshot], int]) -> None:
        members, watermark = page
        self.cache.changes.apply(
            Page(
                members=members,
                used_coupons=(),
                coupon_keys={},
                phone_hash_key=bytes(16),
                watermark=Key(1, watermark),
                cursor="1",
                pulled_at=None,
            )
        )
        for member in members:
            self.seen[member.member] = (balance(member.account, AT), watermark)

    @initialize()
    def first_pull(self) -> None:
        self._apply(self.hub.page(list(MEMBERS)))

    @rule(member=st.sampled_from(MEMBERS), earned=st.integers(0, 50), spent=st.integers(0, 50))
    def sell(self, member: str, earned: int, spent: int) -> None:
        number = len(self.made) + 1
        sale = SaleNumber(day="2026-03-02", number=str(number))
        fields: dict[str, Any] = {"total_kopecks": 0, "paid_kopecks": 0, "lines": ()}
        body = Sale(
            sale=sale,
            member=member,
            card=None,
            link="offline",
            redeemed=Redeemed(points=spent),
            accrued=Accrued(points=earned),
            **fields,
        )
        (made,) = self.cache.record([body], sale=sale, rules=RULES, papers=lambda made: [], at=AT)
        assert made.sequence == number
        self.made.append((number, member, earned - spent))

    @rule(limit=st.integers(1, 4), refuse=st.booleans(), lost=st.booleans())
    def push(self, limit: int, refuse: bool, lost: bool) -> None:
        """What the hub takes now; its answers are lost or come at some time."""
        answers = self.hub.take([text for _, text in self.cache.outbox(limit)], refuse)
        if not lost:
            self.answers_coming.append(answers)

    @precondition(lambda self: self.answers_coming)
    @rule(which=st.integers(0, 9))
    def answers_come(self, which: int) -> None:
        """In any order, also the answers to a push that was sent again since."""
        answers = self.answers_coming.pop(which % len(self.answers_coming))
        self.cache.answered(answers)
        self.told |= {answer.key.sequence: answer.result for answer in answers}

    @rule(members=st.sets(st.sampled_from(MEMBERS)))
    def pull(self, members: set[str]) -> None:
        self.pages_coming.append(self.hub.page(sorted(members)))

    @precondition(lambda self: self.pages_coming)
    @rule()
    def page_comes(self) -> None:
        self._apply(self.pages_coming.pop(0))

    @rule(member=st.sampled_from(MEMBERS), points=st.integers(-50, 50))
    def another_till_sells(self, member: str, points: int) -> None:
        self.hub.points[member] += points

    @rule()
    def restart(self) -> None:
        self.cache.close()
        self.cache = Cache(self.folder / "till.db", "t1")

    @invariant()
    def balances_are_what_is_known_of_the_hub_and_what_was_done_since(self) -> None:
        for member in MEMBERS:
            points, watermark = self.seen[member]
            since = sum(
                delta
                for sequence, who, delta in self.made
                if who == member and sequence > watermark and self.told.get(sequence) != "refused"
            )
            assert self._points(member) == points + since


TestInterleavings = Interleavings.TestCase
TestInterleavings.settings = settings(max_examples=30, stateful_step_count=25, deadline=None, print_blob=True)
