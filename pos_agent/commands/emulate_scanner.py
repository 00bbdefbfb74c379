"""`pos-agent emulate scanner`: a serial scanner without a scanner."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

import click

from drivers.scanner.emulator.hand import Hand, HandAtAPage
from drivers.scanner.emulator.hid import SUFFIX_KEYS, FifoLine, Fingers
from drivers.scanner.emulator.models import MODELS
from drivers.scanner.emulator.obedient import ObedientScanner
from drivers.scanner.emulator.script import ScriptError, load_script
from drivers.scanner.emulator.serial import SUFFIX_BYTES, Line, PtyLine, ScannerEmulator, TcpLine, Wording
from pos_agent.commands.emulate_playback import play_option, play_scanner, speed_option
from pos_agent.commands.options import control_option, controlled


@click.command("scanner")
@click.option("--link", type=click.Path(path_type=Path), help="Appear as a serial port at this path.")
@click.option("--tcp", "port", type=click.IntRange(0, 65535), help="Appear on this TCP port; 0: any free one.")
@click.option("--hid", type=click.Path(path_type=Path), help="Appear as a keyboard: a named pipe at this path.")
@click.option("--suffix", type=click.Choice([*SUFFIX_BYTES, "tab"]), default="cr", show_default=True,
              help="A keyboard's Enter is cr; it has tab and none besides.")  # fmt: skip
@click.option("--aim", default="", help="AIM identifier before every code, such as ]E0.")
@click.option("--stx", is_flag=True, help="Begin every code with STX.")
@click.option("--baud", type=click.IntRange(min=300), default=9600, show_default=True)
@click.option("--split", "piece_bytes", type=click.IntRange(min=1), default=16, show_default=True,
              help="Send so many bytes at a time.")  # fmt: skip
@click.option("--pause-ms", type=click.IntRange(min=0), default=0, help="Pause between those pieces.")
@click.option("--model", type=click.Choice(sorted(MODELS)), help="Answer orders as this make does.")
@click.option("--view", default="", help="The code before its lens, read when it is told to trigger.")
@play_option
@speed_option
@click.option("--script", "script_path", type=click.Path(path_type=Path), help="Play this scan script at once.")
@control_option
@click.option("--until-eof", is_flag=True, help="End when the standard input ends, not only by SIGTERM.")
def command(
    link: Path | None,
    port: int | None,
    hid: Path | None,
    suffix: str,
    aim: str,
    stx: bool,
    baud: int,
    piece_bytes: int,
    pause_ms: int,
    model: str | None,
    view: str,
    recording_path: Path | None,
    speed: float,
    script_path: Path | None,
    control: int | None,
    until_eof: bool,
) -> None:
    """A scanner on a pseudo-terminal (--link), a TCP port (--tcp) or as a keyboard in a named pipe (--hid).

    Every line of the standard input is a code that is scanned; <GS> in it is the group separator. The same code
    again waits half a second, as it would in a hand. Lines that
    begin with an exclamation mark are orders: !unplug, !plug, !raw 34 36 30 (bytes without a suffix), !play FILE
    (a scan script), !keys FILE (input events recorded by `cat /dev/input/event5 > FILE`; with --hid).

    --play FILE plays what `pos-agent record` wrote: on TCP as soon as somebody listens, else when a line is typed.

    \b
      $ pos-agent emulate scanner --link /tmp/scanner --aim ]E0
      $ pos-agent emulate scanner --tcp 0 --script morning.toml
      $ pos-agent emulate scanner --tcp 0 --play fault.rec --speed 10

    A scan script is TOML:

    \b
      [[scan]]
      at_s = 1.5              # from the start
      text = "4600000000015"
      symbology = "ean13"     # sent as its AIM identifier
      times = 3               # three equal goods …
      every_s = 0.6           # … one after another
      split = [3, 5]          # in pieces of 3 bytes, 5 bytes and the rest …
      pause_ms = 40           # … with such pauses between
      garbage = "ff 00"       # noise before it
      unplug_after = 9        # the plug is pulled after so many bytes
      [[order]]
      at_s = 9.0
      do = "unplug"           # or "plug"
    """
    if [link, port, hid].count(None) != 2:
        raise click.UsageError("Give one of --link PATH, --tcp PORT and --hid PATH.")
    if hid is not None and (suffix not in SUFFIX_KEYS or model or stx):
        raise click.UsageError(f"A keyboard has the suffixes {', '.join(SUFFIX_KEYS)}, no STX and takes no orders.")
    if hid is None and suffix not in SUFFIX_BYTES:
        raise click.UsageError(f"A serial scanner has the suffixes {', '.join(SUFFIX_BYTES)}.")
    if recording_path is not None:
        played: Line = FifoLine(hid) if hid is not None else PtyLine(link, baud=baud) if link else TcpLine(port or 0)
        play_scanner(recording_path, played, keyboard=hid is not None, speed=speed, until_eof=until_eof)
        return
    try:
        script = load_script(script_path) if script_path is not None else None
    except ScriptError as error:
        raise click.UsageError(str(error)) from None
    line: Line
    if hid is not None:
        line = FifoLine(hid)
        emulator = ScannerEmulator(line, Fingers(suffix=suffix, aim=aim, pause_s=max(pause_ms, 2) / 1000))
    else:
        line = PtyLine(link, baud=baud) if link is not None else TcpLine(port or 0)
        wording = Wording(suffix=suffix, aim=aim, stx=stx, baud=baud, piece_bytes=piece_bytes, pause_s=pause_ms / 1000)
        emulator = ObedientScanner(line, wording, MODELS[model](), view) if model else ScannerEmulator(line, wording)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    emulator.plug()
    hand = Hand(emulator)
    try:
        more = controlled(HandAtAPage(hand, emulator), control)
        click.echo(json.dumps({"ready": "scanner", "url": line.url, **more}))
        sys.stdout.flush()
        if script is not None:
            hand.play(script, _tell)
        for typed in sys.stdin:
            _tell(hand.obey(typed.rstrip("\r\n")))
        if not until_eof:
            signal.pause()
    except KeyboardInterrupt:
        pass
    finally:
        emulator.unplug()


def _tell(error: str) -> None:
    if error:
        click.echo(error, err=True)
