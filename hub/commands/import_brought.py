"""`pos-hub import --as …`: what files bring besides members, each kind by its row in hub/brought/kinds.py."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import click

from hub.brought.holders import Holder, Holders
from hub.brought.kind import Around, Kind
from hub.brought.reading import BroughtFile, read_brought
from hub.brought.sheet import BroughtSheet, Counted, Left, reconciled, told
from hub.brought.taking import Bringing
from hub.commands.imports import digest_of, end, nothing_taken, put_aside, take, write_report, writing
from hub.commands.tables import remember, remembered, setting_of
from hub.hub import Hub
from hub.members import BY_PROGRAMME, BadMembers
from loyalty.money import format_kopecks

REMEMBERED: Final = "{kind}_headings/"  # settings: what --map said, by the set of headings
USUAL: Final[tuple[Any, ...]] = ([], None, False, BY_PROGRAMME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was said beside the file."""

    sheet: str  # of a workbook, "" of another file
    programme: str | None
    expires: str
    said: Mapping[str, str] | None  # of columns, by their headings
    update: bool
    by: str
    skip_bad: Path | None
    report: Path | None


def run(hub: Hub, kind: Kind[Any], source: BinaryIO, name: str, wanted: Wanted) -> None:
    around = Around(
        programmes=hub.programmes,
        now=hub.now(),
        programme=wanted.programme,
        update=wanted.update,
        expires=wanted.expires,
    )
    with nothing_taken():
        table = _read(hub, kind, source, around, wanted)
        click.echo(f"{name}: {table}.", err=True)
        importing = _begun(hub, kind, table, digest_of(source, _how(table, wanted), USUAL), around, wanted)
    remember(hub, _setting(kind, table.key), table.columns.said)
    if not importing.done:
        take(importing, f"Importing {kind.what}")
    with closing(Holders()) as holders:
        with hub.store.reading() as reader:
            sheet = reconciled(
                reader, kind, table.rows, importing.progress, hub.programmes, holders, file=name, ledger=hub.store.name
            )
            notes = [kind.beside(reader, holders), *(kind.note(hub.programmes[id]) for id in sorted(sheet.programmes))]
        click.echo("\n".join([*told(sheet), _outcome(importing, sheet), *filter(None, notes)]))
        with writing("rows"):
            write_report(wanted.report, sheet, _table(sheet, holders))
            put_aside(wanted.skip_bad, source, table)
    end(sheet, table, wanted.skip_bad)


def _read(hub: Hub, kind: Kind[Any], source: BinaryIO, around: Around, wanted: Wanted) -> BroughtFile:
    return read_brought(
        source,
        kind,
        around,
        said=wanted.said,
        remembered=lambda key: remembered(hub, _setting(kind, key)),
        sheet=wanted.sheet,
    )


def _setting(kind: Kind[Any], headings: str) -> str:
    return setting_of(REMEMBERED.format(kind=kind.name), headings)


def _begun(hub: Hub, kind: Kind[Any], table: BroughtFile, digest: str, around: Around, wanted: Wanted) -> Bringing:
    """What would take more of a refused file is said with why."""
    try:
        return Bringing(hub, kind, table.rows, digest, around, by=wanted.by, skip=wanted.skip_bad is not None)
    except BadMembers as error:
        helps = ["--skip-bad FILE takes the other rows, and puts these into FILE with why."]
        if not wanted.update and error.kinds & kind.helped_by_update:
            helps.append(f"--update: {kind.updates}.")
        sys.exit(f"pos-hub: nothing was imported:\n{error}\n" + "\n".join(helps))


def _how(table: BroughtFile, wanted: Wanted) -> list[Any]:
    """All by which the same file would be another import."""
    return [sorted(table.columns.said.items()), wanted.programme, wanted.update, wanted.expires]


def _outcome(importing: Bringing, sheet: BroughtSheet) -> str:
    now = importing.progress.rows - importing.before.rows
    if importing.before.rows and not now:
        return f"This file was imported into {sheet.ledger} before: {importing.before.rows} rows."
    more = f", and {importing.before.rows} before" if importing.before.rows else ""
    return f"Rows of {sheet.what} imported into {sheet.ledger}: {now}{more}."


# the report


def _table(sheet: BroughtSheet, holders: Holders) -> Iterator[tuple[object, ...]]:
    yield "what", "why", sheet.rows_are, sheet.counted, "rubles"
    for what in ("file", "taken", "updated", "unchanged", "booked"):
        yield what, "", *_sums(getattr(sheet, what))
    for left in sheet.left_out:
        yield "left out", left.why, *_sums(left)
    for fault in sheet.faults:
        yield "wrong", fault, "", "", ""
    for programme, sums in sorted(sheet.spread.items()):
        for where, points in sorted(sums.items()):
            yield f"{programme}: {sheet.spread_as}", where, "", points, ""
    for one in holders:
        yield "member", one.member, *_sums(one)


def _sums(one: Counted | Left | Holder) -> tuple[object, ...]:
    return one.rows, one.points, format_kopecks(one.kopecks)
