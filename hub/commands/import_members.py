"""`pos-hub import`: members of a file, as people have it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import click

from hub.commands.imports import digest_of, end, nothing_taken, put_aside, take, write_report, writing
from hub.commands.tables import remember, remembered, setting_of
from hub.counted import counted
from hub.files.members_file import MembersFile, read_members
from hub.hub import Hub
from hub.importing import Import
from hub.members import BY_PROGRAMME, BadMembers
from hub.reconciling import Sheet, reconciled, told
from loyalty.points_life import last_day_of
from loyalty.programme import Programme
from loyalty.utc import moment

REMEMBERED: Final = "members_headings/"  # settings: what --map said, by the set of headings
USUAL: Final[tuple[Any, ...]] = ([], None, False, False, BY_PROGRAMME)
HELPED_BY_UPDATE: Final = frozenset(("card_there", "member_there"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was said beside the file."""

    sheet: str  # of a workbook, "" of another file
    programme: str | None
    registered: bool
    expires: str
    said: Mapping[str, str] | None  # of columns, by their headings
    update: bool
    skip_bad: Path | None
    report: Path | None


def run(hub: Hub, source: BinaryIO, name: str, wanted: Wanted) -> None:
    with nothing_taken():
        table = _read(hub, source, wanted)
        click.echo(f"{name}: {table}.", err=True)
        importing = _begun(hub, table, digest_of(source, _how(table, wanted), USUAL), wanted)
    remember(hub, setting_of(REMEMBERED, table.key), table.columns.said)
    if not importing.done:
        take(importing, "Importing members")
    with hub.store.reading() as reader:
        sheet = reconciled(reader, table.rows, importing.progress, file=name, ledger=hub.store.name)
    click.echo("\n".join([*told(sheet), _outcome(importing, sheet), *_notes(sheet, hub, _expires_said(table, wanted))]))
    with writing("members"):
        write_report(wanted.report, sheet, _table(sheet))
        put_aside(wanted.skip_bad, source, table)
    end(sheet, table, wanted.skip_bad)


def _read(hub: Hub, source: BinaryIO, wanted: Wanted) -> MembersFile:
    return read_members(
        source,
        hub.programmes,
        programme=wanted.programme,
        said=wanted.said,
        remembered=lambda key: remembered(hub, setting_of(REMEMBERED, key)),
        registered=wanted.registered,
        expires=wanted.expires,
        sheet=wanted.sheet,
    )


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
        return f"This file was imported into {sheet.ledger} before: {counted(before, 'member')}{anew}."
    more = f", and {before} before" if before else ""
    return f"Members imported into {sheet.ledger}: {now}{more}."


def _expires_said(table: MembersFile, wanted: Wanted) -> bool:
    return "expires" in table.columns.at or wanted.expires != BY_PROGRAMME


def _notes(sheet: Sheet, hub: Hub, expires_said: bool) -> Iterator[str]:
    """What a shop would not expect."""
    for id, count in sheet.unregistered.items():
        programme = hub.programmes[id]
        if count and programme.redemption.needs_registration:
            joined = counted(sheet.joined, "member")
            yield (
                f"Not registered: {count} of {joined} ({id}). Who is not earns, and cannot spend yet. A"
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


def _how(table: MembersFile, wanted: Wanted) -> list[Any]:
    """All by which the same file would be another import."""
    said = sorted(table.columns.said.items())
    return [said, wanted.programme, wanted.update, wanted.registered, wanted.expires]


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
