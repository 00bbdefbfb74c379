"""`pos-hub programme …`: the chain's own programmes, each in force from its own moment."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from hub.build import CheckedFile, checked_file, shipped_sources
from hub.commands.ledger_option import ledger_option
from hub.commands.ledger_there import open_ledger
from hub.commands.programme_receipts import receipts
from hub.hub import Hub
from hub.programmes import rows_begun
from hub.publishing import NotPublished, publish, unpublished, was_withdrawn, withdraw
from hub.store.office_records import PublishedRow
from loyalty.programme import Language, Programme
from loyalty.utc import utc_text
from loyalty.wording import LANGUAGES

file_argument = click.argument("file", type=click.Path(dir_okay=False))
language_option = click.option(
    "--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of what is said of the file."
)
json_option = click.option("--json", "as_json", is_flag=True, help="As JSON instead of words.")


@click.group()
def programme() -> None:
    """The chain's own programmes: check a file, publish it from a moment on, see what is in force."""


programme.add_command(receipts)


@programme.command()
@file_argument
@language_option
def check(file: str, language: Language) -> None:
    """Say whether FILE is a good programme, in the words of `pos-agent programme check`."""
    for line in checked_file(file, language).said:
        click.echo(line)


@programme.command(name="publish")
@ledger_option
@file_argument
@click.option(
    "--from",
    "begins",
    metavar="TIME",
    help="From when it is in force: 2026-04-01, 2026-04-01T06:00 (by the programme's clock), or with a zone. "
    "Without it: at once, or with the day that the file names.",
)
@language_option
@json_option
def publish_command(ledger: Path | str, file: str, begins: str | None, language: Language, as_json: bool) -> None:
    """Put FILE in force at all tills of its programme, from a moment on.

    Tills fetch it with their feed and change by themselves, each by its corrected clock; one that has not been online
    since goes on under the one before, and says so. What was published under an id and a version stays that.

    \b
    pos-hub programme publish spring.toml --from 2026-04-01
    """
    checked = checked_file(file, language)
    for line in () if as_json else checked.said:
        click.echo(line)
    moment = _moment(begins, checked) if begins else None
    hub = open_ledger(ledger)
    try:
        done = publish(hub, checked.programme, checked.source, moment)
    except NotPublished as error:
        raise click.ClickException(f"{file} was not published. {error}") from None
    finally:
        hub.close()
    row = done.row
    if as_json:
        click.echo(json.dumps({**_told(row), "new": done.is_new}, ensure_ascii=False))
    elif done.is_new:
        click.echo(f"Published: {row.programme} {row.version} is in force from {_at(row, checked.programme)}.")
    else:
        since = _at(row, checked.programme)
        click.echo(f"Nothing to change: {row.programme} {row.version} is published, from {since}.")


@programme.command(name="withdraw")
@ledger_option
@click.argument("programme_id", metavar="ID")
@click.argument("version")
@json_option
def withdraw_command(ledger: Path | str, programme_id: str, version: str, as_json: bool) -> None:
    """Take back a VERSION of the programme ID that has not begun yet.

    A till that stays offline until then does not hear of it, and begins it all the same.
    """
    hub = open_ledger(ledger)
    try:
        rows = withdraw(hub, programme_id, version)
    except NotPublished as error:
        raise click.ClickException(str(error)) from None
    finally:
        hub.close()
    for row in rows:
        begins = _shown(row.begins_at, hub.zone_of(row.programme))
        words = f"Withdrawn: {row.programme} {row.version}, which was to begin at {begins}."
        click.echo(json.dumps(_told(row), ensure_ascii=False) if as_json else words)


@programme.command(name="list")
@ledger_option
@json_option
def list_command(ledger: Path | str, as_json: bool) -> None:
    """List programmes: what ships with this hub, what is published and from when (by the programme's clock), what is in
    force now.

    Files by which a till sells and that are neither stand there too, as far as the hub knows the programme, and those
    that were withdrawn before they began.
    """
    hub = open_ledger(ledger)
    try:
        rows = [*_shipped(hub), *_published(hub), *_other_files(hub)]
    finally:
        hub.close()
    for row in rows:
        click.echo(json.dumps(row, ensure_ascii=False) if as_json else _line(row, hub.zone_of(row["id"])))


@programme.command()
@ledger_option
@click.argument("programme_id", metavar="ID")
@click.option("--version", help="Another than the one in force.")
def show(ledger: Path | str, programme_id: str, version: str | None) -> None:
    """Print the file of the programme ID that is in force, so that it can be changed and published anew."""
    hub = open_ledger(ledger)
    try:
        source = _source(hub, programme_id, version)
    finally:
        hub.close()
    if source is None:
        which = f"version {version!r} of " if version else ""
        known = "`pos-hub programme list` shows them"
        raise click.ClickException(f"There is no {which}programme {programme_id!r}. {known}.")
    click.echo(source, nl=False)


def _moment(text: str, checked: CheckedFile) -> datetime:
    """As it was typed; without a zone it is the programme's."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        problem = f"{text!r} is no time; write 2026-04-01, 2026-04-01T06:00 or 2026-04-01T06:00+03:00"
        raise click.BadParameter(problem, param_hint="--from") from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=checked.programme.timezone)


def _at(row: PublishedRow, programme: Programme) -> str:
    return _shown(row.begins_at, programme.timezone)


def _shown(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S} ({zone.key})"


def _told(row: PublishedRow) -> dict[str, Any]:
    return {"id": row.programme, "version": row.version, "hash": row.hash, "from": utc_text(row.begins_at)}


def _shipped(hub: Hub) -> list[dict[str, Any]]:
    published = {row.programme for row in _begun(hub)}
    return [
        {
            "id": one.id,
            "version": one.version,
            "hash": one.content_hash,
            "from": None,
            "state": "ships" if one.id in published else "in force",
        }
        for one in hub.known.shipped.values()
    ]


def _begun(hub: Hub) -> list[PublishedRow]:
    with hub.store.reading() as reader:
        return rows_begun(reader.published(), hub.now())


def _published(hub: Hub) -> list[dict[str, Any]]:
    now = hub.now()
    with hub.store.reading() as reader:
        rows = reader.published()
    last = {row.programme: row for row in rows_begun(rows, now)}
    return [
        {
            **_told(row),
            "state": "to come" if row.begins_at > now else "in force" if last[row.programme] == row else "over",
        }
        for row in rows
    ]


def _other_files(hub: Hub) -> list[dict[str, Any]]:
    with hub.store.reading() as reader:
        return [
            {
                "id": one.id,
                "version": one.version,
                "hash": one.content_hash,
                "from": None,
                "state": "withdrawn" if was_withdrawn(reader, one.content_hash) else "a till's own",
            }
            for one in unpublished(hub)
        ]


def _line(row: dict[str, Any], zone: ZoneInfo) -> str:
    since = f"from {_shown(datetime.fromisoformat(row['from']), zone)}" if row["from"] else "not published"
    return f"{row['id']}  {row['version']}  {row['state']}, {since}  {row['hash'][:16]}"


def _source(hub: Hub, id: str, version: str | None) -> str | None:
    with hub.store.reading() as reader:
        rows = [row for row in reader.published() if row.programme == id and row.version == version]
    hash = rows[-1].hash if rows else None
    one = hub.programmes.get(id)
    if hash is None and one is not None and version in (None, one.version):
        hash = one.content_hash
    return (hub.programme_source(hash) or shipped_sources().get(hash)) if hash is not None else None
