"""`pos-agent emulate`: devices without the device, for trying things out and for CI."""

from __future__ import annotations

import click

from pos_agent.commands.emulate_camera import command as camera
from pos_agent.commands.emulate_network import command as network
from pos_agent.commands.emulate_printer import command as printer
from pos_agent.commands.emulate_scanner import command as scanner


@click.group(name="emulate")
def command() -> None:
    """A device without the device: a small server that speaks the device's own bytes.

    Each prints one line of JSON when it is ready, with the URL to put into the agent's settings.
    """


command.add_command(scanner, "scanner")
command.add_command(camera, "camera")
command.add_command(printer, "printer")
command.add_command(network, "network")
