"""`pos-hub import`: members of a file, as people have it."""

from __future__ import annotations

import csv
import hashlib
import io
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

import click
import msgspec

from hub.build import build_hub, build_programmes
from hub.commands.ledger_option import ledger_option
from hub.commands.ledger_there import programme_called
from hub.commands.tables import (
    check_place,
    map_option,
    remember,
    remembered,
    seekable,
    setting_of,
    shown_bad,
    skip_bad_option,
)
from hub.files.dialect import BadFile
from hub.files.headings import said_from
from hub.files.left_out import write_left_out
from hub.files.members_file import MembersFile, read_members
from hub.files.members_headings import MEMBERS
from hub.files.reasons import BadValue
from hub.files.values import expires
from hub.files.whole import unfinished
from hub.hub import Hub
from hub.importing import Import
from hub.members import BY_PROGRAMME, BadMembers
from hub.reconciling import Sheet, reconciled, told
from hub.store.seam import StoreOff
from loyalty.points_life import last_day_of
from loyalty.programme import Programme
from loyalty.utc import moment

REMEMBERED: Final = "members_headings/"  # settings: what --map said, by the set of headings
REPORTS: Final = (".json", ".csv")
ROWS_LEFT_OUT: Final = 3  # the exit code: members were taken, but not all
HELPED_BY_UPDATE: Final = frozenset(("card_there", "member_there"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was said beside the file."""

    programme: str | None
    registered: bool
    expires: str
    said: Mapping[str, str] | None  # of columns, by their headings
    update: bool
    skip_bad: Path | None
    report: Path | None


@click.command(name="import")
@ledger_option
@click.argument("file", type=click.File("rb"))
@click.option("--programme", metavar="ID", help="Of all rows that name none: alenka, perekrestok, …")
@map_option
@click.option(
    "--registered",
    type=click.Choice(["yes", "no"]),
    default="no",
    show_default=True,
    help="Of all rows that do not say it: who is not registered earns, and cannot spend yet.",
)
@click.option(
    "--expires",
    metavar="DATE|programme|never",
    default=BY_PROGRAMME,
    show_default=True,
    help="The last day of the points, of all rows that do not say it (a column «Сгорают»); programme: as what is bought"
    " today.",
)
@click.option(
    "--update",
    is_flag=True,
    help="Members who are there: take name, phone, birthday, favourites, and register whom the file has as registered"
    " (without a welcome grant); never points.",
)
@skip_bad_option
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
    told at the end. Then a sheet is printed: rows and points of the file against the ledger's entries. The same command
    again looks again at the rows that were left out, and only at them.

    A phone may go from one member to another within a file, whatever the order of its rows.

    \b
    Exit code 0: every row was taken, now or before
              1: it was refused or stopped, or the ledger does not hold what it should (see the sheet)
              2: the command was not understood
              3: rows were left out, the others were taken
    """
    wanted = Wanted(said=_said(maps), **{**others, **_defaults(others)})
    _check(wanted, file.name)
    with seekable(file) as source:
        hub = build_hub(ledger, build_programmes(), serving=False)
        try:
            if wanted.programme is not None:
                programme_called(hub, wanted.programme)
            _import(hub, source, file.name, wanted)
        finally:
            hub.close()


def _import(hub: Hub, source: BinaryIO, name: str, wanted: Wanted) -> None:
    table = read_members(
        source,
        hub.programmes,
        programme=wanted.programme,
        said=wanted.said,
        remembered=lambda key: remembered(hub, setting_of(REMEMBERED, key)),
        registered=wanted.registered,
        expires=wanted.expires,
    )
    click.echo(f"{name}: {table}.", err=True)
    importing = _begun(hub, table, _digest(source, table, wanted), wanted)
    remember(hub, setting_of(REMEMBERED, table.key), table.columns.said)
    if not importing.done:
        _take(importing)
    with hub.store.reading() as reader:
        sheet = reconciled(reader, table.rows, importing.progress, file=name, ledger=hub.store.name)
    click.echo("\n".join([*told(sheet), _outcome(importing, sheet), *_notes(sheet, hub, _expires_said(table, wanted))]))
    try:
        _write_report(wanted.report, sheet)
        if wanted.skip_bad is not None:
            _put_aside(wanted.skip_bad, source, table)
    except OSError as error:
        why = f"{error.filename}: {error.strerror}"
        sys.exit(f"pos-hub: the members are in, but not all is written: {why}. The same command writes it.")
    if sheet.faults:
        sys.exit("pos-hub: the ledger does not hold what the file says; see the sheet.")
    if sheet.left_rows:
        if wanted.skip_bad is None:
            _tell_left_out(sheet, table)
        sys.exit(ROWS_LEFT_OUT)


def _begun(hub: Hub, table: MembersFile, digest: str, wanted: Wanted) -> Import:
    """What would take more of a refused file is said with why."""
    try:
        return Import(hub, table.rows, digest, update=wanted.update, skip=wanted.skip_bad is not None)
    except BadMembers as error:
        helps = ["--skip-bad FILE takes the other rows, and puts these into FILE with why."]
        if not wanted.update and error.kinds & HELPED_BY_UPDATE:
            helps.append("--update takes what the file says of members who are there; never points.")
        sys.exit(f"pos-hub: no member was imported:\n{error}\n" + "\n".join(helps))


def _outcome(importing: Import, sheet: Sheet) -> str:
    before = importing.joined_before
    now = sheet.joined - before
    if importing.before.rows and importing.progress.rows == importing.before.rows:
        anew = f", {sheet.updated} told anew" if sheet.updated else ""
        return f"This file was imported into {sheet.ledger} before: {_members(before)}{anew}."
    more = f", and {before} before" if before else ""
    return f"Members imported into {sheet.ledger}: {now}{more}."


def _expires_said(table: MembersFile, wanted: Wanted) -> bool:
    return "expires" in table.columns.at or wanted.expires != BY_PROGRAMME


def _notes(sheet: Sheet, hub: Hub, expires_said: bool) -> Iterator[str]:
    """What a shop would not expect."""
    for id, count in sheet.unregistered.items():
        programme = hub.programmes[id]
        if count and programme.redemption.needs_registration:
            yield (
                f"Not registered: {count} of {_members(sheet.joined)} ({id}). Who is not earns, and cannot spend yet. A"
                " column «registered», or --registered yes, says who is; with --update also of members who are there;"
                " pos-hub register does it for one."
            )
    for id, ends in sheet.ends.items():
        yield from _ends(hub.programmes[id], ends, expires_said)


def _ends(programme: Programme, ends: Mapping[str, int], said: bool) -> Iterator[str]:
    """When the points end; not to be changed by the same file again."""
    never = ends.get("", 0)
    days = sorted(last_day_of(programme, end) for one in ends if (end := moment(one or None)))
    ending = _points(sum(ends.values()) - never)
    why = "" if said else ", by the programme's rules (--expires says otherwise)"
    if days and days[0] == days[-1]:
        yield f"{ending} of {programme.id} live until {days[0]}{why}."
    elif days:
        yield f"{ending} of {programme.id} end between {days[0]} and {days[-1]}{why}."
    if never and programme.points.life.kind != "never":
        yield f"{_points(never)} of {programme.id} never end, though what is bought there does."


def _points(count: int) -> str:
    return f"{count:,} point{'' if count == 1 else 's'}"


def _members(count: int) -> str:
    return f"{count} member{'' if count == 1 else 's'}"


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


def _tell_left_out(sheet: Sheet, table: MembersFile) -> None:
    click.echo(
        "pos-hub: these rows were not taken:\n"
        + shown_bad(table.rows.bad(), sheet.left_rows)
        + "\nThe same command looks at them again; --skip-bad FILE puts them into FILE with why.",
        err=True,
    )


# what was said


def _check(wanted: Wanted, name: str) -> None:
    """Before anything is read."""
    if wanted.report is not None and wanted.report.suffix.lower() not in REPORTS:
        raise click.UsageError(f"--report writes {' or '.join(REPORTS)}.")
    for path in filter(None, (wanted.skip_bad, wanted.report)):
        check_place(path, name)


def _defaults(others: Mapping[str, Any]) -> dict[str, Any]:
    """Of all rows that say nothing of their own."""
    try:
        ends = expires(others["expires"].strip(), datetime.now(UTC).date())
    except BadValue as error:
        raise click.UsageError(f"--{error}.") from error
    return {"registered": others["registered"] == "yes", "expires": ends}


def _said(maps: tuple[str, ...]) -> Mapping[str, str] | None:
    try:
        return said_from(maps, MEMBERS.columns) if maps else None
    except BadFile as error:
        raise click.UsageError(str(error)) from error


def _digest(source: BinaryIO, table: MembersFile, wanted: Wanted) -> str:
    """Of the file, and of all by which the same file would be another import."""
    source.seek(0)
    content = hashlib.file_digest(cast("io.BufferedReader", source), "sha256").hexdigest()
    how: list[Any] = [sorted(table.columns.said.items()), wanted.programme, wanted.update]
    how += [wanted.registered, wanted.expires]
    if how == [[], None, False, False, BY_PROGRAMME]:
        return content
    return hashlib.sha256(content.encode() + msgspec.json.encode(how)).hexdigest()


# the report


def _write_report(path: Path | None, sheet: Sheet) -> None:
    if path is None:
        return
    with unfinished(path) as half:
        if path.suffix.lower() == ".json":
            half.write_bytes(msgspec.json.format(msgspec.json.encode(sheet), indent=2) + b"\n")
            return
        with half.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(_table(sheet))


def _table(sheet: Sheet) -> list[tuple[str, str, int | str, int | str]]:
    return [
        ("what", "why", "rows", "points"),
        ("file", "", sheet.rows, sheet.points),
        ("joined", "", sheet.joined, sheet.joined_points),
        ("updated", "", sheet.updated, ""),
        ("unchanged", "", sheet.unchanged, ""),
        ("registered", "", sheet.registered, ""),
        ("left with members who were there", "", sheet.updated + sheet.unchanged, sheet.standing_points),
        *(("left out", left.why, left.rows, left.points) for left in sheet.left_out),
        *(("wrong", fault, "", "") for fault in sheet.faults),
    ]
