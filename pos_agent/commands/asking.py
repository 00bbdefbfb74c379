"""A command sent to the running agent, and its answer on the terminal: what `reprint` and `report` share."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pos_agent.protocol import Command


def ask(path: Path, command: Command) -> None:
    """Ask the agent that runs with these settings; a refusal ends with exit code 1."""
    from config.settings import load_settings
    from pos_agent.client import AgentClient, AgentUnreachable

    settings = load_settings(path)
    try:
        reply = AgentClient.of_data(settings.api.port, Path(settings.data)).do(command)
    except AgentUnreachable as error:
        sys.exit(f"pos-agent: {error.text(settings.language)}")
    click.echo(reply.text, err=not reply.ok)
    if not reply.ok:
        sys.exit(1)
