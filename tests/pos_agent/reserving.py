"""A till whose agent asks for points, and a test that decides what comes of it, and when."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from config.programmes import load_programme
from loyalty.bodies import HoldVoided, Sale
from loyalty.member import FreeBy
from loyalty.operation import read_operation
from loyalty.utc import utc_text
from offline_cache.cache import Cache
from offline_cache.told_quotes import ToldQuotes
from pos_agent.agent import Agent
from pos_agent.answers import Reply
from pos_agent.checkout import Checkout
from pos_agent.holds import HoldAnswer, Reserves, answer_of
from pos_agent.protocol import BasketLine, Code, SetBasket
from pos_agent.visit import HoldsAt, Visit
from sync.protocol import HoldReply, HoldRequest
from tests.pos_agent.conftest import BORIS, NOW

GOODS = BasketLine(id="1", name="Чайник", price="2000.00", category="chocolate")  # points may pay 1,000 of it


@dataclass
class Till:
    """Its agent, and what it asked for."""

    cache: Cache
    told: ToldQuotes
    at: HoldsAt | None = "hub"  # where points are reserved now
    checkout: Checkout = field(init=False)
    agent: Agent = field(init=False)
    asked: list[HoldRequest] = field(default_factory=list)
    heard: dict[str, int | None] = field(default_factory=dict)  # how many each hold got
    back: dict[str, Callable[[HoldAnswer], None]] = field(default_factory=dict)
    now: datetime = NOW

    def __post_init__(self) -> None:
        self.ports: dict[HoldsAt, Reserves] = {"hub": self.ask, "shop": self.ask}
        self.start()

    def start(self) -> None:
        """Anew, from its files."""
        programme = load_programme("alenka")
        numbers = map(str, itertools.count(len(self.asked) + 1))
        self.checkout = Checkout(
            self.cache,
            programme,
            language="en",
            receipt_language="ru",
            is_online=lambda: self.at == "hub",
            reserves_at=lambda: self.at,
            told=self.told,
            new_hold=lambda: f"h{next(numbers)}",
        )
        self.agent = Agent(self.checkout, programme, "en", None, reserve=self.ports)
        self.agent.begin(self.now)

    def ask(self, request: HoldRequest, answered: Callable[[HoldAnswer], None]) -> None:
        self.asked.append(request)
        self.back[request.hold] = answered

    def open_questions(self) -> list[HoldRequest]:
        """That nobody answered yet, the oldest first."""
        return [one for one in self.asked if one.hold not in self.heard]

    @property
    def visit(self) -> Visit:
        return self.checkout.visit

    def begin(self, command: Any, **more: Any) -> Future[Reply]:
        """All that can be answered now is; whoever waits has no answer yet."""
        reply = self.agent.asked(command, **more)
        self.work()
        return reply

    def do(self, command: Any, **more: Any) -> Reply:
        return self.begin(command, **more).result(timeout=0)

    def work(self) -> None:
        while (event := self.agent.take(wait_s=0)) is not None:
            self.agent.step(event, self.now)

    def answer(self, points: int | None, bound: FreeBy | None = None, hold: str | None = None) -> None:
        """To the newest question, or to this one."""
        hold = hold or self.asked[-1].hold
        self.say(HoldAnswer(hold, points, bound))

    def say(self, answer: HoldAnswer) -> None:
        self.heard.setdefault(answer.hold, answer.points)
        self.back[answer.hold](answer)
        self.work()

    def replied(self, command: Any, points: int, active: int, held: int = 0, free: int | None = None) -> Reply:
        """A command that asks, answered as the hub does."""
        reply = self.begin(command)
        asked, at = self.asked[-1], utc_text(self.now)
        free = active - held if free is None else free
        said = HoldReply(hold=asked.hold, points=points, active=active, held=held, free=free, at=at)
        self.say(answer_of(asked, said))
        return reply.result(timeout=0)

    def reserved(self, command: Any, points: int | None, bound: FreeBy | None = None) -> Reply:
        """A command that asks, answered."""
        reply = self.begin(command)
        assert not reply.done()
        self.answer(points, bound)
        return reply.result(timeout=0)

    def ready(self, card: str = BORIS, sale: str | None = "1", goods: BasketLine = GOODS) -> None:
        self.do(SetBasket(lines=(goods,), sale=sale))
        self.do(Code(text=card, sale=sale))

    def later(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    def voided(self) -> list[tuple[str, tuple[str, ...]]]:
        """What the outbox says of holds: why, and which."""
        bodies = [read_operation(text).body for _, text in self.cache.outbox(100)]
        return [(body.reason, body.holds) for body in bodies if isinstance(body, HoldVoided)]

    def sales(self) -> list[Sale]:
        bodies = [read_operation(text).body for _, text in self.cache.outbox(100)]
        return [body for body in bodies if isinstance(body, Sale)]
