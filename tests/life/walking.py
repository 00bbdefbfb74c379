"""A till of the random walk: its files, its checkout, its worker, and the hub's desk over a link that loses things."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Protocol

import msgspec

from hub.hub import Hub
from hub.store.records import Place, place_of
from loyalty.bodies import Body
from loyalty.programme import Programme
from offline_cache.cache import Cache
from offline_cache.packed import read_kept
from offline_cache.told_quotes import ToldQuotes
from pos_agent.answers import Reply
from pos_agent.checkout import Checkout
from pos_agent.errands import Desk, Errand, HubSaid
from pos_agent.house import SalePaper
from pos_agent.protocol import Command
from pos_agent.staff.caller import Caller
from sync.desk import DeskRequest
from sync.hub_port import HubRefused, HubUnreachable
from sync.worker import SyncWorker
from tests.hub_here import HubHere
from tests.listed import listed


class Shop(Protocol):
    """What a till stands in: the files' folder, the moment, chance, and how much the link loses just now."""

    folder: Path
    programme: str
    rules: Programme
    hub: Hub
    chance: Random
    now: datetime
    losses: float


class WalkingTill:
    """`off` ahead of the shop's clock. `lines`: its papers have the goods too."""

    def __init__(self, walk: Shop, name: str, off: timedelta, *, lines: bool = False) -> None:
        self.walk = walk
        self.paper = SalePaper(lines=lines)
        self.name = name
        self.off = off
        self.online = True
        self.open()

    def open(self) -> None:
        folder = self.walk.folder
        self.cache = Cache(folder / f"{self.name}.db", self.name)
        self.told = ToldQuotes(folder / f"{self.name}-told.db")
        hub = HubHere(self.walk.hub, self._linked)
        self.worker = SyncWorker(
            self.cache, hub, programme=self.walk.programme, jitter=lambda: 0.0, clock=self.clock, desk=hub
        )
        self.checkout = Checkout(
            self.cache,
            self.walk.rules,
            language="en",
            receipt_language="ru",
            is_online=lambda: self.online,
            told=self.told,
            paper=self.paper,
            tells_hub=self._tell,
            new_id=lambda: f"{self.walk.chance.getrandbits(48):012x}",
        )

    def close(self) -> None:
        self.cache.close()
        self.told.close()

    def clock(self) -> datetime:
        return self.walk.now + self.off

    def ask(self, command: Command, pos: str, desk: Desk) -> Reply | Errand:
        """As the agent does: what the hub must say first comes back as an errand, and what it is only told is told."""
        off_s = self.cache.clock_off_s()
        who = Caller(pos, role="manager" if pos == "right" else None)
        answer = self.checkout.ask(command, self.clock() + timedelta(seconds=off_s), off_s, who, desk)
        if isinstance(answer, Errand):
            return answer
        assert isinstance(answer, Reply), "nobody reserves points here, and nobody has a PIN"
        return listed(command, answer)

    def run(self, errand: Errand) -> HubSaid:
        """What the hub's desk says; its answer may be lost after it was done, and the request before."""
        lost = 0.2 if self.walk.chance.random() < 0.2 else 0.0
        told = DeskRequest(
            till=self.name,
            programme=self.walk.programme,
            act=errand.act,
            key=errand.key,
            person=errand.person,
            body=msgspec.Raw(errand.body),
        )
        way = _Way(self._linked_losing(lost))
        try:
            return HubSaid(errand.act, bytes(HubHere(self.walk.hub, way).desk(told).body), of=errand.of)
        except HubRefused as refused:
            return HubSaid(errand.act, code=refused.code, tries_left=refused.tries_left, of=errand.of)
        except HubUnreachable:
            return HubSaid(errand.act, sent=way.journeys > 1, of=errand.of)

    def _tell(self, errand: Errand) -> None:
        self.run(errand)

    def operations(self) -> int:
        with self.cache.file.reading() as connection:
            ((count,),) = connection.execute("SELECT count(*) FROM operations").fetchall()
        return int(count)

    def newest(self, count: int) -> list[tuple[Place, Body]]:
        with self.cache.file.reading() as connection:
            rows = connection.execute("SELECT text FROM operations ORDER BY sequence DESC LIMIT ?", (count,)).fetchall()
        return [(place_of(kept), kept.body) for kept in (read_kept(text) for (text,) in rows)]

    def _linked(self) -> None:
        self._linked_losing(self.walk.losses)()

    def _linked_losing(self, losses: float) -> Callable[[], None]:
        def link() -> None:
            if not self.online or self.walk.chance.random() < losses:
                raise HubUnreachable("The link is cut.")

        return link

    def sync(self) -> None:
        for _ in range(200):
            if self.worker.step(0.0) > 0.0:
                return


class _Way:
    """To the hub and back, counted: what was lost on the way back was done."""

    def __init__(self, link: Callable[[], None]) -> None:
        self._link = link
        self.journeys = 0

    def __call__(self) -> None:
        self.journeys += 1
        self._link()
