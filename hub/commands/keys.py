"""`pos-hub key …`: the hub's own keys, which lie beside the ledger and not in it."""

from __future__ import annotations

import os
from pathlib import Path

import click

from hub.build import KEYS_FROM
from hub.commands.ledger_option import ledger_option
from hub.commands.ledger_there import open_ledger
from hub.keys import NAMES, folder_of, write_new

WORTH = {
    "signing": "who has it is this hub to all its tills",
    "phones": "who has it finds phone numbers by trying all of them",
    "coupons": "who has it makes coupons",
}


@click.group()
def key() -> None:
    """The hub's own keys. They are in no backup of the ledger: copy them once, to where nobody comes by chance."""


@key.command(name="list")
@ledger_option
def list_command(ledger: Path | str) -> None:
    """Where the keys lie, what each is worth, and by which public key tills know the hub."""
    hub = open_ledger(ledger)
    public = hub.keys.public
    hub.close()
    folder = keys_of(ledger)
    click.echo(f"Tills know this hub by {public}.")
    for name in NAMES:
        click.echo(f"{folder / name}.key: {WORTH[name]}")


@key.command()
@ledger_option
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def copy(ledger: Path | str, folder: Path) -> None:
    """Copy the keys to FOLDER, where none may lie yet: a medium that is then locked away."""
    open_ledger(ledger).close()  # these are the ledger's keys, whole
    here = keys_of(ledger)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    there = [folder / f"{name}.key" for name in NAMES]
    for path in there:
        if path.exists():
            raise click.ClickException(f"{path} is there already, and is not written over.")
    for path in there:
        write_new(path, (here / path.name).read_bytes())
    click.echo(f"{len(there)} keys of {here} were copied to {folder}. Who has them is this hub: lock them away.")


def keys_of(ledger: Path | str) -> Path:
    return folder_of(ledger, os.environ.get(KEYS_FROM))
