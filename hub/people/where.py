"""Members by a few words that the office knows: `birthday-month 12`, `bought-more 5000.00 since 2026-11-01`, `tier 2` …

Each word looks at what the ledger keeps of a member; several are joined by and. Members are looked through in the order
of their ids, some hundred at a time, so a chain's million takes no more memory than a shop's thousand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal, NamedTuple

from hub import feed
from hub.batches import batches
from hub.blanks.virtual import virtual_of
from hub.merges import erased_of
from hub.people.orders import NotDone
from hub.store.records import CardRow, DayRow, MemberRow, ProfileRow
from hub.store.seam import Reader
from loyalty.lots import balance
from loyalty.member import POINTS_MAX
from loyalty.money import BadNumber, parse_kopecks
from loyalty.programme import PercentAccrual, Programme
from loyalty.snapshot import SpentDay
from loyalty.stickers import collection_of, running
from loyalty.tiers import accumulated, window_start

LOOKED_AT_ONCE: Final = 500  # members, with their profiles and days


class Facts(NamedTuple):
    """What is looked at of one member, under the rules of his programme, on a day of its clock."""

    row: MemberRow
    profile: ProfileRow | None
    days: Sequence[DayRow]
    programme: Programme
    today: date
    points: int = 0
    cards: Sequence[CardRow] = ()
    virtual: frozenset[str] = frozenset()  # numbers, his among others
    stickers: int = 0
    stores: frozenset[str] = frozenset()


Needed = Literal["points", "cards", "stickers", "stores"]


class Where:
    """One of the words. `since`: the first day of which it wants to know what was bought; None: of no day. `needs`:
    what else is looked at."""

    needs: frozenset[Needed] = frozenset()

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


@dataclass(frozen=True, slots=True)
class BoughtWithin(Where):
    """Bought something that counts on one of the last so many days, today among them."""

    days: int

    def since(self, programme: Programme, today: date) -> date | None:
        return today - timedelta(days=self.days - 1)

    def fits(self, one: Facts) -> bool:
        first = one.today - timedelta(days=self.days - 1)
        return any(day.day >= first.isoformat() and day.spent_kopecks > 0 for day in one.days)


@dataclass(frozen=True, slots=True)
class NotBoughtWithin(BoughtWithin):
    def fits(self, one: Facts) -> bool:
        return not BoughtWithin(self.days).fits(one)


@dataclass(frozen=True, slots=True)
class PointsFrom(Where):
    """What he can spend today."""

    needs = frozenset[Needed](("points",))
    points: int

    def fits(self, one: Facts) -> bool:
        return one.points >= self.points


@dataclass(frozen=True, slots=True)
class PointsTo(Where):
    needs = frozenset[Needed](("points",))
    points: int

    def fits(self, one: Facts) -> bool:
        return one.points <= self.points


@dataclass(frozen=True, slots=True)
class Favourite(Where):
    category: str

    def fits(self, one: Facts) -> bool:
        return one.profile is not None and self.category in one.profile.favourites


@dataclass(frozen=True, slots=True)
class HasCard(Where):
    """One that is blocked, or one that is good now: any, a virtual one, one of plastic."""

    kind: str
    needs = frozenset[Needed](("cards",))

    def fits(self, one: Facts) -> bool:
        return any(self._is_such(card, one) for card in one.cards)

    def _is_such(self, card: CardRow, one: Facts) -> bool:
        if self.kind in ("active", "blocked"):
            return card.status == self.kind
        return card.status == "active" and (card.number in one.virtual) is (self.kind == "virtual")


@dataclass(frozen=True, slots=True)
class StickersFrom(Where):
    """Of the collection that goes on."""

    count: int
    needs = frozenset[Needed](("stickers",))

    def fits(self, one: Facts) -> bool:
        return one.stickers >= self.count


@dataclass(frozen=True, slots=True)
class SeenIn(Where):
    """In a store whose tills are told of its own members: whom they know."""

    store: str
    needs = frozenset[Needed](("stores",))

    def fits(self, one: Facts) -> bool:
        return self.store in one.stores


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


def _days(text: str) -> int:
    if not re.fullmatch("[1-9][0-9]{0,3}", text):
        raise ValueError("days are a number, 1 to 9999")
    return int(text)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) <= POINTS_MAX):
        raise ValueError("a number is wanted")
    return int(text)


def _has_card(kind: str) -> Where:
    if kind not in ("active", "blocked", "virtual", "plastic"):
        raise ValueError("a card is active, blocked, virtual or plastic")
    return HasCard(kind)


WORDS: Final[Mapping[str, Callable[..., Where]]] = {  # how each is said: in capitals, what differs
    "birthday-month MONTH": _birthday_month,
    "bought-more RUBLES since DAY": _bought_more,
    "tier NUMBER": _tier,
    "not-seen-since DAY": _not_seen_since,
    "registered": Registered,
    "bought-within DAYS": lambda days: BoughtWithin(_days(days)),
    "not-bought-within DAYS": lambda days: NotBoughtWithin(_days(days)),
    "points-from COUNT": lambda count: PointsFrom(_count(count)),
    "points-to COUNT": lambda count: PointsTo(_count(count)),
    "favourite CATEGORY": Favourite,
    "has-card KIND": _has_card,
    "stickers-from COUNT": lambda count: StickersFrom(_count(count)),
    "seen-in STORE": SeenIn,
}
EXAMPLES: Final = (
    "birthday-month 12, bought-more 5000.00 since 2026-11-01, tier 2, not-seen-since 2026-06-01, registered,"
    " bought-within 30, not-bought-within 90, points-from 100, points-to 500, favourite tea, has-card active,"
    " stickers-from 3, seen-in omsk-7"
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


def found(reader: Reader, programme: Programme, wheres: Sequence[Where], now: datetime) -> Iterator[str]:
    """Ids of members whom all of it fits, in order; nobody who was erased. Raises NotDone."""
    for some in batches(reader.members_of(programme.id), LOOKED_AT_ONCE):
        yield from fitting(reader, programme, wheres, some, now)


def fitting(
    reader: Reader, programme: Programme, wheres: Sequence[Where], members: Sequence[str], now: datetime
) -> list[str]:
    """Those of them whom all of it fits. Raises NotDone."""
    today = programme.day(now)
    days = [day for one in wheres if (day := one.since(programme, today)) is not None]
    looked = _facts(reader, programme, members, min(days, default=None), today)
    more = _More(reader, frozenset(need for one in wheres for need in one.needs), members, programme, now)
    facts = map(more.of, looked)
    return [one.row.member for one in facts if all(where.fits(one) for where in wheres)]


class _More:
    """What words of these needs look at besides."""

    def __init__(
        self, reader: Reader, needs: frozenset[Needed], members: Sequence[str], programme: Programme, now: datetime
    ) -> None:
        self._now = now
        self._accounts = feed.accounts(reader, members, now) if "points" in needs else {}
        self._cards: dict[str, list[CardRow]] = {}
        for card in reader.cards_of(members) if "cards" in needs else ():
            self._cards.setdefault(card.member, []).append(card)
        numbers = [card.number for cards in self._cards.values() for card in cards]
        self._virtual = virtual_of(reader, numbers) if numbers else frozenset()
        self._stores: dict[str, set[str]] = {}
        for row in reader.seen_of(members) if "stores" in needs else ():
            if row.until > now:
                self._stores.setdefault(row.member, set()).add(row.store)
        self._stickers = self._going_on(reader, programme, members) if "stickers" in needs else {}

    def _going_on(self, reader: Reader, programme: Programme, members: Sequence[str]) -> dict[str, int]:
        rule = running(programme, programme.day(self._now))
        rows = reader.stickers_of(members) if rule is not None else []
        return {row.member: row.stickers for row in rows if rule and row.collection == collection_of(rule)}

    def of(self, one: Facts) -> Facts:
        member = one.row.member
        account = self._accounts.get(member)
        return one._replace(
            points=balance(account, self._now) if account is not None else 0,
            cards=self._cards.get(member, ()),
            virtual=self._virtual,
            stickers=self._stickers.get(member, 0),
            stores=frozenset(self._stores.get(member, ())),
        )


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
