"""Members as an independent little model has them: lots, debt, cards and birthdays of a year, and no jobs. Points that
have died simply lie there until somebody asks; so whenever jobs run, and however often, this is what must come out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

MOSCOW = ZoneInfo("Europe/Moscow")
GIFT = 100  # points, from three days before a birthday until three days after
AROUND = 3
NEVER = datetime.max.replace(tzinfo=UTC)


class Told(NamedTuple):
    """A lot as a ledger holds it in the end. `name`: its id when a till made it, else how many points it was."""

    member: str
    name: str
    remaining: int
    expired: int
    ends: datetime | None


@dataclass
class Parcel:
    name: str
    left: int
    starts: datetime
    ends: datetime | None


@dataclass
class Person:
    id: str
    birthday: date | None
    registered: bool
    cards: dict[str, datetime | str]  # by number: a status, or when a pending one becomes active
    parcels: list[Parcel] = field(default_factory=list)
    debt: int = 0
    had: set[int] = field(default_factory=set)  # years whose birthday brought points
    into: Person | None = None

    @property
    def now(self) -> Person:
        return self if self.into is None else self.into.now

    def earn(self, name: str, points: int, starts: datetime, ends: datetime | None) -> None:
        paid = min(self.debt, points)
        self.debt -= paid
        self.parcels.append(Parcel(name, points - paid, starts, ends))

    def spend(self, points: int, at: datetime) -> None:
        for one in sorted(self.parcels, key=lambda one: (one.ends or NEVER, one.starts)):
            if one.starts <= at < (one.ends or NEVER):
                part = min(points, one.left)
                one.left -= part
                points -= part
        self.debt += points

    def register(self, on_paper_until: datetime | None) -> None:
        self.registered = True
        for number, status in self.cards.items():
            if status == "issued" or (on_paper_until is None and isinstance(status, datetime)):
                self.cards[number] = on_paper_until or "active"

    def merge_into(self, other: Person) -> None:
        other.parcels += self.parcels
        other.debt += self.debt
        other.cards |= self.cards
        other.had |= self.had
        self.parcels, self.debt, self.cards, self.into = [], 0, {}, other

    def jobs_ran(self, at: datetime) -> None:
        """All that was due is done: of a birthday in these days, the points were given, if they had not been."""
        today = at.astimezone(MOSCOW).date()
        if self.birthday is None or not self.registered or self.into is not None:
            return
        for year in (today.year - 1, today.year, today.year + 1):
            leap = (self.birthday.month, self.birthday.day) == (2, 29)
            day = date(year, 2, 28) if leap else self.birthday.replace(year=year)
            if abs((today - day).days) <= AROUND and year not in self.had:
                self.had.add(year)
                after = day + timedelta(days=AROUND + 1)
                self.earn(str(GIFT), GIFT, at, datetime(after.year, after.month, after.day, tzinfo=MOSCOW))

    # what a ledger holds in the end

    def lots(self, at: datetime) -> list[Told]:
        """Those of which something is left, or died."""
        return [
            Told(self.id, one.name, *((0, one.left) if (one.ends or NEVER) <= at else (one.left, 0)), one.ends)
            for one in self.parcels
            if one.left
        ]

    def statuses(self, at: datetime) -> dict[str, str]:
        return {
            number: status if isinstance(status, str) else ("active" if status <= at else "pending")
            for number, status in self.cards.items()
        }
