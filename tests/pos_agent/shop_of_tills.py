"""Tills of one shop with their real files and checkouts, without threads: a test says which message comes when."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from config.programmes import load_programme
from loyalty.bodies import Sale
from loyalty.operation import Key
from loyalty.programme import Programme
from offline_cache.cache import Cache
from offline_cache.records import Page
from offline_cache.told_quotes import ToldQuotes
from pos_agent.answers import Reply
from pos_agent.checkout import Checkout
from pos_agent.errands import NO_DESK
from pos_agent.holds import Behind, HoldAnswer, Reserve
from pos_agent.neighbours.joined import InShop
from pos_agent.neighbours.neighbours import Neighbours
from pos_agent.neighbours.shop import Shop, Wanted
from pos_agent.neighbours.wire import Asked, Told
from pos_agent.protocol import BasketLine, Cancel, Code, Command, Pay, Prepare, Redeem, SetBasket
from pos_agent.staff.caller import AT_THE_TILL
from sync.protocol import HoldReply
from tests.pos_agent.conftest import ANNA, NOW, PHONE_KEY, member
from tests.there import there

Pick = Callable[[int], int]  # one of so many
GOODS = BasketLine(id="1", name="Чайник", price="9000.00", category="chocolate")  # points may pay 4,500 of it


def programme() -> Programme:
    """With an offline policy that leaves it all to the shop's tills."""
    alenka = load_programme("alenka")
    return replace(alenka, offline=replace(alenka.offline, receipt_max_points=None, day_max_points=None))


@dataclass
class Waiting:
    command: Command
    wanted: Wanted
    of: set[str]
    told: list[Told] = field(default_factory=list)
    answer: HoldAnswer | None = None


class _Ends:
    """What a real till sends its neighbours; here nothing is lost by not sending it."""

    def __init__(self, shop: Shop) -> None:
        self.own, self.start, self.stop = shop.own, int, int


class Seat:
    def __init__(self, folder: Path, name: str, rules: Programme) -> None:
        self.name, self.rules = name, rules
        self.cache = Cache(folder / f"{name}.db", name)
        self.told = ToldQuotes(folder / f"{name}-told.db")
        self.cache.programmes.keep(rules.content_hash, "")
        self.now = NOW
        self.script: list[Command] = []
        self.waiting: dict[str, Waiting] = {}
        self.start()

    def start(self) -> None:
        """Anew, from its files."""
        self.waiting = {}
        self.shop = Shop(self.cache, self.rules.id, lambda: self.now)
        ends: Any = _Ends(self.shop)
        neighbours: Neighbours = ends
        self.checkout = Checkout(
            self.cache,
            self.rules,
            language="en",
            receipt_language="ru",
            is_online=lambda: False,
            reserves_at=lambda: "shop",
            open_receipts=InShop(neighbours).open_receipts,
            told=self.told,
        )
        self.checkout.begin(self.now)

    def next(self) -> Waiting | None:
        """Its next command; what it must ask for first. One that must wait comes again."""
        command = self.script.pop(0)
        answer = self.checkout.ask(command, self.now, 0, AT_THE_TILL, NO_DESK)
        if isinstance(answer, Behind):
            self.script.insert(0, command)
        if not isinstance(answer, Reserve):
            return None
        waiting = Waiting(command, there(self.shop.wants(answer.request)), set())
        self.waiting[answer.request.hold] = waiting
        return waiting

    def decide(self, hold: str) -> None:
        waiting = self.waiting[hold]
        reply = self.shop.decide(waiting.wanted, waiting.told)
        waiting.answer = HoldAnswer(hold) if reply is None else answer_of(waiting, reply)

    def land(self, hold: str) -> Reply:
        waiting = self.waiting.pop(hold)
        return self.checkout.answered(waiting.command, there(waiting.answer), self.now, 0, AT_THE_TILL, NO_DESK)

    def close(self) -> None:
        self.cache.close()
        self.told.close()


def answer_of(waiting: Waiting, reply: HoldReply) -> HoldAnswer:
    bound = None if reply.points == waiting.wanted.request.points else "held_elsewhere"
    return HoldAnswer(reply.hold, reply.points, bound)  # type: ignore[arg-type]


@dataclass
class AskSent:
    to: str
    asked: Asked


@dataclass
class ToldSent:
    to: str
    hold: str
    told: Told


