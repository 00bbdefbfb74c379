"""`pos-agent status`: what a running agent believes of itself and its world."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from pos_agent.commands.options import config_option

if TYPE_CHECKING:
    from pos_agent.status import Status

WEAKER_PROOFS = {
    "gs_r": "on the printer's weaker word: it has read them (GS r)",
    "person": "on a person's word",
}


@click.command(name="status")
@config_option
@click.option("--json", "as_json", is_flag=True, help="The whole answer as JSON.")
def command(path: Path, as_json: bool) -> None:
    """Show the devices, the hub, the outbox and the papers of the agent that runs with these settings."""
    from config.settings import load_settings
    from pos_agent.client import AgentClient, AgentUnreachable

    settings = load_settings(path)
    try:
        status = AgentClient.of_data(settings.api.port, Path(settings.data)).status()
    except AgentUnreachable as error:
        sys.exit(f"pos-agent: {error}")
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(status), indent=2).decode())
    else:
        _show(status)


def _show(status: Status) -> None:
    hub, printer = status.hub, status.printer
    link = "online" if hub.online else f"OFFLINE: {hub.cause}"
    store = f" in store {status.store}" if status.store else ""
    click.echo(f"till     {status.till}{store} ({status.programme}, version {status.programme_version})")
    click.echo(f"hub      {hub.url} {link}")
    if hub.clock_off_s:
        click.echo(f"clock    {hub.clock_off_s:+} s, so that it is as late as the hub's")
    click.echo(f"outbox   {status.outbox} waiting for the hub")
    for refused in status.refused:
        click.echo(f"REFUSED  operation {refused.sequence}: {refused.reason}")
    click.echo(f"printer  {printer.url} {printer.text}" if printer else "printer  none")
    for state, count in status.papers.items():
        click.echo(f"papers   {count} {state}")
    for proof, what in WEAKER_PROOFS.items():
        if weaker := status.proofs.get(proof):
            click.echo(f"         {weaker} of the printed {what}")
    if status.question:
        click.echo(f"ASKED    {status.question}")
    if status.last_reply:
        click.echo(f"visit    {status.visit.state}; last said: {status.last_reply.text}")
    for scanner in status.scanners:
        click.echo(f"scanner  {scanner.name} {scanner.url} {scanner.state} {scanner.cause}".rstrip())
        click.echo(f"         {counted(msgspec.structs.asdict(scanner.counts), scanner.losses)}")
        for reason, times in scanner.refused.items():
            click.echo(f"         refused {times} times: {reason}")


def counted(counts: dict[str, int], losses: int) -> str:
    """A scanner's counters in one line; what never happened is not told."""
    told = [f"{counts['scans']} scans"]
    told += [f"{number} {what}" for what, number in counts.items() if number and what != "scans"]
    if losses:
        told.append(f"connection lost {losses} times")
    return ", ".join(told)
