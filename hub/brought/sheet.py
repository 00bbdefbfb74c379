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
from hub.files.checked import CheckedRows, Fate, Sum
from hub.files.reasons import REASONS
from hub.reconciling import FAULTS_MAX
from hub.spans import operations_of
from hub.store.seam import Reader
from hub.taking import Progress
from loyalty.bodies import Body
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


class Counted(msgspec.Struct, frozen=True):
    """Rows, and what they say."""

    rows: int = 0
    points: int = 0
    kopecks: int = 0


class BroughtSheet(msgspec.Struct, frozen=True, kw_only=True):
    """`file` is what its rows say, `taken` what the ledger holds of those that were new to it; `updated` rows changed
    what was there, `unchanged` nothing. `booked`: what the ledger has by this file in all, of so many `members`;
    `programmes`: so many operations of each; `spread`: points by months or the like. `faults`: what is not as it should
    be, in words."""

    what: str
    rows_are: str
    counted: str
    name: str
    ledger: str
    file: Counted
    taken: Counted
    updated: Counted
    unchanged: Counted
    left_out: tuple[Left, ...]
    members: int
    booked: Counted
    spread_as: str = ""
    spread: Mapping[str, Mapping[str, int]] = {}
    programmes: Mapping[str, int] = {}
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
    fates = rows.fates()
    sheet = BroughtSheet(
        what=kind.what,
        rows_are=kind.rows_are,
        counted=kind.counted,
        name=file,
        ledger=ledger,
        file=_counted(rows.all()),
        taken=walk.taken,
        updated=_counted(fates[Fate.UPDATED]),
        unchanged=_counted(fates[Fate.UNCHANGED]),
        left_out=tuple(Left(why, REASONS[why], *one) for why, one in rows.sums().items()),
        members=len(holders),
        booked=walk.booked,
        spread_as=kind.spread_as,
        spread=walk.spread,
        programmes=walk.programmes,
    )
    return msgspec.structs.replace(sheet, faults=(*walk.faults, *_off(sheet)))


def _counted(sum: Sum) -> Counted:
    return Counted(sum.rows, sum.points, sum.kopecks)


def _off(sheet: BroughtSheet) -> Iterator[str]:
    """Where in is not out."""
    parts = (sheet.taken, sheet.updated, sheet.unchanged, *sheet.left_out)
    rows, points, kopecks = (sum(getattr(one, name) for one in parts) for name in ("rows", "points", "kopecks"))
    if rows != sheet.file.rows:
        yield f"the file has {sheet.file.rows} rows, {rows} are accounted for"
    if points != sheet.file.points:
        yield f"the file has {sheet.file.points} points, {points} are accounted for"
    if kopecks != sheet.file.kopecks:
        yield f"the file has {format_kopecks(sheet.file.kopecks)} rubles, {format_kopecks(kopecks)} are accounted for"


class _Walk:
    """Operations beside the file's rows, both in the order in which they were taken."""

    def __init__(self, kind: Kind[Any], programmes: Mapping[str, Programme], holders: Holders) -> None:
        self.taken = self.booked = Counted()
        self.spread: dict[str, Counter[str]] = {}
        self.programmes: Counter[str] = Counter()
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
                self.taken = _more(self.taken, stands)
            if stands.what != says.what or (fate is Fate.TAKEN and stands != says):
                self._fault(f"line {row.line}: {_said(says)} in the file, {_said(stands)} in the ledger")
        for one in posted:
            self._fault(f"member {one.member} got {_said(one.stands)}, which no row of the file has")

    def posted(self, reader: Reader, progress: Progress) -> Iterator[_Posted]:
        """What the operations came to, row by row."""
        last: _Posted | None = None
        first: Body | None = None
        for kept, entries in operations_of(reader, progress.spans, self._kind.chain):
            operation = read_operation(kept.text)
            stands = self._kind.stands(operation.body, entries)
            self._put(operation.programme, operation.body, stands)
            member = getattr(operation.body, "member", None) or ""
            if last is not None and first is not None and self._kind.continues(first, operation.body):
                last = _Posted(last.member, _sum(last.stands, stands))
                continue
            if last is not None:
                yield self._held(last)
            first, last = operation.body, _Posted(member, stands)
        if last is not None:
            yield self._held(last)

    def _held(self, one: _Posted) -> _Posted:
        self.booked = _more(self.booked, one.stands)
        if one.member:
            self._holders.add(one.member, one.stands.points, one.stands.kopecks)
        return one

    def _put(self, programme: str, body: Body, stands: Stands) -> None:
        self.programmes[programme] += 1
        if self._kind.spread is not None:
            where = self._kind.spread(self._programmes[programme], body)
            self.spread.setdefault(programme, Counter())[where] += stands.points

    def _fault(self, words: str) -> None:
        if len(self.faults) < FAULTS_MAX:
            self.faults.append(words)


def _more(counted: Counted, stands: Stands) -> Counted:
    return Counted(counted.rows + 1, counted.points + stands.points, counted.kopecks + stands.kopecks)


def _sum(one: Stands, more: Stands) -> Stands:
    return Stands(one.points + more.points, one.kopecks + more.kopecks, one.what)


def _said(stands: Stands) -> str:
    parts = [f"{stands.points} points"] if stands.points else []
    parts += [format_kopecks(stands.kopecks)] if stands.kopecks else []
    return " ".join([*parts, *filter(None, [stands.what])]) or "nothing"


# as a page


def told(sheet: BroughtSheet) -> list[str]:
    """The sheet in lines."""
    members = f", of {sheet.members:,} member{'' if sheet.members == 1 else 's'}" if sheet.members else ""
    lines = [_line("in the file", sheet.file, sheet), _line(f"taken{members}", sheet.taken, sheet)]
    if sheet.updated.rows:
        lines += [_line("were there, and are told anew", sheet.updated, sheet)]
        lines += [_line("moved in the ledger by all of it", sheet.booked, sheet)]
    if sheet.unchanged.rows:
        lines.append(_line("change nothing: there already, or none", sheet.unchanged, sheet))
    lines += [_line(f"left out: {left.why}", left, sheet) for left in sheet.left_out]
    unread = sum(left.unread for left in sheet.left_out)
    if unread and (sheet.file.points or sheet.file.kopecks):
        lines.append(f"  {unread} of the rows left out say no number that could be read")
    lines += _spread(sheet)
    right = "in is out, row by row and to the last one, by the ledger's own entries"
    return lines + [f"  WRONG: {fault}" for fault in sheet.faults] if sheet.faults else [*lines, f"  {right}"]


def _spread(sheet: BroughtSheet) -> Iterator[str]:
    for programme, sums in sorted(sheet.spread.items()):
        words = ", ".join(f"{where} {points:,}" for where, points in sorted(sums.items()))
        yield f"  {programme}, points by their {sheet.spread_as}: {words}"


def _counted_as(many: str, count: int) -> str:
    """The word for so many, as wide as that for several."""
    return many.removesuffix("s").ljust(len(many)) if count == 1 else many


def _line(what: str, counted: Counted | Left, sheet: BroughtSheet) -> str:
    rows, points, kopecks = counted.rows, counted.points, counted.kopecks
    parts = [f"{rows:>11,} {_counted_as(sheet.rows_are, rows)}"]
    if sheet.file.points or sheet.booked.points:
        parts.append(f"{points:>15,} {_counted_as(sheet.counted, points)}")
    if sheet.file.kopecks or sheet.booked.kopecks:
        parts.append(f"{format_kopecks(kopecks):>18} rubles")
    return f"  {' '.join(parts)}  {what}"
