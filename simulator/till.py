"""A till of a simulated chain: the real files, agent and sync worker, without threads and with a clock of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from loyalty.operation import Store
from offline_cache.cache import Cache
from offline_cache.lease import NOT_YET
from offline_cache.opening import opened, suspect
from pos_agent.agent import Agent, Event
from pos_agent.answers import Reply
from pos_agent.beginning_anew import MET, is_time
from pos_agent.checkout import Checkout
from pos_agent.disk import TillDisk
from pos_agent.parts import hash_of_source, told_quotes_of
from pos_agent.printing import Printing
from pos_agent.proof import Why, facts_of, unproven
from pos_agent.protocol import Code
from simulator.dying import dying
from simulator.fresh import put_fresh
from simulator.link import Link
from simulator.machine import Machine
from simulator.plan import store_of
from simulator.printer import TillPrinter
from simulator.process import Process
from simulator.scanner import NAME as SCANNER
from simulator.scanner import TillScanner
from simulator.story import Say
from storage.sqlite_file import FileError
from sync.identity import OwnFile
from sync.worker import SyncWorker

if TYPE_CHECKING:
    from simulator.world import World

STEPS_MAX: Final = 200  # of the worker in one go: more, and it never comes to rest
NEWS_S: Final = (0.2, 30.0)  # so soon after something was recorded the worker looks
LATE_NEWS_S: Final = (30.0, 1_800.0)  # or no sooner, where the worker is slow: what is told together costs once
QUIET_S: Final = (900.0, 2_700.0)  # and so often while nothing happens: a slow thread's right, and a fast simulation's
SLOW_QUIET_S: Final = (2_700.0, 7_200.0)
SOME_TRIES: Final = 2  # at a hub that is away it comes as soon as it wants to; then not before
AWAY_S: Final = (120.0, 900.0)
RESERVE_MB: Final = 1  # kept back on each till's disk: some 250 sales

_T = TypeVar("_T")


class ChainTill(Process):
    """`name`: that no other node has; `till`: under which it works, and a copy of its disk too. `off`: how far this
    machine's clock is from the moment. One that is not up has its files, and nobody runs it."""

    def __init__(
        self, world: World, name: str, folder: Path, *, till: str = "", machine: Machine | None = None
    ) -> None:
        """`machine`: where the files are already; none: a new one."""
        folder.mkdir(exist_ok=True)
        super().__init__(world.moments, world.disks.of(folder.name), world.stream(f"{name}/anew"))
        self.world = world
        self.name = name
        self.till = till or name
        self.folder = folder
        if machine is None:
            put_fresh(folder / "till.db")
            put_fresh(folder / "told.db")
        self.machine = machine or Machine(name)
        self.off = timedelta()
        self.twin: ChainTill | None = None  # which works under the same name, from a copy of its disk
        self.copies = 0  # that were made of its disk
        self.is_kept_off = False  # by people: whoever would start it leaves it
        self.link = Link(world, self)
        self.printer = TillPrinter(self) if world.shape.devices else None
        self.scanner = TillScanner(self) if world.shape.devices else None
        self._ids = world.stream(f"{name}/ids")
        self._jitter = world.stream(f"{name}/jitter")
        self.started: list[Callable[[], None]] = []  # called whenever it begins to run
        self._asked: list[tuple[Future[Reply], Callable[[Reply], None]]] = []  # and not answered
        self._looks_soon = 0  # which run of it has agreed to look soon
        self.is_up = False
        self.told_in_memory = False  # a disk that cannot be written stops no sale: what was told ends with the process
        self.start()

    @property
    def disk(self) -> str:
        """By which the oracle knows what is there: it may change places with another's."""
        return self.machine.name

    # its life

    def start(self) -> None:
        """From its files. One that runs goes on; one whose files cannot be opened is started again after a while."""
        if self._runs or self.is_kept_off:
            return
        self._run += 1
        self._runs = True
        with dying(self.drive, self._died):
            try:
                self._start()
            except FileError:
                self.world.count("a till could not start")
                self._dies()
                return
        for heard in self.started if self.is_up else ():
            heard()
        self._print()

    def _start(self) -> None:
        world = self.world
        self.machine.starts += 1
        self.room = TillDisk(self.folder, RESERVE_MB)
        self.told = told_quotes_of(self.folder / "told.db")
        self.cache = opened(self.folder / "till.db", self._file, self.told, self.clock())
        self.cache.programmes.keep(world.rules.content_hash, world.source)
        self.worker = SyncWorker(
            self.cache,
            self.link,
            programme=world.programme,
            jitter=self._jitter.random,
            clock=self.clock,
            hash_of_source=hash_of_source,
            bond=lambda: self.machine.bond,
            join=self._join,
            desk=self.link,
            make_room=self.room.make_room,
        )
        printing = self.printer.begin(self.cache) if self.printer is not None else None
        self.checkout = Checkout(
            self.cache,
            world.rules,
            language="en",
            receipt_language="ru",
            is_online=lambda: self.worker.state.online,
            unproven=self.why_unproven,
            reserves_at=lambda: "hub" if self.worker.state.online else None,
            told=self.told,
            disk=self.room,
            drawer=printing,
            prints=printing is not None,
            new_id=self._new_id,
            new_turn=self._new_id,
            new_hold=lambda: f"{self.name}-{self._new_id()}",
            tells_hub=lambda errand: self.link.errand(errand, lambda said: None),
        )
        self.agent = Agent(
            self.checkout, world.rules, "en", printing, reserve={"hub": self.link.hold}, errands=self.link.errand
        )
        if self.scanner is not None:
            self.scanner.begin(self.agent)
        if self._run > 1:
            world.count("restarts")
        self.agent.begin(*self._now())
        self.is_up = True
        self.look_soon()

    def _file(self) -> Cache:
        """A new one works under no generation yet."""
        return Cache(self.folder / "till.db", self.till, Store(id=store_of(self.till)), generation=NOT_YET)

    def _join(self) -> bool:
        return self.machine.join(self.till, self.cache, self.link.join, self._ids)

    def own_file(self) -> OwnFile:
        return OwnFile(self.cache.file_id, self.cache.generation)

    def why_unproven(self) -> Why | None:
        """As pos_agent/own_till.py."""
        elsewhere_at, older = self.worker.state.elsewhere_at, self.cache.losses.older
        return unproven(facts_of(self.machine.bond, self.cache.leases, elsewhere_at, older=older), self.clock())

    @property
    def run(self) -> int:
        """Which of its processes this is."""
        return self._run

    def stop(self) -> None:
        """As it ends by itself."""
        was_up = self.is_up
        self._ended()
        if was_up:
            with dying(self.drive, self._died):
                self.cache.close()
                if self.told is not None:
                    self.told.close()

    def kill(self) -> None:
        """Between two events."""
        self.drive.dies()
        was_up = self.is_up
        self._ended()
        if was_up:
            self.cache.close()  # nobody asks it any more

    def _ended(self) -> None:
        """What it waited for, nobody waits for any more."""
        if self.told_in_memory:
            self.told_in_memory = self.drive.is_full  # then its next process tells in memory too
            self.world.oracle.forgot_what_it_told(self.disk)
        self.is_up = self._runs = False
        self._run += 1
        self._asked = []
        if self.printer is not None:
            self.printer.end()
        if self.scanner is not None:
            self.scanner.end()

    def keeps_off(self) -> None:
        """Somebody switches it off, until he switches it on."""
        self.is_kept_off = True
        self.stop()
        self.drive.dies()  # what it held is nobody's: whoever comes may do with the files what he likes

    def goes_on(self) -> None:
        self.is_kept_off = False
        self.start()

    def whoever_runs(self, answered: Callable[[_T], None]) -> Callable[[_T], None]:
        """The same for the process that asked, and for no later one."""
        run = self._run

        def told(answer: _T) -> None:
            if run == self._run:
                answered(answer)
                self.work()

        return told

    def clock(self) -> datetime:
        """This machine's, as it is."""
        return self.world.moments.now + self.off

    def today(self) -> str:
        """As its receipts call it."""
        return self._now()[0].astimezone(self.world.rules.timezone).date().isoformat()

    def _now(self) -> tuple[datetime, int]:
        off_s = self.cache.clock_off_s()
        return self.clock() + timedelta(seconds=off_s), off_s

    def _new_id(self) -> str:
        return f"{self._ids.getrandbits(64):016x}"

    # its work

    def ask(self, say: Say, key: str, heard: Callable[[Reply], None]) -> None:
        """One command, under its key. A till that dies before it has answered never does."""
        command = say.command
        if isinstance(command, Code) and command.scanner == SCANNER and self.scanner is not None:
            self.scanner.read(command.text, heard)
            return
        self.count_on(self.agent.asked(command, say.pos, key=key, role=say.role), heard)
        self.work()

    def count_on(self, answer: Future[Reply], heard: Callable[[Reply], None]) -> None:
        """Whoever is told when it is there."""
        self._asked.append((answer, heard))

    def work(self) -> None:
        """Whatever waits for the agent: as the loop of pos_agent/build.py, where a dead thread ends the process."""
        while self.is_up and (event := self.agent.take(wait_s=0)) is not None:
            with dying(self.drive, self._died):
                try:
                    self._step(event)
                except FileError:
                    self.world.count("a till ended itself")
                    self._dies()
            self._tell()

    def _step(self, event: Event) -> None:
        before = self.cache.file.changes
        reply = self.agent.step(event, *self._now())
        if self.cache.file.changes != before:
            self._print()
            if self.worker.state.online and self.cache.outbox_length():
                self.look_soon()
        if is_time(self.cache.file, self.checkout.visit, reply):
            self.world.count("a till began anew with another file")
            self._tell()
            suspect(self.cache.file.path, MET)
            self._dies()

    def _print(self) -> None:
        """There may be a paper more."""
        if self.is_up and self.printer is not None:
            self.printer.wake()

    def step_printing(self, printing: Printing, now_s: float) -> float:
        """As the printer's loop in pos_agent/build.py."""
        with dying(self.drive, self._died):
            try:
                return printing.step(now_s)
            except FileError as error:
                return now_s + self.room.again_s(error)
        return now_s

    def _tell(self) -> None:
        """Whoever was answered hears it. Not from a future's callback: what does not hold would be swallowed there."""
        done = [one for one in self._asked if one[0].done()]
        self._asked = [one for one in self._asked if not one[0].done()]
        for future, heard in done:
            heard(future.result())

    # its worker

    def look_soon(self) -> None:
        """Once, however much there is to tell by then."""
        if self._looks_soon != self._run:
            self._looks_soon = self._run
            after_s = LATE_NEWS_S if self._is_slow() else NEWS_S
            self.world.moments.after(self._jitter.uniform(*after_s), partial(self._look, self._run))

    def _is_slow(self) -> bool:
        slow = self.world.shape.slow
        return slow > 0 and self._jitter.random() < slow

    def _look(self, run: int) -> None:
        if run == self._run and self.is_up:
            self.sync()

    def sync(self) -> None:
        """Until it rests or the hub is away; then it comes again when it wants to, or later."""
        if not self.is_up:
            return
        self._print()  # what a commit left that was said to have failed, say; its own loop would have seen it at once
        if not self.is_up:
            return  # it has died of that
        moments, run, self._looks_soon = self.world.moments, self._run, 0
        for _ in range(STEPS_MAX):
            next_s = moments.now_s
            with dying(self.drive, self._died):
                next_s = self._exchange(next_s)
            if run != self._run:
                return
            if next_s > moments.now_s:
                break
        else:
            raise AssertionError(f"{self.name} never comes to rest: {self.worker.state}")
        if self.worker.state.online and not self.worker.state.failures:
            self.world.oracle.synced(self.disk, moments.now)
        if self.worker.state.online:
            next_s = moments.now_s + self._jitter.uniform(*(SLOW_QUIET_S if self._is_slow() else QUIET_S))
        elif self.worker.state.failures > SOME_TRIES:
            next_s = max(next_s, moments.now_s + self._jitter.uniform(*AWAY_S))
        self._later(next_s)

    def _exchange(self, now_s: float) -> float:
        """As the loops of pos_agent/build.py."""
        self.room.step(now_s)
        try:
            return self.worker.step(now_s)
        except FileError as error:
            return now_s + self.room.again_s(error)

    def _later(self, next_s: float) -> None:
        """One appointment at a time: a newer one takes the place of what was agreed before."""
        self._appointment = appointment = object()
        run = self._run

        def due() -> None:
            if self._appointment is appointment:
                self._look(run)

        self.world.moments.at(next_s, due)
