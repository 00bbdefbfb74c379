"""`pos-agent emulate scanner`: a serial scanner without a scanner."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

import click

from drivers.scanner.emulator.habits import ENCODINGS, IDENTIFIERS, MAKER_OF_MODEL, NO_READ, Words, characters
from drivers.scanner.emulator.hand import Hand, HandAtAPage
from drivers.scanner.emulator.hid import SUFFIX_KEYS, FifoLine, Fingers
from drivers.scanner.emulator.keyboards import KEYBOARDS, MODIFIERS
from drivers.scanner.emulator.models import MODELS
from drivers.scanner.emulator.obedient import ObedientScanner
from drivers.scanner.emulator.playback import Wire
from drivers.scanner.emulator.pos_reports import REPORTS, Reports
from drivers.scanner.emulator.script import ScriptError, load_script
from drivers.scanner.emulator.serial import SUFFIX_BYTES, Line, PtyLine, ScannerEmulator, TcpLine, Wording
from pos_agent.commands.emulate_playback import play_option, play_scanner, speed_option
from pos_agent.commands.options import control_option, controlled


@click.command("scanner")
@click.option("--link", type=click.Path(path_type=Path), help="Appear as a serial port at this path.")
@click.option("--tcp", "port", type=click.IntRange(0, 65535), help="Appear on this TCP port; 0: any free one.")
@click.option("--hid", type=click.Path(path_type=Path), help="Appear as a keyboard: a named pipe at this path.")
@click.option("--hidraw", type=click.Path(path_type=Path), help="Appear as a HID POS device: a pipe of reports.")
@click.option("--suffix", default="cr", show_default=True,
              help="lf, crlf, tab, etx, eot, none, or characters of your own like <x1C>. A keyboard's Enter is cr; it "
              "has tab, arrow-down and the other arrows besides.")  # fmt: skip
@click.option("--prefix", default="", help="Characters before every code, like A1 or <x0B>.")
@click.option("--identifier", type=click.Choice(["none", "maker", *IDENTIFIERS]), default="none", show_default=True,
              help="Letters before every code, by its kind; maker: those of --model.")  # fmt: skip
@click.option("--encoding", type=click.Choice(ENCODINGS), default="utf-8", show_default=True)
@click.option("--layout", type=click.Choice(sorted(KEYBOARDS)), default="us", show_default=True,
              help="The country whose keys a keyboard presses.")  # fmt: skip
@click.option("--modifiers", type=click.Choice(MODIFIERS), default="shift", show_default=True,
              help="How a keyboard types: alt-keypad holds Alt and types 0nnn, alt-oem nnn; caps-lock is pressed "
              "around every code; caps-on types for a computer whose Caps Lock is on.")  # fmt: skip
@click.option("--report", type=click.Choice(REPORTS), default="aim", show_default=True,
              help="A HID POS report with the AIM identifier, or without.")  # fmt: skip
@click.option("--noread", default=NO_READ, show_default=True, help="What the order !noread sends.")
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
    hidraw: Path | None,
    suffix: str,
    prefix: str,
    identifier: str,
    encoding: str,
    layout: str,
    modifiers: str,
    report: str,
    noread: str,
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
    """A scanner on a pseudo-terminal (--link), a TCP port (--tcp), or in a named pipe as a keyboard (--hid) or a HID
    POS device (--hidraw).

    Every line of the standard input is a code that is scanned; <GS> in it is the group separator. The same code
    again waits half a second, as it would in a hand. Lines that
    begin with an exclamation mark are orders: !unplug, !plug, !raw 34 36 30 (bytes without a suffix), !play FILE
    (a scan script), !keys FILE (input events recorded by `cat /dev/input/event5 > FILE`; with --hid), !reports FILE
    (recorded by `cat /dev/hidraw0 > FILE`; with --hidraw), !noread (nothing could be read).

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
    if [link, port, hid, hidraw].count(None) != 3:
        raise click.UsageError("Give one of --link PATH, --tcp PORT, --hid PATH and --hidraw PATH.")
    is_serial = hid is None and hidraw is None
    if not is_serial and (model or stx):
        raise click.UsageError("Only a serial scanner takes orders and has STX.")
    if hid is None and (layout, modifiers) != ("us", "shift"):
        raise click.UsageError("Only a keyboard (--hid) has --layout and --modifiers.")
    _check_suffix(suffix, is_serial, hid is not None)
    if recording_path is not None:
        play_scanner(recording_path, *_played_on(link, port, hid, hidraw, baud), speed=speed, until_eof=until_eof)
        return
    try:
        script = load_script(script_path) if script_path is not None else None
    except ScriptError as error:
        raise click.UsageError(str(error)) from None
    words = Words(prefix=characters(prefix), maker=_maker(identifier, model), aim=aim)
    pause_s = pause_ms / 1000
    line: Line
    if hid is not None:
        line = FifoLine(hid)
        fingers = Fingers(suffix=suffix, aim=aim, words=words, layout=layout, encoding=encoding, modifiers=modifiers,
                          pause_s=max(pause_s, 0.002))  # fmt: skip
        emulator = ScannerEmulator(line, fingers)
    elif hidraw is not None:
        line = FifoLine(hidraw, "hidraw")
        emulator = ScannerEmulator(line, Reports(report=report, words=words, encoding=encoding, pause_s=pause_s))
    else:
        line = PtyLine(link, baud=baud) if link is not None else TcpLine(port or 0)
        wording = Wording(suffix=suffix, aim=aim, words=words, encoding=encoding, stx=stx, baud=baud,
                          piece_bytes=piece_bytes, pause_s=pause_s)  # fmt: skip
        emulator = ObedientScanner(line, wording, MODELS[model](), view) if model else ScannerEmulator(line, wording)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    emulator.plug()
    hand = Hand(emulator, noread)
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


def _played_on(
    link: Path | None, port: int | None, hid: Path | None, hidraw: Path | None, baud: int
) -> tuple[Line, Wire]:
    """The line of a recording, and which kind of recording goes over it."""
    if hid is not None:
        return FifoLine(hid), "keys"
    if hidraw is not None:
        return FifoLine(hidraw, "hidraw"), "reports"
    return PtyLine(link, baud=baud) if link is not None else TcpLine(port or 0), "serial"


def _maker(identifier: str, model: str | None) -> str | None:
    """Whose letters stand before every code."""
    if identifier != "maker":
        return None if identifier == "none" else identifier
    if model is None:
        raise click.UsageError(f"--identifier maker needs --model, or name the maker: {', '.join(IDENTIFIERS)}.")
    return MAKER_OF_MODEL[model]


def _check_suffix(suffix: str, is_serial: bool, is_keyboard: bool) -> None:
    own = not suffix.replace("-", "").isalpha()
    if is_serial and suffix not in SUFFIX_BYTES and not own:
        raise click.UsageError(f"A serial scanner has the suffixes {', '.join(SUFFIX_BYTES)}, or your own like <x1C>.")
    if is_keyboard and suffix not in SUFFIX_KEYS:
        raise click.UsageError(f"A keyboard has the suffixes {', '.join(SUFFIX_KEYS)}.")


def _tell(error: str) -> None:
    if error:
        click.echo(error, err=True)
