"""A file of cards and points, for `pos-hub grant --file`: read as imports read theirs, and also without headings."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

import click

from hub.files.dialect import HEADING_WITHIN, BadFile, Dialect, dialect_of
from hub.files.headings import Columns, Headings
from hub.files.members_headings import CALLED
from hub.files.reasons import BadValue
from hub.files.table import Record, cleaned, is_total, records
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
    dialect = _dialect(table, lambda cells: GIFTS.known(cells, said))
    columns, below = _columns(table.file, dialect, said)
    gifts: list[Gift] = []
    notes = [f"column «{name}» left out" for name in columns.left_out]
    wrong: list[str] = []
    for record in _under(table.file, dialect, below):
        if is_total(record.cells):
            notes.append(f"line {record.line} left out: a total")
            continue
        try:
            gifts.append(_gift(record, columns, points))
        except BadValue as error:
            wrong.append(f"line {record.line}: {error.words}")
    if wrong:
        raise click.ClickException(f"Nobody got any:\n{shown(wrong, len(wrong))}")
    return GiftsFile(gifts, notes)


def _dialect(table: Tabled, known: Callable[[Sequence[str]], int]) -> Dialect:
    return Dialect("utf-8", ",", sheet=table.sheet) if table.sheet else dialect_of(table.file, known)


def _under(file: BinaryIO, dialect: Dialect, below: int) -> Iterator[Record]:
    return (record for record in records(file, dialect) if record.line > below)


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
        there = ", ".join(f"«{name}»" for name in map(cleaned, first[0].cells) if name)
        raise BadFile(f"none of the columns {there} is known as 'card'; --map 'HEADING=card' says which it is")
    if said:
        raise BadFile("--map is said of a file without headings")
    return BARE, 0


def _gift(record: Record, columns: Columns, points: int | None) -> Gift:
    """Raises BadValue."""
    cells = [cleaned(cell) for cell in record.cells]
    text = {name: cells[at] if at < len(cells) else "" for name, at in columns.at.items()}
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
