"""`pos-agent record`: what a device says, with times, in a file that the emulators play again."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from pos_agent.commands.options import config_option, settings_if_any

if TYPE_CHECKING:
    from drivers.recorder import Recorder
    from drivers.recording import Kind

MEGABYTE = 1_000_000
MEGABYTES_MAX = 10_000
SECONDS_MAX = 86_400  # a day: whoever needs more has not found the moment
PAUSE_S_MAX = 0.05  # between two looks, so that Ctrl-C ends at once
FRAME_WAIT_S = 0.2
FIRST_FRAME_S = 4.0  # a camera that shows nothing for so long shows nothing
RAW_PRINTER_PORT = 9100
KINDS = ("scanner", "camera", "printer")
PLAYED_ON = {"scanner": "--tcp 0 --play", "camera": "--play", "printer": "--port 9101 --play"}


@click.command(name="record")
@click.argument("url")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@config_option
@click.option("--as", "kind", type=click.Choice(KINDS), help="What is there, where the URL does not tell.")
@click.option("--mask/--no-mask", default=True, show_default=True,
              help="Other digits for numbers of 8 and more; the same for the same, check digits right.")  # fmt: skip
@click.option("--seconds", type=click.FloatRange(0.1, SECONDS_MAX), help="End after so long.")
@click.option("--count", type=click.IntRange(min=1), help="End after so many scans or pictures.")
@click.option("--most-mb", type=click.FloatRange(0.001, MEGABYTES_MAX), default=64.0, show_default=True,
              help="End when the file is so long.")  # fmt: skip
@click.option("--listen", "port", type=click.IntRange(0, 65535), metavar="PORT",
              help="A printer: carry what others print, from this port of 127.0.0.1; 0: any free one.")  # fmt: skip
@click.option("--paper", is_flag=True, help="A printer without --listen: print the test page, too.")
def command(
    url: str,
    file: Path,
    path: Path,
    kind: Kind | None,
    mask: bool,
    seconds: float | None,
    count: int | None,
    most_mb: float,
    port: int | None,
    paper: bool,
) -> None:
    """Record what the device at URL says into FILE, until Ctrl-C: a fault at a shop becomes a test.

    A scanner: every byte, key and pause. A camera: its pictures (only with --no-mask: a picture cannot be masked). A
    printer: what it is asked and what it answers; with --listen what others print on it, who then print to that port.

    FILE is text, a line for each thing that happened, safe against a power cut. Names in clear text are not masked:
    look a printer's recording through before you pass it on. A running agent holds its devices: stop it first.

    \b
      $ pos-agent record serial:///dev/ttyACM0?baud=9600 fault.rec
      $ pos-agent record tcp://192.168.0.20:9100 fault.rec --listen 9101     # settings: url = "tcp://127.0.0.1:9101"
      $ pos-agent emulate scanner --tcp 0 --play fault.rec                   # at the desk, later
    """
    kind = kind or kind_of(url, path)
    if kind != "printer" and (port is not None or paper):
        raise click.UsageError("--listen and --paper are for printers.")
    if kind == "camera" and mask:
        raise click.UsageError("A camera's pictures cannot be masked; --no-mask records them as they are.")
    recording: dict[str, Callable[[], None]] = {
        "scanner": lambda: _scanner(_Session(url, file, "scanner", mask, most_mb, seconds, count)),
        "camera": lambda: _camera(_Session(url, file, "camera", mask, most_mb, seconds, count)),
        "printer": lambda: _printer(_Session(url, file, "printer", mask, most_mb, seconds, count), port, paper, path),
    }
    recording[kind]()


def kind_of(url: str, path: Path) -> Kind:
    """By its scheme, its port, or the settings."""
    scheme = url.removeprefix("spy+").partition(":")[0]
    if scheme == "camera":
        return "camera"
    if scheme in ("hid", "hidraw"):
        return "scanner"
    if scheme in ("usb", "file"):
        return "printer"
    settings = settings_if_any(path)
    if settings is not None and url in [scanner.url for scanner in settings.scanners]:
        return "scanner"
    if url.endswith(f":{RAW_PRINTER_PORT}") or (settings and settings.printer and settings.printer.url == url):
        return "printer"
    raise click.UsageError(f"{url} may be a scanner or a printer: say --as scanner or --as printer.")


class _Session:
    """One recording from its first line to its last, and what ends it."""

    def __init__(
        self, url: str, file: Path, kind: Kind, mask: bool, most_mb: float, seconds: float | None, count: int | None
    ) -> None:
        self.url = url
        self.file = file
        self.kind = kind
        self._mask = mask
        self._bytes_max = round(most_mb * MEGABYTE)
        self._seconds = seconds
        self._count = count
        self._asked: list[int] = []
        self._until_s = float("inf")
        self.done = 0
        self.recorder: Recorder | None = None

    def start(self) -> Recorder:
        from drivers.recorder import Recorder

        self.recorder = Recorder(self.file, self.kind, self.url, mask=self._mask, bytes_max=self._bytes_max)
        for ending in (signal.SIGINT, signal.SIGTERM):
            signal.signal(ending, lambda number, _: self._asked.append(number))
        if self._seconds is not None:
            self._until_s = time.monotonic() + self._seconds
        return self.recorder

    def end(self) -> None:
        self._until_s = 0.0

    @property
    def goes_on(self) -> bool:
        return not self._asked and time.monotonic() < self._until_s and (self._count is None or self.done < self._count)

    def run(self, step: Callable[[], None]) -> None:
        """Step until it is to end; then tell what there is."""
        from drivers.recorder import RecordingEnded

        assert self.recorder is not None
        why = ""
        try:
            while self.goes_on:
                step()
                self.recorder.quiet()
        except RecordingEnded as ended:
            why = str(ended)
        finally:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            self.recorder.close(why)
        self.tell(why)

    def tell(self, why: str) -> None:
        assert self.recorder is not None
        masked = "numbers of 8 digits and more are masked" if self._mask else "NOT masked: it may hold members' numbers"
        size = self.file.stat().st_size
        click.echo(f"{self.file}: {self.recorder.entries} lines, {size} bytes; {masked}.{why and f' It ended: {why}.'}")
        click.echo(f"Play it: pos-agent emulate {self.kind} {PLAYED_ON[self.kind]} {self.file}")

    def not_there(self, cause: str) -> NoReturn:
        """Nothing was recorded, and no file shall say otherwise."""
        assert self.recorder is not None
        self.recorder.close()
        self.file.unlink(missing_ok=True)
        sys.exit(f"pos-agent: {cause}")


def _say(line: str) -> None:
    click.echo(line, err=True)


def _scanner(session: _Session) -> None:
    from drivers.scanner.line import LineScanner
    from drivers.scanner.notation import shown
    from drivers.scanner.scanner import open_scanner
    from drivers.scanner.tap import tap

    scanner = open_scanner(session.url, name="scanner")
    assert isinstance(scanner, LineScanner), "a camera is recorded otherwise"
    recorder = session.start()
    tap(scanner, recorder.told)

    def step() -> None:
        scans, next_s = scanner.step(time.monotonic(), datetime.now(UTC))
        for scan in scans:
            session.done += 1
            _say(f"{session.done}  {scan.symbology or '-'}  {shown(scan.text)}{_doubt(sorted(scan.flags))}")
        time.sleep(min(PAUSE_S_MAX, max(0.0, next_s - time.monotonic())))

    try:
        step()
        if scanner.life.cause:
            session.not_there(scanner.life.cause)
        _say(f"Recording {session.url}. Scan; Ctrl-C ends.")
        session.run(step)
    finally:
        scanner.close()


def _doubt(flags: list[str]) -> str:
    return f"  [{', '.join(flags)}]" if flags else ""


def _camera(session: _Session) -> None:
    from drivers.errors import DeviceError
    from drivers.scanner.capture import Capture, source_of

    source = source_of(session.url)
    recorder = session.start()
    recorder.told("open")
    capture, started_s = Capture(source), time.monotonic()

    def step() -> None:
        frame = capture.frame(FRAME_WAIT_S)
        packed = frame.packed() if frame is not None else None
        if packed is not None:
            session.done += 1
            recorder.told("frame", data=packed)
        elif not session.done and time.monotonic() - started_s > FIRST_FRAME_S:
            session.not_there(
                f"{session.url}: no picture came for {FIRST_FRAME_S:.0f} s. Switch the camera off and on."
            )

    def watched() -> None:
        try:
            step()
        except DeviceError as error:
            if not session.done:
                session.not_there(str(error))
            recorder.told("lost", text=error.cause)
            session.end()  # what it showed is recorded

    try:
        _say(f"Recording {session.url}. Ctrl-C ends.")
        session.run(watched)
    finally:
        capture.close()


def _printer(session: _Session, port: int | None, paper: bool, path: Path) -> None:
    if port is not None:
        _carry(session, port)
    else:
        _ask(session, paper, path)


def _carry(session: _Session, port: int) -> None:
    from drivers.errors import DeviceError
    from drivers.printer.link import check_url
    from drivers.printer.relay import Relay

    check_url(session.url)
    recorder = session.start()
    try:
        relay = Relay(session.url, recorder.told, port=port)
    except DeviceError as error:
        session.not_there(str(error))
    click.echo(relay.url)
    sys.stdout.flush()
    _say(f"What is printed at {relay.url} goes to {session.url} and into {session.file}. Ctrl-C ends.")

    def step() -> None:
        try:
            relay.step(PAUSE_S_MAX)
        except DeviceError as error:
            _say(str(error))

    try:
        session.run(step)
    finally:
        relay.close()


def _ask(session: _Session, paper: bool, path: Path) -> None:
    """Ask it everything that it can be asked; with `paper` print the test page."""
    from drivers.errors import DeviceError
    from drivers.link.spy import RecordedLink
    from drivers.printer.checkup import ANSWER_S
    from drivers.printer.link import open_link
    from drivers.printer.probe import Probe

    recorder = session.start()
    try:
        link = RecordedLink(open_link(session.url), recorder.told)
    except DeviceError as error:
        session.not_there(str(error))
    probe = Probe(link, ANSWER_S)
    steps: list[Callable[[], Any]] = [lambda: _say(probe.look().status.line("en"))]
    if paper:
        steps.append(lambda: probe.print_bytes(_trial_job(path)))

    def step() -> None:
        steps.pop(0)()
        session.done += 1
        if not steps:
            session.end()

    try:
        session.run(step)
    finally:
        link.close()


def _trial_job(path: Path) -> bytes:
    from config.printers import DEFAULT, load_printer
    from drivers.printer.encode import encode
    from pos_agent.trial_page import trial_page

    settings = settings_if_any(path)
    profile = load_printer(settings.printer.model if settings and settings.printer else DEFAULT)
    return encode(trial_page(profile), profile, attempt_id="TEST")
