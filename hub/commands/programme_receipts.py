"""`pos-hub programme receipts`: by which version tills sold, and what customers of a till that was away earned less."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import click

from hub.commands.export import reading_for_long
from hub.commands.ledger_option import ledger_option
from hub.commands.ledger_there import open_ledger, programme_called
from hub.counted import counted
from hub.files.whole import unfinished
from hub.hub import Hub
from hub.programmes import of_programme
from hub.sold_by import Difference, SoldBy, sold_by
from hub.store.office_records import PublishedRow
from hub.store.records import KeptOperation
from hub.store.seam import Reader
from loyalty.utc import utc_text

MINUTE: Final = "%Y-%m-%d %H:%M"
ACTIVE: Final = "active"


@click.command()
@ledger_option
@click.argument("programme_id", metavar="ID")
@click.option(
    "--difference",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write who earned how much less than by the version in force, as `pos-hub grant --file` takes it.",
)
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of words.")
def receipts(ledger: Path | str, programme_id: str, difference: Path | None, as_json: bool) -> None:
    """Tell how many receipts were sold by each version of the programme ID, and which tills sold by one when another
    was in force: they were away when it was published, or have a file of their own.

    Such a receipt is right by the version that it was sold by. All receipts are looked through.
    """
    hub = open_ledger(ledger)
    try:
        programme_called(hub, programme_id)
        rows = _published(hub, programme_id)
        less = Difference({row.hash: hub.rules(row.hash) for row in rows})
        with reading_for_long(hub) as (reader, progress):
            found = sold_by(_each(reader.all_operations(), progress), programme_id, rows, less.take)
            cards = _cards(reader, less.points)
    finally:
        hub.close()
    versions = {row.hash: row.version for row in rows}
    for one in found:
        version = versions.get(one.hash) or f"another file, {one.hash[:16]}"
        if as_json:
            click.echo(json.dumps(_as_json(one, version), ensure_ascii=False))
        else:
            click.echo("\n".join(_words(one, version, hub.zone_of(programme_id))))
    if not found and not as_json:
        click.echo("None yet.")
    if difference is not None:
        _write(difference, less, cards)


def _published(hub: Hub, programme: str) -> list[PublishedRow]:
    with hub.store.reading() as reader:
        return of_programme(reader.published(), programme)


def _each(kept: Iterable[KeptOperation], progress: Callable[[int], None]) -> Iterator[KeptOperation]:
    for one in kept:
        yield one
        progress(1)


def _cards(reader: Reader, members: Iterable[str]) -> Mapping[str, str]:
    """A card of each that may be given points."""
    return {card.member: card.number for card in reader.cards_of(set(members)) if card.status == ACTIVE}


def _as_json(one: SoldBy, version: str) -> dict[str, Any]:
    beside = [
        {"till": till} | some._asdict() | {"first_at": utc_text(some.first_at), "last_at": utc_text(some.last_at)}
        for till, some in sorted(one.beside.items())
    ]
    return {"version": version, "hash": one.hash, "receipts": one.receipts, "when_another_was_in_force": beside}


def _words(one: SoldBy, version: str, zone: ZoneInfo) -> Iterator[str]:
    yield f"{version}: {counted(one.receipts, 'receipt')}"
    for till, some in sorted(one.beside.items()):
        when = f"{some.first_at.astimezone(zone):{MINUTE}} to {some.last_at.astimezone(zone):{MINUTE}} ({zone.key})"
        yield f"  {till}: {counted(some.receipts, 'receipt')} when another version was in force, {when}"


def _write(path: Path, less: Difference, cards: Mapping[str, str]) -> None:
    lines = [f"{cards[member]};{points}\n" for member, points in sorted(less.points.items()) if member in cards]
    try:
        with unfinished(path) as half:
            half.write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"Cannot write {path}: {error.strerror or error}.") from error
    who = "Members who earned less than by the version in force"
    click.echo(f"{who}: {len(less.points)}, in {path}: {len(lines)}.", err=True)
    if less.unknown:
        click.echo(f"Not in it, for they would have been other receipts: {counted(less.unknown, 'receipt')}.", err=True)
