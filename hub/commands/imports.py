"""What every import that is taken in batches has: its steps with a bar, the sheet's file, the rows left out."""

from __future__ import annotations

import csv
import hashlib
import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

import click
import msgspec

from hub.brought.sheet import BroughtSheet
from hub.commands.tables import shown_bad
from hub.files.cell import text_cell
from hub.files.checked import CheckedRows
from hub.files.left_out import write_left_out
from hub.files.read_table import ReadTable
from hub.files.whole import unfinished
from hub.reconciling import Sheet
from hub.store.errors import StoreOff
from hub.taking import Taking

REPORTS: Final = (".json", ".csv")
ROWS_LEFT_OUT: Final = 3  # the exit code: rows were taken, but not all


@contextmanager
def nothing_taken() -> Iterator[None]:
    """While a file is looked through: who stops that hears that it was nothing more."""
    try:
        yield
    except KeyboardInterrupt:
        sys.exit("pos-hub: stopped while the file was read: nothing was taken by this. The same command begins anew.")


def take(importing: Taking[Any], label: str) -> None:
    """With a bar; whatever stops it, how to go on is said."""
    try:
        with click.progressbar(length=importing.total, label=label, file=sys.stderr) as bar:
            bar.update(importing.progress.rows)
            for done in importing.steps():
                bar.update(done - bar.pos)
    except (KeyboardInterrupt, StoreOff) as stopped:
        why = f"{stopped}\n" if isinstance(stopped, StoreOff) else ""
        done = importing.progress.rows
        sys.exit(
            f"pos-hub: {why}stopped after {done} of {importing.total} rows. The same command goes on with the rest."
        )


@contextmanager
def writing(what: str) -> Iterator[None]:
    """What came of it, when all of it is in the ledger."""
    try:
        yield
    except OSError as error:
        why = f"{error.filename}: {error.strerror}"
        sys.exit(f"pos-hub: the {what} are in, but not all is written: {why}. The same command writes it.")


def put_aside(path: Path | None, source: BinaryIO, table: ReadTable[CheckedRows[Any]]) -> None:
    """Raises OSError."""
    if path is None:
        return
    count = write_left_out(path, source, table)
    click.echo(f"Rows left out, with why, in {path}: {count}." if count else f"No row was left out: no {path}.")


def end(sheet: Sheet | BroughtSheet, table: ReadTable[CheckedRows[Any]], skip_bad: Path | None) -> None:
    """With the exit code that says how it went."""
    if sheet.faults:
        sys.exit("pos-hub: the ledger does not hold what the file says; see the sheet.")
    if not sheet.left_rows:
        return
    if skip_bad is None:
        click.echo(
            "pos-hub: these rows were not taken:\n"
            + shown_bad(table.rows.bad(), sheet.left_rows)
            + "\nThe same command looks at them again; --skip-bad FILE puts them into FILE with why.",
            err=True,
        )
    sys.exit(ROWS_LEFT_OUT)


def digest_of(source: BinaryIO, how: Sequence[Any], usual: Sequence[Any]) -> str:
    """Of the file, and of all by which the same file would be another import, but for what is as usual."""
    source.seek(0)
    content = hashlib.file_digest(cast("io.BufferedReader", source), "sha256").hexdigest()
    if list(how) == list(usual):
        return content
    return hashlib.sha256(content.encode() + msgspec.json.encode(how)).hexdigest()


def write_report(path: Path | None, sheet: msgspec.Struct, table: Iterable[Sequence[object]]) -> None:
    """As JSON the sheet itself, as CSV `table`. Raises OSError."""
    if path is None:
        return
    with unfinished(path) as half:
        if path.suffix.lower() == ".json":
            half.write_bytes(msgspec.json.format(msgspec.json.encode(sheet), indent=2) + b"\n")
            return
        with half.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(map(_cells, table))


def _cells(row: Sequence[object]) -> list[object]:
    return [text_cell(one) if isinstance(one, str) else one for one in row]
