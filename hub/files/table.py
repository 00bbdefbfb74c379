"""The records of a table: cells without what a spreadsheet put around them, each record with the line it begins on."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from itertools import islice
from typing import BinaryIO, Final, NamedTuple

from hub.files.dialect import HEADING_WITHIN, BadFile, Dialect, opened

TEXT_FORMULA: Final = re.compile(r'="(.*)"', re.DOTALL)  # how zeros at the beginning are kept from Excel
AROUND: Final = "\ufeff\u200b\u00ad"  # beside what `strip` takes: marks that nobody sees
BLANKS: Final = {ord(blank): " " for blank in "\u00a0\u2007\u2009\u202f"}  # that keep a number together
NOTHING: Final = frozenset(("-", "–", "—"))  # how accountants write it
TOTALS: Final = ("итого", "всего", "total")


class Record(NamedTuple):
    line: int  # on which it begins, counted from 1
    cells: list[str]  # as they stand in the file


class Heading(NamedTuple):
    record: Record
    above: int  # records over it: a report's title


def cleaned(cell: str) -> str:
    """What the cell says."""
    text = cell.strip()
    if text.isascii() and text[:1] not in ("=", "'", "-"):
        return text
    text = text.translate(BLANKS).strip(AROUND).strip()
    if formula := TEXT_FORMULA.fullmatch(text):
        text = formula[1].replace('""', '"').strip()
    text = text.removeprefix("'")  # a sign that a spreadsheet hides: this is text
    return "" if text in NOTHING else text


def records(file: BinaryIO, dialect: Dialect) -> Generator[Record, None, None]:
    """All that hold anything. Raises BadFile."""
    with opened(file, dialect.encoding) as text:
        lines = _Lines(text)
        reader = csv.reader(lines, delimiter=dialect.delimiter)
        line = 1
        try:
            for cells in reader:
                _check_closed(line, reader.line_num, lines)
                if any(map(cleaned, cells)) and not (line == 1 and dialect.sep_line):
                    yield Record(line, cells)
                line = reader.line_num + 1
        except csv.Error as error:
            raise BadFile(f"line {line}: {error}; a quotation mark may be opened there and never closed") from error


class _Lines:
    """A text's lines, with the quotation marks that were seen since it was last asked."""

    def __init__(self, text: Iterator[str]) -> None:
        self._text = text
        self._marks = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._text:
            self._marks += line.count('"')
            yield line

    def marks(self) -> int:
        seen, self._marks = self._marks, 0
        return seen


def _check_closed(line: int, last: int, lines: _Lines) -> None:
    """A mark too many makes one cell of all that follows."""
    odd = lines.marks() % 2
    if odd and last > line:
        raise BadFile(f"line {line}: a quotation mark is opened there and not closed on line {last}")


def heading_of(
    file: BinaryIO,
    dialect: Dialect,
    is_heading: Callable[[Sequence[str]], bool],
    known: Callable[[Sequence[str]], int],
) -> Heading:
    """The first record that is one; else the one that comes nearest. Raises BadFile."""
    with closing(records(file, dialect)) as all_records:
        first = list(islice(all_records, HEADING_WITHIN))
    for above, record in enumerate(first):
        if is_heading(record.cells):
            return Heading(record, above)
    if not first:
        raise BadFile("the file is empty")
    return Heading(max(first, key=lambda record: (known(record.cells), sum(map(bool, record.cells)))), 0)


def is_total(cells: Sequence[str]) -> bool:
    """The last line of a report: sums, and nobody's."""
    begin = next(filter(None, map(cleaned, cells)), "")
    return begin.casefold().rstrip(": ") in TOTALS
