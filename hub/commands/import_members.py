"""`pos-hub import`: members of a file, as people have it."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

import click
import msgspec

from hub.build import build_hub, build_programmes
from hub.commands.ledger_option import ledger_option
from hub.files.dialect import BadFile
from hub.files.headings import said_from
from hub.files.left_out import write_left_out
from hub.files.members_file import MembersFile, read_members
from hub.hub import Hub
from hub.importing import Import
from hub.members import BAD_LINES_SHOWN_MAX, shown
from hub.reconciling import Sheet, reconciled, told
from hub.store.records import Rows
from hub.store.seam import StoreOff
from loyalty.programme import Programme

REMEMBERED: Final = "members_headings/"  # settings: what --map said, by the set of headings
PIPE_IN_MEMORY_BYTES: Final = 1_000_000  # more goes to the disk
REPORTS: Final = (".json", ".csv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was said beside the file."""

    programme: str | None
    said: Mapping[str, str] | None  # of columns, by their headings
    update: bool
    skip_bad: Path | None
    report: Path | None


@click.command(name="import")
@ledger_option
@click.argument("file", type=click.File("rb"))
@click.option("--programme", metavar="ID", help="Of all rows that name none: alenka, perekrestok, …")
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="'HEADING=COLUMN'",
    help="What a heading of the file is, where it is not known; nothing behind = leaves it out. Remembered for files"
    " with the same headings.",
)
@click.option(
    "--update", is_flag=True, help="Members who are there: take name, phone, birthday, favourites; never points."
)
@click.option(
    "--skip-bad",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Take the good rows; put the others into this file, as they were, with why.",
)
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the reconciliation sheet there too: .json or .csv.",
)
def import_command(ledger: Path | str, file: BinaryIO, maps: tuple[str, ...], **others: Any) -> None:
    """Take members from a table, also while the hub serves tills.

    \b
    programme,card,phone,points,registered,birthday,favourites,member
    alenka,2600000000017,+79161234567,150,yes,1990-05-17,,

    Any CSV that a spreadsheet or a cash program writes: semicolons, commas or tabs, UTF-8, Windows-1251 or UTF-16, with
    headings such as «Номер карты», «ФИО», «Моб. телефон», «Бонусы». Only a card is required, and a programme
    (--programme). How the file was read is said first.

    A file with a bad row, or with a card that is in the ledger already, is told line by line, and nobody of it is taken
    (but for --skip-bad and --update). A good one is taken a few hundred rows at a time. It may be stopped (Ctrl-C): the
    same command goes on where it was, and takes nobody twice. A card that a till gives out meanwhile is left out, and
    told at the end. Then a sheet is printed: rows and points of the file against the ledger's entries.
    """
    wanted = Wanted(said=_said(maps), **others)
    _check(wanted, file.name)
    with _seekable(file) as source:
        hub = build_hub(ledger, build_programmes(), serving=False)
        try:
            _check_programme(wanted, hub.programmes)
            _import(hub, source, file.name, wanted)
        finally:
            hub.close()


def _import(hub: Hub, source: BinaryIO, name: str, wanted: Wanted) -> None:
    table = read_members(
        source,
        hub.programmes,
        programme=wanted.programme,
        said=wanted.said,
        remembered=lambda key: _remembered(hub, key),
    )
    click.echo(f"{name}: {table}.", err=True)
    digest = _digest(source, table, wanted)
    importing = Import(hub, table.rows, digest, update=wanted.update, skip=wanted.skip_bad is not None)
    _remember(hub, table)
    before = importing.done and importing.total > 0
    if not before:
        _take(importing)
    with hub.store.reading() as reader:
        progress, ledger = importing.progress, hub.store.name
        sheet = reconciled(reader, table.rows, progress, update=wanted.update, file=name, ledger=ledger)
    click.echo("\n".join(told(sheet)))
    if before:
        click.echo(f"This file was imported into {ledger} before: {sheet.joined} members.")
    else:
        click.echo(f"Members imported into {ledger}: {sheet.joined}.")
    try:
        _write_report(wanted.report, sheet)
        if wanted.skip_bad is not None:
            _put_aside(wanted.skip_bad, source, table)
    except OSError as error:
        why = f"{error.filename}: {error.strerror}"
        sys.exit(f"pos-hub: the members are in, but not all is written: {why}. The same command writes it.")
    if sheet.faults:
        sys.exit("pos-hub: the ledger does not hold what the file says; see the sheet.")
    if wanted.skip_bad is None and not before:
        _check_all_taken(sheet, table)


