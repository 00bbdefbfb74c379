"""What must be true, by what cashier, guest and paper were told, and by nothing else.

It shares nothing with the program: plain sums for each member. It is asked at each answer, and at the end, when all
faults are over and every till has told the hub what it had to tell.

Who tells it what: a cashier every answer (`told`); a till that its worker rests, all told and all heard (`synced`); a
fault that a clock went wrong (`jumped`), that a disk is gone with what it had (`lost`), that the hub was put back
(`put_back`); a desk away from the tills what a member was told there (`given`, `merged`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from pos_agent.answers import Reply, ToldReturn, ToldSale
from pos_agent.protocol import Code, Command, Pay, ReturnGoods
from simulator.broken import Broken

RECORDED: Final = frozenset(("recorded", "no_member", "recorded_before"))
RETURNED: Final = frozenset(("return_recorded", "return_recorded_twice", "return_recorded_before"))
BALANCE: Final = re.compile(r"Balance (-?[\d,\N{NO-BREAK SPACE}]+) ")


@dataclass(slots=True)
class Sold:
    """A paid receipt, by the quote that it was paid under."""

    till: str
    visit: str
    member: str | None
    told: ToldSale
    at: datetime


@dataclass(slots=True)
class Came:
    """Goods that came back, by the quote under which that was told."""

    till: str
    visit: str
    member: str | None
    told: ToldReturn
    at: datetime


@dataclass(slots=True)
class Gift:
    """Points given, or taken, away from the tills; `ends`: from then on what is left of them is nobody's."""

    points: int
    at: datetime
    ends: datetime | None = None
    why: str = ""


@dataclass(slots=True)
class Told:
    """Of one member: points by what happened to them; and who knows: tills that have not told the hub yet (`open`),
    and when the hub last heard of any (`heard`, a number that only grows)."""

    began: int = 0
    earned: int = 0
    spent: int = 0
    restored: int = 0
    clawed: int = 0
    gifts: list[Gift] = field(default_factory=list)
    open: set[str] = field(default_factory=set)
    heard: int = 0

    @property
    def points(self) -> int:
        """But for those that died."""
        return (
            self.began + self.earned + self.restored + sum(one.points for one in self.gifts) - self.spent - self.clawed
        )

    def dead(self, at: datetime) -> int:
        """At most so many have died by then."""
        return sum(one.points for one in self.gifts if one.ends is not None and one.ends <= at)


