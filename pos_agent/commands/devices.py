"""`pos-agent devices`: what is plugged in, with the URLs to put into the settings."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from drivers.ports import Port

LOOKED_AT = (
    "Looked at /dev/ttyUSB*, ttyACM* and ttyS*, /proc/bus/input/devices, /dev/hidraw*, /dev/video* and /dev/usb/lp*.",
    "Is the device plugged in and powered? A scanner may have to be set to be a serial port or a keyboard:",
    "its manual has the barcodes. The agent's user belongs into the groups dialout, input, video and lp.",
)
NETWORK = (
    "Devices of the network are not searched for; write their addresses:",
    "  tcp://192.168.0.20:9100      a printer        tcp://192.168.0.30:4001      a scanner behind a serial box",
)


@click.command(name="devices")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for a program.")
@click.option("--root", type=click.Path(path_type=Path, file_okay=False), default=Path("/"), hidden=True)
def command(as_json: bool, root: Path) -> None:
    """List what is plugged in and could be used, each with the URL to put into the settings.

    \b
      $ pos-agent devices
      scanner   Honeywell Voyager 1450g
                serial:///dev/serial/by-id/usb-Honeywell_Voyager_1450g_1234-if00?baud=9600

    Try one: `pos-agent scan serial:///dev/serial/by-id/…` shows what a scanner delivers.
    """
    from drivers.ports import ports

    found = ports(root)
    if as_json:
        click.echo(json.dumps([asdict(port) for port in found], ensure_ascii=False, indent=2))
        return
    for port in found:
        _show(port)
    for line in NETWORK if found else ("Nothing was found.", *LOOKED_AT, *NETWORK):
        click.echo(line)


def _show(port: Port) -> None:
    from drivers.scanner.notation import shown

    click.echo(f"{port.kind:<9} {shown(port.name)}")
    click.echo(f"          {shown(port.url)}")
    if port.remark:
        click.echo(f"          {port.remark}")
