"""`pos-agent emulate camera`: a camera without a camera."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

import click

from drivers.scanner.emulator.camera import CameraEmulator
from drivers.scanner.emulator.camera_orders import CameraOrders
from pos_agent.commands.emulate_playback import play_camera, play_option, speed_option
from pos_agent.commands.options import control_option, controlled


@click.command("camera")
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--port", type=click.IntRange(0, 65535), default=0, show_default=True, help="0: any free one.")
@click.option("--seed", type=int, help="Hold the card in a hand that moves, turns and tilts it; the same for a seed.")
@play_option
@speed_option
@control_option
@click.option("--until-eof", is_flag=True, help="End when the standard input ends, not only by SIGTERM.")
def command(
    folder: Path | None,
    port: int,
    seed: int | None,
    recording_path: Path | None,
    speed: float,
    control: int | None,
    until_eof: bool,
) -> None:
    """An IP camera (MJPEG over HTTP) that sees the newest picture in FOLDER.

    Drop a picture into the folder and the card lies before the camera; remove it and the counter is empty.
    Orders on the standard input: !show SYMBOLOGY TEXT (a card with this code), !phone SYMBOLOGY TEXT (a phone whose
    screen shows it), !empty (take it away), !unplug, !plug, !hang (keep the connection, send nothing), !recover,
    !tear (half of the next frame), !cut (break off in it).

    --play FILE sends the pictures that `pos-agent record` wrote, from when somebody watches.

    \b
      $ pos-agent emulate camera cards --seed 7
      $ pos-agent emulate camera --play fault.rec
    """
    if recording_path is not None:
        play_camera(recording_path, port, speed=speed, until_eof=until_eof)
        return
    if folder is None:
        raise click.UsageError("Give a FOLDER of pictures, or --play FILE.")
    emulator = CameraEmulator(folder, port, seed)
    orders = CameraOrders(emulator)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    emulator.plug()
    try:
        more = controlled(orders, control, lens=orders)
        click.echo(json.dumps({"ready": "camera", "url": emulator.url, **more}))
        sys.stdout.flush()
        for typed in sys.stdin:
            if error := orders.obey(typed):
                click.echo(error, err=True)
        if not until_eof:
            signal.pause()
    except KeyboardInterrupt:
        pass
    finally:
        emulator.unplug()
