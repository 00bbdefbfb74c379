"""The hub of a simulated chain: the real one on a file of its own, which runs, or lies there while nobody runs it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from config.programmes import read_source
from hub.build import build_hub, build_programmes, build_store
from hub.errands.walk import Walk
from hub.hub import Hub
from hub.importing import import_members
from hub.jobs.running import Running
from hub.members import NewMember
from hub.programmes import UTC
from hub.store.seam import Reader
from loyalty.programme import Programme
from simulator.fresh import put_fresh
from simulator.outside import services
from simulator.speaking import Hearing
from sync.hub_port import HubUnreachable

if TYPE_CHECKING:
    from simulator.world import World

JOBS_STEPS_MAX: Final = 200  # pages of jobs in one go: more, and they never come to rest


class ChainHub:
    """`folder` has its ledger and its keys; `source`: the programme of this chain."""

    def __init__(self, world: World, folder: Path, source: str) -> None:
        folder.mkdir()
        self._world = world
        self.folder = folder
        put_fresh(self.ledger)
        self.off = timedelta()  # its clock
        rules = read_source(source)
        self.programmes: dict[str, Programme] = _shipped() | {rules.id: rules}
        self._hub: Hub | None = None
        self._hearing: Hearing | None = None
        self._running: Running | None = None
        self._services = services(world)
        self._walk: Walk | None = None
        self.start()

    @property
    def ledger(self) -> Path:
        return self.folder / "hub.db"

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
        """From its files."""
        now = self._world.moments
        self._hub = build_hub(self.ledger, self.programmes, serving=False, now=self.clock)
        self._hearing = Hearing(self._hub, lambda: now.now_s)
        self._running = Running(self._hub, holder="the hub")
        self._hub.services = self._services
        self._walk = Walk(self._hub, self._services)

    def clock(self) -> datetime:
        """Its machine's, as it is."""
        return self._world.moments.now + self.off

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """What its ledger has, also while nobody runs it."""
        if self._hub is not None:
            with self._hub.store.reading() as reader:
                yield reader
            return
        with (
            closing(build_store(self.ledger, serving=False, zone_of=lambda id: UTC)) as store,
            store.reading() as reader,
        ):
            yield reader

    def stop(self) -> None:
        """As it ends by itself, or was killed between two requests."""
        hub, self._hub, self._running, self._walk = self._hub, None, None, None
        if hub is not None:
            hub.close()

    def jobs(self) -> None:
        """What is due, to its end; and what others are asked for is asked once."""
        if self._running is None or self._walk is None:
            return
        self._walk.step()
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
