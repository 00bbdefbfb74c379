"""A scanner that is a keyboard: `hid:///dev/input/by-id/usb-…-event-kbd`. Its node is grabbed, so the desktop gets none
of its keys and its layout does not matter.

    grab=yes|no   no: everybody gets the keys; also for a recorded stream in a named pipe, which cannot be grabbed
    idle_ms=100   a pause this long ends a code, and flags it
    suffix=any|cr|tab|arrow-down|…   and the other habits of drivers/scanner/habits.py

The node is read directly: it is one ioctl and records of one size, and the evdev package would have to be compiled
against the kernel's headers on every till.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import stat

from drivers.errors import DeviceError
from drivers.scanner.address import Address, Settings
from drivers.scanner.framing import Framer
from drivers.scanner.habits import BadHabit, choices, numbers, reading_of
from drivers.scanner.keymap import ARROWS, EV_LED, EVENT, LED_CAPS_LOCK, Keys, Typist
from drivers.scanner.line import LineScanner
from drivers.scanner.link import Link, opening_failed, words_of
from drivers.scanner.profile import NO_PROFILE, ScannerProfile

EXAMPLE = "hid:///dev/input/by-id/usb-…-event-kbd"
EVIOCGRAB = 0x40044590  # linux/input.h: _IOW('E', 0x90, int)
EVIOCGLED = 0x80014519  # _IOR('E', 0x19, char[1]): which lamps are lit, a bit each
EVENTS_PER_READ = 64  # a step stays short; the kernel keeps the rest
WORDS = {"grab": ("yes", "no")}
NUMBERS = numbers("keys")


class EventLink:
    """An input device's node, or a named pipe with the records of one."""

    def __init__(self, url: str, *, path: str, grab: bool, wait_s: float) -> None:
        self._url = url
        self._wait_s = wait_s
        try:
            self._node = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        except OSError as error:
            raise self._not_opened(error, path) from error
        try:
            self._claim(grab)
            self._first = lamps_now(self._node)
        except OSError as error:
            os.close(self._node)
            raise self._not_opened(error, path) from error

    def _claim(self, grab: bool) -> None:
        """A plain file or a directory would deliver anything but keys; grabbing what is no input device is ENOTTY."""
        mode = os.fstat(self._node).st_mode
        if not (stat.S_ISCHR(mode) or stat.S_ISFIFO(mode)):
            raise OSError("it is no device")
        if grab:
            fcntl.ioctl(self._node, EVIOCGRAB, 1)

    def _not_opened(self, error: OSError, path: str) -> DeviceError:
        return opening_failed(self._url, error, path, kind="an input device", group="input")

    def read(self) -> bytes:
        if self._first:
            first, self._first = self._first, b""
            return first
        try:
            readable, _, _ = select.select([self._node], [], [], self._wait_s)
            data = os.read(self._node, EVENT.size * EVENTS_PER_READ) if readable else None
        except BlockingIOError:
            return b""
        except (OSError, ValueError) as error:
            raise self._lost(words_of(error)) from error
        if data == b"":  # a pipe whose writer is gone; a device that is gone is ENODEV
            raise self._lost("no more keys come")
        return data or b""

    def _lost(self, cause: str) -> DeviceError:
        return DeviceError(tried="reading the keys", device=self._url, cause=cause, hint="Is the scanner plugged in?")

    def write(self, data: bytes) -> None:
        raise DeviceError(
            tried=f"sending {len(data)} bytes",
            device=self._url,
            cause="a scanner that is a keyboard takes no orders",
            hint="Scan the setting's barcode from the scanner's manual.",
        )

    def close(self) -> None:
        with contextlib.suppress(OSError):
            os.close(self._node)  # which also ends the grab


def lamps_now(node: int) -> bytes:
    """Whether Caps Lock's lamp is lit, as the record that would tell of it; of what has no lamps, nothing."""
    lamps = bytearray(1)
    try:
        fcntl.ioctl(node, EVIOCGLED, lamps)
    except OSError:
        return b""
    return EVENT.pack(0, 0, EV_LED, LED_CAPS_LOCK, lamps[0] >> LED_CAPS_LOCK & 1)


def hid_scanner(url: str, name: str, profile: ScannerProfile = NO_PROFILE) -> LineScanner:
    address = Address(url, EXAMPLE, profile.habits)
    path, settings = address.path(), address.settings(WORDS, NUMBERS, choices("keys"))
    grab, wait_s = settings.word("grab") == "yes", settings.number("idle_ms") / 1000

    def open_link() -> Link:
        return EventLink(url, path=path, grab=grab, wait_s=wait_s)

    try:
        return LineScanner(url, name, open_link, typist_of(settings, profile))
    except BadHabit as error:
        raise address.wrong(str(error)) from error


def typist_of(settings: Settings, profile: ScannerProfile) -> Typist:
    """Raises BadHabit."""
    suffix = settings.word("suffix")
    arrow = suffix if suffix in ARROWS else None
    keys = Keys(
        layout=settings.word("layout"),
        encoding=settings.word("encoding"),
        caps_on=settings.word("modifiers") == "caps-on",
        arrow=arrow,
    )
    return Typist(Framer("etx" if arrow else suffix, "none", reading_of(settings, profile.identifiers)), keys)
