"""`pos-hub export …`: a day or a month for accounting."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final

import click

from hub.accounting.closing import NotOver, close, days_of_month, decided, taken
from hub.accounting.filters import NotThere, check_wanted
from hub.accounting.moved import Left, moved
from hub.accounting.sheet import SIGNS, Sheet, Wanted
from hub.accounting.written import as_csv, as_json, rubles
from hub.commands.ledger_option import ledger_option
from hub.commands.ledger_there import open_ledger
from hub.commands.verify import GIVEN_WAY
from hub.counted import counted
from hub.files.whole import unfinished
from hub.hub import Hub
from hub.store.seam import Reader

STDOUT: Final = "-"
MONTH: Final = re.compile(r"[0-9]{4}-[0-9]{2}")


@click.group()
def export() -> None:
    """A day or a month for accounting: points issued, redeemed, expired and adjusted, discounts by VAT rate, fees,
    returns. docs/accounting.md has the columns.

    What is exported for the first time is closed: it holds what the hub knew of that day by then, and is the same
    whenever it is exported again. What comes later, from a till that was offline, stands in the first export that is
    made after it came, with the day that it is of. The day is that of the store's clock.
    """


def _export_options(command: Callable[..., None]) -> Callable[..., None]:
    options = (
        click.option("--programme", help="Only this programme."),
        click.option("--entity", help="Only this legal entity, as stores have it."),
        click.option("--store", "store_id", help="Only this store."),
        click.option("--out", default=STDOUT, help="File to write; without it, to stdout."),
        click.option("--json", "json_wanted", is_flag=True, help="JSON instead of CSV."),
        click.option("--preview", is_flag=True, help="Do not close the days: what an export would hold if made now."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def parsed_day(context: click.Context, argument: click.Parameter, value: str) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is no day; write it like 2026-03-02") from error


def parsed_month(context: click.Context, argument: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    """The days of a month."""
    if value is None:
        return None
    try:
        if MONTH.fullmatch(value):
            return days_of_month(value)
    except ValueError:
        pass
    raise click.BadParameter(f"{value!r} is no month; write it like 2026-03")


@export.command()
@ledger_option
@click.argument("date", callback=parsed_day)
@_export_options
def day(ledger: Path | str, date: str, **how: Any) -> None:
    """Export a day, YYYY-MM-DD.

    \b
    pos-hub export day 2026-03-02 --out 2026-03-02.csv
    """
    _export(ledger, (date,), **how)


@export.command()
@ledger_option
@click.argument("days", metavar="YYYY-MM", callback=parsed_month)
@_export_options
def month(ledger: Path | str, days: tuple[str, ...], **how: Any) -> None:
    """Export a month: all its days that were exported already, as they are, and the others now."""
    _export(ledger, days, **how)


def _export(
    ledger: Path | str,
    days: tuple[str, ...],
    *,
    programme: str | None,
    entity: str | None,
    store_id: str | None,
    out: str,
    json_wanted: bool,
    preview: bool,
) -> None:
    hub = open_ledger(ledger)
    wanted = Wanted(programme, entity, store_id)
    sheet, left = Sheet(wanted), Left(days[0])
    try:
        with hub.store.reading() as reader:
            check_wanted(reader, hub.programmes, wanted)
        if not preview:
            closed(hub, days)
        with reading_for_long(hub) as (reader, progress):
            more = decided(reader, days, hub.programmes, hub.now()) if preview else None
            for some in moved(reader, taken(reader, days, more), left, progress):
                sheet.take(some)
    except (NotOver, NotThere) as error:
        raise click.ClickException(str(error)) from error
    finally:
        hub.close()
    write(out, as_json(sheet, days) if json_wanted else as_csv(sheet))
    _tell(sheet, left)


def closed(hub: Hub, days: tuple[str, ...]) -> None:
    """Raises NotOver."""
    hub.within(lambda writer: close(writer, days, hub.programmes, hub.now()))


@contextmanager
def reading_for_long(hub: Hub) -> Iterator[tuple[Reader, Callable[[int], None]]]:
    """One moment of the ledger, with a bar for whoever looks on; tills go before."""
    os.nice(GIVEN_WAY)
    with hub.store.reading() as reader:
        if not sys.stderr.isatty():
            yield reader, lambda read: None
            return
        with click.progressbar(length=reader.counts().operations, label="Reading", file=sys.stderr) as bar:
            yield reader, bar.update


def write(out: str, lines: Iterator[str]) -> None:
    if out == STDOUT:
        for line in lines:
            sys.stdout.buffer.write(line.encode())
        return
    try:
        with unfinished(Path(out)) as half, half.open("w", encoding="utf-8", newline="") as file:
            file.writelines(lines)
    except OSError as error:
        cause = error.strerror or error
        raise click.ClickException(f"Cannot write {out}: {cause}. Export again: it will be the same.") from error


def _tell(sheet: Sheet, left: Left) -> None:
    """Beside the file: what it must come to, and what is in no export."""
    rows = counted(len(sheet.rows), "row")
    if sheet.is_part:
        in_all = counted(sheet.operations, "operation")
        click.echo(f"In the file: {sheet.told} of {in_all}, {rows}. The sums below are of all stores.", err=True)
    else:
        click.echo(f"{counted(sheet.operations, 'operation')}, {rows}.", err=True)
    for programme, control in sorted(sheet.control.items()):
        told = ", ".join(f"{account} {sign * control[account]}" for account, sign in SIGNS.items())
        click.echo(f"{programme}: points {told}.", err=True)
    for programme, sums in sorted(sheet.certificates.items()):
        told = ", ".join(f"{what.removeprefix('certificates_')} {rubles(kopecks)}" for what, kopecks in sums.items())
        click.echo(f"{programme}: certificates, in rubles: {told}.", err=True)
    if left.operations:
        click.echo(
            f"In no export yet: {counted(left.operations, 'operation')} of days before, the first on {left.first}.",
            err=True,
        )
