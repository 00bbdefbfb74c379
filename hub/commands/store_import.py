"""`pos-hub store import`: the chain's shops from a table as people have it."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

import click

from hub.batches import batches
from hub.build import build_hub, build_programmes
from hub.commands.ledger_option import ledger_option
from hub.commands.tables import (
    check_place,
    columns_said,
    map_option,
    remember,
    remembered,
    seekable,
    setting_of,
    sheet_option,
    shown_bad,
    skip_bad_option,
)
from hub.files.dialect import BadFile
from hub.files.left_out import write_left_out
from hub.files.stores_file import NewStore, StoresFile, read_stores
from hub.files.stores_headings import STORES
from hub.files.workbook import Tabled, tabled
from hub.hub import Hub
from hub.store.office_records import StoreRow
from hub.store.seam import Writer
from hub.stores import keep_store

STORES_AT_ONCE: Final = 100  # of one transaction, for which a till's push has to wait
HEADINGS_REMEMBERED: Final = "stores_headings/"  # settings: what --map said, by the set of headings


class Took(NamedTuple):
    new: int = 0
    changed: int = 0
    same: int = 0

    def plus(self, other: Took) -> Took:
        return Took(self.new + other.new, self.changed + other.changed, self.same + other.same)


@click.command(name="import")
@ledger_option
@click.argument("file", type=click.File("rb"))
@map_option
@sheet_option
@skip_bad_option
@click.option("--json", "as_json", is_flag=True, help="What was done as JSON instead of words.")
def import_command(
    ledger: Path | str,
    file: BinaryIO,
    maps: tuple[str, ...],
    sheet: str | None,
    skip_bad: Path | None,
    as_json: bool,
) -> None:
    """Take stores from a table: their names, addresses, phones, hours, coordinates.

    \b
    store;name;city;address;phones;hours;days;latitude;longitude;timezone
    omsk-7;На Ленина;Омск;Ленина, 7;8 3812 12-34-56;пн-пт 9-21, сб-вс 10-20;31.12.2026 9-18;54.98;73.32;Asia/Omsk

    An Excel workbook (.xlsx) or any CSV, with headings such as «Код магазина», «Адрес», «Режим работы», «Координаты».
    Only the store's id is required. An empty cell, and a column that is not there, say nothing: what was known stays
    (`store add` and the office's page take away). A file with a bad row is told line by line, and nothing of it is
    taken (but for --skip-bad). The same file again changes nothing.
    """
    hub = build_hub(ledger, build_programmes(), serving=False)
    try:
        columns = columns_said(maps, STORES.columns)
        with seekable(file) as source, tabled(source, sheet) as table:
            _import(hub, table, file.name, columns, skip_bad, as_json)
    except BadFile as error:
        sys.exit(f"pos-hub: no stores were imported:\n{error}")
    finally:
        hub.close()


def _import(
    hub: Hub, source: Tabled, name: str, columns: Mapping[str, str] | None, skip_bad: Path | None, as_json: bool
) -> None:
    if skip_bad is not None:
        check_place(skip_bad, name)
    table = read_stores(
        source.file,
        hub.programmes,
        said=columns,
        remembered=lambda key: remembered(hub, setting_of(HEADINGS_REMEMBERED, key)),
        sheet=source.sheet,
    )
    click.echo(f"{name}: {table}.", err=True)
    if table.rows.faults and skip_bad is None:
        sys.exit(f"pos-hub: no stores were imported:\n{shown_bad(table.rows.bad(), len(table.rows.faults))}")
    remember(hub, setting_of(HEADINGS_REMEMBERED, table.key), table.columns.said)
    took = _take(hub, list(table.rows.stores.values()))
    _tell(hub, table, took, as_json)
    if skip_bad is not None:
        count = write_left_out(skip_bad, source.file, table)
        words = f"Rows left out, with why, in {skip_bad}: {count}." if count else "No row was left out."
        click.echo(words, err=as_json)


def _take(hub: Hub, some: Sequence[NewStore]) -> Took:
    took = Took()
    with click.progressbar(length=len(some), label="Importing stores", file=sys.stderr) as bar:
        for batch in batches(some, STORES_AT_ONCE):
            took = took.plus(_within(hub, batch))
            bar.update(len(batch))
    return took


def _within(hub: Hub, batch: Sequence[NewStore]) -> Took:
    def work(writer: Writer) -> Took:
        known = writer.named_stores([one.store for one in batch])
        took = Took()
        for one in batch:
            before = known.get(one.store)
            row = one.over(before or StoreRow(one.store), hub.programmes)
            if row != before:
                keep_store(writer, row)
            took = took.plus(Took(before is None, before is not None and row != before, row == before))
        return took

    return hub.within(work)


def _tell(hub: Hub, table: StoresFile, took: Took, as_json: bool) -> None:
    left = len(table.rows.faults)
    if as_json:
        click.echo(json.dumps({"rows": table.rows.count, **took._asdict(), "left_out": left}))
        return
    click.echo(
        f"Stores imported into {hub.store.name} from {table.rows.count} rows: {took.new} new, {took.changed} changed, "
        f"{took.same} as they were; rows left out: {left}."
    )
