"""`pos-agent settings`: what the office proposes for this till, as a difference to what holds, and what is to become
of it."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pos_agent.commands.options import config_option

if TYPE_CHECKING:
    from pos_agent.settings_told import Look


@click.group(name="settings", invoke_without_command=True)
@config_option
@click.option("--json", "as_json", is_flag=True, help="The difference as JSON.")
@click.pass_context
def command(context: click.Context, path: Path, as_json: bool) -> None:
    """Settings that the office proposes: what holds now, what would hold, who said it and when.

    Nothing that comes from the hub holds by itself. What is accepted here holds from the agent's next start, over the
    till's own file, until it is refused or something else is accepted.

    \b
      pos-agent settings                   the difference
      pos-agent settings accept            take it
      pos-agent settings refuse            leave all as it is; --all: also what was accepted before goes
    """
    from pos_agent.settings_told import fields, lines, look

    context.obj = seen = look(path)
    if seen.now.training:
        sys.exit(f"pos-agent: {_said(seen, 'training')}")
    if context.invoked_subcommand is not None:
        return
    for line in [json.dumps(fields(seen), ensure_ascii=False)] if as_json else lines(seen):
        click.echo(line)


@command.command()
@click.pass_obj
def accept(seen: Look) -> None:
    """Take what the office proposes: it holds from the agent's next start."""
    from pos_agent.audit_told import note_accepted
    from pos_agent.settings_told import changed

    if _is_nothing(seen):
        return
    for line in changed(seen.found, seen.now.language):
        click.echo(line)
    try:
        seen.office.accept(seen.proposal, datetime.now(UTC))
        note_accepted(seen.now, len(seen.found.changes), datetime.now(UTC))
    except OSError as error:
        _not_written(seen, error)
    click.echo(_said(seen, "accepted"))


@command.command()
@click.option(
    "--all", "all_of_it", is_flag=True, help="Also what was accepted before goes: the till's file alone counts."
)
@click.pass_obj
def refuse(seen: Look, all_of_it: bool) -> None:
    """Leave all as it is: the till says no more of this proposal."""
    if not all_of_it and _is_nothing(seen):
        return
    try:
        seen.office.refuse(seen.proposal, datetime.now(UTC), all_of_it=all_of_it)
    except OSError as error:
        _not_written(seen, error)
    click.echo(_said(seen, "refused_all", file=str(seen.file)) if all_of_it else _said(seen, "refused"))


def _is_nothing(seen: Look) -> bool:
    """Is there nothing to decide on? Then that is said."""
    if seen.found.changes or seen.found.aside:
        return False
    click.echo(_said(seen, "nothing_waits", till=seen.now.till))
    return True


def _not_written(seen: Look, error: OSError) -> None:
    sys.exit(f"pos-agent: {_said(seen, 'not_written', folder=seen.now.data, why=error.strerror or str(error))}")


def _said(seen: Look, code: str, **facts: str) -> str:
    from pos_agent.settings_words import say_settings

    return say_settings(code, seen.now.language, **facts)
