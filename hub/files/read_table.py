"""A file with a table as people have it: how it is written, which column is which, the records under its headings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Generic, NamedTuple, TypeVar

from hub.files.dialect import Dialect, dialect_of
from hub.files.headings import Columns, Headings, key_of, key_of_headings
from hub.files.table import Heading, Record, heading_of, is_total, records

RowsT = TypeVar("RowsT", covariant=True)


@dataclass(frozen=True, slots=True)
class ReadTable(Generic[RowsT]):
    """A file of members, or of goods, that was looked through. `totals`: lines with a report's sums."""

    dialect: Dialect
    heading: Heading
    columns: Columns
    rows: RowsT
    totals: tuple[int, ...] = ()

    def __str__(self) -> str:
        """How it was read, for whoever must see whether that is right."""
        parts = [f"{self.dialect}; {self.columns}"]
        if self.heading.above:
            parts.append(f"what stands above line {self.heading.record.line} left out")
        parts += [f"line {line} left out: a total" for line in self.totals]
        return "; ".join(parts)

    @property
    def key(self) -> str:
        return key_of_headings(self.heading.record.cells)


class Outline(NamedTuple):
    """How a file is read."""

    dialect: Dialect
    heading: Heading
    columns: Columns


def outlined(
    file: BinaryIO,
    headings: Headings,
    fitted: Callable[[int, Sequence[str], Mapping[str, str]], Columns],
    said: Mapping[str, str] | None,
    remembered: Callable[[str], Mapping[str, str] | None],
    sheet: str = "",
) -> Outline:
    """`fitted`: which column of a record on a line is which. `said`: columns by their headings, as people said; None:
    as they said it before of the same set of headings. `sheet`: of a workbook, from which the file came.
    Raises BadFile."""

    def known(cells: Sequence[str]) -> int:
        return headings.known(cells, said or {})

    def names_of(cells: Sequence[str]) -> Mapping[str, str]:
        if said is not None:
            return said
        there = set(map(key_of, cells))
        return {key: column for key, column in (remembered(key_of_headings(cells)) or {}).items() if key in there}

    dialect = written_as(file, sheet, known)
    heading = heading_of(file, dialect, lambda cells: headings.are_these(cells, names_of(cells)), known)
    line, cells = heading.record
    return Outline(dialect, heading, fitted(line, cells, names_of(cells)))


def written_as(file: BinaryIO, sheet: str, known: Callable[[Sequence[str]], int]) -> Dialect:
    """A sheet of a workbook as it was written out. Raises BadFile."""
    return Dialect("utf-8", ",", sheet=sheet) if sheet else dialect_of(file, known)


def below(file: BinaryIO, outline: Outline, totals: list[int]) -> Iterator[Record]:
    """The records under the headings, without a report's sums. Raises BadFile."""
    return below_line(file, outline.dialect, outline.heading.record.line, totals)


def below_line(file: BinaryIO, dialect: Dialect, line: int, totals: list[int]) -> Iterator[Record]:
    """The same of a file that may have none. `totals` hears on which lines such sums stand."""
    for record in records(file, dialect):
        if record.line <= line:
            continue
        if is_total(record.cells):
            totals.append(record.line)
        else:
            yield record
