"""`pos-agent emulate scanner`: a serial scanner without a scanner."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

import click

from drivers.scanner.emulator.serial import SUFFIX_BYTES, PtyLine, ScannerEmulator, TcpLine, Wording

GS_SIGN = "<GS>"  # how the group separator is typed


@click.command("scanner")
@click.option("--link", type=click.Path(path_type=Path), help="Appear as a serial port at this path.")
@click.option("--tcp", "port", type=click.IntRange(0, 65535), help="Appear on this TCP port; 0: any free one.")
@click.option("--suffix", type=click.Choice(list(SUFFIX_BYTES)), default="cr", show_default=True)
@click.option("--aim", default="", help="AIM identifier before every code, such as ]E0.")
@click.option("--stx", is_flag=True, help="Begin every code with STX.")
@click.option("--baud", type=click.IntRange(min=300), default=9600, show_default=True)
@click.option("--split", "piece_bytes", type=click.IntRange(min=1), default=16, show_default=True,
              help="Send so many bytes at a time.")  # fmt: skip
@click.option("--pause-ms", type=click.IntRange(min=0), default=0, help="Pause between those pieces.")
@click.option("--until-eof", is_flag=True, help="End when the standard input ends, not only by SIGTERM.")
def command(
    link: Path | None,
    port: int | None,
    suffix: str,
    aim: str,
    stx: bool,
    baud: int,
    piece_bytes: int,
    pause_ms: int,
    until_eof: bool,
) -> None:
    """A serial scanner on a pseudo-terminal (--link) or a TCP port (--tcp).

    Every line of the standard input is a code that is scanned; <GS> in it is the group separator. Lines that
    begin with an exclamation mark are orders: !unplug, !plug, !raw 34 36 30 (bytes without a suffix).
    """
    if (link is None) == (port is None):
        raise click.UsageError("Give either --link PATH or --tcp PORT.")
    line = PtyLine(link, baud=baud) if link is not None else TcpLine(port or 0)
    wording = Wording(suffix=suffix, aim=aim, stx=stx, baud=baud, piece_bytes=piece_bytes, pause_s=pause_ms / 1000)
    emulator = ScannerEmulator(line, wording)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    emulator.plug()
    try:
        click.echo(json.dumps({"ready": "scanner", "url": line.url}))
        sys.stdout.flush()
        for typed in sys.stdin:
            _obey(emulator, typed.rstrip("\r\n"))
        if not until_eof:
            signal.pause()
    except KeyboardInterrupt:
        pass
    finally:
        emulator.unplug()


def _obey(emulator: ScannerEmulator, typed: str) -> None:
    order, _, rest = typed.partition(" ")
    if not typed:
        return
    if order == "!unplug":
        emulator.unplug()
    elif order == "!plug":
        emulator.plug()
    elif order == "!raw":
        try:
            data = bytes.fromhex(rest)
        except ValueError:
            click.echo(f"!raw needs bytes in hexadecimal, not {rest!r}", err=True)
            return
        _tell_if_lost(emulator.send(data), typed)
    elif order.startswith("!"):
        click.echo(f"unknown order {order!r}; there are !unplug, !plug and !raw", err=True)
    else:
        _tell_if_lost(emulator.scan(typed.replace(GS_SIGN, "\x1d")), typed)


def _tell_if_lost(sent: bool, typed: str) -> None:
    if not sent:
        click.echo(f"nobody listens: {typed!r} is lost", err=True)
