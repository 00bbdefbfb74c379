"""The reconciliation sheet of an import: the file on one side, the ledger's own entries on the other.

Nothing that the import counted is believed but for which operations it made: those are read again in their order,
beside the rows of the file in theirs. A row without its operation was left out, and the ledger is asked why; points
are the entries'. In is out when what the file says is in the ledger, is left with members who were there, or stands in
a row that was left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple

import msgspec

from hub.files.checked import CheckedRows, Position, Sum
from hub.files.reasons import REASONS, Fault
from hub.importing import Progress, Span
from hub.judging import Known, judged, there
from hub.members import NewMember
from hub.store.records import EntryRow, KeptOperation, Place
from hub.store.seam import Reader
from loyalty.operation import HUB_CHAIN

READ_AT_ONCE: Final = 1_000  # operations, or rows that were left out
FAULTS_MAX: Final = 20  # more are no help


class Left(msgspec.Struct, frozen=True):
    """Rows that were left out for one reason. `unread`: so many of them say no number of points."""

    kind: str
    why: str
    rows: int
    points: int
    unread: int


class Sheet(msgspec.Struct, frozen=True):
    """`standing` rows are of members who were there: their points are the ledger's, not the file's. `faults`: what is
    not as it should be, in words."""

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


class _Operation(msgspec.Struct, frozen=True):
    body: _Body


_operation = msgspec.json.Decoder(_Operation)


def reconciled(reader: Reader, rows: CheckedRows, progress: Progress, *, update: bool, file: str, ledger: str) -> Sheet:
    """When all of a file is done. Rows that the ledger left out become rows that are not taken, with why."""
    walk = _Walk(reader, rows, update)
    walk.go(_joined(reader, progress.spans))
    sums = rows.sums()
    good = sums.pop("", Sum(0, 0))
    points = good.points + sum(one.points for one in sums.values())
    sheet = Sheet(
        file=file,
        ledger=ledger,
        rows=good.rows + sum(one.rows for one in sums.values()),
        points=points,
        joined=walk.joined,
        joined_points=walk.joined_points,
        updated=progress.updated,
        unchanged=progress.unchanged,
        standing_points=walk.standing_points,
        left_out=tuple(Left(kind, REASONS[kind], *one) for kind, one in sums.items()),
        faults=(),
    )
    return msgspec.structs.replace(sheet, faults=(*walk.faults, *_off(sheet, walk.standing)))


def _off(sheet: Sheet, standing: int) -> Iterator[str]:
    """Where in is not out."""
    if sheet.updated + sheet.unchanged != standing:
        yield f"{standing} rows are of members who were there, {sheet.updated + sheet.unchanged} were looked at"
    if (rows := sheet.joined + standing + sheet.left_rows) != sheet.rows:
        yield f"the file has {sheet.rows} rows, {rows} are accounted for"
    if (points := sheet.joined_points + sheet.standing_points + sheet.left_points) != sheet.points:
        yield f"the file has {sheet.points} points, {points} are accounted for"


class _Walk:
    """Beside the file's rows, in the order in which they were taken."""

    def __init__(self, reader: Reader, rows: CheckedRows, update: bool) -> None:
        self._reader = reader
        self._rows = rows
        self._update = update
        self._without: list[tuple[Position, NewMember]] = []  # an operation
        self.joined = self.joined_points = 0
        self.standing = self.standing_points = 0
        self.faults: list[str] = []

    def go(self, joined: Iterator[_Joined]) -> None:
        rows = self._rows.in_order()
        for one in joined:
            self.joined += 1
            self.joined_points += one.points
            row = self._row_of(one, rows)
            if row is None:
                self._fault(f"member {one.member} joined with card {one.card}, which no row behind the one before has")
                break
            if row.points != one.points:
                self._fault(f"line {row.line}: {row.points} points in the file, {one.points} in the ledger")
        for some in iter(lambda: list(islice(rows, READ_AT_ONCE)), []):
            self._without += some
            self._ask()
        self._ask()

    def _row_of(self, joined: _Joined, rows: Iterator[tuple[Position, NewMember]]) -> NewMember | None:
        for position, row in rows:
            if row.card == joined.card:
                return row
            self._without.append((position, row))
            if len(self._without) >= READ_AT_ONCE:
                self._ask()
        return None

    def _ask(self) -> None:
        """Why these made no operation."""
        some, self._without = self._without, []
        rows = [row for _, row in some]
        verdicts = judged(rows, there(self._reader, rows), update=self._update)
        left: list[tuple[int, Fault]] = []
        for (position, row), verdict in zip(some, verdicts, strict=True):
            if isinstance(verdict, Known):
                self.standing += 1
                self.standing_points += row.points
            else:
                gone = Fault("no_longer", REASONS["no_longer"])
                left.append((position.number, gone if isinstance(verdict, NewMember) else verdict))
        self._rows.leave_out(left)

    def _fault(self, words: str) -> None:
        if len(self.faults) < FAULTS_MAX:
            self.faults.append(words)


def _joined(reader: Reader, spans: Sequence[Span]) -> Iterator[_Joined]:
    """Who joined by these operations, in their order; a grant is his who joined before it."""
    last: _Joined | None = None
    for kept, entries in _operations(reader, spans):
        body = _operation.decode(kept.text).body
        points = -sum(entry.points for entry in entries if entry.account == "issued")
        if body.kind == "member_joined" and kept.reason is None:
            if last is not None:
                yield last
            last = _Joined(body.member, body.card, 0)
        elif last is not None and body.member == last.member:
            last = last._replace(points=last.points + points)
    if last is not None:
        yield last


def _operations(reader: Reader, spans: Sequence[Span]) -> Iterator[tuple[KeptOperation, list[EntryRow]]]:
    for span in spans:
        for first in range(span.first, span.last + 1, READ_AT_ONCE):
            places = [Place(HUB_CHAIN, 1, number) for number in range(first, min(first + READ_AT_ONCE, span.last + 1))]
            kept = reader.operations(places)
            entries: dict[Place, list[EntryRow]] = {}
            for entry in reader.entries_of(places):
                entries.setdefault(entry.place, []).append(entry)
            yield from ((kept[place], entries.get(place, [])) for place in places if place in kept)


# as a page


def told(sheet: Sheet) -> list[str]:
    """The sheet in lines."""
    lines = [_line("in the file", sheet.rows, sheet.points), _line("joined", sheet.joined, sheet.joined_points)]
    if sheet.updated or sheet.unchanged:
        lines.append(
            f"{_line('were there already', sheet.updated + sheet.unchanged, sheet.standing_points)}"
            f"  ({sheet.updated} told anew, their points untouched)"
        )
    lines += [_line(f"left out: {left.why}", left.rows, left.points) for left in sheet.left_out]
    if sheet.left_unread:
        lines.append(f"  {sheet.left_unread} of the rows left out say no number of points that could be read")
    right = "in is out, row by row and to the point, by the ledger's own entries"
    return lines + [f"  WRONG: {fault}" for fault in sheet.faults] if sheet.faults else [*lines, f"  {right}"]


def _line(what: str, rows: int, points: int) -> str:
    return f"  {rows:>11,} rows {points:>15,} points  {what}"
