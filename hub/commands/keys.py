"""`pos-hub key …`: the hub's own keys."""

from __future__ import annotations

from pathlib import Path

import click

from hub.commands.ledger_option import ledger_option
from hub.commands.ordering import agreed, office
from hub.rotating import rotate_phones


@click.group()
def key() -> None:
    """The hub's own keys."""


@key.command(name="rotate-phones")
@ledger_option
@click.option("--yes", is_flag=True, help="Do not ask.")
def rotate_phones_command(ledger: Path | str, yes: bool) -> None:
    """Give tills another key to look phones up with, after one was stolen with it.

    Every member who has a phone is told anew to every till; tills know both keys meanwhile, and go on finding people.
    Broken off, it goes on where it was. Send the stolen till away first.
    """
    agreed("Every till hears anew of every member who has a phone.", yes)
    told = 0
    with office(ledger) as hub:
        for step in rotate_phones(hub):
            told += step
            click.echo(f"{told} told", err=True)
    click.echo(f"Tills have another key for phones; {told} members are told anew under it.")
