"""A file of one kind, looked through: its rows, good and bad."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, BinaryIO

from hub.brought.kind import Around, Kind
from hub.files.checked import CheckedRows
from hub.files.dialect import BadFile
from hub.files.headings import Columns, shown_headings
from hub.files.read_table import ReadTable, below, outlined
from hub.files.reasons import BadValue, Fault
from hub.files.rows import Row, checked_text
from hub.files.table import Record, cleaned

BroughtFile = ReadTable[CheckedRows[Any]]


def read_brought(
    file: BinaryIO,
    kind: Kind[Any],
    around: Around,
    *,
    said: Mapping[str, str] | None = None,
    remembered: Callable[[str], Mapping[str, str] | None] = lambda key: None,
    sheet: str = "",
) -> BroughtFile:
    """`said`: columns by their headings, as people said; None: as they said it before of the same set of headings.
    Raises BadFile for what is no such table; what is wrong with its rows is in `rows`."""
    totals: list[int] = []
    rows: CheckedRows[Any] = CheckedRows(kind.row, kind.once)
    outline = outlined(file, kind.headings, partial(fitted, kind), said, remembered, sheet)
    reading = _Reading(kind, outline.columns, around)
    rows.put(kind.gathered(map(reading.row, below(file, outline, totals))))
    return ReadTable(*outline, rows, tuple(totals))


def fitted(kind: Kind[Any], line: int, cells: Sequence[str], said: Mapping[str, str]) -> Columns:
    """Which is which. Raises BadFile."""
    columns, wrong = kind.headings.fitted(cells, said)
    for group in kind.needs:
        if not group & columns.at.keys():
            named = " or ".join(f"'{column}'" for column in kind.headings.columns if column in group)
            there = shown_headings(cells)
            wrong.append(f"missing column {named}; the columns: {there}; --map 'HEADING=COLUMN' says which it is")
    if wrong:
        raise BadFile(f"line {line}: {'; '.join(wrong)}")
    return columns


class _Reading:
    """Reads one file's records."""

    def __init__(self, kind: Kind[Any], columns: Columns, around: Around) -> None:
        self._kind = kind
        self._columns = columns
        self._readers = kind.readers(around)

    def row(self, record: Record) -> Row[Any]:
        cells = [cleaned(cell) for cell in record.cells]
        text, faults = self._columns.texts(cells), self._columns.faults(cells)
        said: dict[str, Any] = {}
        for name, read in self._readers.items():
            try:
                said[name] = read(checked_text(name, text.get(name, "")))
            except BadValue as error:
                faults.append(Fault(error.kind, error.words))
        good = None if faults else self._made(record.line, said, faults)
        return Row(record.line, said, tuple(faults), good)

    def _made(self, line: int, said: Mapping[str, Any], faults: list[Fault]) -> Any:
        try:
            return self._kind.made(line, said)
        except BadValue as error:
            faults.append(Fault(error.kind, error.words))
            return None
