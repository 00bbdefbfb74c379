"""The reconciliation sheet of a file that brings no members: the file on one side, the ledger's entries on the other.

Nothing that the import counted is believed but for which rows it took and which operations it made of them: those are
read again in their order, beside the rows in theirs, and sums are those of the ledger. In is out when what the file
says is in the ledger, was there before, or stands in a row that was left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from hub.brought.holders import Holders
from hub.brought.kind import Kind, Stands
from hub.files.checked import CheckedRows, Fate
from hub.files.reasons import REASONS
from hub.reconciling import FAULTS_MAX
from hub.spans import operations_of
from hub.store.seam import Reader
from hub.taking import Progress
from loyalty.kinds import name_of
from loyalty.money import format_kopecks
from loyalty.operation import read_operation
from loyalty.programme import Programme


class Left(msgspec.Struct, frozen=True):
    """Rows that were left out for one reason. `unread`: so many of them say no number that could be read."""

    kind: str
    why: str
    rows: int
    points: int
    unread: int
    kopecks: int


class BroughtSheet(msgspec.Struct, frozen=True, kw_only=True):
    """`taken`, `members` and `booked` are the ledger's; `updated` rows changed what was there, `unchanged` not: what
    they say is `standing`. `booked`: what this file moved in all. `spread`: of that, by programmes, points by months or
    the like. `faults`: what is not as it should be, in words."""

    what: str
    file: str
    ledger: str
    rows: int
    points: int
    kopecks: int
    taken: int
    taken_points: int
    taken_kopecks: int
    updated: int
    unchanged: int
    standing_points: int
    standing_kopecks: int
    left_out: tuple[Left, ...]
    members: int
    booked_points: int
    booked_kopecks: int
    spread_as: str = ""
    spread: Mapping[str, Mapping[str, int]] = {}
    faults: tuple[str, ...] = ()

    @property
    def left_rows(self) -> int:
        return sum(left.rows for left in self.left_out)


class _Posted(NamedTuple):
    """What the operations of one row came to."""

    member: str
    stands: Stands


def reconciled(
    reader: Reader,
    kind: Kind[Any],
    rows: CheckedRows[Any],
    progress: Progress,
    programmes: Mapping[str, Programme],
    holders: Holders,
    *,
    file: str,
    ledger: str,
) -> BroughtSheet:
    """When all of a file is done. `holders` hear what each member got."""
    walk = _Walk(kind, programmes, holders)
    walk.go(walk.posted(reader, progress), rows.taken_as(Fate.TAKEN, Fate.UPDATED))
    everything, fates = rows.all(), rows.fates()
    updated, unchanged = fates[Fate.UPDATED], fates[Fate.UNCHANGED]
    sheet = BroughtSheet(
        what=kind.what,
        file=file,
        ledger=ledger,
        rows=everything.rows,
        points=everything.points,
        kopecks=everything.kopecks,
        taken=walk.taken,
        taken_points=walk.taken_points,
        taken_kopecks=walk.taken_kopecks,
        updated=updated.rows,
        unchanged=unchanged.rows,
        standing_points=updated.points + unchanged.points,
        standing_kopecks=updated.kopecks + unchanged.kopecks,
        left_out=tuple(Left(kind, REASONS[kind], *one) for kind, one in rows.sums().items()),
        members=len(holders),
        booked_points=walk.booked_points,
        booked_kopecks=walk.booked_kopecks,
        spread_as=kind.spread_as,
        spread=walk.spread,
    )
    return msgspec.structs.replace(sheet, faults=(*walk.faults, *_off(sheet)))


def _off(sheet: BroughtSheet) -> Iterator[str]:
    """Where in is not out."""
    if (rows := sheet.taken + sheet.updated + sheet.unchanged + sheet.left_rows) != sheet.rows:
        yield f"the file has {sheet.rows} rows, {rows} are accounted for"
    left_points, left_kopecks = (sum(getattr(one, name) for one in sheet.left_out) for name in ("points", "kopecks"))
    if (points := sheet.taken_points + sheet.standing_points + left_points) != sheet.points:
        yield f"the file has {sheet.points} points, {points} are accounted for"
    if (kopecks := sheet.taken_kopecks + sheet.standing_kopecks + left_kopecks) != sheet.kopecks:
        yield f"the file has {format_kopecks(sheet.kopecks)}, {format_kopecks(kopecks)} are accounted for"


class _Walk:
    """Operations beside the file's rows, both in the order in which they were taken."""

    def __init__(self, kind: Kind[Any], programmes: Mapping[str, Programme], holders: Holders) -> None:
        self.taken = self.taken_points = self.taken_kopecks = 0
        self.booked_points = self.booked_kopecks = 0
        self.spread: dict[str, Counter[str]] = {}
        self.faults: list[str] = []
        self._kind = kind
        self._programmes = programmes
        self._holders = holders

    def go(self, posted: Iterator[_Posted], rows: Iterator[tuple[Fate, Any]]) -> None:
        for fate, row in rows:
            one = next(posted, None)
            if one is None:
                self._fault(f"line {row.line} was taken, and nothing in the ledger says so")
                continue
            stands, says = one.stands, self._kind.says(row)
            if fate is Fate.TAKEN:
                self.taken += 1
                self.taken_points += stands.points
                self.taken_kopecks += stands.kopecks
            if stands.what != says.what or (fate is Fate.TAKEN and stands != says):
                self._fault(f"line {row.line}: {_said(says)} in the file, {_said(stands)} in the ledger")
        for one in posted:
            self._fault(f"member {one.member} got {_said(one.stands)}, which no row of the file has")

    def posted(self, reader: Reader, progress: Progress) -> Iterator[_Posted]:
        """What the operations came to, row by row: a row's own begin with one of the kind's."""
        last: _Posted | None = None
        for kept, entries in operations_of(reader, progress.spans, self._kind.chain):
            operation = read_operation(kept.text)
            stands = self._kind.stands(operation.body, entries)
            self._count(operation.programme, operation.body, stands)
            member = getattr(operation.body, "member", None) or ""
            if last is not None and name_of(operation.body) not in self._kind.begins:
                last = _Posted(last.member, _sum(last.stands, stands))
                continue
            if last is not None:
                yield self._held(last)
            last = _Posted(member, stands)
        if last is not None:
            yield self._held(last)

    def _held(self, one: _Posted) -> _Posted:
        self._holders.add(one.member, one.stands.points, one.stands.kopecks)
        return one

    def _count(self, programme: str, body: Any, stands: Stands) -> None:
        self.booked_points += stands.points
        self.booked_kopecks += stands.kopecks
        if self._kind.spread is not None:
            where = self._kind.spread(self._programmes[programme], body)
            self.spread.setdefault(programme, Counter())[where] += stands.points

    def _fault(self, words: str) -> None:
        if len(self.faults) < FAULTS_MAX:
            self.faults.append(words)


