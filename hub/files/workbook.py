"""A sheet of an Excel workbook (.xlsx) as the table that it is: written out once, row by row, as CSV, and read as such.

What a cell holds is taken as Excel has it: a number in the fifteen digits that Excel keeps, a date as a day. A row
stands on the line that is its number in the sheet. The sheet is streamed, whatever its size (a cell astray in its last
corner costs nothing); the texts of all cells, each once, are in memory while it is written out.
"""

from __future__ import annotations

import csv
import io
import tempfile
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any, BinaryIO, Final, NamedTuple, cast

from hub.files.dialect import BadFile

ZIP: Final = b"PK\x03\x04"
WORKBOOK: Final = "xl/workbook.xml"
TEXTS: Final = "xl/sharedStrings.xml"
UNPACKED_BYTES_MAX: Final = 2_000_000_000  # a full sheet of a million rows and ten columns is some 600 MB
TEXTS_BYTES_MAX: Final = 300_000_000  # that stay in memory, some three times as large
IN_MEMORY_BYTES: Final = 1_000_000  # of what is written out; more goes to the disk
EXACT_DIGITS: Final = 15  # Excel keeps no more of a number
EXACT_MAX: Final = 2**53  # beyond it a number that is kept as such is another one
SAVE_ANEW: Final = "open it in Excel and save it anew as .xlsx, or as «CSV UTF-8 (comma delimited)»"


class Tabled(NamedTuple):
    """A file that can be read as a table. `sheet`: which sheet of a workbook it was; "": it was none."""

    file: BinaryIO
    sheet: str = ""


@contextmanager
def tabled(file: BinaryIO, sheet: str | None = None) -> Iterator[Tabled]:
    """Of a workbook the sheet of this name, else the first that is to be seen. Other files stay what they are. Raises
    BadFile."""
    if not _is_workbook(file):
        if sheet is not None:
            raise BadFile(f"--sheet {sheet!r} is said of a file that is no workbook")
        yield Tabled(file)
        return
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES) as table:
        name = _write_out(file, sheet, cast("BinaryIO", table))
        yield Tabled(cast("BinaryIO", table), name)


def _is_workbook(file: BinaryIO) -> bool:
    """An archive of another kind is told of by who reads tables. Raises BadFile."""
    file.seek(0)
    begin = file.read(len(ZIP))
    file.seek(0)
    if begin != ZIP:
        return False
    try:
        with zipfile.ZipFile(file) as archive:
            return WORKBOOK in archive.namelist()
    except zipfile.BadZipFile as error:
        raise BadFile(f"the file begins as a workbook does, and is cut off or broken; {SAVE_ANEW}") from error
    finally:
        file.seek(0)


def _write_out(file: BinaryIO, sheet: str | None, table: BinaryIO) -> str:
    """The sheet's name."""
    from openpyxl import load_workbook  # a fifth of a second, which no other command should wait for

    with zipfile.ZipFile(file) as archive:
        _check_size(archive.infolist())
    try:
        with _mended(file) as whole, warnings.catch_warnings(action="ignore"):
            book = load_workbook(whole, read_only=True, data_only=True)
            try:
                chosen = _chosen(book.worksheets, sheet)
                chosen.reset_dimensions()  # what a program wrote of them may be wrong
                _write_rows(chosen.iter_rows(values_only=True), table)
            finally:
                book.close()
    except BadFile:
        raise
    except Exception as error:  # whatever a broken part of it comes to: openpyxl has no word of its own for that
        raise BadFile(f"the workbook cannot be read ({type(error).__name__}: {error}); {SAVE_ANEW}") from error
    return str(chosen.title)


def _check_size(parts: Iterable[zipfile.ZipInfo]) -> None:
    sizes = {part.filename: part.file_size for part in parts}
    texts = sum(size for name, size in sizes.items() if name.lower() == TEXTS.lower())
    if sum(sizes.values()) > UNPACKED_BYTES_MAX or texts > TEXTS_BYTES_MAX:
        raise BadFile("the workbook is larger than a full sheet of Excel; save the table alone as CSV")


@contextmanager
def _mended(file: BinaryIO) -> Iterator[BinaryIO]:
    """1С writes its texts under a name in another case than it says, which Excel does not mind."""
    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        if TEXTS in names or TEXTS.lower() not in map(str.lower, names):
            yield file
            return
        with tempfile.TemporaryFile() as mended:
            with zipfile.ZipFile(mended, "w") as other:
                for name in names:
                    other.writestr(TEXTS if name.lower() == TEXTS.lower() else name, archive.read(name))
            yield cast("BinaryIO", mended)


def _chosen(sheets: Iterable[Any], name: str | None) -> Any:
    """Raises BadFile."""
    there = list(sheets)
    if name is not None:
        found = [one for one in there if one.title.strip().casefold() == name.strip().casefold()]
    else:
        found = [one for one in there if one.sheet_state == "visible"] or there
    if not found:
        names = ", ".join(f"«{one.title}»" for one in there) or "none"
        raise BadFile(f"the workbook has no sheet{f' «{name}»' if name else ''}; its sheets: {names}")
    return found[0]


def _write_rows(rows: Iterable[tuple[Any, ...]], table: BinaryIO) -> None:
    text = io.TextIOWrapper(table, encoding="utf-8", newline="", write_through=True)
    try:
        csv.writer(text).writerows(map(_cells, rows))
    finally:
        text.detach()


def _cells(row: tuple[Any, ...]) -> list[str]:
    """One line of the table is one row of the sheet."""
    return [" ".join(_text(value).splitlines()) for value in row]


def _text(value: object) -> str:
    """As people would write it."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return number(value)
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
        case date():
            return value.isoformat()
        case _:
            return str(value)


def number(value: float) -> str:
    """In digits, where Excel has all of them; else as Excel shows it, so that nobody takes it for a card. Three digits
    behind the point get a zero more: here nobody can take them for thousands."""
    if value != int(value):
        plain = f"{value:.{EXACT_DIGITS}g}"
        return f"{plain}0" if len(plain.partition(".")[2]) == 3 else plain
    whole = int(value)
    rounded = len(str(abs(whole))) > EXACT_DIGITS and whole % 10 == 0  # a sixteenth digit that Excel made a zero
    return f"{value:E}" if abs(whole) >= EXACT_MAX or rounded else str(whole)
