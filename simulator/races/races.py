"""Two tills and one member's points: random races of redeem, prepare, pay and cancel, of processes that die and a hub
that is silent for a while.

After each race, when both tills are rid of what they had to say: as many points are gone as the receipts say; no more
were spent than there were while the hub answered; what was spent without it is what the policy allows, and what was
not there is a debt with a case that says how much. Nothing stays reserved.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from hub.audit.verify import verify
from hub.build import build_hub, build_programmes
from hub.importing import import_members
from hub.jobs.running import Running
from hub.members import NewMember
from hub.store.records import CaseKey
from loyalty.bodies import Grant, Sale
from loyalty.lots import balance
from loyalty.money import format_kopecks
from loyalty.operation import Operation, utc_text
from loyalty.programme import PercentAccrual, Programme
from pos_agent.protocol import BasketLine, Cancel, Code, Command, DropCard, Pay, Prepare, Redeem, SetBasket
from simulator.moments import Moments
from simulator.races.racing_till import RacingTill
from simulator.races.wire import Wire

MEMBERS = 40
APART_S = 40 * 60.0  # from race to race: a member's next one is on another day, and all holds of this one are over
LOOK_EVERY = 250  # races, and the whole ledger is verified
JOBS_EVERY = 50


def without_accrual(programme: Programme) -> Programme:
    """So that the points of a member are what he had, less what he spent: a model of one line."""
    assert isinstance(programme.accrual, PercentAccrual)
    tiers = tuple(replace(tier, rate_bp=0) for tier in programme.accrual.tiers)
    return replace(programme, accrual=replace(programme.accrual, tiers=tiers))


class Happening(NamedTuple):
    after_s: float
    what: Command | str  # kill, sync


class Broken(Exception):
    """What does not hold after a race."""


class Races:
    """`counts`: what happened, for whoever wants to know that something did."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.chance = chance
        self.moments = Moments()
        programmes = build_programmes()
        self.rules = without_accrual(programmes["alenka"])
        self.hub = build_hub(
            folder / "hub.db", programmes | {"alenka": self.rules}, serving=False, now=lambda: self.moments.now
        )
        self.wire = Wire(self.moments, self.hub, chance)
        self.tills = [RacingTill(folder, name, self.rules, self.moments, self.wire, chance) for name in ("t1", "t2")]
        self.counts: Counter[str] = Counter()
        self.number = 0
        self._join()

    def _join(self) -> None:
        rows = [
            NewMember(
                line=number,
                programme="alenka",
                card=_card(number),
                phone=None,
                points=1,
                registered=True,
                birthday=None,
                favourites=(),
                member=f"m{number}",
            )
            for number in range(MEMBERS)
        ]
        assert len(list(import_members(self.hub, rows))) == MEMBERS

    def close(self) -> None:
        for till in self.tills:
            till.close()
        self.hub.close()

    # a race

    def race(self) -> None:
        """Raises Broken."""
        self.number += 1
        member = f"m{self.number % MEMBERS}"
        there = self._given(member)
        before = [till.last_sequence() for till in self.tills]
        sales = [self._play(till) for till in self.tills]
        self._silence()
        self.moments.run(self.moments.now_s + 600.0)
        self._end(sales)
        self._judge(member, there, before)
        self.moments.now_s += APART_S

    def _given(self, member: str) -> int:
        """Points that the member has now, and both tills know of."""
        wanted = self.chance.randint(200, 2_500)
        has = self._balance(member)
        if wanted > has:
            at = utc_text(self.moments.now)
            grant = Grant(member=member, points=wanted - has, reason="race", active_from=at)
            self.hub.bear("alenka", grant)
        for till in self.tills:
            till.sync()
        return max(wanted, has)

    def _balance(self, member: str) -> int:
        return balance(self.hub.account(member, self.moments.now), self.moments.now)

    def _silence(self) -> None:
        """In every second race."""
        begins_s = self.moments.now_s + self.chance.uniform(0.0, 6.0)
        lasts_s = self.chance.choice((0.0, self.chance.uniform(0.2, 8.0)))
        self.wire.silent_s = (begins_s, begins_s + lasts_s)

    def _play(self, till: RacingTill) -> list[str]:
        """What happens at a till, at its moments; the numbers of its receipts."""
        at_s = self.moments.now_s + self.chance.uniform(0.0, 3.0)
        numbers = [f"{self.number}-{till.name}-{count}" for count in range(self.chance.choice((1, 1, 2)))]
        for happening in chain.from_iterable(map(self._receipt, numbers)):
            at_s += happening.after_s
            self.moments.at(at_s, partial(self._happen, till, happening.what))
        return numbers

    def _happen(self, till: RacingTill, what: Command | str) -> None:
        if what == "kill":
            till.kill()
        elif what == "sync":
            till.sync()
        else:
            assert not isinstance(what, str)
            till.do(what)
        self.counts[what if isinstance(what, str) else type(what).__name__] += 1

    def _receipt(self, sale: str) -> Iterator[Happening]:
        """One receipt, as it may go."""
        chance = self.chance
        yield Happening(0.0, self._basket(sale))
        yield Happening(self._pause(), Code(text=_card(self.number % MEMBERS), sale=sale))
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            yield Happening(self._pause(), Redeem(points=self._wish(), sale=sale))
            if chance.random() < 0.3:
                yield Happening(self._pause(), self._between(sale))
        if chance.random() < 0.5:
            yield Happening(self._pause(), Prepare(sale=sale))
        if chance.random() < 0.1:
            yield Happening(self._pause(), self._between(sale))
        yield Happening(self._pause(), Cancel(sale=sale) if chance.random() < 0.15 else Pay(sale=sale))
        if chance.random() < 0.3:
            yield Happening(self._pause(), "sync")

    def _pause(self) -> float:
        """Often shorter than the hub takes to answer."""
        return self.chance.choice((0.0, self.chance.uniform(0.0, 0.4), self.chance.uniform(0.0, 4.0)))

    def _wish(self) -> int | None:
        return self.chance.choice((None, None, self.chance.randint(1, 1_500), 0))

    def _between(self, sale: str) -> Command | str:
        card = Code(text=_card(self.number % MEMBERS), sale=sale)
        return self.chance.choice((self._basket(sale), DropCard(sale=sale), card, "kill", "kill", "sync", "sync"))

    def _basket(self, sale: str) -> SetBasket:
        price = format_kopecks(self.chance.randint(20_000, 600_000))
        return SetBasket(lines=(BasketLine(id="1", name="Чай", price=price, category="tea"),), sale=sale)

    def _end(self, sales: list[list[str]]) -> None:
        """What stands is cancelled, what is under way comes, and everybody hears of everything."""
        self.wire.silent_s = (0.0, 0.0)
        for till in self.tills:
            till.sync()
        for till, numbers in zip(self.tills, sales, strict=True):
            for number in numbers:
                till.do(Cancel(sale=number))
            till.do(Cancel())
        self.moments.run(self.moments.now_s + 600.0)
        for till in self.tills * 2:
            till.sync()

    # what must hold

    def _judge(self, member: str, there: int, before: list[int]) -> None:
        made = [till.since(last) for till, last in zip(self.tills, before, strict=True)]
        sold = [operation for operations in made for operation in operations if isinstance(operation.body, Sale)]
        spent = sum(_sale(one).redeemed.points for one in sold)
        without = [one for one in sold if self._is_without_hold(one)]
        self._check(not any(till.cache.outbox_length() for till in self.tills), "something still waits at a till")
        self._check(self._balance(member) == there - spent, f"{there} less {spent} is not {self._balance(member)}")
        self._check(bool(without) or spent <= there, f"{spent} of {there} were spent while the hub answered")
        cost, owed = self._cost_of_cases(sold), max(0, spent - there)
        self._check(cost == owed, f"{owed} were not there, and cases say {cost}")
        self._check(self._reserved(member) == 0, f"{self._reserved(member)} stay reserved for nobody")
        for till in self.tills:
            record = till.cache.members.member(member)
            assert record is not None
            knows = balance(record.standing(self.rules).account, self.moments.now)
            self._check(knows == there - spent, f"{till.name} believes in {knows}, not in {there - spent}")
        wished_all = self._wished_all()
        faults = [fault for one in sold if (fault := self._fault(_sale(one), wished_all)) is not None]
        self._check(not faults, "; ".join(faults))
        self._count(sold, without, there - spent)
        if self.number % JOBS_EVERY == 0:
            self._jobs()
        if self.number % LOOK_EVERY == 0:
            self.look()

    def _check(self, holds: bool, what: str) -> None:
        if not holds:
            raise Broken(f"race {self.number}: {what}")

    def _is_without_hold(self, operation: Operation) -> bool:
        sale = _sale(operation)
        return sale.redeemed.points > 0 and (sale.link == "offline" or sale.redeemed.hold is None)

    def _cost_of_cases(self, sold: list[Operation]) -> int:
        keys = [CaseKey(one.chain, one.generation, one.sequence, "debt") for one in sold]
        with self.hub.store.reading() as reader:
            return sum(case.cost_points for case in reader.cases(keys).values()) if keys else 0

    def _reserved(self, member: str) -> int:
        with self.hub.store.reading() as reader:
            return sum(hold.holds_at(self.moments.now) for hold in reader.holds_of([member]))

    def _wished_all(self) -> set[str | None]:
        """Quotes of receipts on which as many points were wanted as may be."""
        return {
            reply.told.quote
            for till in self.tills
            for command, reply in till.replies
            if isinstance(command, Redeem) and command.points is None and reply.told is not None
        }

    def _fault(self, sale: Sale, wished_all: set[str | None]) -> str | None:
        """A receipt under a hold spends no more than was reserved; another what is allowed without a connection."""
        points, hold = sale.redeemed.points, sale.redeemed.hold
        if sale.link == "offline" and sale.seen is not None:
            most = self._allowed(sale)
            as_wished = points == most if sale.quote in wished_all else points <= most
            return None if as_wished else f"{points} without a connection, and {most} are allowed"
        if points and hold is None:
            return f"{points} under no hold, and not by the rules of without a connection"
        granted = self.wire.granted.get(hold or "", 0)
        return f"{points} under {hold}, which has {granted}" if points > granted else None

    def _allowed(self, sale: Sale) -> int:
        """By the policy of the programme's file, in plain arithmetic."""
        policy, seen = self.rules.offline, sale.seen
        assert seen is not None and policy.receipt_max_points is not None and policy.day_max_points is not None
        today = policy.day_max_points - (seen.redeemed_offline_today or 0)
        half = sum(line.net_before_kopecks for line in sale.lines) // 2 // 100
        return max(0, min(policy.receipt_max_points, today, seen.points_active, half))

    def _jobs(self) -> None:
        running = Running(self.hub)
        while running.step(self.moments.now) <= self.moments.now:
            pass

    def look(self) -> None:
        """The whole ledger. Raises Broken."""
        faults = verify(self.hub.store, self.hub.zone_of).faults
        self._check(faults == (), "; ".join(faults))
        with self.hub.store.reading() as reader:
            others = {case.kind for case in reader.all_cases()} - {"debt", "deviation"}
        self._check(not others, f"cases of {others}")

    def _count(self, sold: list[Operation], without: list[Operation], left: int) -> None:
        self.counts["sales"] += len(sold)
        self.counts["redeemed under a hold"] += sum(
            1 for one in sold if _sale(one).redeemed.points and one not in without
        )
        self.counts["redeemed without"] += len(without)
        self.counts["of those, told anew when the hub was back"] += sum(_sale(one).link == "online" for one in without)
        self.counts["owed"] += left < 0
        self.counts["unanswered"] += len(self.wire.unanswered)
        self.wire.unanswered.clear()
        self.wire.granted = dict(list(self.wire.granted.items())[-100:])
        for till in self.tills:
            self.counts.update(reply.code for _, reply in till.replies)
            till.replies.clear()


def _sale(operation: Operation) -> Sale:
    assert isinstance(operation.body, Sale)
    return operation.body


def _card(number: int) -> str:
    return f"26{number:04}"


def race(folder: Path, chance: random.Random, count: int) -> Counter[str]:
    """So many races; what happened in them. Raises Broken."""
    races = Races(folder, chance)
    with closing(races):
        for _ in range(count):
            races.race()
        races.look()
    return races.counts
