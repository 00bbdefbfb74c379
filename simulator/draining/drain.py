"""Two thousand tills after a day without the hub: when is each rid of what waits at it?"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import cast

from offline_cache.cache import Cache
from simulator.draining.busy_hub import BusyHub, BusyPort
from simulator.draining.waiting import WaitingSales
from simulator.moments import Moments
from sync.worker import SyncWorker

TILLS_OF_SHOP = 20
SALES = (100, 400)  # of a day at one till
TEXT_BYTES = 3_480  # a sale of ten lines, as its batch counts it
AWAY_S = 120.0  # what is played of the outage: by then every till has come to its longest pause
LONGEST_S = 7_200.0  # whoever is not rid of it by then, never is


@dataclass(frozen=True, slots=True, kw_only=True)
class Drained:
    """Seconds from the hub's return on. `last` None: some never were. `hub_worked_s`: for so long the hub had to do."""

    tills: int
    sales: int
    first: float
    median: float
    last: float | None
    hub_worked_s: float

    @property
    def of_median(self) -> float:
        """How long the last one waits, in medians."""
        return float("inf") if self.last is None else self.last / self.median


class DrainingTill:
    """A till's sync worker under the clock of all."""

    def __init__(self, moments: Moments, hub: BusyHub, name: str, shop: str, count: int, chance: random.Random) -> None:
        self._moments = moments
        self._sales = WaitingSales(name, count, "x" * TEXT_BYTES)
        self._port = BusyPort(hub, self._sales, shop)
        self.drained_s: float | None = None
        self._worker = SyncWorker(
            cast(Cache, self._sales), self._port, programme="alenka", jitter=chance.random, clock=self._clock
        )
        moments.at(chance.uniform(0.0, 30.0), self.step)

    @property
    def left(self) -> int:
        return self._sales.left

    def _clock(self) -> datetime:
        """While an exchange lasts nobody else's time stands still."""
        return self._moments.now + timedelta(seconds=self._port.took_s)

    def step(self) -> None:
        now_s = self._moments.now_s
        self._port.took_s = 0.0
        wanted_s = self._worker.step(now_s)
        ended_s = now_s + self._port.took_s
        if self.drained_s is None and not self._sales.left:
            self.drained_s = ended_s
        self._moments.at(ended_s + wanted_s - now_s, self.step)


def drain(tills: int, chance: random.Random, sales: tuple[int, int] = SALES, *, has_room: bool = True) -> Drained:
    moments = Moments()
    hub = BusyHub(moments, AWAY_S, has_room=has_room)
    fleet = [
        DrainingTill(moments, hub, f"t{n}", f"s{n // TILLS_OF_SHOP}", chance.randint(*sales), chance)
        for n in range(tills)
    ]
    waiting = sum(till.left for till in fleet)
    left = list(fleet)

    def all_drained() -> bool:
        while left and left[-1].drained_s is not None:
            left.pop()
        return not left

    moments.run(AWAY_S + LONGEST_S, all_drained)
    left = [till for till in fleet if till.drained_s is None]
    ends = sorted(till.drained_s - AWAY_S for till in fleet if till.drained_s is not None)
    return Drained(
        tills=tills,
        sales=waiting,
        first=ends[0] if ends else LONGEST_S,
        median=median([*ends, *[LONGEST_S] * len(left)]),
        last=None if left else ends[-1],
        hub_worked_s=hub.worked_s,
    )
