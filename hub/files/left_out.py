"""The rows that were not taken, in a file of their own: as they were, with a column more that says why."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from hub.files.checked import Bad
from hub.files.dialect import Dialect
from hub.files.headings import REASON, key_of
from hub.files.read_table import ReadTable
from hub.files.table import Record, records
from hub.files.whole import unfinished

WRITTEN_AS: Final = {"utf-16-le": "utf-16", "utf-16-be": "utf-16"}  # with the mark that was lost
OF_A_SHEET: Final = Dialect("utf-8-sig", ";")  # what Excel opens as a table


class _Rows(Protocol):
    def bad(self) -> Iterator[Bad]:
        """In the order of the file."""
        ...


def write_left_out(path: Path, source: BinaryIO, table: ReadTable[_Rows]) -> int:
    """How many there are; without any no file is written. Whole or not at all. Raises OSError."""
    bad = table.rows.bad()
    one = next(bad, None)
    if one is None:
        return 0
    dialect = OF_A_SHEET if table.dialect.sheet else table.dialect
    encoding = _encoding(dialect)
    with unfinished(path) as half, half.open("w", encoding=encoding, errors="replace", newline="") as file:
        if dialect.sep_line:
            file.write(f"sep={dialect.delimiter}\r\n")
        writer = csv.writer(file, delimiter=dialect.delimiter)
        width = _width(table)
        told = table.columns.width - width
        writer.writerow(_with(table.heading.record, REASON, width, told))
        count = 0
        for record in records(source, table.dialect):
            if one is not None and record.line in (lines := (one.line, *one.more_lines)):
                writer.writerow(_with(record, one.words, width, told))
                count += 1
                one = one if record.line < lines[-1] else next(bad, None)
    return count


def _encoding(dialect: Dialect) -> str:
    return WRITTEN_AS.get(dialect.encoding, dialect.encoding)


def _width(table: ReadTable[_Rows]) -> int:
    """Without the reasons of another time."""
    width = table.columns.width
    return width - (key_of(table.heading.record.cells[width - 1]) == REASON)


def _with(record: Record, more: str, width: int, told: int) -> list[str]:
    """`told`: columns behind the last that are reasons of another time."""
    cells = [*record.cells[:width], *record.cells[width + told :]]
    return [*cells, *[""] * (width - len(cells)), more]
