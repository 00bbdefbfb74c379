"""Between a till and the hub: what is sent is lost, late, twice or out of order, as the faults of this link say.

What the worker asks is asked and answered in one moment; what somebody waits for at the till takes its time, and comes
back to the till's loop as an event, in time or never.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

import msgspec

from hub.books.holds import AskRefused
from hub.desk.acts import ACTS, ActRefused, Asked
from hub.goods_feed import tell_goods
from hub.hub import Hub
from hub.store.errors import BadCursor, LedgerReplaced, StoreOff
from offline_cache.ready import Part
from pos_agent.errands import ERRAND_S, IN_A_QUEUE, QUEUE_S, Errand, HubSaid
from pos_agent.holds import RESERVE_S, HoldAnswer, answer_of
from simulator.holds import rubles_kept_once
from simulator.speaking import Way
from sync.certificates import HOLD, CertificateHeld, CertificateHoldAsked
from sync.desk import DeskReply, DeskRequest
from sync.goods_page import PulledGoods, read_goods
from sync.hub_port import HubIsOlder, HubNotJoined, HubRefused, HubUnreachable
from sync.joining import JoinReply, JoinRequest
from sync.pages import PulledPage, read_page
from sync.protocol import HoldRequest, LeaseReply, LeaseRequest, OwnPage, PushReply, PushRequest, ReadyFile

if TYPE_CHECKING:
    from simulator.plan import Fault
    from simulator.till import ChainTill
    from simulator.world import World

MANY: Final = 5  # operations that wait together
ONE_WAY_S: Final = 0.12  # at most, while all is well: there and back in time for a cashier
LATE_MAX_S: Final = 30.0  # after so long a request that was held up on the way comes to the hub after all

_T = TypeVar("_T")


@dataclass(slots=True)
class Weather:
    """Of one link. `cut`: nothing gets through, `cut_by`: for these faults; `coming`: what befalls it when something is
    sent next, one at a time; the others are shares of what is sent."""

    cut: int = 0  # how many faults cut it just now
    cut_by: list[Fault] = field(default_factory=list)
    coming: deque[Callable[[], None]] = field(default_factory=deque)
    loses_requests: float = 0.0
    loses_answers: float = 0.0
    doubles: float = 0.0
    holds_up: float = 0.0


class Link:
    """A till's connection; a HubPort, an AskPort and whoever runs errands."""

    def __init__(self, world: World, till: ChainTill) -> None:
        self._world = world
        self._till = till
        self._chance = world.stream(f"{till.name}/link")
        self.weather = Weather()
        self._sent = self._arrived = 0  # requests; the newest that came
        self._run_that_told = 0

    @property
    def is_heard(self) -> bool:
        """A till that lives asks every few seconds, and here only now and then: whoever was heard last was just now."""
        till = self._till
        return till.is_up and not self.weather.cut and till.worker.state.online

    # one exchange

    def _over(self, asked: Callable[[Hub], _T], way: Way = Way.WRITES) -> _T:
        """Raises HubUnreachable, HubRefused."""
        weather, chance = self.weather, self._chance
        asked = self._as_till(asked, way)
        self._sent += 1
        number = self._sent
        if weather.coming and not weather.cut:
            weather.coming.popleft()()
        if weather.cut:
            for fault in weather.cut_by:
                self._world.struck(fault)
            raise HubUnreachable("the link is cut", sent=False)
        if chance.random() < weather.loses_requests:
            raise self._noted("a request was lost")
        if chance.random() < weather.holds_up:
            late_s = chance.uniform(1.0, LATE_MAX_S)
            self._world.moments.after(late_s, partial(self._late, asked, number))
            raise self._noted("a request was held up")
        answer = self._here(asked)
        self._arrived = number
        if chance.random() < weather.doubles:
            self._world.count("a request came twice")
            self._late(asked, number)
        if chance.random() < weather.loses_answers:
            raise self._noted("an answer was lost")
        return answer

    def _as_till(self, asked: Callable[[Hub], _T], way: Way) -> Callable[[Hub], _T]:
        """The same of a till that speaks as what it is now, whenever it comes to the hub. Raises HubNotJoined."""
        till, bond = self._till, self._till.machine.bond
        if bond is None and way is not Way.JOIN:
            raise HubNotJoined("the till has not joined")
        key, asker = bond.key if bond is not None else "", till.machine.asker(till.till, till.own_file())

        def heard(hub: Hub) -> _T:
            hearing = self._world.hub.hearing
            if till.twin is not None and till.twin.link.is_heard:
                hearing.runs.hear(key, till.twin.machine.run)
            hearing.check(key, asker, way)
            return asked(hub)

        return heard

    def _noted(self, what: str) -> HubUnreachable:
        self._world.count(what)
        return HubUnreachable(what)

    def _late(self, asked: Callable[[Hub], object], number: int) -> None:
        """It comes to a hub whose answer nobody hears."""
        if number < self._arrived:
            self._world.count("a late request came after a newer one")
        try:
            self._here(asked)
        except (HubUnreachable, HubRefused):
            return

    def _here(self, asked: Callable[[Hub], _T]) -> _T:
        """At the hub. What is wrong with its file is nobody's answer."""
        if not self._world.hub.is_up:
            self._world.count("the hub was away when it was asked")
        try:
            return self._world.hub.ask(asked)
        except (AskRefused, ActRefused) as refused:
            tries_left = getattr(refused, "tries_left", None)
            raise HubRefused(refused.code, str(refused), tries_left=tries_left) from refused
        except BadCursor as error:
            raise HubRefused("bad_cursor", str(error)) from error
        except (StoreOff, LedgerReplaced) as error:
            raise HubUnreachable(str(error)) from error

    # the worker's

    def push(self, request: PushRequest) -> PushReply:
        return self._over(partial(self._pushed, request=request))

    def _pushed(self, hub: Hub, request: PushRequest) -> PushReply:
        reply = _push(hub, request)
        self._world.holds.taken(hub, request.operations, reply.answers)
        self._count_push(request, reply, self._world.seen.answered(request.till, hub.epoch, reply.answers))
        return reply

    def _count_push(self, request: PushRequest, reply: PushReply, before: int) -> None:
        """`before`: so many were answered before."""
        count, told = self._world.count, len(request.operations)
        if before:
            count("operations were told again")
            if before < told:
                count("some operations were told again, and some for the first time")
            if self._run_that_told != self._till.run:
                count("operations were told again after a restart")
        if told:
            self._run_that_told = self._till.run
        if told >= MANY:
            count("many operations waited together")
        if reply.stopped is not None:
            count("a batch was stopped in its middle")
        if any(one.result == "refused" for one in reply.answers):
            count("an operation was refused")

    def changes(self, **asked: Any) -> PulledPage:
        page = self._over(lambda hub: read_page(msgspec.json.encode(hub.changes(**asked))), Way.READS)
        self._world.oracle.heard(self._till.disk, self._world.moments.now)
        if page.more:
            self._world.count("a page of news had more behind it")
        return page

    def goods(self, **asked: Any) -> PulledGoods:
        def told(hub: Hub) -> PulledGoods:
            self._check_is_known()
            return read_goods(msgspec.json.encode(tell_goods(hub, **asked)))

        return self._over(told, Way.READS)

    def _check_is_known(self) -> None:
        """Of what came to the protocol later. Raises HubIsOlder."""
        if self._world.hub.is_older:
            self._world.count("a hub did not know what it was asked")
            raise HubIsOlder("the hub is older than this till and does not know its protocol")

    def ready(self, **asked: Any) -> ReadyFile:
        """Its feed tells all."""
        return self._over(lambda hub: ReadyFile(file=""), Way.READS)

    def block(self, **asked: Any) -> Part | None:
        raise AssertionError("nobody asks for what there is not")

    def lease(self, request: LeaseRequest) -> LeaseReply:
        return self._over(lambda hub: hub.tills.lease(request), Way.LEASE)

    def join(self, request: JoinRequest) -> JoinReply:
        return self._over(lambda hub: hub.tills.join(request), Way.JOIN)

    def own(self, **asked: Any) -> OwnPage:
        return self._over(lambda hub: hub.tills.own(**asked), Way.OWN)

    def programme(self, hash: str) -> str:
        return self._over(lambda hub: hub.published_source(hash) or "", Way.READS)

    def desk(self, told: DeskRequest) -> DeskReply:
        return self._over(partial(self._at_desk, told=told))

    def _at_desk(self, hub: Hub, told: DeskRequest) -> DeskReply:
        self._check_is_known()
        return _desk(hub, told)

    # while somebody waits

    def hold(self, request: HoldRequest, answered: Callable[[HoldAnswer], None]) -> None:
        """As pos_agent/hub_holds.py: the first of answer and silence is told."""

        def asked(hub: Hub) -> HoldAnswer:
            reply = hub.hold(request)
            with self._world.hub.drive.spared():
                self._world.holds.asked(hub, request, reply, hub.now())
            return answer_of(request, reply)

        def heard(answer: HoldAnswer) -> None:
            if answer.points is None:
                self._world.count("a hold was not answered in time")
                self._world.oracle.spending.silent(self._till.disk, self._world.oracle.stands(request.member))
            else:
                self._world.count(
                    "a hold was answered" if answer.bound is None else f"a hold was bound: {answer.bound}"
                )
                until = datetime.fromisoformat(request.until)
                now = self._world.moments.now
                self._world.oracle.keeps(self._till.disk, request.member, answer.points, until, now)
            answered(answer)

        silent = HoldAnswer(request.hold)
        self._in_time(asked, lambda error: silent, silent, RESERVE_S, heard)

    def errand(self, errand: Errand, answered: Callable[[HubSaid], None]) -> None:
        """As pos_agent/errands.py."""
        told = DeskRequest(
            till=self._till.till,
            programme=self._world.programme,
            act=errand.act,
            key=errand.key,
            person=errand.person,
            body=msgspec.Raw(errand.body),
        )

        def asked(hub: Hub) -> HubSaid:
            said = HubSaid(errand.act, bytes(self._at_desk(hub, told).body))
            if errand.act == HOLD:
                held = msgspec.json.decode(said.body or b"", type=CertificateHeld)
                number = msgspec.json.decode(errand.body, type=CertificateHoldAsked).number
                with self._world.hub.drive.spared():
                    rubles_kept_once(hub, number, held.kopecks, hub.now())
            return said

        def refused(error: HubRefused | HubUnreachable) -> HubSaid:
            if isinstance(error, HubRefused):
                return HubSaid(errand.act, code=error.code, tries_left=error.tries_left)
            return HubSaid(errand.act, sent=error.sent)

        wait_s = QUEUE_S if errand.act in IN_A_QUEUE else ERRAND_S
        self._in_time(asked, refused, HubSaid(errand.act), wait_s, answered)

    def _in_time(
        self,
        asked: Callable[[Hub], _T],
        refused: Callable[[HubRefused | HubUnreachable], _T],
        silent: _T,
        wait_s: float,
        answered: Callable[[_T], None],
    ) -> None:
        """Whichever comes first, the answer or the end of the wait; once, and never where the till died meanwhile."""
        waits = [self._till.whoever_runs(answered)]
        moments, chance = self._world.moments, self._chance

        def first(answer: _T) -> None:
            if waits:
                waits.pop()(answer)

        def arrived() -> None:
            try:
                answer = self._over(asked)
            except (HubRefused, HubUnreachable) as error:
                if isinstance(error, HubUnreachable) and error.sent:
                    return  # nobody ever answers
                answer = refused(error)
            moments.after(chance.uniform(0.0, ONE_WAY_S), lambda: first(answer))

        moments.after(wait_s, lambda: first(silent))
        moments.after(chance.uniform(0.0, ONE_WAY_S), arrived)


def _push(hub: Hub, request: PushRequest) -> PushReply:
    """As hub/face/tills.py."""
    hub.keep_programmes(request.programmes, request.till)
    answers, stopped = hub.take(request.till, request.operations)
    if stopped is not None and not answers:
        raise HubRefused(stopped.code, stopped.message)
    wanted = hub.programmes_wanted(request.operations[: len(answers)])
    return PushReply(answers=answers, programmes_wanted=wanted, stopped=stopped)


def _desk(hub: Hub, told: DeskRequest) -> DeskReply:
    """As hub/face/desk.py, of a till where nobody has signed in."""
    act = ACTS[told.act]
    body = msgspec.json.decode(told.body, type=act.takes)
    asked = Asked(told.person, told.till, told.till, "", told.programme, f"{told.till}/{told.key}")
    return DeskReply(body=msgspec.Raw(msgspec.json.encode(act.do(hub, asked, body))))
