"""`pos-agent share`: the processes that hold the devices which the till shares with the shop's POS."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from pos_agent.commands.options import config_option


@click.command(name="share")
@click.argument("what", required=False, metavar="[scanner NAME | printer | stop]")
@click.argument("name", required=False)
@config_option
def command(path: Path, what: str | None, name: str | None) -> None:
    """Share a scanner or the printer with the shop's POS, as the settings say (`forward`, `share`).

    The agent starts these processes by itself, and they outlive it. This is for a service manager that is to keep
    one, and for the fitter:

    \b
      pos-agent share                      what the settings share, and where the POS finds it
      pos-agent share scanner counter      hold this scanner, until stopped; the POS reads it with or without an agent
      pos-agent share printer              the same for the printer
      pos-agent share stop                 end those that run; a running agent starts its own again
    """
    from config.programmes import load_programme
    from config.settings import load_settings
    from pos_agent.sharing import PRINTER_NAME, Sharing, command_of, plans

    settings = load_settings(path)
    folder = Path(settings.data)
    folder.mkdir(parents=True, exist_ok=True)
    sharing, shared = Sharing(folder), plans(settings, load_programme(settings.programme))
    if what == "stop":
        told = sharing.stop()
        click.echo(f"Stopped: {', '.join(told)}." if told else "None was running.")
    elif what is None:
        for plan in shared:
            click.echo(f"{plan.kind:<9} {plan.name:<12} {plan.device} → {plan.door}")
        if not shared:
            click.echo("Nothing is shared. `pos-agent run --help` shows `forward` and `share`.")
    else:
        wanted = (what, PRINTER_NAME if what == "printer" else name)
        found = [plan for plan in shared if (plan.kind, plan.name) == wanted]
        if not found:
            there = ", ".join(f"{plan.kind} {plan.name}" for plan in shared) or "nothing"
            sys.exit(f"pos-agent: the settings share no {' '.join(filter(None, (what, name)))}; they share {there}")
        sharing.files(found[0]).publish(found[0])
        os.execv(sys.executable, command_of(folder, found[0]))  # what was imported to read the settings is let go
