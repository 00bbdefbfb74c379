"""`pos-agent report`: the points report of a shop day, from the running agent."""

from __future__ import annotations

from pathlib import Path

import click

from pos_agent.commands.asking import ask
from pos_agent.commands.options import config_option
from pos_agent.protocol import PointsReport


@click.command(name="report")
@click.option("--day", metavar="YYYY-MM-DD", help="Which shop day; today if left out.")
@click.option("--show", is_flag=True, help="On the terminal instead of on paper.")
@config_option
def command(day: str | None, show: bool, path: Path) -> None:
    """Print the points report of a shop day: sales with a card, points, cards, and what still waits. It closes nothing.

    \b
      pos-agent report --show
    """
    ask(path, PointsReport(day=day, show=show))
