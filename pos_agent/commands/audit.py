"""`pos-agent audit …`: who did what at this till, and whether the log is as it was written."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pos_agent.commands.options import config_option

if TYPE_CHECKING:
    from loyalty.audit import Head
    from loyalty.programme import Language
    from offline_cache.audit import AuditLog


@click.group(name="audit")
@config_option
@click.pass_context
def command(context: click.Context, path: Path) -> None:
    """Who did what at this till: signing in, cards, returns, the drawer, second persons, settings.

    \b
      pos-agent audit show      the newest acts
      pos-agent audit verify    is every row as it was written?
    """
    from config.settings import load_settings
    from pos_agent.audit_told import log_of

    settings = load_settings(path)
    context.obj = (log_of(settings), settings.language)


@command.command()
@click.option("--most", default=50, show_default=True, type=click.IntRange(1, 100_000), help="So many of the newest.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, one row a line.")
@click.pass_obj
def show(kept: tuple[AuditLog, Language], most: int, as_json: bool) -> None:
    """The newest acts, the last one last."""
    from loyalty.audit import write_row
    from pos_agent.audit_told import row_words

    for row in reversed(kept[0].newest(most)):
        click.echo(write_row(row).decode() if as_json else row_words(row))


def _anchor(context: click.Context, option: click.Parameter, value: str | None) -> Head | None:
    from loyalty.audit import parse_head

    try:
        return None if value is None else parse_head(value)
    except ValueError as error:
        raise click.BadParameter("write it as `pos-hub audit tills` says it, NUMBER:HASH") from error


@command.command()
@click.option("--anchor", callback=_anchor, metavar="NUMBER:HASH", help="How far the hub has it.")
@click.pass_obj
def verify(kept: tuple[AuditLog, Language], anchor: Head | None) -> None:
    """Is the log as it was written? Names each row that is not; exit code 1 then."""
    from pos_agent.day_words import PARTS, say_part

    log, language = kept
    faults = log.faults(anchor)
    for fault in faults:
        click.echo(say_part(PARTS, fault.what, language, number=str(fault.number)))
    head = log.head()
    click.echo(f"{head.number}:{head.hash}")
    sys.exit(1 if faults else 0)
