"""A till with its own thread for questions, and a hub over HTTP: what one says, the other hears."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from config.programmes import load_programme, load_source
from hub.build import build_hub, build_programmes
from hub.face.tills import hub_app
from hub.importing import import_members
from hub.jobs.running import Running
from hub.jobs.table import JOBS
from hub.members import NewMember
from hub.store.office_records import StoreRow
from hub.stores import keep_store
from loyalty.lots import balance
from loyalty.operation import Store
from offline_cache.cache import Cache
from pos_agent.agent import Agent, Event
from pos_agent.answers import Reply
from pos_agent.asking import Asking
from pos_agent.checkout import Checkout
from pos_agent.parts import hash_of_source
from pos_agent.protocol import Command
from sync.client import HubClient
from sync.hub_port import HubUnreachable
from sync.protocol import MemberNow, MemberRequest
from sync.worker import SyncWorker
from tests.one_port import Server
from tests.speaking import speaking_as

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ALENKA = load_programme("alenka")
RETELL = [job for job in JOBS if job.name == "retell"]
TAKES_MAX = 200  # looks at the queue: a minute


class Here:
    """The hub, and the clock of it and of its tills."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.folder = folder
        self.now = NOW
        self.hub = build_hub(folder / "hub.db", build_programmes(), serving=True, now=lambda: self.now)
        server.app = hub_app(self.hub)
        self.url = server.url
        self.tills: list[Till] = []

    def shop(self, store: str) -> None:
        self.hub.within(lambda writer: keep_store(writer, StoreRow(store, members="shop")))

    def join(self, member: str, card: str, points: int = 0, phone: str | None = None) -> None:
        row = NewMember(
            line=2,
            programme="alenka",
            card=card,
            phone=phone,
            points=points,
            registered=True,
            birthday=None,
            favourites=(),
            member=member,
        )
        assert list(import_members(self.hub, [row])) == [1]

    def till(self, name: str, store: str) -> Till:
        self.tills.append(Till(self, name, store))
        return self.tills[-1]

    def points(self, member: str) -> int:
        with self.hub.store.reading() as reader:
            return sum(lot.remaining for lot in reader.lots_of([member])) - reader.members([member])[member].debt

    def told_anew(self) -> None:
        """The hub's thread has been there."""
        running, now = Running(self.hub, jobs=RETELL), self.hub.now()
        while running.step(now) <= now:
            pass

    def close(self) -> None:
        for till in self.tills:
            till.close()
        self.hub.close()


class Till:
    def __init__(self, here: Here, name: str, store: str) -> None:
        self.here = here
        self.cache = Cache(here.folder / f"{name}.db", name, Store(id=store))
        self.cache.programmes.keep(ALENKA.content_hash, load_source("alenka"))
        self.online = True
        speaker = speaking_as(here.hub, self.cache)
        self._client, self._asks = HubClient(here.url, speaker), HubClient(here.url, speaker)
        self.worker = SyncWorker(
            self.cache,
            self._client,
            programme="alenka",
            jitter=lambda: 0.0,
            clock=lambda: here.now,
            hash_of_source=hash_of_source,
        )
        self.asking = Asking(self, till=name, generation=lambda: 1, programme="alenka", store=store)
        self.checkout = Checkout(
            self.cache,
            ALENKA,
            language="en",
            receipt_language="ru",
            is_online=lambda: self.online,
            inquire=self.asking.ask,
            goods=self.cache.goods,
        )
        self.agent = Agent(self.checkout, ALENKA, "en", None)
        self._thread = threading.Thread(target=self.asking.run, args=(self.agent.heard,))
        self._thread.start()

    def hold(self, request: Any) -> Any:
        return self._asks.hold(request)

    def member(self, request: MemberRequest) -> MemberNow:
        """The hub of this till's thread; a line that is down is down for it, too."""
        if not self.online:
            raise HubUnreachable("The line is down.")
        return self._asks.member(request)

    def do(self, command: Command) -> Reply:
        self.agent.asked(command)
        reply = self.step()
        assert reply is not None
        return reply

    def step(self) -> Reply | None:
        """The next event, whoever it comes from."""
        return self.agent.step(self._next(), self.here.now)

    def _next(self) -> Event:
        for _ in range(TAKES_MAX):
            if (event := self.agent.take()) is not None:
                return event
        raise AssertionError("nothing comes")

    def sync(self) -> None:
        """Until there is nothing more to say and nothing more to hear."""
        self.here.told_anew()
        for _ in range(TAKES_MAX):
            if self.worker.step(0.0) > 0.0:
                assert self.worker.state.online, self.worker.state
                return
        raise AssertionError("the till and the hub never come to rest")

    def points(self, member: str) -> int | None:
        found = self.cache.members.member(member)
        return balance(found.standing(ALENKA).account, self.here.now) if found is not None else None

    def close(self) -> None:
        self.asking.end()
        self._thread.join()
        self._client.close()
        self._asks.close()
        self.cache.close()


def later(here: Here, seconds: int) -> None:
    here.now += timedelta(seconds=seconds)
