"""Who asks the hub away from the tills: each matter when its stream says so, many at once, and each of them again under
its key until it is answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Final

from hub.desk.act import ActRefused
from hub.shop.call import ShopRefused
from hub.store.errors import LedgerReplaced, StoreOff
from simulator.away import certificates, shop
from simulator.away.matter import Ask, Errand, Matter, Refused
from simulator.away.table import AWAY
from simulator.broken import Broken
from simulator.people import Person, Receipt, shares
from sync.hub_port import HubUnreachable

if TYPE_CHECKING:
    from simulator.world import World

AGAIN_S: Final = (10.0, 120.0)  # so long somebody waits before he asks again what the hub could not take
TRIES_MAX: Final = 400
SOON_S: Final = 300.0  # and then asks so often
WALKS_S: Final = 1_800.0
WALKS_AT_LAST_S: Final = 300.0
CLOSES_S: Final = 1_800.0  # after the last visit nobody waits longer with what he has begun
LOST: Final = 0.06  # of the answers: it was done, and whoever asked does not know


@dataclass(slots=True)
class _Asking:
    """`tries`: so often nobody has answered."""

    name: str
    number: int
    errand: Errand
    ask: Ask
    chance: Random
    tries: int = 0


class Desks:
    def __init__(self, world: World) -> None:
        self._world = world
        self._counts: Counter[str] = Counter()
        self._open: dict[str, Ask] = {}  # by the matter's name: asked, and not answered
        self._undo: list[tuple[datetime, Callable[[], None]]] = []
        self._honoured: dict[Receipt, str] = {}  # by which matter
        self._phones = 0
        self.shop_key = ""
        self.is_closing = False

    @property
    def waits(self) -> list[str]:
        """Matters that nobody has answered."""
        return list(self._open)

    def begin(self) -> None:
        shape = self._world.shape
        if self._is_told("orders"):
            self.shop_key = shop.opens(self._world.hub.hub, self._world.programme)
        if self._is_told("gives_certificate"):
            self._the_day_before()
        self._walk()
        for key, one in AWAY.items():
            if self._is_told(key):
                self._next(key, one.an_hour * shape.away * shape.tills, self._world.stream(f"away/{key}"))

    def _walk(self) -> None:
        """The hub asks others what it has been asked for."""
        world = self._world
        world.hub.walk()
        world.moments.after(WALKS_AT_LAST_S if self.is_closing else WALKS_S, self._walk)

    def _is_told(self, key: str) -> bool:
        stories = self._world.shape.stories
        return not stories or key in stories

    def _the_day_before(self) -> None:
        """A day is over sooner than a plan."""
        world, hub = self._world, self._world.hub
        now_off, hub.off = hub.off, hub.off - timedelta(days=1)
        for number in range(certificates.THE_DAY_BEFORE):
            name = f"before/{number}"
            matter = Matter(world, name, world.people[0], world.stream(name))
            for ask in certificates.of_before(matter):
                ask.do(hub.hub, name)
        hub.off = now_off

    def _next(self, key: str, an_hour: float, chance: Random) -> None:
        if an_hour > 0:
            self._world.moments.after(chance.expovariate(an_hour / 3_600), partial(self._come, key, an_hour, chance))

    def _come(self, key: str, an_hour: float, chance: Random) -> None:
        if self.is_closing:
            return
        world = self._world
        self._counts[key] += 1
        name = f"away/{key}/{self._counts[key]}"
        self._next(key, an_hour, chance)
        if world.plan.visits and name not in world.plan.visits:
            return
        world.visits.append(name)
        own = world.stream(name)
        person = own.choices(world.people, shares(len(world.people), world.shape.skew))[0]
        world.count("matters away from the tills")
        matter = Matter(world, name, person, own)
        self.goes_on(matter, AWAY[key].tell(matter))

    def goes_on(self, matter: Matter, errand: Errand) -> None:
        """Until it is over nobody knows for certain what its person has."""
        matter.concerns(matter.person)
        self._step(matter.name, 1, errand, next(errand, None))

    # one matter

    def _step(self, name: str, number: int, errand: Errand, ask: Ask | None) -> None:
        if ask is None:
            self._world.oracle.answered(name)
            return
        self._open[name] = ask
        moments = self._world.moments
        last_s = max(self._world.shape.hours * 3_600 + CLOSES_S, moments.now_s + SOON_S)
        asking = _Asking(name, number, errand, ask, self._world.stream(f"{name}/{number}"))
        moments.at(min(moments.now_s + ask.after_s, last_s), partial(self._ask, asking))

    def _ask(self, asking: _Asking) -> None:
        world, ask = self._world, asking.ask
        ask.begins()
        try:
            answer = self._answer(asking)
        except (HubUnreachable, StoreOff, LedgerReplaced):
            asking.tries += 1
            if asking.tries > TRIES_MAX:
                raise Broken("all is answered", f"the hub never takes {ask.what} of {asking.name}") from None
            world.count("the hub was asked again from away")
            world.moments.after(asking.chance.uniform(*AGAIN_S), partial(self._ask, asking))
            return
        code = answer.code if isinstance(answer, Refused) else "done"
        world.trace(asking.name, ask.what, code)
        world.count(f"{ask.what} {code}")
        del self._open[asking.name]
        try:
            step = asking.errand.send(answer)
        except StopIteration:
            step = None
        self._step(asking.name, asking.number + 1, asking.errand, step)

    def _answer(self, asking: _Asking) -> object:
        """Raises HubUnreachable, StoreOff, LedgerReplaced."""
        try:
            answer = self._world.hub.ask(lambda hub: asking.ask.do(hub, f"{asking.name}/{asking.number}"))
        except (ActRefused, ShopRefused) as refused:
            return Refused(refused.code)
        if asking.chance.random() < LOST:
            raise HubUnreachable("its answer was lost")
        return answer

    # what people were told

    def merged(self, gone: Person, into: Person) -> None:
        """Who comes with either's card is one person now."""
        before = gone.member
        self._world.oracle.merged(before, into.member)
        for one in self._world.people:
            if one.member == before:
                self._becomes(one, into.member)
        self._becomes(gone, into.member)

    def _becomes(self, person: Person, member: str) -> None:
        before, person.member = person.member, member

        def undo() -> None:
            person.member = before

        self.undone_by(undo)

    def next_phone(self) -> int:
        """That nobody has."""
        self._phones += 1
        return self._phones

    def was_honoured(self, receipt: Receipt) -> bool:
        return receipt in self._honoured

    def honour(self, receipt: Receipt, matter: str, person: Person) -> None:
        """What comes back of it takes his points back. Raises Broken."""
        if receipt in self._honoured:
            raise Broken("a claim is honoured once", f"{receipt} was by {self._honoured[receipt]}, and is by {matter}")
        oracle = self._world.oracle
        self._honoured[receipt], receipt.member = matter, person.member

        def undo() -> None:
            del self._honoured[receipt]
            receipt.member = None
            del oracle.claimants[receipt.visit]

        self.undone_by(undo)
        oracle.claimed(receipt.visit, person.member)

    def undone_by(self, undo: Callable[[], None]) -> None:
        """What is true no more, where the hub's ledger is put back to before this."""
        self._undo.append((self._world.moments.now, undo))

    def put_back(self, since: datetime) -> None:
        """The hub's ledger is as it was then: what the office and the accounts did later is forgotten."""
        while self._undo and self._undo[-1][0] >= since:
            self._undo.pop()[1]()
