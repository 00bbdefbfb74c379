"""`pos-agent emulate network`: a cable to the hub that can be pulled."""

from __future__ import annotations

import json
import signal
import sys

import click

from pos_agent.commands.options import control_option, controlled
from pos_agent.demo.wire import Wire


def host_and_port(ctx: click.Context, param: click.Parameter, value: str) -> tuple[str, int]:
    host, _, port = value.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) <= 65535:
        raise click.BadParameter(f"{value!r} is no host and port; write it like 127.0.0.1:8070")
    return host, int(port)


@click.command("network")
@click.option(
    "--to", required=True, metavar="HOST:PORT", callback=host_and_port, help="Whom the cable leads to, say the hub."
)
@click.option("--port", type=click.IntRange(0, 65535), default=0, show_default=True, help="0: any free one.")
@control_option
@click.option("--until-eof", is_flag=True, help="End when the standard input ends, not only by SIGTERM.")
def command(to: tuple[str, int], port: int, control: int | None, until_eof: bool) -> None:
    """A network cable: what connects to it on this machine comes to HOST:PORT, until it is cut.

    Orders on the standard input: cut (nobody answers, open connections break) and mend.

    Example: pos-agent emulate network --to 127.0.0.1:8070 --port 8170
    """
    try:
        wire = Wire(to[1], host=to[0], port=port)
    except OSError as taken:
        sys.exit(f"pos-agent: cannot listen at port {port}: {taken.strerror or taken}. Choose another --port.")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        more = controlled(wire, control)
        click.echo(json.dumps({"ready": "network", "url": wire.url, **more}))
        sys.stdout.flush()
        for typed in sys.stdin:
            if error := wire.obey(typed):
                click.echo(error, err=True)
        if not until_eof:
            signal.pause()
    except KeyboardInterrupt:
        pass
    finally:
        wire.cut()
