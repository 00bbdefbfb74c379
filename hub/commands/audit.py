"""`pos-hub audit …`: who did what at the desk, is that as it was written, and how far the tills' own logs are."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import msgspec

from hub.commands.ledger_option import ledger_option
from hub.commands.ordering import office
from hub.desk.acted import faults_of, head, newest
from hub.desk.anchors import anchors
from loyalty.audit import AuditRow, Fault, Head, parse_head

FAULT_WORDS = {
    "edited": "was edited",
    "missing": "is missing",
    "unreadable": "cannot be read",
    "other": "is not the one that was there",
}


def fault_words(fault: Fault) -> str:
    return f"row {fault.number} {FAULT_WORDS[fault.what]}"


def row_words(row: AuditRow) -> str:
    fields = " ".join(f"{name}={value}" for name, value in row.fields.items())
    return f"{row.number:>6}  {row.at[:19]}  {row.who or '—':<12}  {row.act} {row.code}  {fields}".rstrip()


def parsed_anchor(context: click.Context, option: click.Parameter, value: str | None) -> Head | None:
    """NUMBER:HASH, as `verify` says it."""
    if value is None:
        return None
    try:
        return parse_head(value)
    except ValueError as error:
        raise click.BadParameter("write it as it was said, NUMBER:HASH") from error


@click.group()
def audit() -> None:
    """The log of acts: who asked what of the desk. Edited rows are found."""


@audit.command()
@ledger_option
@click.option("--most", default=50, show_default=True, type=click.IntRange(1, 100_000), help="So many of the newest.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, one row a line.")
def show(ledger: Path | str, most: int, as_json: bool) -> None:
    """The newest acts, the last one last."""
    with office(ledger) as hub, hub.store.reading() as reader:
        for row in reversed(newest(reader, most)):
            click.echo(msgspec.json.encode(row).decode() if as_json else row_words(row))


@audit.command()
@ledger_option
@click.option(
    "--anchor", callback=parsed_anchor, metavar="NUMBER:HASH", help="What it said before: nothing was rewritten."
)
def verify(ledger: Path | str, anchor: Head | None) -> None:
    """Is the log as it was written? Exit code 1 when a row was edited or is missing, or a till's log is another."""
    with office(ledger) as hub, hub.store.reading() as reader:
        faults = [fault_words(one) for one in faults_of(reader, anchor)]
        faults += [f"till {till}: its log is {one.fault}" for till, one in anchors(reader) if one.fault]
        last = head(reader)
    for words in faults:
        click.echo(words)
    click.echo(f"{last.number} rows; the last is {last.number}:{last.hash}")
    sys.exit(1 if faults else 0)


@audit.command()
@ledger_option
def tills(ledger: Path | str) -> None:
    """How far each till's log was when it was heard last: `pos-agent audit verify --anchor` takes it."""
    with office(ledger) as hub, hub.store.reading() as reader:
        for till, one in anchors(reader):
            fault = f"  {one.fault}" if one.fault else ""
            click.echo(f"{till}  {one.number}:{one.hash}  {one.at[:19]}{fault}")
