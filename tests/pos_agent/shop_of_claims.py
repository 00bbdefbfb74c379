"""Tills of one shop, their messages in any order, and a hub that books whatever they did: only the claims are real.

The hub's account may never go below zero, in whatever order the tills' operations come: that would be an excess.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from pos_agent.neighbours.claims import Claims, Held
from pos_agent.neighbours.wire import Claim, Spent, Told, Word

ANNA = "anna"
BEGUN = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
STEP = timedelta(milliseconds=10)
Pick = Callable[[int], int]  # one of so many


@dataclass
class Deed:
    hold: str
    redeemed: int
    accrued: int


@dataclass
class Receipt:
    hold: str | None = None
    points: int = 0
    until: datetime = BEGUN
    asking: Question | None = None


@dataclass
class Question:
    hold: str
    replaces: str | None
    until: datetime
    waits_for: set[str]
    told: list[Told] = field(default_factory=list)
    granted: int | None = None


@dataclass
class TillHere:
    """Its file outlives it: `receipts`, `deeds` (after its word, `pushed` of them sent), `word`. Its claims do not."""

    name: str
    claims: Claims
    word: Word
    deeds: list[Deed] = field(default_factory=list)
    pushed: int = 0
    receipts: list[Receipt] = field(default_factory=list)
    alive: bool = True
    ahead: timedelta = timedelta()  # its clock: no answer may rest on it

    def told(self, now: datetime) -> Told:
        now += self.ahead
        claims = self.claims.on(ANNA, now)
        return Told(till=self.name, turn=self.claims.turn, word=self.word, spent=self.spent, claims=claims)

    @property
    def spent(self) -> Spent:
        levels = self._levels()
        fall = max(max(levels[: place + 1]) - level for place, level in enumerate(levels))
        return Spent(points=fall, holds=tuple(deed.hold for deed in self.deeds)[-50:])

    @property
    def earned(self) -> int:
        return self._levels()[-1] + self.spent.points

    def _levels(self) -> list[int]:
        levels = [0]
        for deed in self.deeds:
            levels += [levels[-1] - deed.redeemed, levels[-1] - deed.redeemed + deed.accrued]
        return levels

    def publish(self, now: datetime) -> list[tuple[str, str]]:
        now += self.ahead
        held = {one.hold: Held(ANNA, one.points, one.until) for one in self.receipts if one.hold and one.points}
        return self.claims.own(held, {one.asking.hold for one in self.receipts if one.asking}, now)


@dataclass
class AskSent:
    to: str
    sender: str
    claim: Claim


@dataclass
class ToldSent:
    to: str
    hold: str
    told: Told


@dataclass
class EndSent:
    to: str
    sender: str
    hold: str


class ShopOfClaims:
    def __init__(self, tills: int, points: int, ahead: Callable[[], int] = lambda: 0) -> None:
        """`ahead`: how far each till's clock is, in seconds."""
        self.now, self.balance, self._number, self.granted = BEGUN, points, 0, 0
        word = Word(at=BEGUN, active=points)
        self.tills = {f"till-{n}": TillHere(f"till-{n}", Claims(f"till-{n}"), word) for n in range(tills)}
        for till in self.tills.values():
            till.ahead = timedelta(seconds=ahead())
        self.wire: list[AskSent | ToldSent | EndSent] = []

    def alive(self) -> list[TillHere]:
        return [till for till in self.tills.values() if till.alive]

    # what happens

    def ask(self, till: TillHere, points: int, again: Receipt | None = None, id: str = "") -> None:
        """`id`: what the hold's begins with, as no order of ids may matter."""
        self._number += 1
        receipt = again or Receipt()
        if again is None:
            till.receipts.append(receipt)
        now = self.now + till.ahead
        hold, until = f"{id}{self._number}", now + timedelta(minutes=35)
        others = set(self.tills) - {till.name}
        receipt.asking = Question(hold, receipt.hold, until, others)
        till.publish(self.now)
        claim = till.claims.want(ANNA, hold, points, until, now)
        self.wire += [AskSent(name, till.name, claim) for name in sorted(others)]
        self._decide(till)

    def deliver(self, place: int) -> None:
        message = self.wire.pop(place)
        till = self.tills[message.to]
        if not till.alive:
            return
        if isinstance(message, AskSent):
            assert till.claims.heard(ANNA, message.claim, self.now + till.ahead)
            self.wire.append(ToldSent(message.sender, message.claim.hold, till.told(self.now)))
        elif isinstance(message, EndSent):
            till.claims.ended(ANNA, message.sender, (message.hold,))
        else:
            self._answered(till, message)

    def _answered(self, till: TillHere, message: ToldSent) -> None:
        for receipt in till.receipts:
            if receipt.asking is not None and receipt.asking.hold == message.hold:
                receipt.asking.waits_for.discard(message.told.till)
                receipt.asking.told.append(message.told)
        self._decide(till)

    def _decide(self, till: TillHere) -> None:
        for receipt in till.receipts:
            question = receipt.asking
            if question is not None and not question.waits_for and question.granted is None:
                own = till.told(self.now)
                granted = till.claims.decide(ANNA, question.hold, question.replaces, own, question.told, till.earned)
                question.granted = granted.points if granted is not None else 0

    def land(self, till: TillHere) -> None:
        """The agent takes the answer."""
        for receipt in till.receipts:
            if (question := receipt.asking) is not None and question.granted is not None:
                self.granted += question.granted
                receipt.hold, receipt.points, receipt.until = question.hold, question.granted, question.until
                receipt.asking = None

    def give_up(self, till: TillHere, receipt: Receipt) -> None:
        """Somebody is silent: by this shop's policy nothing is redeemed then."""
        receipt.asking = None
        self.cancel(till, receipt)

    def cancel(self, till: TillHere, receipt: Receipt) -> None:
        till.receipts.remove(receipt)

    def pay(self, till: TillHere, receipt: Receipt, redeemed: int, accrued: int) -> None:
        """Committed; its receipt is still among the claims until the till says so (`publish`)."""
        if receipt.until > self.now + till.ahead:
            till.deeds.append(Deed(receipt.hold or "none", min(redeemed, receipt.points), accrued))
        till.receipts.remove(receipt)

    def publish(self, till: TillHere) -> None:
        for _, hold in till.publish(self.now):
            self.wire += [EndSent(name, till.name, hold) for name in self.tills if name != till.name]

    def push(self, till: TillHere) -> None:
        if till.pushed < len(till.deeds):
            deed = till.deeds[till.pushed]
            till.pushed += 1
            self.balance -= deed.redeemed
            assert self.balance >= 0, f"{till.name} spent {-self.balance} points that were not there"
            self.balance += deed.accrued

    def pull(self, till: TillHere) -> None:
        till.word = Word(at=self.now, active=self.balance)
        del till.deeds[: till.pushed]
        till.pushed = 0

    def kill(self, till: TillHere) -> None:
        till.alive = False
        till.claims = Claims(till.name)

    def start(self, till: TillHere) -> None:
        """What was being asked for is given up; what is held stands with the receipts, and what was to give way too."""
        till.alive = True
        for receipt in till.receipts:
            receipt.asking = None
        till.publish(self.now)

    # all of it, by whoever picks

    def tick(self, by: timedelta = STEP) -> None:
        self.now += by

    def burst(self, pick: Pick) -> None:
        """All ask at about the same time, each for about its share of more than there is."""
        waits = [till for till in self.tills.values() for _ in range(1 + pick(2))]
        while waits or self.wire:
            self.tick()
            if waits and (not self.wire or pick(4) == 0):
                share = 1 + max(1, self.balance) // (1 + pick(4))
                self.ask(waits.pop(pick(len(waits))), share, id=str(pick(10)))
            elif self.wire:
                self.deliver(pick(len(self.wire)))
        for till in self.tills.values():
            self.land(till)

    def step(self, pick: Pick, *, losses: bool) -> None:
        """One thing that can happen now."""
        self.tick()
        self.land(self.alive()[pick(len(self.alive()))]) if self.alive() else None
        deeds = [*self._at_tills(pick, losses=losses)]
        if self.wire:
            deeds += [lambda: self.deliver(pick(len(self.wire)))] * 6
        if losses and self.wire:
            deeds.append(lambda: self._lose(pick(len(self.wire))))
        if deeds:
            deeds[pick(len(deeds))]()

    def _lose(self, place: int) -> None:
        del self.wire[place]

    def _at_tills(self, pick: Pick, *, losses: bool) -> Iterator[Callable[[], None]]:
        till = list(self.tills.values())[pick(len(self.tills))]
        if not till.alive:
            yield lambda: self.start(till)
            return
        yield lambda: self.ask(till, 1 + pick(1_000), id=str(pick(10)))
        yield lambda: self.publish(till)
        yield lambda: self.push(till)
        yield lambda: self.pull(till)
        if losses:
            yield lambda: self.kill(till)
        if till.receipts:
            receipt = till.receipts[pick(len(till.receipts))]
            if receipt.asking is None:
                yield lambda: self.pay(till, receipt, 1 + pick(1_000), pick(100))
                yield lambda: self.ask(till, 1 + pick(1_000), receipt, id=str(pick(10)))
                yield lambda: self.cancel(till, receipt)
            else:
                yield lambda: self.give_up(till, receipt)

    def end(self) -> None:
        """Whatever is held is paid, and all of it is booked."""
        for till in self.tills.values():
            self.land(till)
            for receipt in list(till.receipts):
                if receipt.asking is None:
                    self.pay(till, receipt, receipt.points, 0)
        for till in self.tills.values():
            for _ in till.deeds:
                self.push(till)
