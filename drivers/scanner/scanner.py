"""The one face of every scanner, whatever it is made of; and the thread that drives one."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

from drivers.errors import DeviceError
from drivers.life import DeviceLife
from drivers.scanner.profile import NO_PROFILE, ScannerProfile
from drivers.scanner.scan import Scan

READ_WAIT_S_MAX = 0.25  # a step blocks on its own device no longer than this, so that stopping is prompt
SCHEMES = (
    "serial:///dev/serial/by-id/…?baud=9600",
    "tcp://host:port",
    "hid:///dev/input/by-id/…",
    "hidraw:///dev/hidraw0",
    "camera:0",
    "camera:http://…",
    "camera:file:…",
)


class Scanner(Protocol):
    """A device that reads codes."""

    name: str
    url: str
    life: DeviceLife
    refused: Counter[str]  # why → how many times something that came was no code

    def step(self, now_s: float, at: datetime) -> tuple[list[Scan], float]:
        """Do one bounded piece of work; give the scans it brought and when to be called next.

        `now_s` is monotonic, `at` is aware and UTC. Only opening a line to another machine may take longer
        than READ_WAIT_S_MAX (link.CONNECT_WAIT_S).
        """

    def close(self) -> None:
        """Let the device go. A closed scanner may be stepped no more."""


def open_scanner(url: str, *, name: str, profile: ScannerProfile = NO_PROFILE) -> Scanner:
    """The scanner at `url`, of this make; the device itself is opened by the first step, and needn't be there yet."""
    scheme = url.partition(":")[0]
    if scheme in ("serial", "tcp"):
        from drivers.scanner.serial import serial_scanner

        return serial_scanner(url, name, profile)
    if scheme == "hid":
        from drivers.scanner.hid import hid_scanner

        return hid_scanner(url, name, profile)
    if scheme == "hidraw":
        from drivers.scanner.hidraw import hidraw_scanner

        return hidraw_scanner(url, name, profile)
    if scheme == "camera":
        from drivers.scanner.camera import CameraScanner

        return CameraScanner(url, name)
    raise DeviceError(
        tried="choosing a driver",
        device=url,
        cause=f"no scanner is known by {scheme!r}",
        hint="Write one of: " + ", ".join(SCHEMES),
    )


def run(scanner: Scanner, deliver: Callable[[Scan, float], None], stop: threading.Event) -> None:
    """Drive a scanner until told to stop: the body of its thread, the only place with a clock and a sleep.

    Each scan is delivered with the monotonic moment of its end.
    """
    try:
        while not stop.is_set():
            scans, next_s = scanner.step(time.monotonic(), datetime.now(UTC))
            for scan in scans:
                deliver(scan, time.monotonic())
            if (pause_s := next_s - time.monotonic()) > 0:
                stop.wait(pause_s)
    finally:
        scanner.close()
