"""`pos-agent join`: the till joins its hub, with a code that the office gives."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pos_agent.commands.options import config_option


@click.command(name="join")
@config_option
@click.argument("code")
def command(path: Path, code: str) -> None:
    """Join the hub that the settings name. CODE is what `pos-hub till add` printed there: 8 letters, good for 15
    minutes, once.

    The till makes a key of its own, which never leaves it, and from then on it believes no other hub.
    """
    from config.settings import load_settings
    from pos_agent.identity import IdentityError
    from pos_agent.joining import JoinFailed, join
    from pos_agent.machine import machine

    settings = load_settings(path)
    try:
        identity = join(settings, code, machine())
    except (JoinFailed, IdentityError, OSError) as error:
        sys.exit(f"pos-agent: {error}")
    click.echo(f"Till {identity.till} has joined the hub at {settings.hub.url}.")