class ShopOfTills:
    """One member, one race after the other: each begins with the hub's word of what there is."""

    def __init__(self, folder: Path, tills: int) -> None:
        rules = programme()
        self.seats = {f"till-{number}": Seat(folder, f"till-{number}", rules) for number in range(1, tills + 1)}
        self.now = NOW
        self.wire: list[AskSent | ToldSent] = []
        self.last: dict[str, int] = dict.fromkeys(self.seats, 0)  # what the hub has
        self._numbers = itertools.count(1)
        self.redeemed = 0

    def race(self, pick: Pick, *, kills: bool) -> None:
        points = pick(2_000)
        self.now += timedelta(hours=1)
        self._tick()
        self.wire.clear()
        for seat in self.seats.values():
            self._pull(seat, points)
            seat.script = list(self._script(pick))
        while self._step(pick, kills=kills):
            self._tick()
        spent = {seat.name: _fall(seat.cache, self.last[seat.name]) for seat in self.seats.values()}
        assert sum(spent.values()) <= points, f"of {points} points were spent {spent}"
        self.redeemed += sum(spent.values())

    def begin(self, points: int) -> list[Seat]:
        """For a test that says itself what happens."""
        for seat in self.seats.values():
            self._pull(seat, points)
        return list(self.seats.values())

    def does(self, seat: Seat, *commands: Command) -> None:
        """One after the other, and every message arrives."""
        seat.script = list(commands)
        while seat.script:
            self._next(seat)
            while self.wire:
                self._tick()
                self._deliver(0)
            for hold in list(seat.waiting):
                seat.land(hold)

    def redeems(self, seat: Seat, sale: str, points: int) -> int:
        """How many it gets."""
        lines = SetBasket(lines=(GOODS,), sale=sale)
        self.does(seat, lines, Code(text=ANNA, sale=sale), Redeem(points=points, sale=sale))
        return there(seat.checkout.visit.hold).points

    def _tick(self) -> None:
        self.now += timedelta(milliseconds=10)
        for seat in self.seats.values():
            seat.now = self.now

    def _pull(self, seat: Seat, points: int) -> None:
        self.last[seat.name] = last = _last(seat.cache, self.last[seat.name])
        seat.cache.changes.apply(
            Page(
                members=[member("anna", points, (ANNA, "active"))],
                used_coupons=[],
                coupon_keys={},
                phone_hash_key=PHONE_KEY,
                watermark=Key(1, last),
                cursor=str(last),
                pulled_at=self.now,
            )
        )

    def _script(self, pick: Pick) -> Iterator[Command]:
        """Two receipts, one after the other or one beside the other."""
        both = [str(next(self._numbers)), str(next(self._numbers))]
        for sale in both:
            yield SetBasket(lines=(GOODS,), sale=sale)
            yield Code(text=ANNA, sale=sale)
            for _ in range(pick(3)):
                yield Redeem(points=None if pick(2) else 1 + pick(2_000), sale=sale)
            if pick(2):
                yield self._end(pick, sale)
        for sale in both:
            yield self._end(pick, sale)
        for sale in both:  # whatever is left
            yield Cancel(sale=sale)

    def _end(self, pick: Pick, sale: str) -> Command:
        pay = Pay(sale=sale)
        ends: list[Command] = [Prepare(sale=sale), pay, pay, Cancel(sale=sale)]
        return ends[pick(len(ends))]

    def _step(self, pick: Pick, *, kills: bool) -> bool:
        deeds: list[Callable[[], None]] = [lambda: self._deliver(pick(len(self.wire)))] * (3 if self.wire else 0)
        for seat in self.seats.values():
            deeds += [lambda seat=seat: self._next(seat)] if seat.script else []  # type: ignore[misc]
            for hold, waiting in seat.waiting.items():
                if waiting.answer is not None:
                    deeds += [lambda seat=seat, hold=hold: seat.land(hold)] * 3  # type: ignore[misc]
        if not deeds:
            return False
        if kills and pick(60) == 0:
            list(self.seats.values())[pick(len(self.seats))].start()
            return True
        deeds[pick(len(deeds))]()
        return True

    def _next(self, seat: Seat) -> None:
        waiting = seat.next()
        if waiting is not None:
            waiting.of = set(self.seats) - {seat.name}
            self.wire += [AskSent(name, waiting.wanted.asked) for name in sorted(waiting.of)]

    def _deliver(self, place: int) -> None:
        message = self.wire.pop(place)
        seat = self.seats[message.to]
        if isinstance(message, AskSent):
            claim = message.asked.claim
            self.wire.append(ToldSent(claim.till, claim.hold, seat.shop.asked(message.asked)))
            return
        waiting = seat.waiting.get(message.hold)  # a till that died has forgotten what it asked
        if waiting is not None:
            waiting.told.append(message.told)
            waiting.of.discard(message.told.till)
            if not waiting.of:
                seat.decide(message.hold)

    def close(self) -> None:
        for seat in self.seats.values():
            seat.close()


def _operations(cache: Cache, after: int) -> Iterator[Any]:
    for sequence in itertools.count(after + 1):
        operation = cache.operation(Key(1, sequence))
        if operation is None:
            return
        yield operation


def _last(cache: Cache, after: int) -> int:
    return after + sum(1 for _ in _operations(cache, after))


def _fall(cache: Cache, after: int) -> int:
    """How far below its beginning the till's operations bring the account, whatever others do in between."""
    level = lowest = 0
    for operation in _operations(cache, after):
        if isinstance(operation.body, Sale):
            lowest = min(lowest, level - operation.body.redeemed.points)
            level += operation.body.accrued.points - operation.body.redeemed.points
    return -lowest
