"""`pos-agent damage`: files of the till that were damaged and put aside, and operations that are lost."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pos_agent.commands.options import config_option
from pos_agent.office_words import say_office

if TYPE_CHECKING:
    from loyalty.programme import Language
    from pos_agent.status import Status


@click.command(name="damage")
@config_option
def command(path: Path) -> None:
    """Show what was damaged at the till of these settings, whose agent runs: each file that was put aside, with why and
    what of it could not be read, and operations that neither the till nor its hub has. Nothing is deleted: when the
    office has looked into it, move the files away."""
    from config.settings import load_settings
    from pos_agent.client import AgentClient, AgentUnreachable

    settings = load_settings(path)
    try:
        status = AgentClient.of_data(settings.api.port, Path(settings.data)).status()
    except AgentUnreachable as error:
        sys.exit(f"pos-agent: {error.text(settings.language)}")
    for line in _lines(status, settings.language):
        click.echo(line)


def _lines(status: Status, language: Language) -> Iterator[str]:
    from pos_agent.commands.status import damage_lines

    told = list(damage_lines(status, language))
    yield from told or [say_office("nothing_damaged", language)]
    for file in status.damaged:
        yield f"{file.file}:"
        yield say_office("file_why", language, why=file.why)
        yield from (say_office("file_unread", language, operation=operation) for operation in file.unread)
