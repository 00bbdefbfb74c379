"""A chain: its hub, its tills, its people, under one clock; and what happens to it by a plan."""

from __future__ import annotations

import hashlib
import itertools
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Final

from loyalty.operation import Key
from loyalty.programme import Programme
from simulator.away.desks import Desks
from simulator.cashier import Cashier
from simulator.chance import stream, weighed
from simulator.faults.table import FAULTS
from simulator.holds import Holds
from simulator.hub import ChainHub
from simulator.invariants import LOOKS_EVERY_S, Seen, check_at_the_end, look
from simulator.ledger import Ledger
from simulator.office import Office
from simulator.oracle import Oracle
from simulator.people import as_members, people, shares
from simulator.plan import HUB, Fault, Plan, till_names
from simulator.press import Press
from simulator.printer import TillPrinter
from simulator.stories.table import STORIES
from simulator.terms import chain_source
from simulator.till import ChainTill
from simulator.vfs import Disks
from simulator.visit import Visit

JOBS_EVERY_S: Final = 7_200.0
HEALS_S: Final = 7_200.0  # after the last visit everything runs, and everybody tells everybody what there is to tell
SALES_OF_COPY: Final = 1_000
SALES_AGAIN: Final = 97  # a POS counts so far and begins anew

Heard = Callable[[datetime, tuple[object, ...]], None]


