"""`pos-agent members`: a bar, for whoever sets a till up, while its members come from the hub."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from pos_agent.commands.options import config_option
from pos_agent.office_words import say_office
from pos_agent.status import Bootstrap

if TYPE_CHECKING:
    from pos_agent.status import HubStatus

LOOK_S: Final = 0.5  # between two looks at the agent

Shown = Callable[[Bootstrap], None]


@click.command(name="members")
@config_option
def command(path: Path) -> None:
    """Wait until the members of the programme have come to the agent that runs with these settings.

    A new till, and one that has forgotten its members, gets them from its hub: a million in a minute or two, and
    longer over a slow line. It can sell meanwhile.
    """
    from config.settings import load_settings
    from pos_agent.client import AgentClient, AgentUnreachable

    settings = load_settings(path)
    client = AgentClient.of_data(settings.api.port, Path(settings.data))

    def looks() -> Iterator[HubStatus]:
        while True:
            yield client.status().hub
            time.sleep(LOOK_S)

    try:
        with_bar(looks(), say_office("members_bar", settings.language))
    except AgentUnreachable as error:
        sys.exit(f"pos-agent: {error.text(settings.language)}")
    click.echo(say_office("members_here", settings.language))


def with_bar(looks: Iterator[HubStatus], name: str) -> None:
    """On the standard error, where somebody is there to see it."""
    if not sys.stderr.isatty():
        follow(looks, lambda coming: None)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task(name, total=None)
        follow(looks, lambda coming: progress.update(bar, completed=coming.done, total=coming.of))


def follow(looks: Iterator[HubStatus], shown: Shown) -> None:
    """Until all have come and the feed has caught up."""
    for hub in looks:
        if isinstance(hub.bootstrap, Bootstrap):
            shown(hub.bootstrap)
        elif hub.pulled_at is not None:
            return
