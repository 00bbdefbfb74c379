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
    """Join the hub that the settings name, with the agent stopped.

    CODE is what `pos-hub till add` printed there: 8 letters, good for 15 minutes, once; or the file NAME.join that
    `pos-hub till add --csv` made, which in the till's data folder needs no command: the agent joins by it when it
    starts. The till makes a key of its own, which never leaves it, and from then on it believes
    no other hub. What it has sold before goes up afterwards.
    """
    from config.settings import load_settings
    from pos_agent.invited import JoinFailed
    from pos_agent.join_words import say_join
    from pos_agent.joining import join
    from pos_agent.keys import keys_of

    settings = load_settings(path)
    try:
        identity = join(settings, code)
    except JoinFailed as failed:
        sys.exit(f"pos-agent: {failed.text(settings.language)}")
    told = {"till": identity.till, "url": settings.hub.url, "folder": keys_of(settings).where}
    click.echo(say_join("joined", settings.language, **told))
