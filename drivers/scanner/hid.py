"""A scanner that is a keyboard: `hid:///dev/input/by-id/usb-…-event-kbd`. Its node is grabbed, so the desktop gets none
of its keys and its layout does not matter.

    grab=yes|no   no: everybody gets the keys; also for a recorded stream in a named pipe, which cannot be grabbed
    idle_ms=100   a pause this long ends a code, and flags it

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
from drivers.scanner.address import Address
from drivers.scanner.framing import Framer
from drivers.scanner.keymap import EVENT, Typist
from drivers.scanner.line import IDLE_GAP_MS, IDLE_GAP_MS_RANGE, LineScanner
from drivers.scanner.link import Link, opening_failed, words_of

EXAMPLE = "hid:///dev/input/by-id/usb-…-event-kbd"
EVIOCGRAB = 0x40044590  # linux/input.h: _IOW('E', 0x90, int)
EVENTS_PER_READ = 64  # a step stays short; the kernel keeps the rest
WORDS = {"grab": ("yes", "no")}
NUMBERS = {"idle_ms": (IDLE_GAP_MS_RANGE, IDLE_GAP_MS)}


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


def hid_scanner(url: str, name: str) -> LineScanner:
    address = Address(url, EXAMPLE)
    path, settings = address.path(), address.settings(WORDS, NUMBERS)
    grab, wait_s = settings.word("grab") == "yes", settings.number("idle_ms") / 1000

    def open_link() -> Link:
        return EventLink(url, path=path, grab=grab, wait_s=wait_s)

    return LineScanner(url, name, open_link, Typist(Framer()))
