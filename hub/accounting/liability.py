"""What the programme owes its members: points outstanding at a moment, and how many of them will die unspent.

What was held at a moment that is past is what is held now, less what was moved since. Of the lots that ended in the
last year before the moment the entries tell how many points were still there so many days before the end, and how many
were left at it; that share of the points that have as many days to live now is expected to die too (`History`).

Memory does not grow with the ledger: sums are by programme, month of end and days to the end.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from hub.ahead import Ahead
from hub.batches import batches
from hub.store.records import EntryRow, LotKey, LotRow, MemberRow
from hub.store.seam import Reader

AT_ONCE: Final = 1_000  # entries, whose lots are looked up in one go
TOLD_EVERY: Final = 1_000  # operations read
HISTORY: Final = timedelta(days=365)
LOTS_MIN: Final = 100  # that ended, and lived so long: of fewer no share is told

Zones = Callable[[str], ZoneInfo]


class _At(msgspec.Struct, frozen=True):
    at: str


_at = msgspec.json.Decoder(_At).decode


class Span(NamedTuple):
    """Points that end together: in a month (YYYY-MM; "" for those without an end), so many days from now."""

    month: str
    days: int


class Month(NamedTuple):
    """`expected`: how many of the points will die; `unknown`: of how many nothing can be said."""

    month: str
    points: int
    expected: int
    unknown: int


@dataclass(slots=True)
class History:
    """Of lots that ended within a year: `flow`, points that came (or went) so many days before the end of their lot;
    `lives`, how many lots lived so many days."""

    flow: Counter[int] = field(default_factory=Counter)
    lives: Counter[int] = field(default_factory=Counter)

    @property
    def lots(self) -> int:
        return self.lives.total()

    @property
    def died(self) -> int:
        return self.flow.total()

    def share(self) -> Callable[[int], tuple[int, int] | None]:
        """Of points that have so many days to live: the share that died, as died and all; None: too few have been
        seen."""
        there, lots = _at_least(self.flow), _at_least(self.lives)

        def share(days: int) -> tuple[int, int] | None:
            held = there(days)
            return None if lots(days) < LOTS_MIN or held <= 0 else (min(max(self.died, 0), held), held)

        return share


def _at_least(counts: Mapping[int, int]) -> Callable[[int], int]:
    """The sum of what stands at so many days or more."""
    keys = sorted(counts)
    sums = [0, *accumulate(counts[key] for key in reversed(keys))]
    return lambda days: sums[len(keys) - bisect_left(keys, days)]


@dataclass(slots=True)
class Owed:
    """A programme's points at a moment. `alive` can be spent, `coming` not yet; `dead` are past their end and not yet
    booked as expired; `debt` is what members owe."""

    alive: Counter[Span] = field(default_factory=Counter)
    coming: Counter[Span] = field(default_factory=Counter)
    dead: int = 0
    debt: int = 0
    history: History = field(default_factory=History)

    @property
    def points(self) -> int:
        """Outstanding."""
        return self.alive.total() + self.coming.total()

    def months(self) -> list[Month]:
        """By month of end, those without an end last."""
        share = self.history.share()
        months: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        spans = Counter(self.alive)
        spans.update(self.coming)
        for span, points in spans.items():
            if not points:  # of lots that were given since
                continue
            sums, told = months[span.month], share(span.days) if span.month else None
            sums[0] += points
            sums[1] += points * told[0] // told[1] if told else 0
            sums[2] += 0 if told else points
        return [Month(month, *months[month]) for month in sorted(months, key=lambda month: (not month, month))]


class _Books:
    """The sums in the making."""

    def __init__(self, zone_of: Zones, at: datetime) -> None:
        self.owed: dict[str, Owed] = defaultdict(Owed)
        self.at = at
        self._zone_of = zone_of

    def hold(self, programme: str, lot: LotRow, points: int) -> None:
        """So many points of a lot more."""
        owed = self.owed[programme]
        if lot.expires_at is not None and lot.expires_at <= self.at:
            owed.dead += points
        elif points:
            (owed.coming if lot.active_from > self.at else owed.alive)[self._span(programme, lot)] += points

    def _span(self, programme: str, lot: LotRow) -> Span:
        if lot.expires_at is None:
            return Span("", 0)
        last = (lot.expires_at - timedelta(microseconds=1)).astimezone(self._zone_of(programme))
        return Span(f"{last:%Y-%m}", (lot.expires_at - self.at).days)

    def member(self, member: MemberRow) -> None:
        self.owed[member.programme].debt += member.debt

    def lot(self, member: MemberRow, lot: LotRow) -> None:
        """A lot of one who has gone into another stands there too, and is counted there."""
        self.hold(member.programme, lot, lot.remaining)
        if member.merged_into is None and (end := self._ended(lot)) is not None:
            self.owed[member.programme].history.lives[(end - lot.active_from).days] += 1

    def entry(self, programme: str, at: datetime, entry: EntryRow, lot: LotRow | None) -> None:
        """What happened after the moment is undone; what happened before the end of a lot that ended is history."""
        if at > self.at:
            if entry.account == "debt":
                self.owed[programme].debt += entry.points
            elif entry.account == "member" and lot is not None:
                self.hold(programme, lot, -entry.points)
        elif lot is not None and (end := self._ended(lot)) is not None and at < end:
            self.owed[programme].history.flow[(end - at).days] += entry.points

    def _ended(self, lot: LotRow) -> datetime | None:
        end = lot.expires_at
        return end if end is not None and self.at - HISTORY < end <= self.at else None


def liability(reader: Reader, at: datetime, zone_of: Zones, progress: Callable[[int], None]) -> dict[str, Owed]:
    """By programme, as of a moment that is not to come."""
    books = _Books(zone_of, at)
    _tables(reader, books)
    for some in batches(_timed(reader, progress), AT_ONCE):
        rows = reader.lots({LotKey(entry.member, entry.lot) for _, entry in some if entry.lot is not None})
        members = reader.members({entry.member for _, entry in some})
        for when, entry in some:
            if (member := members.get(entry.member)) is not None:
                lot = rows.get(LotKey(entry.member, entry.lot)) if entry.lot is not None else None
                books.entry(member.programme, when, entry, lot)
    return dict(sorted(books.owed.items()))


def _tables(reader: Reader, books: _Books) -> None:
    """What is held now: both tables stand in the order of members."""
    lots = Ahead(reader.all_lots())
    for member in reader.all_members():
        books.member(member)
        for lot in _of(member, lots):
            books.lot(member, lot)


def _of(member: MemberRow, lots: Ahead[LotRow]) -> Iterator[LotRow]:
    while (lot := lots.next) is not None and lot.member <= member.member:
        lots.take()
        if lot.member == member.member:
            yield lot


def _timed(reader: Reader, progress: Callable[[int], None]) -> Iterator[tuple[datetime, EntryRow]]:
    """Entries of lots and of debts, each with when it happened."""
    entries = Ahead(reader.all_entries())
    for number, kept in enumerate(reader.all_operations(), start=1):
        at: datetime | None = None
        while (entry := entries.next) is not None and entry.place <= kept.place:
            entries.take()
            if entry.place == kept.place and (entry.lot is not None or entry.account == "debt"):
                at = at or datetime.fromisoformat(_at(kept.text).at)
                yield at, entry
        if number % TOLD_EVERY == 0:
            progress(TOLD_EVERY)
