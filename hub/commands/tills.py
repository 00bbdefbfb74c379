"""`pos-hub till …`: which tills may speak to the hub."""

from __future__ import annotations

import secrets
from pathlib import Path

import click

from hub.commands.ledger_option import ledger_option
from hub.commands.ledger_there import open_ledger
from hub.commands.ordering import who_is_here
from hub.tills.joining import invite
from hub.tills.leasing import confirm as file_confirmed
from hub.tills.till import JOIN_MINUTES
from sync.joining import ALPHABET, CODE_LETTERS, secret_of


@click.group()
def till() -> None:
    """The chain's tills: which of them may speak to the hub."""


@till.command()
@ledger_option
@click.argument("name")
@click.option("--store", help="Where it stands.")
@click.option("--by", help="Who invites it; else whoever is logged in.")
def add(ledger: Path | str, name: str, store: str | None, by: str | None) -> None:
    """Invite a till, or the same anew: prints a code to be typed there within minutes (`pos-agent join CODE`)."""
    hub = open_ledger(ledger)
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LETTERS))
    secret = secret_of(code, name)
    hub.within(lambda writer: invite(writer, name, secret, hub.now(), store=store, by=by or who_is_here()))
    hub.close()
    half = CODE_LETTERS // 2
    click.echo(f"At till {name}, within {JOIN_MINUTES} minutes: pos-agent join {code[:half]}-{code[half:]}")


@till.command()
@ledger_option
@click.argument("name")
@click.option("--by", help="Who says so; else whoever is logged in.")
def confirm(ledger: Path | str, name: str, by: str | None) -> None:
    """Let the file of a till go on that waits, because another one worked for the till too.

    Say so when you know which machine is the till: the file that waits becomes the till's, and what it sold is recorded
    anew under a generation of its own. Another machine that sells on waits in its turn.
    """
    hub = open_ledger(ledger)
    confirmed = hub.within(lambda writer: file_confirmed(writer, name, by=by or who_is_here()))
    hub.close()
    if confirmed is None or confirmed.waiting is None:
        raise click.ClickException(f"No file of till {name} waits for a word.")
    count = confirmed.waiting.operations
    click.echo(f"The file of till {name} that waits since {confirmed.waiting.at} may go on: {count} operations.")
