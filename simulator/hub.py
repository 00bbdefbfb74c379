"""The hub of a simulated chain: the real one on a ledger of its own, which runs, or lies there while nobody runs it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from config.programmes import read_source
from hub.build import build_programmes
from hub.errands.walk import Walk
from hub.hub import Hub
from hub.importing import import_members
from hub.jobs.running import Running
from hub.members import NewMember
from hub.store.errors import StoreOff
from hub.store.seam import Reader
from loyalty.programme import Programme
from simulator.dying import dying
from simulator.ledger import Ledger
from simulator.outside import services
from simulator.process import Process
from simulator.speaking import Hearing
from sync.hub_port import HubUnreachable

if TYPE_CHECKING:
    from simulator.world import World

JOBS_STEPS_MAX: Final = 200  # pages of jobs in one go: more, and they never come to rest

_T = TypeVar("_T")


class ChainHub(Process):
    """`folder`: of its machine; `source`: the programme of this chain."""

    def __init__(self, world: World, folder: Path, ledger: Ledger, source: str) -> None:
        folder.mkdir()
        super().__init__(world.moments, world.disks.of(folder.name), world.stream("hub/anew"))
        self._world = world
        self.ledger = ledger
        ledger.begin()
        self.off = timedelta()  # its clock
        self.is_older = False  # than its tills
        rules = read_source(source)
        self.programmes: dict[str, Programme] = _shipped() | {rules.id: rules}
        self._hub: Hub | None = None
        self._hearing: Hearing | None = None
        self._running: Running | None = None
        self._services = services(world)
        self._walk: Walk | None = None
        self.start()

    @property
    def is_up(self) -> bool:
        return self._hub is not None

    @property
    def hub(self) -> Hub:
        """Raises HubUnreachable while nobody runs it."""
        if self._hub is None:
            raise HubUnreachable("nobody listens there", sent=False)
        return self._hub

    @property
    def hearing(self) -> Hearing:
        """Who is heard by the process that runs."""
        assert self._hearing is not None, "whoever asks has asked for the hub before"
        return self._hearing

    def start(self) -> None:
        """From its files. One that runs goes on; one whose ledger cannot be opened is started again after a while."""
        if self._runs:
            return
        self._run += 1
        self._runs = True
        with dying(self.drive, self._died):
            try:
                self._start()
            except StoreOff:
                self._world.count("the hub could not start")
                self._dies()

    def _start(self) -> None:
        self._hub = self.ledger.served(self.programmes, self.clock)
        self._hearing = Hearing(self._hub, lambda: self._moments.now_s)
        self._running = Running(self._hub, holder="the hub")
        self._hub.services = self._services
        self._walk = Walk(self._hub, self._services)

    def clock(self) -> datetime:
        """Its machine's, as it is."""
        return self._moments.now + self.off

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """What its ledger has, also while nobody runs it."""
        if self._hub is not None:
            with self.drive.spared(), self._hub.store.reading() as reader:
                yield reader
            return
        with self.drive.spared(), self.ledger.looked_at() as reader:
            yield reader

    def stop(self) -> None:
        """As it ends by itself."""
        hub = self._hub
        self._ended()
        if hub is not None:
            with dying(self.drive, self._died):
                hub.close()
            self.ledger.let_go(hub)  # it may have died of that

    def kill(self) -> None:
        """Between two requests, or whatever it was doing."""
        hub = self._hub
        self.drive.dies()
        self._ended()
        self.ledger.let_go(hub)

    def _ended(self) -> None:
        self._hub = self._running = self._walk = None
        self._runs = False
        self._run += 1

    def ask(self, asked: Callable[[Hub], _T]) -> _T:
        """Raises HubUnreachable, also where it dies before it has answered; and what the hub raises."""
        hub, life = self.hub, self.drive.life
        with dying(self.drive, self._died):
            answer = asked(hub)
        if self.drive.life != life:
            self._world.count("the hub died before it answered")
            raise HubUnreachable("it died before it answered")
        return answer

    def jobs(self) -> None:
        """What is due, to its end, or until its ledger cannot be written: then it is due still."""
        with dying(self.drive, self._died), suppress(StoreOff):
            self._do_jobs()

    def walk(self) -> None:
        """What others are asked for is asked once."""
        with dying(self.drive, self._died), suppress(StoreOff):
            if self._walk is not None:
                self._walk.step()

    def _do_jobs(self) -> None:
        if self._running is None:
            return
        now = self.clock()
        for _ in range(JOBS_STEPS_MAX):
            if self._running.step(now) > now:
                return
        raise AssertionError("the hub's jobs never come to rest")

    def join(self, rows: Sequence[NewMember]) -> None:
        assert len(list(import_members(self.hub, rows))) == len(rows)


@cache
def _shipped() -> dict[str, Programme]:
    return build_programmes()
