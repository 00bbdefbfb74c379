"""`pos-agent doctor`: tries what is plugged in, and says on one page what it is, what it does, what to set."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from pos_agent.commands.options import config_option
from pos_agent.doctor_words import say_doctor

if TYPE_CHECKING:
    from config.settings import Settings
    from drivers.ports import Port
    from drivers.scanner.trial import TrialCode
    from loyalty.programme import Language
    from pos_agent.doctor.sheet import About, Finding

TELLING_S = 1.0  # in which a printer says that it is one; a scanner says nothing
WAIT_S_MAX = 600
SCANS_MAX = 20
ABOUT: dict[str, About] = {"scanner": "scanner", "camera": "camera", "printer": "printer"}  # no cashier's keyboard
YES, NO = ("y", "yes", "д", "да"), ("n", "no", "н", "нет")


@click.command(name="doctor")
@click.argument("urls", nargs=-1, metavar="[URL]...")
@config_option
@click.option("--scans", type=click.IntRange(0, SCANS_MAX), default=3, show_default=True,
              help="How often each test code is to be scanned; 0: ask for none.")  # fmt: skip
@click.option("--wait", "wait_s", type=click.FloatRange(0.1, WAIT_S_MAX), default=30.0, show_default=True,
              help="Seconds to wait for a scan.")  # fmt: skip
@click.option("--picture", type=click.Path(path_type=Path, dir_okay=False),
              help="Write the test code to be scanned as PNG here, too: for a telephone.")  # fmt: skip
@click.option(
    "--paper",
    is_flag=True,
    help="Print one line, to see by eye whether the code page is right; sets the printer back as every paper does.",
)
@click.option("--write", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.toml",
              help="Write the printer's profile, as it answered, to this file.")  # fmt: skip
@click.option("--language", type=click.Choice(["ru", "en"]), help="The settings' own if left out.")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
@click.option("--root", type=click.Path(path_type=Path, file_okay=False), default=Path("/"), hidden=True)
def command(
    urls: tuple[str, ...],
    path: Path,
    scans: int,
    wait_s: float,
    picture: Path | None,
    paper: bool,
    write: Path | None,
    language: Literal["ru", "en"] | None,
    as_json: bool,
    root: Path,
) -> None:
    """Try the printer, the scanners and cameras of the settings, or those at URL, and the till beneath them.

    A scanner is asked to read two test codes, shown here as blocks, and told what to set and which URL to write. A
    printer is asked who and how it is; nothing is printed without --paper. A running agent holds its devices, so it is
    asked what it knows of them. Everything is left as it was found.

    Ends with 0 when a till can work so, else with 1. ✓ is well, ✗ is to be mended, ? is to be looked at.

    \b
      $ pos-agent doctor                                        # all of pos-agent.toml
      $ pos-agent doctor tcp://192.168.0.20:9100 --write printer.toml
      $ pos-agent doctor serial:///dev/ttyACM0?baud=9600 --language en
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    visit = Visit(path, urls, scans, wait_s, picture, paper, write, language, root)
    try:
        visit.look()
    except KeyboardInterrupt:
        from pos_agent.doctor.sheet import STOPPED, unsure

        visit.findings.append(unsure("till", STOPPED))
    _show(visit.findings, visit.language, as_json)


def _show(findings: list[Finding], language: Language, as_json: bool) -> None:
    from pos_agent.doctor.sheet import for_programs, page, stops

    if as_json:
        click.echo(json.dumps(for_programs(findings, language), ensure_ascii=False, indent=2))
    else:
        for line in page(findings, language):
            click.echo(line)
    sys.exit(1 if stops(findings) else 0)