@dataclass(slots=True)
class Oracle:
    """`whose`: the member of a visit, by its name."""

    whose: dict[str, str] = field(default_factory=dict)
    members: defaultdict[str, Told] = field(default_factory=lambda: defaultdict(Told))
    sold: dict[str, Sold] = field(default_factory=dict)
    came: dict[str, Came] = field(default_factory=dict)
    quotes: dict[str, ToldSale] = field(default_factory=dict)  # as they were told last, by their ids
    into: dict[str, str] = field(default_factory=dict)  # members that are others' now
    gone: dict[str, Sold | Came] = field(default_factory=dict)  # what was lost with a disk, by its quotes
    blind: set[str] = field(default_factory=set)  # tills whose clock went wrong since they heard the hub last
    _heard: int = 0
    _synced: dict[str, int] = field(default_factory=dict)  # when a till last had told all, and heard all

    # what tills say

    def told(self, till: str, visit: str, command: Command, reply: Reply, at: datetime) -> None:
        """Raises Broken."""
        if isinstance(command, Pay) and reply.code in RECORDED and reply.told is not None:
            self._paid(till, visit, reply.told, at)
        elif isinstance(command, ReturnGoods) and reply.code in RETURNED and reply.returned is not None:
            self._came_back(till, visit, reply.returned, at)
        elif reply.told is not None and reply.told.limit is not None and reply.told.quote is not None:
            self.quotes[reply.told.quote] = reply.told
        if isinstance(command, Code) and reply.code == "member_found":
            self._balance(till, visit, reply, at)

    def _paid(self, till: str, visit: str, told: ToldSale, at: datetime) -> None:
        if told.quote is None:
            return
        promised, before = self.quotes.get(told.quote), self.sold.get(told.quote)
        if before is not None:
            self._same("told again is the same", before.told, told)
            return
        if promised is not None:
            self._same("what was told is recorded", promised, told)
        member = self._who(self.whose.get(visit))
        self._moved(till, Sold(till, visit, member, told, at))

    def _same(self, invariant: str, one: ToldSale, other: ToldSale) -> None:
        if _sums(one) != _sums(other):
            raise Broken(invariant, f"{one.quote}: {_sums(one)}, and then {_sums(other)}")

    def _came_back(self, till: str, visit: str, told: ToldReturn, at: datetime) -> None:
        if told.quote is None or told.quote in self.came:
            return
        member = self._who(self.whose.get(visit))
        self._moved(till, Came(till, visit, member, told, at))

    def _moved(self, till: str, one: Sold | Came) -> None:
        assert one.told.quote is not None
        if isinstance(one, Sold):
            self.sold[one.told.quote] = one
        else:
            self.came[one.told.quote] = one
        self._count(one, 1)
        if one.member is not None:
            self.members[one.member].open.add(till)

    def _balance(self, till: str, visit: str, reply: Reply, at: datetime) -> None:
        """A till that knows all that anybody does tells what there is."""
        member = self._who(self.whose.get(visit))
        said = BALANCE.search(" ".join(reply.say) + " ")
        if member is None or said is None or not self._knows(till, member):
            return
        of, points = self.members[member], int(re.sub(r"[^\d-]", "", said[1]))
        if not of.points - of.dead(at) <= points <= of.points:
            raise Broken("a balance is what was told", f"{till} says {points} of {member}, and it is {of.points}: {of}")

    def _knows(self, till: str, member: str) -> bool:
        """All that anybody was told of him."""
        of = self.members[member]
        return of.open <= {till} and of.heard <= self._synced.get(till, -1)

    def stands(self, member: str) -> str:
        """Whoever he has gone into."""
        return self._who(member) or member

    def _who(self, member: str | None) -> str | None:
        while member in self.into:
            member = self.into[member]
        return member

    # what happens to tills

    def synced(self, till: str) -> None:
        """It has told the hub all, and has heard all that the hub had to tell."""
        self._heard += 1
        self.blind.discard(till)
        for of in self.members.values():
            if till in of.open:
                of.open.discard(till)
                of.heard = self._heard
        self._synced[till] = self._heard

    def jumped(self, till: str) -> None:
        """Its clock is another all at once: what it says of times stands again when it has heard the hub."""
        self.blind.add(till)

    def _count(self, one: Sold | Came, times: int) -> None:
        """What it moved, or what it did not."""
        if one.member is None:
            return
        of = self.members[self._who(one.member) or one.member]
        if isinstance(one, Sold):
            of.earned += times * one.told.accrued.points
            of.spent += times * one.told.redeemed.points
        else:
            of.restored += times * one.told.restored
            of.clawed += times * one.told.clawed_back

    def lost(self, till: str, quotes: Iterable[str]) -> None:
        """A disk is gone, and with it what nobody else had: sales and returns, by the quotes in their bodies."""
        for quote in quotes:
            for kept in (self.sold, self.came):
                one = kept.pop(quote, None)
                if one is not None:
                    self.gone[quote] = one
                    self._count(one, -1)
        self._synced.pop(till, None)

    def found_again(self, quotes: Collection[str]) -> None:
        """What was taken for lost was on its way still, and has come."""
        for quote in [quote for quote in self.gone if quote in quotes]:
            one = self.gone.pop(quote)
            self._count(one, 1)
            if isinstance(one, Sold):
                self.sold[quote] = one
            else:
                self.came[quote] = one

    # what happens away from the tills

    def asks(self, member: str, matter: str) -> None:
        """Somebody has begun to ask the hub of him: until that is answered the hub may know more than he was told."""
        self.members[self.stands(member)].open.add(matter)

    def answered(self, matter: str) -> None:
        self._heard += 1
        for of in self.members.values():
            if matter in of.open:
                of.open.discard(matter)
                of.heard = self._heard

    def given(self, member: str, points: int, at: datetime, *, ends: datetime | None = None, why: str = "") -> None:
        """So many points more, or less, by the hub's own word; it lives until `ends`."""
        of = self.members[self.stands(member)]
        of.gifts.append(Gift(points, at, ends, why))
        self._heard += 1
        of.heard = self._heard

    def merged(self, member: str, into: str) -> None:
        """Two are one."""
        of, other = self.members.pop(member), self.members[self._who(into) or into]
        self.into[member] = into
        other.began += of.began
        other.earned += of.earned
        other.spent += of.spent
        other.restored += of.restored
        other.clawed += of.clawed
        other.gifts += of.gifts
        other.open |= of.open
        self._heard += 1
        other.heard = self._heard

    def put_back(self, since: datetime) -> None:
        """The hub has forgotten what was given since then; what tills told it they tell again."""
        self._heard += 1
        self._synced.clear()
        for of in self.members.values():
            of.gifts = [one for one in of.gifts if one.at < since]
            of.heard = self._heard


def _sums(told: ToldSale) -> tuple[object, ...]:
    lines = [(line.id, line.net) for line in (*told.lines, *told.extras)]
    return (told.to_pay, told.redeemed.points, told.accrued.points, lines)
