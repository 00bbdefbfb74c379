"""Members by a few words that the office knows: `birthday-month 12`, `bought-more 5000.00 since 2026-11-01`, `tier 2` …

Each word looks at what the ledger keeps of a member; several are joined by and. Members are looked through in the order
of their ids, some hundred at a time, so a chain's million takes no more memory than a shop's thousand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from hub.batches import batches
from hub.merges import erased_of
from hub.people.orders import NotDone
from hub.store.records import DayRow, MemberRow, ProfileRow
from hub.store.seam import Reader
from loyalty.money import BadNumber, parse_kopecks
from loyalty.programme import PercentAccrual, Programme
from loyalty.snapshot import SpentDay
from loyalty.tiers import accumulated, window_start

LOOKED_AT_ONCE: Final = 500  # members, with their profiles and days


class Facts(NamedTuple):
    """What is looked at of one member, under the rules of his programme, on a day of its clock."""

    row: MemberRow
    profile: ProfileRow | None
    days: Sequence[DayRow]
    programme: Programme
    today: date


class Where:
    """One of the words. `since`: the first day of which it wants to know what was bought; None: of no day."""

    def since(self, programme: Programme, today: date) -> date | None:
        return None

    def fits(self, one: Facts) -> bool:
        raise NotImplementedError


class Registered(Where):
    def fits(self, one: Facts) -> bool:
        return one.row.registered


@dataclass(frozen=True, slots=True)
class BirthdayMonth(Where):
    month: int

    def fits(self, one: Facts) -> bool:
        birthday = one.profile.birthday if one.profile else None
        return birthday is not None and date.fromisoformat(birthday).month == self.month


@dataclass(frozen=True, slots=True)
class BoughtMore(Where):
    """Of goods that count for tiers, less what came back."""

    kopecks: int
    day: date

    def since(self, programme: Programme, today: date) -> date | None:
        return self.day

    def fits(self, one: Facts) -> bool:
        first = self.day.isoformat()
        return sum(day.spent_kopecks for day in one.days if day.day >= first) > self.kopecks


@dataclass(frozen=True, slots=True)
class NotSeenSince(Where):
    """Bought nothing that counts and spent no points from that day on; whoever never did is one of them."""

    day: date

    def since(self, programme: Programme, today: date) -> date | None:
        return self.day

    def fits(self, one: Facts) -> bool:
        first = self.day.isoformat()
        return all(day.day < first for day in one.days)


@dataclass(frozen=True, slots=True)
class InTier(Where):
    """Counted from 1, by what he bought in the programme's window."""

    number: int

    def since(self, programme: Programme, today: date) -> date | None:
        """Raises NotDone where nobody is in a tier."""
        accrual = programme.accrual
        if not isinstance(accrual, PercentAccrual) or accrual.tier_metric != "accumulated":
            raise NotDone(f"Nobody is in a tier of {programme.id}: its rules go by each receipt alone.")
        if self.number > len(accrual.tiers):
            raise NotDone(
                f"{programme.id} has {len(accrual.tiers)} tiers, counted from 1; there is no tier {self.number}."
            )
        return window_start(programme, today)

    def fits(self, one: Facts) -> bool:
        accrual = one.programme.accrual
        assert isinstance(accrual, PercentAccrual), "looked at before"
        spent = [SpentDay(day=day.day, kopecks=day.spent_kopecks) for day in one.days]
        bought = accumulated(one.programme, spent, one.today)
        return sum(tier.from_kopecks <= bought for tier in accrual.tiers) == self.number


# read


def _birthday_month(month: str) -> Where:
    number = int(month) if month.isascii() and month.isdigit() else 0
    if not 1 <= number <= 12:
        raise ValueError("a month is 1 to 12")
    return BirthdayMonth(number)


def _bought_more(rubles: str, day: str) -> Where:
    return BoughtMore(parse_kopecks(rubles), date.fromisoformat(day))


def _tier(number: str) -> Where:
    if not re.fullmatch("[1-9][0-9]?", number):
        raise ValueError("tiers are counted from 1")
    return InTier(int(number))


def _not_seen_since(day: str) -> Where:
    return NotSeenSince(date.fromisoformat(day))


WORDS: Final[Mapping[str, Callable[..., Where]]] = {  # how each is said: in capitals, what differs
    "birthday-month MONTH": _birthday_month,
    "bought-more RUBLES since DAY": _bought_more,
    "tier NUMBER": _tier,
    "not-seen-since DAY": _not_seen_since,
    "registered": Registered,
}
EXAMPLES: Final = (
    "birthday-month 12, bought-more 5000.00 since 2026-11-01, tier 2, not-seen-since 2026-06-01, registered"
)


def parse_where(text: str) -> Where:
    """Raises NotDone."""
    said = text.split()
    for form, made in WORDS.items():
        parts = form.split()
        if len(parts) != len(said) or any(
            part != word for part, word in zip(parts, said, strict=True) if not part.isupper()
        ):
            continue
        try:
            return made(*(word for part, word in zip(parts, said, strict=True) if part.isupper()))
        except (BadNumber, ValueError) as error:
            raise NotDone(f"{text!r} is not understood: {error}. Say it like one of these: {EXAMPLES}.") from error
    raise NotDone(f"{text!r} is not understood. Say it like one of these: {EXAMPLES}.")


def joined_words(texts: Iterable[str]) -> str:
    """The same for the same words in any order."""
    return " and ".join(sorted({" ".join(text.split()) for text in texts}))


# looked for


def found(reader: Reader, programme: Programme, wheres: Sequence[Where], today: date) -> Iterator[str]:
    """Ids of members whom all of it fits, in order; nobody who was erased. Raises NotDone."""
    days = [day for one in wheres if (day := one.since(programme, today)) is not None]
    for some in batches(reader.members_of(programme.id), LOOKED_AT_ONCE):
        for one in _facts(reader, programme, some, min(days, default=None), today):
            if all(where.fits(one) for where in wheres):
                yield one.row.member


def _facts(
    reader: Reader, programme: Programme, members: Sequence[str], first_day: date | None, today: date
) -> Iterator[Facts]:
    rows, profiles = reader.members(members), reader.profiles(members)
    erased = erased_of(reader, members)
    days: dict[str, list[DayRow]] = {}
    for day in reader.days_of(members, first_day.isoformat()) if first_day is not None else ():
        days.setdefault(day.member, []).append(day)
    for member in members:
        if member not in erased:
            yield Facts(rows[member], profiles.get(member), days.get(member, ()), programme, today)
