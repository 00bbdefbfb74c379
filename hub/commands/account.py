"""`pos-hub account …`: the program that serves members' accounts may ask the hub."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

import click

from hub.commands.ledger_option import ledger_option
from hub.commands.ordering import by_option, who_is_here
from hub.commands.tills import json_option, opened
from hub.hub import Hub
from hub.tills.joining import found, invite, revoke
from hub.tills.till import JOIN_MINUTES
from loyalty.operation import ACCOUNT_CHAIN
from sync.joining import ALPHABET, CODE_LETTERS, secret_of


@click.group()
def account() -> None:
    """The members' account: the program (`pos-account serve`) that members' browsers talk to.

    It asks the hub under a key of its own, with which it joins by a code, as a till does.
    """


def invite_account(hub: Hub, by: str) -> str:
    """A code with which the account joins, within minutes and once."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LETTERS))
    secret = secret_of(code, ACCOUNT_CHAIN)
    hub.within(lambda writer: invite(writer, ACCOUNT_CHAIN, secret, hub.now(), store=None, by=by))
    return code


@account.command("invite")
@ledger_option
@by_option
@json_option
def invite_command(ledger: Path | str, by: str | None, as_json: bool) -> None:
    """Print a code for `pos-account join CODE --hub URL`, good for some minutes and once.

    One that has joined goes on to be heard until it has joined with the new code.
    """
    with opened(ledger) as hub:
        code = invite_account(hub, by or who_is_here())
    shown = f"{code[: CODE_LETTERS // 2]}-{code[CODE_LETTERS // 2 :]}"
    if as_json:
        click.echo(json.dumps({"code": shown, "minutes": JOIN_MINUTES}))
    else:
        click.echo(f"Where the account runs, within {JOIN_MINUTES} minutes: pos-account join {shown} --hub URL")


@account.command("revoke")
@ledger_option
@by_option
def revoke_command(ledger: Path | str, by: str | None) -> None:
    """The account is heard no more: nobody signs in there until it has joined anew."""
    with opened(ledger) as hub:
        done = hub.within(lambda writer: revoke(writer, ACCOUNT_CHAIN, hub.now(), by=by or who_is_here(), why=""))
    click.echo("The account is not heard any more." if done else "No account has joined.")


@account.command("show")
@ledger_option
@json_option
def show_command(ledger: Path | str, as_json: bool) -> None:
    """Has it joined, and when?"""
    with opened(ledger) as hub, hub.store.reading() as reader:
        known = found(reader, ACCOUNT_CHAIN)
    told = {"state": known.state if known else "never invited", "joined_at": known.joined_at if known else None}
    click.echo(json.dumps(told) if as_json else f"The account: {told['state']}, joined {told['joined_at'] or 'never'}.")