class World:
    """`counts`: how often what happened. `digest`: of all that did, in its order, and `heard` is told of it too.
    `visits`: who came, by the name of the visit."""

    def __init__(self, disks: Disks, ledger: Ledger, plan: Plan, heard: Heard | None = None) -> None:
        self.plan = plan
        self._heard = heard
        self.shape = plan.shape
        self.disks = disks
        self.moments = disks.moments
        folder = disks.folder
        self.counts: Counter[str] = Counter()
        self._digest = hashlib.blake2b(digest_size=16)
        self.programme = plan.shape.programme
        self.source = chain_source(self.programme)
        self.seen = Seen()
        self.holds = Holds()
        self.hub = ChainHub(self, folder / HUB, ledger, self.source)
        self.rules = self.hub.programmes[self.programme]
        self.oracle = Oracle(self.rules.timezone, self.count)
        self.in_force(self.rules)
        self.people = people(self.rules, plan.shape.people)
        self._begin_with_members()
        self.press = Press(self)
        self.office = Office(self)
        self.printers: list[TillPrinter] = []
        self.tills = {name: ChainTill(self, name, folder / name) for name in till_names(plan.shape)}
        for till in self.tills.values():
            self.office.invites(till)
        self.cashiers = {name: Cashier(self, till) for name, till in self.tills.items()}
        self.desks = Desks(self)
        self._numbers = itertools.count()
        self._faults_over: dict[int, Callable[[], None]] = {}
        self._arrivals: Counter[str] = Counter()
        self.visits: list[str] = []
        self._closed: set[str] = set()  # tills to which nobody comes any more
        self._struck: set[Fault] = set()
        self.twice: Counter[tuple[str, Key]] = Counter()  # so many more papers may say that they are the first
        self.heard_of: set[str] = set()  # cards that a lost disk and a lost ledger had, and tills that had heard of it
        self.is_healing = False

    def in_force(self, rules: Programme) -> None:
        """At some tills it may be from now on."""
        offline = rules.offline
        most = (0, 0) if offline.mode == "deny" else (offline.receipt_max_points, offline.day_max_points)
        self.oracle.in_force(*most, timedelta(seconds=offline.snapshot_max_age_s))

    def _begin_with_members(self) -> None:
        rows = as_members(self.people, self.programme, self.stream("members"))
        self.hub.join(rows)
        for row in rows:
            self.oracle.members[row.member].began = row.points

    def close(self) -> None:
        for till in self.tills.values():
            till.kill()
        self.hub.kill()

    # tills come and go

    def opens(self, till: ChainTill) -> None:
        """Customers come to it from now on."""
        self.tills[till.name] = till
        self.cashiers[till.name] = Cashier(self, till)
        self._next_visit(till.name, self.stream(f"{till.name}/arrivals"))

    def comes_twice(self, till: ChainTill, papers: Iterable[Key]) -> None:
        """They wait in two files that know nothing of each other."""
        self.twice.update((till.till, key) for key in papers)

    def closes(self, till: ChainTill) -> None:
        """Nobody comes any more."""
        self._closed.add(till.name)

    def removes(self, till: ChainTill) -> None:
        del self.tills[till.name], self.cashiers[till.name]

    # what everybody asks of it

    def stream(self, name: str) -> Random:
        return stream(self.plan.seed, name)

    def count(self, what: str) -> None:
        self.counts[what] += 1

    def trace(self, *what: object) -> None:
        """Whatever must be the same in every playing of a plan."""
        self._digest.update(repr((round(self.moments.now_s, 6), *what)).encode())
        if self._heard is not None:
            self._heard(self.moments.now, what)

    @property
    def digest(self) -> str:
        return self._digest.hexdigest()

    def day_of(self, till: str) -> str:
        """As the till calls it on its receipts."""
        return self.tills[till].today()

    def struck(self, fault: Fault) -> None:
        """It has changed something: one that waits for a call, a paper, a customer may never do so."""
        if fault not in self._struck:
            self._struck.add(fault)
            self.count(f"fault {fault.kind}")
            self.count("structural faults" if FAULTS[fault.kind].structural else "other faults")
            self.trace("struck", fault.kind, fault.node)

    def ends(self, fault: Fault, over: Callable[[], None]) -> None:
        """When its time is over, or when everything heals; once."""
        number = next(self._numbers)
        self._faults_over[number] = over

        def end() -> None:
            if self._faults_over.pop(number, None) is not None:
                self.trace("over", fault.kind, fault.node)
                over()

        self.moments.after(fault.lasts_s, end)

    # what happens

    def play(self) -> None:
        """Raises Broken."""
        for fault in self.plan.faults:
            self.moments.at(fault.at_s, partial(self._strike, fault))
        for name in self.tills if any(map(self._is_told, STORIES)) else ():
            self._next_visit(name, self.stream(f"{name}/arrivals"))
        self.desks.begin()
        self.moments.at(JOBS_EVERY_S, self._jobs)
        self.moments.at(LOOKS_EVERY_S, self._look)
        self.office.begin()
        end_s = self.shape.hours * 3_600
        self.moments.run(end_s)
        self._heal(end_s)
        check_at_the_end(self)
        with self.hub.hub.store.reading() as reader:
            self.counts["operations at the hub"] += reader.counts().operations

    def _strike(self, fault: Fault) -> None:
        if not self.is_healing:
            self.count("faults drawn")
            self.trace("fault", fault.kind, fault.node)
            FAULTS[fault.kind].begin(self, fault)

    def _next_visit(self, till: str, chance: Random) -> None:
        self.moments.after(chance.expovariate(self.shape.visits_an_hour / 3_600), partial(self._visit, till, chance))

    def _visit(self, till: str, chance: Random) -> None:
        if self.is_healing or till in self._closed:
            return
        self._arrivals[till] += 1
        count = self._arrivals[till]
        self._next_visit(till, chance)
        name = f"{till}/{count}"
        if self.plan.visits and name not in self.plan.visits:
            return
        own = self.stream(f"visit/{name}")
        person = own.choices(self.people, shares(len(self.people), self.shape.skew))[0]
        person = own.choice([person, *person.kin])
        told = weighed(own, [(one, one.weight) for key, one in STORIES.items() if self._is_told(key)])
        visit = Visit(self, till, name, self._number(till, count), person, own)
        self.visits.append(name)
        self.count("visits")
        self.cashiers[till].serve(name, told.tell(visit))

    def _number(self, till: str, count: int) -> str:
        """A second machine under the same name has a POS of its own."""
        _, _, copy = till.partition("~")
        return str(1 + count % SALES_AGAIN + SALES_OF_COPY * int(copy or 0))

    def _is_told(self, story: str) -> bool:
        return not self.shape.stories or story in self.shape.stories

    def _jobs(self) -> None:
        self.hub.jobs()
        self.moments.after(JOBS_EVERY_S, self._jobs)

    def _look(self) -> None:
        with self.disks.spared():
            look(self)
        self.moments.after(LOOKS_EVERY_S, self._look)

    def _heal(self, end_s: float) -> None:
        """Faults are over, and nobody comes any more."""
        self.is_healing = self.desks.is_closing = True
        for number in list(self._faults_over):
            self._faults_over.pop(number)()
        self.moments.run(end_s + HEALS_S)
        self.hub.jobs()
        for till in self.tills.values():
            till.sync()
        self.hub.jobs()
