"""Devices that the till shares with the shop's POS: what is published of them, and the processes that hold them.

Each shared device has a process of its own, which outlives the agent: it is started by whoever finds it gone, and ended
when the settings share the device no more (or by `pos-agent share stop`).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from config.scanners import make_of
from config.settings import PrinterSettings, ScannerSettings, Settings
from drivers.errors import DeviceError
from drivers.printer.shared import SharedTurn
from drivers.scanner.shared import SharedScanner
from drivers.sharing.local import RELOAD, STOP, Message, connect
from drivers.sharing.plan import ShareFiles, SharePlan
from loyalty.ours import own_codes
from loyalty.programme import Programme

PRINTER_NAME = "printer"  # a till has one
END_TRIES, END_PAUSE_S = 20, 0.05  # a second: a share listens a tenth of one after it took its lock


def scanner_plan(scanner: ScannerSettings, programme: Programme) -> SharePlan:
    assert scanner.forward is not None
    make = make_of(scanner.model)
    return SharePlan(
        kind="scanner",
        name=scanner.name,
        device=scanner.url,
        door=scanner.forward,
        everything=scanner.forward_what == "all",
        own=tuple((code.begins, code.whole) for code in own_codes(programme)),
        habits=dict(make.habits),
        identifiers=dict(make.identifiers),
    )


def printer_plan(printer: PrinterSettings) -> SharePlan:
    assert printer.share is not None
    return SharePlan(kind="printer", name=PRINTER_NAME, device=printer.url, door=printer.share)


def plans(settings: Settings, programme: Programme) -> list[SharePlan]:
    """Of every device that is shared."""
    shared = [scanner_plan(scanner, programme) for scanner in settings.scanners if scanner.forward is not None]
    if settings.printer is not None and settings.printer.share is not None:
        shared.append(printer_plan(settings.printer))
    return shared


class Sharing:
    """The processes of one till's folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._children: list[subprocess.Popen[bytes]] = []

    def publish(self, wanted: list[SharePlan]) -> None:
        """What is shared from now on; a process whose device or door is another one ends, and so does one of which
        nothing stands here any more."""
        for plan in wanted:
            files = self.files(plan)
            before = _published(files)
            files.publish(plan)
            if before is not None and before != plan:
                order(files, RELOAD) if before.wiring == plan.wiring else end(files)
        names = {self.files(plan).name for plan in wanted}
        for path in self._folder.glob("share-*.json"):
            if path.stem not in names:
                end(ShareFiles(self._folder, path.stem))
                path.unlink(missing_ok=True)

    def files(self, plan: SharePlan) -> ShareFiles:
        return ShareFiles.of(self._folder, plan.kind, plan.name)

    def start(self, plan: SharePlan) -> None:
        """In a session of its own, so that what ends the agent does not end it. One that is there already stays."""
        self._children = [child for child in self._children if child.poll() is None]
        if not self.files(plan).is_held():
            self._run(plan)

    def _run(self, plan: SharePlan) -> None:
        with self.files(plan).log.open("ab") as log:
            self._children.append(
                subprocess.Popen(
                    command_of(self._folder, plan),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=log,
                    start_new_session=True,
                )
            )

    def scanner(self, scanner: ScannerSettings, programme: Programme) -> SharedScanner:
        plan = scanner_plan(scanner, programme)
        files, make = self.files(plan), make_of(scanner.model)
        return SharedScanner(scanner.url, scanner.name, plan.door, files, lambda: self.start(plan), make)

    def printer(self, printer: PrinterSettings) -> SharedTurn | None:
        """The till's turn on it; none where the printer is ours alone."""
        if printer.share is None:
            return None
        plan = printer_plan(printer)
        return SharedTurn(plan.door, self.files(plan), lambda: self.start(plan))

    def stop(self) -> list[str]:
        """End all of them; the names of those that were told."""
        told = []
        for path in sorted(self._folder.glob("share-*.json")):
            files = ShareFiles(self._folder, path.stem)
            if order(files, STOP):
                told.append(str(json.loads(path.read_text(encoding="utf-8")).get("name")))
        return told


def command_of(folder: Path, plan: SharePlan) -> list[str]:
    return [sys.executable, "-P", "-m", "drivers.sharing", os.fspath(folder), plan.kind, plan.name]


def order(files: ShareFiles, kind: bytes) -> bool:
    """Whether anybody is there to hear it."""
    with suppress(OSError), connect(files.socket) as line:
        line.send(Message(kind).packed())
        return True
    return False


def end(files: ShareFiles) -> None:
    """One that is only starting does not listen yet: it is told a little later."""
    for _ in range(END_TRIES):
        if order(files, STOP) or not files.is_held():
            return
        time.sleep(END_PAUSE_S)


def _published(files: ShareFiles) -> SharePlan | None:
    with suppress(DeviceError):
        return files.published()
    return None
