"""Who asks the hub away from the tills: each matter when its stream says so, many at once, and each of them again under
its key until it is answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Final

from hub.desk.act import ActRefused
from hub.shop.call import ShopRefused
from hub.store.errors import LedgerReplaced, StoreOff
from hub.store.records import Place
from loyalty.bodies import Expiry
from loyalty.operation import HUB_CHAIN, read_operation
from simulator.away.matter import Ask, Errand, Matter, Refused
from simulator.away.table import AWAY
from simulator.broken import Broken
from simulator.people import Person, shares
from sync.hub_port import HubUnreachable

if TYPE_CHECKING:
    from simulator.world import World

AGAIN_S: Final = (10.0, 120.0)  # so long somebody waits before he asks again what the hub could not take
TRIES_MAX: Final = 400
LOST: Final = 0.06  # of the answers: it was done, and whoever asked does not know


class Desks:
    def __init__(self, world: World) -> None:
        self._world = world
        self._chance = world.stream("away/answers")
        self._counts: Counter[str] = Counter()
        self._open: dict[str, Ask] = {}  # by the matter's name: asked, and not answered
        self._undo: list[tuple[float, Callable[[], None]]] = []
        self._heard = 0  # of the hub's own chain
        self.is_closing = False

    @property
    def waits(self) -> list[str]:
        """Matters that nobody has answered."""
        return list(self._open)

    def begin(self) -> None:
        shape = self._world.shape
        for key, one in AWAY.items():
            if not shape.stories or key in shape.stories:
                self._next(key, one.an_hour * shape.tills, self._world.stream(f"away/{key}"))

    def _next(self, key: str, an_hour: float, chance: Random) -> None:
        if an_hour > 0:
            self._world.moments.after(chance.expovariate(an_hour / 3_600), partial(self._come, key, an_hour, chance))

    def _come(self, key: str, an_hour: float, chance: Random) -> None:
        if self.is_closing:
            return
        world = self._world
        self._counts[key] += 1
        name = f"away/{key}/{self._counts[key]}"
        own = world.stream(name)
        person = own.choices(world.people, shares(len(world.people), world.shape.skew))[0]
        world.count("matters away from the tills")
        errand = AWAY[key].tell(Matter(world, name, person, own))
        self._step(name, 1, errand, next(errand, None))
        self._next(key, an_hour, chance)

    # one matter

    def _step(self, name: str, number: int, errand: Errand, ask: Ask | None) -> None:
        if ask is None:
            return
        self._open[name] = ask
        self._world.moments.after(ask.after_s, partial(self._ask, name, number, errand, ask, TRIES_MAX))

    def _ask(self, name: str, number: int, errand: Errand, ask: Ask, tries: int) -> None:
        world = self._world
        try:
            answer = self._answer(ask, f"{name}/{number}")
        except (HubUnreachable, StoreOff, LedgerReplaced):
            if tries == 0:
                raise Broken("all is answered", f"the hub never takes {ask.what} of {name}") from None
            world.count("the hub was asked again from away")
            again = partial(self._ask, name, number, errand, ask, tries - 1)
            world.moments.after(self._chance.uniform(*AGAIN_S), again)
            return
        code = answer.code if isinstance(answer, Refused) else "done"
        world.trace(name, ask.what, code)
        world.count(f"{ask.what} {code}")
        del self._open[name]
        try:
            step = errand.send(answer)
        except StopIteration:
            return
        self._step(name, number + 1, errand, step)

    def _answer(self, ask: Ask, key: str) -> object:
        """Raises HubUnreachable, StoreOff, LedgerReplaced."""
        hub = self._world.hub.hub
        try:
            answer = ask.do(hub, key)
        except (ActRefused, ShopRefused) as refused:
            return Refused(refused.code)
        if self._chance.random() < LOST:
            raise HubUnreachable("its answer was lost")
        return answer

    # what the hub does by itself

    def hear_of_jobs(self) -> None:
        """What died, as its members read it in their accounts."""
        world = self._world
        if not world.hub.is_up:
            return
        before = self._heard
        with world.hub.hub.store.reading() as reader:
            end = reader.newest_ends([HUB_CHAIN])[HUB_CHAIN]
            first = Place(HUB_CHAIN, end.generation, before + 1)
            kept = reader.operations_on(first, end.sequence) if end.sequence > before else []
        self._heard = end.sequence
        self.undone_by(partial(self._hear_again, before))
        for body in (read_operation(one.text).body for one in kept):
            if isinstance(body, Expiry):
                self._died(body.member, sum(lot.points for lot in body.lots))

    def _hear_again(self, after: int) -> None:
        self._heard = after

    def _died(self, member: str, points: int) -> None:
        oracle = self._world.oracle
        self._world.count("points died")
        oracle.died(member, points)
        self.undone_by(lambda: oracle.died(member, -points))

    # what people were told

    def given(self, person: Person, points: int) -> None:
        member, oracle = person.member, self._world.oracle
        oracle.given(member, points)
        self.undone_by(lambda: oracle.given(member, -points))

    def undone_by(self, undo: Callable[[], None]) -> None:
        """What is true no more, where the hub's ledger is put back to before this."""
        self._undo.append((self._world.moments.now_s, undo))

    def put_back(self, to_s: float) -> None:
        """The hub's ledger is as it was then: what the office and the accounts did since is nowhere but there."""
        while self._undo and self._undo[-1][0] > to_s:
            self._undo.pop()[1]()