@dataclass(slots=True)
class Visit:
    """One look at a till, from its settings to its cameras. `findings` grow as it goes: it may be broken off."""

    path: Path
    urls: tuple[str, ...]
    scans: int
    wait_s: float
    picture: Path | None
    paper: bool
    write: Path | None
    chosen: Literal["ru", "en"] | None
    root: Path
    findings: list[Finding] = field(default_factory=list)
    settings: Settings | None = None
    _kinds: dict[str, str] = field(default_factory=dict)

    @property
    def language(self) -> Language:
        return self.chosen or (self.settings.language if self.settings is not None else "ru")

    def look(self) -> None:
        from drivers.ports import ports

        self._read_settings()
        held = self._till() if self.settings is not None else frozenset()
        plugged = {port.url: port for port in ports(self.root) if port.kind in ABOUT}
        urls = self._urls(plugged)
        for url in sorted(urls, key=lambda url: self._kind(url, plugged) == "scanner"):  # a person is wanted last
            if url not in held:
                self._device(url, self._kind(url, plugged))
        self._others(plugged, urls)

    def _read_settings(self) -> None:
        from config.settings import SettingsError
        from pos_agent.commands.options import settings_if_any
        from pos_agent.doctor.sheet import stopping, unsure

        try:
            self.settings = settings_if_any(self.path)
        except SettingsError as error:
            self.findings.append(stopping("till", "settings_bad", why=str(error)))
            return
        if self.settings is None:
            self.findings.append(unsure("till", "no_settings", "no_settings_help", file=str(self.path)))

    def _till(self) -> frozenset[str]:
        """What a till stands on; the URLs that its running agent holds."""
        from pos_agent.doctor import till
        from pos_agent.doctor.neighbours import neighbours

        assert self.settings is not None
        self._say("now_till")
        self.findings.append(till.programme(self.settings))
        self.findings += till.disk(self.settings)
        self.findings += till.hub(self.settings)
        self.findings += neighbours(self.settings)
        self.findings.append(till.browser())
        status, found = till.agent(self.settings)
        self.findings += found
        if status is None:
            return frozenset()
        self.findings += till.held_by_agent(status)
        printers = [status.printer.url] if status.printer else []
        return frozenset([*printers, *(scanner.url for scanner in status.scanners)])

    def _urls(self, plugged: Mapping[str, Port]) -> list[str]:
        """Asked for, or set, or at least plugged in."""
        if self.urls:
            return list(self.urls)
        if self.settings is None:
            return list(plugged)
        printer = [self.settings.printer.url] if self.settings.printer else []
        return [*printer, *(scanner.url for scanner in self.settings.scanners)]

    def _device(self, url: str, kind: str) -> None:
        from pos_agent.doctor.scanners import ScannerExam, examined_scanner

        own = [scanner.model for scanner in self.settings.scanners if scanner.url == url] if self.settings else []
        exam = ScannerExam(url=url, model=own[0] if own else None, scans=self.scans, wait_s=self.wait_s)
        if kind == "camera":
            from pos_agent.doctor.cameras import examined_camera  # and OpenCV with it

            self._say("now_camera", url=url)
            self.findings += examined_camera(exam, self._show_code)
        elif kind == "printer":
            self._printer(url)
        else:
            self._say("now_scanner", url=url)
            self.findings += examined_scanner(
                exam, self._show_code, lambda count: self._say("scan_came", count=str(count))
            )

    def _printer(self, url: str) -> None:
        from pos_agent.doctor.printers import PrinterExam, examined_printer

        self._say("now_printer", url=url)
        own = self.settings.printer if self.settings is not None else None
        model = own.model if own is not None and own.url == url else None
        exam = PrinterExam(url=url, model=model, paper=self.paper, write=self.write)
        self.findings += examined_printer(exam, self._readable)

    def _kind(self, url: str, plugged: Mapping[str, Port]) -> str:
        """What the settings call it, or its address. Where that says nothing, whoever answers a printer's question."""
        if url not in self._kinds:
            self._kinds[url] = self._kind_of(url, plugged)
        return self._kinds[url]

    def _kind_of(self, url: str, plugged: Mapping[str, Port]) -> str:
        scheme = url.removeprefix("spy+").partition(":")[0]
        if scheme in ("camera", "hid", "hidraw"):
            return "camera" if scheme == "camera" else "scanner"
        if self.settings is not None and url in [scanner.url for scanner in self.settings.scanners]:
            return "scanner"
        if self.settings is not None and self.settings.printer is not None and url == self.settings.printer.url:
            return "printer"
        if scheme in ("usb", "file") or url.startswith("spy+") or url.endswith(":9100"):
            return "printer"
        if not self.urls and url in plugged:  # nobody said that it may be asked: a fiscal device may hang there
            return plugged[url].kind
        return "printer" if answers_as_printer(url) else "scanner"

    def _others(self, plugged: Mapping[str, Port], urls: list[str]) -> None:
        """What is plugged in and nobody speaks of."""
        from pos_agent.doctor.sheet import unsure

        known = {url.partition("?")[0] for url in urls}
        for url, port in plugged.items():
            if url.partition("?")[0] not in known:
                facts = {"url": url, "name": port.name}
                self.findings.append(unsure(ABOUT[port.kind], "not_in_settings", "not_in_settings_help", **facts))
        if not known and not plugged:
            self.findings.append(unsure("till", "nothing_plugged", "nothing_plugged_help"))

    # To the person

    def _say(self, code: str, **facts: str) -> None:
        click.echo(say_doctor(code, self.language, **facts), err=True)

    def _show_code(self, code: TrialCode, count: int) -> None:
        from pos_agent.doctor.shown_code import blocks, write_picture

        self._say("scan_this", count=str(count), seconds=f"{self.wait_s:.0f}")
        for line in blocks(code, colour=sys.stderr.isatty()):
            click.echo(line, err=True, color=True)
        if self.picture is None:
            return
        try:
            write_picture(code, self.picture)
            self._say("picture_written", file=str(self.picture))
        except OSError as error:
            self._say("picture_not_written", file=str(self.picture), why=error.strerror or str(error))

    def _count(self, came: int) -> None:
        self._say("scan_came", count=str(came))

    def _readable(self, sample: str) -> bool | None:
        """None where there is nobody to answer."""
        if not sys.stdin.isatty():
            return None
        for answer in self._answers(sample):
            if answer in (*YES, *NO):
                return answer in YES
        return None

    def _answers(self, sample: str) -> Iterator[str]:
        """Until one is understood, or the input ends."""
        self._say("readable", sample=sample)
        for line in sys.stdin:
            yield line.strip().lower()
            self._say("readable", sample=sample)


def answers_as_printer(url: str) -> bool:
    """A serial line or a network box says nothing of itself; a scanner ignores a printer's question."""
    from drivers.errors import DeviceError
    from drivers.printer.answers import RealTimeStatus
    from drivers.printer.link import open_link
    from drivers.printer.probe import Probe

    try:
        link = open_link(url)
    except DeviceError:
        return False
    try:
        asked = Probe(link, TELLING_S).ask("DLE EOT 1", b"\x10\x04\x01", lambda it: isinstance(it, RealTimeStatus))
        return asked.answer is not None
    except DeviceError:
        return False
    finally:
        link.close()
