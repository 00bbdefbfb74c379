"""`pos-agent openapi`: the description of the till's face for programs that write programs."""

from __future__ import annotations

import click
import msgspec


@click.command(name="openapi")
def command() -> None:
    """Print the OpenAPI 3.1 document of the till's HTTP face; a running till gives the same at /v1/openapi.json."""
    from pos_agent.described import description

    click.echo(msgspec.json.format(msgspec.json.encode(description()), indent=2).decode())