def _sum(one: Stands, more: Stands) -> Stands:
    return Stands(one.points + more.points, one.kopecks + more.kopecks, one.what or more.what)


def _said(stands: Stands) -> str:
    parts = [f"{stands.points} points"] if stands.points else []
    parts += [format_kopecks(stands.kopecks)] if stands.kopecks else []
    return " ".join([*parts, *filter(None, [stands.what])]) or "nothing"


# as a page


def told(sheet: BroughtSheet) -> list[str]:
    """The sheet in lines."""
    lines = [_line("in the file", sheet.rows, sheet.points, sheet.kopecks, sheet)]
    members = f", of {sheet.members:,} member{'' if sheet.members == 1 else 's'}" if sheet.members else ""
    lines.append(_line(f"taken{members}", sheet.taken, sheet.taken_points, sheet.taken_kopecks, sheet))
    if sheet.updated or sheet.unchanged:
        there = _line(
            "were there already",
            sheet.updated + sheet.unchanged,
            sheet.standing_points,
            sheet.standing_kopecks,
            sheet,
        )
        lines.append(f"{there}  ({sheet.updated} told anew)")
    lines += [_line(f"left out: {left.why}", left.rows, left.points, left.kopecks, sheet) for left in sheet.left_out]
    unread = sum(left.unread for left in sheet.left_out)
    if unread and (sheet.points or sheet.kopecks):
        lines.append(f"  {unread} of the rows left out say no number that could be read")
    lines += _spread(sheet)
    right = "in is out, row by row and to the last one, by the ledger's own entries"
    return lines + [f"  WRONG: {fault}" for fault in sheet.faults] if sheet.faults else [*lines, f"  {right}"]


def _spread(sheet: BroughtSheet) -> Iterator[str]:
    for programme, sums in sorted(sheet.spread.items()):
        words = ", ".join(f"{where} {points:,}" for where, points in sorted(sums.items()))
        yield f"  {programme}, points by their {sheet.spread_as}: {words}"


def _line(what: str, rows: int, points: int, kopecks: int, sheet: BroughtSheet) -> str:
    parts = [f"{rows:>11,} {'row ' if rows == 1 else 'rows'}"]
    if sheet.points or sheet.booked_points:
        parts.append(f"{points:>15,} {'point ' if points == 1 else 'points'}")
    if sheet.kopecks or sheet.booked_kopecks:
        parts.append(f"{format_kopecks(kopecks):>18}")
    return f"  {' '.join(parts)}  {what}"
