"""`pos-hub cards …`: blank cards, from the printer's works to the store."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import click

from hub.blanks.batches import (
    BLANKS_MAX,
    Batch,
    NoBatch,
    Standing,
    batch_called,
    batches,
    make,
    numbers_of,
    receive,
    spoil,
    standings,
)
from hub.blanks.sheet import sheet
from hub.commands.ledger_option import ledger_option
from hub.commands.ledger_there import programme_called
from hub.commands.ordering import by_option, office, who_is_here
from hub.files.whole import unfinished
from hub.hub import Hub
from hub.store.seam import Writer

csv_option = click.option(
    "--csv", "csv", type=click.Path(path_type=Path, dir_okay=False), help="The numbers, one a line."
)
pdf_option = click.option(
    "--pdf", type=click.Path(path_type=Path, dir_okay=False), help="Sheets of ten cards with bars."
)
NOTHING: Final = Standing(0, 0, 0)


@click.group()
def cards() -> None:
    """Blank cards: made in batches, received by a store, issued one by one at its tills."""


@contextmanager
def _office(ledger: Path | str) -> Iterator[Hub]:
    with office(ledger) as hub:
        try:
            yield hub
        except NoBatch as error:
            raise click.ClickException(str(error)) from error


@cards.command(name="batch")
@ledger_option
@click.option("--programme", "programme_id", required=True, help="alenka, perekrestok, …")
@click.option("--count", required=True, type=click.IntRange(1, BLANKS_MAX), help="How many.")
@csv_option
@pdf_option
@by_option
def batch_command(
    ledger: Path | str, programme_id: str, count: int, csv: Path | None, pdf: Path | None, by: str | None
) -> None:
    """Make numbers for blank cards: drawn by chance, no two of them neighbours, none in use.

    \b
    pos-hub cards batch --programme alenka --count 500 --csv works.csv --pdf sheets.pdf
    """
    id, said_by = f"b-{secrets.token_hex(4)}", by or who_is_here()
    with _office(ledger) as hub:
        programme = programme_called(hub, programme_id)

        def work(writer: Writer) -> list[str]:
            return make(writer, programme, count, id=id, draw=secrets.randbelow, now=hub.now(), by=said_by)

        numbers = hub.within(work)
        _write(numbers, csv, pdf)
    click.echo(f"Batch {id}: {count} blank cards of {programme_id}. At the store: pos-hub cards receive {id} --store …")


@cards.command(name="sheets")
@ledger_option
@click.argument("batch")
@csv_option
@pdf_option
def sheets_command(ledger: Path | str, batch: str, csv: Path | None, pdf: Path | None) -> None:
    """Write the files of a batch once more, without those that are spoiled."""
    with _office(ledger) as hub, hub.store.reading() as reader:
        numbers = numbers_of(reader, batch_called(reader, batch).batch)
        _write(numbers, csv, pdf)
    click.echo(f"Batch {batch}: {len(numbers)} numbers.")


@cards.command(name="receive")
@ledger_option
@click.argument("batch")
@click.option("--store", required=True, help="Who has it: the id of a store.")
@by_option
def receive_command(ledger: Path | str, batch: str, store: str, by: str | None) -> None:
    """A store has received a batch."""
    with _office(ledger) as hub:
        hub.within(lambda writer: receive(writer, batch, store, hub.now(), by or who_is_here()))
    click.echo(f"Batch {batch} is at store {store}.")


@cards.command(name="spoil")
@ledger_option
@click.argument("numbers", nargs=-1, required=True)
def spoil_command(ledger: Path | str, numbers: tuple[str, ...]) -> None:
    """Blank cards that nobody will get: printed badly, torn, lost."""
    with _office(ledger) as hub:
        hub.within(lambda writer: spoil(writer, numbers))
    click.echo(f"{len(numbers)} spoiled.")


@cards.command(name="list")
@ledger_option
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of words.")
def list_command(ledger: Path | str, as_json: bool) -> None:
    """List batches: made, received, issued, spoiled, left."""
    with _office(ledger) as hub, hub.store.reading() as reader:
        known, stand = batches(reader), standings(reader)
    for one in known:
        fields = _fields(one, stand.get(one.batch, NOTHING))
        click.echo(json.dumps(fields, ensure_ascii=False) if as_json else _line(fields))
    if not known and not as_json:
        click.echo("There are none. `pos-hub cards batch` makes one.")


def _write(numbers: list[str], csv: Path | None, pdf: Path | None) -> None:
    try:
        if csv is not None:
            with unfinished(csv) as half:
                half.write_text("".join(f"{number}\n" for number in ("number", *numbers)), encoding="ascii")
        if pdf is not None:
            with unfinished(pdf) as half:
                half.write_bytes(sheet(numbers))
    except OSError as error:
        cause = error.strerror or error
        raise click.ClickException(
            f"Cannot write {error.filename}: {cause}. `pos-hub cards sheets` writes it anew."
        ) from error


def _fields(one: Batch, stand: Standing) -> dict[str, Any]:
    return {
        "batch": one.batch,
        "programme": one.programme,
        "made_at": one.made_at,
        "store": one.store,
        "received_at": one.received_at,
        "till": one.till,
        "made": one.count,
        **stand._asdict(),
    }


def _line(fields: dict[str, Any]) -> str:
    where = f"store {fields['store']} since {fields['received_at'][:10]}" if fields["store"] else "not received yet"
    if fields["till"]:
        where = f"virtual, for till {fields['till']}"
    counts = ", ".join(f"{fields[name]} {name}" for name in ("made", "issued", "spoiled", "left"))
    return f"{fields['batch']}  {fields['programme']}  {fields['made_at'][:10]}  {where}  {counts}"
