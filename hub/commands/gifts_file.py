"""A file of cards and points, for `pos-hub grant --file`: read as imports read theirs, and also without headings."""

from __future__ import annotations

import io
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

import click

from hub.files.dialect import HEADING_WITHIN, BadFile, Dialect
from hub.files.headings import Columns, Headings, shown_headings
from hub.files.members_headings import CALLED
from hub.files.read_table import below_line, written_as
from hub.files.reasons import BadValue
from hub.files.table import Record, cleaned, records
from hub.files.values import long_number
from hub.files.values import points as points_of
from hub.files.workbook import Tabled, tabled
from hub.members import shown
from hub.people.whom import Gift
from loyalty.card_numbers import as_number

FILE_BYTES_MAX: Final = 50_000_000  # two million cards
GIFTS: Final = Headings({name: CALLED[name] for name in ("card", "points")}, lambda columns: "card" in columns)
BARE: Final = Columns({"card": 0, "points": 1}, {}, width=2)  # of a file without headings


class GiftsFile(NamedTuple):
    """`notes`: what of it was not taken for gifts, for whoever must see whether that is right."""

    gifts: list[Gift]
    notes: list[str]


def content_of(path: Path) -> bytes:
    if path.stat().st_size > FILE_BYTES_MAX:
        raise click.ClickException(f"{path} is longer than {FILE_BYTES_MAX} bytes: give it in parts.")
    return path.read_bytes()


def gifts_in(
    content: bytes, points: int | None, said: Mapping[str, str] | None = None, sheet: str | None = None
) -> GiftsFile:
    """`said`: columns by their headings, as people said; `sheet`: of a workbook. Raises click.ClickException with all
    lines that are wrong."""
    try:
        with tabled(io.BytesIO(content), sheet) as table:
            return _read(table, points, said or {})
    except BadFile as error:
        raise click.ClickException(f"Nobody got any: {error}") from error


def _read(table: Tabled, points: int | None, said: Mapping[str, str]) -> GiftsFile:
    dialect = written_as(table.file, table.sheet, lambda cells: GIFTS.known(cells, said))
    columns, heading_line = _columns(table.file, dialect, said)
    gifts: list[Gift] = []
    totals: list[int] = []
    wrong: list[str] = []
    for record in below_line(table.file, dialect, heading_line, totals):
        try:
            gifts.append(_gift(record, columns, points))
        except BadValue as error:
            wrong.append(f"line {record.line}: {error.words}")
    if wrong:
        raise click.ClickException(f"Nobody got any:\n{shown(wrong, len(wrong))}")
    notes = [f"column «{name}» left out" for name in columns.left_out]
    return GiftsFile(gifts, [*notes, *(f"line {line} left out: a total" for line in totals)])


def _columns(file: BinaryIO, dialect: Dialect, said: Mapping[str, str]) -> tuple[Columns, int]:
    """Which is which, and the line under which the gifts stand. Raises BadFile."""
    first = list(islice(records(file, dialect), HEADING_WITHIN))
    for record in first:
        if GIFTS.are_these(record.cells, said):
            columns, wrong = GIFTS.fitted(record.cells, said)
            if wrong:
                raise BadFile(f"line {record.line}: {'; '.join(wrong)}")
            return columns, record.line
    if first and not any(letter.isdigit() for cell in first[0].cells for letter in cell):
        there = shown_headings(first[0].cells)
        raise BadFile(f"none of the columns {there} is known as 'card'; --map 'HEADING=card' says which it is")
    if said:
        raise BadFile("--map is said of a file without headings")
    return BARE, 0


def _gift(record: Record, columns: Columns, points: int | None) -> Gift:
    """Raises BadValue."""
    cells = [cleaned(cell) for cell in record.cells]
    text = columns.texts(cells)
    more = [cell for cell in cells[columns.width :] if cell]
    if more:
        raise BadValue("fields", f"{more[0]!r} stands behind its columns; a line has a card and its points")
    return Gift(as_number(long_number(text["card"], "card")), _points(text.get("points", ""), points), record.line)


def _points(text: str, points: int | None) -> int:
    if points is None and not text:
        raise BadValue("points", "it says no points, and --points says none")
    if points is None:
        return points_of(text)
    if text:
        raise BadValue("points", f"it says {text} points, and --points says {points}")
    return points
