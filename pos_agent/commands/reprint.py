"""`pos-agent reprint`: a copy of the paper of a sale, from the running agent."""

from __future__ import annotations

from pathlib import Path

import click

from pos_agent.commands.asking import ask
from pos_agent.commands.options import config_option
from pos_agent.protocol import Reprint


@click.command(name="reprint")
@click.argument("sale", required=False)
@click.option("--day", metavar="YYYY-MM-DD", help="The sale's shop day; today if left out.")
@config_option
def command(sale: str | None, day: str | None, path: Path) -> None:
    """Print a copy of the last "Card information", or of that for SALE (the POS's number). It says КОПИЯ at its top.

    One that is not out yet is not copied: it comes by itself, or waits for an answer whether it came out. Where the
    settings say paper = "tail" there is none: the points stand on the POS's own receipt.

    \b
      pos-agent reprint                          # the last one
      pos-agent reprint 1042 --day 2026-03-02    # that one
    """
    ask(path, Reprint(sale=sale, day=day))
