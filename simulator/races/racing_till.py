"""A till as it is, without threads and devices: its two files, its agent, its sync worker."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from loyalty.operation import Operation, Store
from loyalty.programme import Programme
from offline_cache.cache import Cache
from offline_cache.packed import read_kept
from offline_cache.told_quotes import ToldQuotes
from pos_agent.agent import Agent
from pos_agent.answers import Reply
from pos_agent.checkout import Checkout
from pos_agent.holds import HoldAnswer
from pos_agent.protocol import Command
from simulator.moments import Moments
from simulator.races.wire import Wire
from sync.protocol import HoldRequest
from sync.worker import SyncWorker

STEPS_MAX = 50  # of the worker in one go: more, and it never comes to rest


class RacingTill:
    def __init__(
        self, folder: Path, name: str, programme: Programme, moments: Moments, wire: Wire, chance: random.Random
    ) -> None:
        self._folder = folder
        self.name = name
        self._programme = programme
        self._moments = moments
        self._wire = wire
        self._chance = chance
        self.replies: list[tuple[Command, Reply]] = []
        self._begin()

    def _begin(self) -> None:
        """From its files."""
        self.cache = Cache(self._folder / f"{self.name}.db", self.name, Store(id="s1"))
        self._told = ToldQuotes(self._folder / f"{self.name}-told.db")
        self.worker = SyncWorker(
            self.cache,
            self._wire,
            programme=self._programme.id,
            jitter=self._chance.random,
            clock=lambda: self._moments.now,
        )
        checkout = Checkout(
            self.cache,
            self._programme,
            language="en",
            receipt_language="ru",
            is_online=lambda: self.worker.state.online,
            reserves_at=lambda: "hub" if self.worker.state.online else None,
            told=self._told,
            new_id=self._new_id,
            new_turn=self._new_id,
            new_hold=lambda: f"{self.name}-{self._new_id()}",
        )
        self._agent = Agent(checkout, self._programme, "en", None, reserve={"hub": self._ask})
        self._agent.begin(self._moments.now)

    def _new_id(self) -> str:
        return f"{self._chance.getrandbits(64):016x}"

    def close(self) -> None:
        self.cache.close()
        self._told.close()

    def kill(self) -> None:
        """Whatever it was waiting for, nobody waits any more."""
        self.close()
        self._begin()
        self.sync()  # what it does first

    def do(self, command: Command) -> None:
        future = self._agent.asked(command)
        future.add_done_callback(lambda done: self.replies.append((command, done.result())))
        self._work()

    def _ask(self, request: HoldRequest, answered: Callable[[HoldAnswer], None]) -> None:
        agent = self._agent

        def told(answer: HoldAnswer) -> None:
            answered(answer)
            if agent is self._agent:
                self._work()

        self._wire.ask(request, told)

    def _work(self) -> None:
        while (event := self._agent.take(wait_s=0)) is not None:
            self._agent.step(event, self._moments.now)

    def sync(self) -> None:
        """Until it rests, or the hub is away."""
        now_s = self._moments.now_s
        for _ in range(STEPS_MAX):
            if self.worker.step(now_s) > now_s:
                return
        raise AssertionError(f"{self.name} never comes to rest")

    def last_sequence(self) -> int:
        with self.cache.file.reading() as connection:
            ((last,),) = connection.execute("SELECT coalesce(max(sequence), 0) FROM operations").fetchall()
        return int(last)

    def since(self, sequence: int) -> list[Operation]:
        with self.cache.file.reading() as connection:
            rows = connection.execute(
                "SELECT text FROM operations WHERE sequence > ? ORDER BY sequence", (sequence,)
            ).fetchall()
        return [read_kept(kept) for (kept,) in rows]
