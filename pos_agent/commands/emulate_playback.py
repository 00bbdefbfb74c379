"""`pos-agent emulate … --play FILE`: a recording (`pos-agent record`) instead of a hand, a folder or a manual."""

from __future__ import annotations

import json
import signal
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from drivers.printer.emulator import wires
    from drivers.recording import Entry, Kind, Recording
    from drivers.scanner.emulator.playback import Host, Wire
    from drivers.scanner.emulator.serial import Line

SPEED_MIN, SPEED_MAX = 0.1, 1000.0

HOST_LOOK_S = 0.25  # how soon a signal is noticed while nobody listens

play_option = click.option(
    "--play",
    "recording_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Play this recording (`pos-agent record`) and nothing else.",
)
speed_option = click.option(
    "--speed",
    type=click.FloatRange(SPEED_MIN, SPEED_MAX),
    default=1.0,
    show_default=True,
    help="With --play: shorten pauses of more than half a second so many times.",
)


def loaded(path: Path, kind: Kind) -> Recording:
    from drivers.recording import RecordingError, load_recording

    try:
        return load_recording(path, kind)
    except RecordingError as error:
        sys.exit(f"pos-agent: {error}")


def play_scanner(path: Path, line: Line, wire: Wire, *, speed: float, until_eof: bool) -> None:
    """On TCP it begins when a host listens; a port or a pipe shows no host, so there a line of the standard input, or
    its end, begins it."""
    from drivers.scanner.emulator.playback import play_recording, why_not
    from drivers.scanner.emulator.serial import TcpLine

    recording = loaded(path, "scanner")
    if (reason := why_not(recording, wire)) is not None:
        raise click.UsageError(f"{path}: {reason}.")
    signal.signal(signal.SIGTERM, _end)
    line.plug()
    host: Host | None = line if isinstance(line, TcpLine) else None
    lost: list[Entry] = []
    try:
        _tell({"ready": "scanner", "url": line.url, "play": str(path)})
        _wait_for_host(host)
        play_recording(recording, line, wait=time.sleep, speed=speed, lost=lost.append, host=host)
        _tell({"played": len(recording.entries), "lost": len(lost)})
        _stay(until_eof)
    finally:
        line.unplug()


def _wait_for_host(host: Host | None) -> None:
    if host is None:
        sys.stdin.readline()
        return
    while not host.wait_for_host(HOST_LOOK_S):
        pass


def play_camera(path: Path, port: int, *, speed: float, until_eof: bool) -> None:
    from drivers.scanner.emulator.recorded_camera import RecordedCamera

    recording = loaded(path, "camera")
    signal.signal(signal.SIGTERM, _end)
    camera = RecordedCamera(recording, port, speed)
    camera.plug()
    try:
        _tell({"ready": "camera", "url": camera.url, "play": str(path)})
        camera.play()
        _tell({"played": len(recording.entries)})
        _stay(until_eof)
    finally:
        camera.unplug()


def play_printer(path: Path, wire: dict[str, Any], *, speed: float) -> NoReturn:
    """Ends with the recording: 1 when the host sent something else than was recorded."""
    from drivers.printer.emulator.playback import RecordedPrinter

    recording = loaded(path, "printer")
    plugged = _wire(wire)
    printer = RecordedPrinter(recording, plugged, speed=speed, told=lambda found: _tell({"differs": asdict(found)}))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: printer.stop())
    _tell({"ready": "printer", "url": plugged.url, "play": str(path)})
    try:
        differences = printer.play()
    finally:
        plugged.unplug()
    _tell({"played": len(recording.entries), "differences": len(differences)})
    sys.exit(1 if differences else 0)


def _wire(wire: dict[str, Any]) -> wires.Wire:
    from drivers.printer.emulator.wires import PtyWire, TcpWire

    try:
        return PtyWire(wire.get("link")) if "port" not in wire else TcpWire(wire["host"], wire["port"])
    except OSError as error:
        where = wire.get("link") or (f"{wire['host']}:{wire['port']}" if "port" in wire else "a pseudo-terminal")
        sys.exit(f"pos-agent: cannot listen at {where}: {error.strerror or error}")


def _stay(until_eof: bool) -> None:
    """A device is there after it was used, too."""
    for _ in sys.stdin:
        pass
    if not until_eof:
        signal.pause()


def _end(*_: object) -> NoReturn:
    sys.exit(0)


def _tell(facts: dict[str, Any]) -> None:
    click.echo(json.dumps(facts, ensure_ascii=False))
    sys.stdout.flush()
