"""What may be spent, by plain arithmetic on what was told: points that the hub keeps for a receipt, and without its
word no more than the programme's file says, for each member, till and day, and for news that is young enough."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from simulator.broken import Broken

SLACK: Final = timedelta(minutes=1)  # a page of news is on its way


@dataclass(frozen=True, slots=True)
class Policy:
    """Without a connection: at most so many points of a receipt, of a day, and by news of at most that age; None: no
    such bound."""

    receipt_max: int | None
    day_max: int | None
    age_max: timedelta


@dataclass(frozen=True, slots=True)
class Kept:
    """The hub keeps so many points for a receipt, `since` the till heard so, until then. `is_copy`: the receipt stands
    at another machine too."""

    points: int
    until: datetime
    since: datetime
    is_copy: bool = False


@dataclass(frozen=True, slots=True)
class Paid:
    """A receipt with points that the hub kept until then, and of which it does not know yet."""

    member: str
    points: int
    until: datetime


@dataclass(slots=True)
class Spending:
    """`policies`: of the programmes that were in force; where there were several, the widest."""

    count: Callable[[str], None]
    policies: list[Policy] = field(default_factory=list)
    kept: defaultdict[tuple[str, str], list[Kept]] = field(default_factory=lambda: defaultdict(list))
    days: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # by till, member and shop day
    back: Counter[tuple[str, str]] = field(default_factory=Counter)  # came back of a day's receipts, by member and day
    untold: defaultdict[str, list[Paid]] = field(default_factory=lambda: defaultdict(list))  # by till
    unheard: set[tuple[str, str]] = field(default_factory=set)  # tills that asked for a member's points in vain
    news: dict[str, datetime] = field(default_factory=dict)  # when a till last heard the hub
    alone: Counter[str] = field(default_factory=Counter)  # points that a member spent without the hub's word

    def keeps(self, till: str, member: str, points: int, until: datetime, at: datetime) -> None:
        """A till heard it."""
        self.kept[till, member].append(Kept(points, until, at))

    def copied(self, till: str, copy: str) -> None:
        """What a till's disk knows another one knows."""
        for whose, member in [key for key in self.kept if key[0] == till]:
            self.kept[copy, member] += [replace(one, is_copy=True) for one in self.kept[whose, member]]

    def synced(self, till: str, at: datetime) -> None:
        """The hub has its receipts."""
        for paid in self.untold.pop(till, ()):
            if paid.until <= at:
                self.count("a hold was over before its receipt came")
                self.alone[paid.member] += paid.points

    def silent(self, till: str, member: str) -> None:
        """It asked the hub to keep points, and heard nothing in time."""
        self.unheard.add((till, member))

    def spent(self, till: str, member: str, points: int, told_at: datetime, day: str, *, knows_time: bool) -> None:
        """On a receipt whose quote was told then, on that day of the shop. Raises Broken."""
        by_rules = self._by_rules(till, member, points, day)
        kept = self._kept_for(till, member, points, told_at, by_rules=by_rules)
        if kept is not None:
            if kept.points == points or not by_rules:  # else another receipt may wait there for all of them
                self.kept[till, member].remove(kept)
            self.untold[till].append(Paid(member, points, kept.until))
            if kept.points > points or kept.is_copy:  # another receipt's, that has let go of it, and these nobody's
                self.alone[member] += points
            self.count("points were spent that the hub kept")
            return
        self.count("points were spent without the hub's word")
        if (till, member) in self.unheard:
            self.unheard.remove((till, member))
            self.count("a hold was not heard of, and points were spent all the same")
        self.alone[member] += points
        if knows_time:  # else it was counted on the day that the till took it for
            self.days[till, member, day] += points
        all_day, news = self.days[till, member, day] - self.back[member, day], self.news.get(till)
        who = f"{till}: {points} of {member} on {day}"
        if not any(one.receipt_max is None or points <= one.receipt_max for one in self.policies):
            raise Broken("spent offline as allowed", f"{who} on one receipt: {self.policies}")
        if knows_time and not any(one.day_max is None or all_day <= one.day_max for one in self.policies):
            raise Broken("spent offline as allowed", f"{who}, {all_day} on all of it: {self.policies}")
        oldest = told_at - max(one.age_max for one in self.policies) - SLACK
        if knows_time and (news is None or news < oldest):
            raise Broken("spent offline as allowed", f"{who} by news of {news}: {self.policies}")

    def _kept_for(self, till: str, member: str, points: int, told_at: datetime, *, by_rules: bool) -> Kept | None:
        """The fewest that are enough. What was kept after it was told is another's, who has yet to pay; unless the till
        died before it could tell it anew, and so many could be had in no other way."""
        enough = [one for one in self.kept[till, member] if one.points >= points and one.until > told_at]
        before = [one for one in enough if one.since <= told_at]
        return min(before or ([] if by_rules else enough), key=lambda one: one.points, default=None)

    def _by_rules(self, till: str, member: str, points: int, day: str) -> bool:
        """Whether it may have been spent without the hub's word, too."""
        all_day = self.days[till, member, day] + points - self.back[member, day]
        return any(
            (one.receipt_max is None or points <= one.receipt_max) and (one.day_max is None or all_day <= one.day_max)
            for one in self.policies
        )

    def unkept(self, member: str, at: datetime) -> int:
        """So many points were spent, or may have been, while somebody else could spend them too."""
        over = [paid.points for of in self.untold.values() for paid in of if paid.member == member and paid.until <= at]
        return self.alone[member] + sum(over)

    def merged(self, member: str, into: str) -> None:
        self.alone[into] += self.alone.pop(member, 0)
        for till, of_whom in [key for key in self.kept if key[1] == member]:
            self.kept[till, into] += self.kept.pop((till, of_whom))
        for of in self.untold.values():
            of[:] = [replace(paid, member=into) if paid.member == member else paid for paid in of]

    def came_back(self, member: str, points: int, day: str) -> None:
        """May be spent again on the day of its receipt."""
        self.back[member, day] += points

    def forget(self, till: str) -> None:
        """What it did is gone with its disk. What the hub keeps for it is kept still: the file of what was told may
        know of it."""
        for key in [key for key in self.days if key[0] == till]:
            del self.days[key]