def _take(importing: Import) -> None:
    """With a bar; whatever stops it, how to go on is said."""
    try:
        with click.progressbar(length=importing.total, label="Importing members", file=sys.stderr) as bar:
            bar.update(importing.progress.rows)
            for done in importing.steps():
                bar.update(done - bar.pos)
    except (KeyboardInterrupt, StoreOff) as stopped:
        why = f"{stopped}\n" if isinstance(stopped, StoreOff) else ""
        done = importing.progress.rows
        sys.exit(
            f"pos-hub: {why}stopped after {done} of {importing.total} rows. The same command goes on with the rest."
        )


def _put_aside(path: Path, source: BinaryIO, table: MembersFile) -> None:
    count = write_left_out(path, source, table)
    click.echo(f"Rows left out, with why, in {path}: {count}." if count else f"No row was left out: no {path}.")


def _check_all_taken(sheet: Sheet, table: MembersFile) -> None:
    if sheet.left_rows:
        some = [str(bad) for bad in islice(table.rows.bad(), BAD_LINES_SHOWN_MAX)]
        why = "pos-hub: these were not imported, for somebody had given them out meanwhile:\n"
        sys.exit(why + shown(some, sheet.left_rows))


# what was said


def _check_programme(wanted: Wanted, programmes: Mapping[str, Programme]) -> None:
    if wanted.programme is not None and wanted.programme not in programmes:
        raise click.ClickException(f"There is no programme {wanted.programme!r}; there are: {', '.join(programmes)}.")


def _check(wanted: Wanted, name: str) -> None:
    """Before anything is read."""
    if wanted.report is not None and wanted.report.suffix.lower() not in REPORTS:
        raise click.UsageError(f"--report writes {' or '.join(REPORTS)}.")
    for path in filter(None, (wanted.skip_bad, wanted.report)):
        if path.exists() and Path(name).exists() and path.samefile(name):
            raise click.UsageError(f"{path} is the file that is imported.")
        if not os.access(path.parent, os.W_OK):
            raise click.ClickException(f"{path} cannot be written: its folder is not there, or not to be written to.")


def _said(maps: tuple[str, ...]) -> Mapping[str, str] | None:
    try:
        return said_from(maps) if maps else None
    except BadFile as error:
        raise click.UsageError(str(error)) from error


def _seekable(file: BinaryIO) -> BinaryIO:
    """A pipe is read once, and the file is needed twice."""
    if file.seekable():
        return file
    kept = tempfile.SpooledTemporaryFile(max_size=PIPE_IN_MEMORY_BYTES)  # noqa: SIM115 the caller closes it
    shutil.copyfileobj(file, kept)
    return cast("BinaryIO", kept)


def _digest(source: BinaryIO, table: MembersFile, wanted: Wanted) -> str:
    """Of the file, and of all by which the same file would be another import."""
    source.seek(0)
    content = hashlib.file_digest(cast("io.BufferedReader", source), "sha256").hexdigest()
    how = [sorted(table.columns.said.items()), wanted.programme, wanted.update]
    if how == [[], None, False]:
        return content
    return hashlib.sha256(content.encode() + msgspec.json.encode(how)).hexdigest()


def _remembered(hub: Hub, key: str) -> Mapping[str, str] | None:
    with hub.store.reading() as reader:
        kept = reader.setting(_setting(key))
    return None if kept is None else msgspec.json.decode(kept, type=dict[str, str])


def _remember(hub: Hub, table: MembersFile) -> None:
    said = dict(table.columns.said)
    if said and said != _remembered(hub, table.key):
        kept = {_setting(table.key): msgspec.json.encode(said).decode()}
        hub.within(lambda writer: writer.write(Rows(settings=kept)))


def _setting(key: str) -> str:
    return REMEMBERED + hashlib.sha256(key.encode()).hexdigest()


# the report


def _write_report(path: Path | None, sheet: Sheet) -> None:
    if path is None:
        return
    unfinished = path.with_name(path.name + ".part")
    if path.suffix.lower() == ".json":
        unfinished.write_bytes(msgspec.json.format(msgspec.json.encode(sheet), indent=2) + b"\n")
    else:
        with unfinished.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(_table(sheet))
    unfinished.replace(path)


def _table(sheet: Sheet) -> list[tuple[str, str, int | str, int | str]]:
    return [
        ("what", "why", "rows", "points"),
        ("file", "", sheet.rows, sheet.points),
        ("joined", "", sheet.joined, sheet.joined_points),
        ("updated", "", sheet.updated, ""),
        ("unchanged", "", sheet.unchanged, ""),
        ("left with members who were there", "", sheet.updated + sheet.unchanged, sheet.standing_points),
        *(("left out", left.why, left.rows, left.points) for left in sheet.left_out),
        *(("wrong", fault, "", "") for fault in sheet.faults),
    ]
