"""The reconciliation sheet of an import: the file on one side, the ledger's own entries on the other.

Nothing that the import counted is believed but for which rows it took and which operations it made of them: those are
read again in their order, beside the rows in theirs; points are the entries'. In is out when what the file says is in
the ledger, is left with members who were there, or stands in a row that was left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from hub.files.checked import CheckedRows, Fate
from hub.files.reasons import REASONS
from hub.members import NewMember
from hub.spans import Span, operations_of
from hub.store.seam import Reader
from hub.taking import Progress
from loyalty.operation import HUB_CHAIN

FAULTS_MAX: Final = 20  # more are no help


class Left(msgspec.Struct, frozen=True):
    """Rows that were left out for one reason. `unread`: so many of them say no number of points."""

    kind: str
    why: str
    rows: int
    points: int
    unread: int


class Sheet(msgspec.Struct, frozen=True):
    """`standing` rows are of members who were there: their points are the ledger's, not the file's. `registered`: so
    many of them are so by this file. Of those who joined, by programmes: `unregistered` members, points by the moment
    at which they end ("" for never). `faults`: what is not as it should be, in words."""

    file: str
    ledger: str
    rows: int
    points: int
    joined: int
    joined_points: int
    updated: int
    unchanged: int
    standing_points: int
    left_out: tuple[Left, ...]
    faults: tuple[str, ...]
    registered: int = 0
    unregistered: Mapping[str, int] = {}
    ends: Mapping[str, Mapping[str, int]] = {}

    @property
    def left_rows(self) -> int:
        return sum(left.rows for left in self.left_out)

    @property
    def left_points(self) -> int:
        return sum(left.points for left in self.left_out)

    @property
    def left_unread(self) -> int:
        return sum(left.unread for left in self.left_out)


class _Joined(NamedTuple):
    """Somebody whom the import brought, and what its entries gave him."""

    member: str
    card: str | None
    points: int


class _Body(msgspec.Struct, frozen=True):
    kind: str = msgspec.field(name="type")
    member: str = ""
    card: str | None = None
    registered: bool = False
    expires_at: str | None = None


class _Operation(msgspec.Struct, frozen=True):
    body: _Body
    programme: str = ""


_operation = msgspec.json.Decoder(_Operation)


def reconciled(reader: Reader, rows: CheckedRows[NewMember], progress: Progress, *, file: str, ledger: str) -> Sheet:
    """When all of a file is done."""
    walk = _Walk()
    walk.go(walk.joined_by(reader, progress.spans), rows.taken(Fate.JOINED))
    everything, fates = rows.all(), rows.fates()
    updated, unchanged = fates[Fate.UPDATED], fates[Fate.UNCHANGED]
    sheet = Sheet(
        file=file,
        ledger=ledger,
        rows=everything.rows,
        points=everything.points,
        joined=walk.joined,
        joined_points=walk.joined_points,
        updated=updated.rows,
        unchanged=unchanged.rows,
        standing_points=updated.points + unchanged.points,
        left_out=tuple(Left(kind, REASONS[kind], *one[:3]) for kind, one in rows.sums().items()),
        faults=(),
        registered=walk.registered,
        unregistered=walk.unregistered,
        ends=walk.ends,
    )
    return msgspec.structs.replace(sheet, faults=(*walk.faults, *_off(sheet)))


def _off(sheet: Sheet) -> Iterator[str]:
    """Where in is not out."""
    if (rows := sheet.joined + sheet.updated + sheet.unchanged + sheet.left_rows) != sheet.rows:
        yield f"the file has {sheet.rows} rows, {rows} are accounted for"
    if (points := sheet.joined_points + sheet.standing_points + sheet.left_points) != sheet.points:
        yield f"the file has {sheet.points} points, {points} are accounted for"


class _Walk:
    """Operations beside the file's rows, both in the order in which they were taken."""

    def __init__(self) -> None:
        self.joined = self.joined_points = self.registered = 0
        self.unregistered: Counter[str] = Counter()
        self.ends: dict[str, Counter[str]] = {}
        self.faults: list[str] = []

    def go(self, joined: Iterator[_Joined], rows: Iterator[NewMember]) -> None:
        for one in joined:
            self.joined += 1
            self.joined_points += one.points
            row = next((row for row in rows if self._is_his(row, one)), None)
            if row is None:
                self._fault(f"member {one.member} joined with card {one.card}, which no row behind the one before has")
            elif row.points != one.points:
                self._fault(f"line {row.line}: {row.points} points in the file, {one.points} in the ledger")
        for row in rows:
            self._fault(f"line {row.line}: card {row.card} was taken, and nothing in the ledger says so")

    def _is_his(self, row: NewMember, joined: _Joined) -> bool:
        if row.card != joined.card:
            self._fault(f"line {row.line}: card {row.card} was taken, and nothing in the ledger says so")
        return row.card == joined.card

    def _fault(self, words: str) -> None:
        if len(self.faults) < FAULTS_MAX:
            self.faults.append(words)

    def joined_by(self, reader: Reader, spans: Sequence[Span]) -> Iterator[_Joined]:
        """Who joined by these operations, in their order; a grant is his who joined before it."""
        last: _Joined | None = None
        for kept, entries in operations_of(reader, spans, HUB_CHAIN):
            operation = _operation.decode(kept.text)
            body = operation.body
            points = sum([-entry.points for entry in entries if entry.account == "issued"])
            if body.kind == "member_joined" and kept.reason is None:
                if last is not None:
                    yield last
                last = _Joined(body.member, body.card, 0)
                self.unregistered[operation.programme] += not body.registered
            elif body.kind == "member_registered":
                self.registered += kept.reason is None
            elif last is not None and body.member == last.member:
                last = last._replace(points=last.points + points)
                self.ends.setdefault(operation.programme, Counter())[body.expires_at or ""] += points
        if last is not None:
            yield last


# as a page


def told(sheet: Sheet) -> list[str]:
    """The sheet in lines."""
    lines = [_line("in the file", sheet.rows, sheet.points), _line("joined", sheet.joined, sheet.joined_points)]
    if sheet.updated or sheet.unchanged:
        registered = f", {sheet.registered} of them registered" if sheet.registered else ""
        lines.append(
            f"{_line('were there already', sheet.updated + sheet.unchanged, sheet.standing_points)}"
            f"  ({sheet.updated} told anew{registered}, their points untouched)"
        )
    lines += [_line(f"left out: {left.why}", left.rows, left.points) for left in sheet.left_out]
    if sheet.left_unread:
        lines.append(f"  {sheet.left_unread} of the rows left out say no number of points that could be read")
    right = "in is out, row by row and to the point, by the ledger's own entries"
    return lines + [f"  WRONG: {fault}" for fault in sheet.faults] if sheet.faults else [*lines, f"  {right}"]


def _line(what: str, rows: int, points: int) -> str:
    row, point = "row " if rows == 1 else "rows", "point " if points == 1 else "points"
    return f"  {rows:>11,} {row} {points:>15,} {point}  {what}"
