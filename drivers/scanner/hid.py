"""A scanner that is a keyboard: `hid:///dev/input/by-id/usb-…-event-kbd`. Its node is grabbed, so the desktop gets none
of its keys and its layout does not matter.

    grab=yes|no   no: everybody gets the keys; also for a recorded stream in a named pipe, which cannot be grabbed
    idle_ms=100   a pause this long ends a code, and flags it
    suffix=any|cr|tab|arrow-down|…   and the other habits of drivers/scanner/habits.py

The node is read directly: it is one ioctl and records of one size, and the evdev package would have to be compiled
against the kernel's headers on every till.
"""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Mapping
from functools import partial

from drivers.link.address import Address, Choice
from drivers.link.link import Link
from drivers.scanner.framing import Framer
from drivers.scanner.habits import habits_on, reading_of
from drivers.scanner.keymap import ARROWS, EV_LED, EVENT, LED_CAPS_LOCK, Keys, Typist
from drivers.scanner.line import LineScanner
from drivers.scanner.link import node_hints
from drivers.scanner.node import NodeLink
from drivers.scanner.profile import NO_PROFILE, ScannerProfile

HINT = "Write hid:///dev/input/by-id/usb-…-event-kbd."
EVIOCGRAB = 0x40044590  # linux/input.h: _IOW('E', 0x90, int)
EVIOCGLED = 0x80014519  # _IOR('E', 0x19, char[1]): which lamps are lit, a bit each
EVENTS_PER_READ = 64  # a step stays short; the kernel keeps the rest
HABITS = habits_on("keys")
SETTINGS = {"grab": Choice(("yes", "no")), "idle_ms": HABITS["idle_ms"]} | HABITS
HINTS = node_hints("an input device", "input")


class EventLink(NodeLink):
    """An input device's node, or a named pipe with the records of one."""

    no_orders = "a scanner that is a keyboard takes no orders"

    def __init__(self, url: str, *, path: str, grab: bool) -> None:
        self._grab = grab
        self._first = b""
        super().__init__(url, path=path, hints=HINTS, bytes_max=EVENT.size * EVENTS_PER_READ)

    def _claim(self) -> None:
        """Grabbing what is no input device is ENOTTY."""
        if self._grab:
            fcntl.ioctl(self.fd, EVIOCGRAB, 1)
        self._first = lamps_now(self.fd)

    def receive(self, timeout_s: float) -> bytes:
        first, self._first = self._first, b""
        return first or super().receive(timeout_s)


def lamps_now(node: int) -> bytes:
    """Whether Caps Lock's lamp is lit, as the record that would tell of it; of what has no lamps, nothing."""
    lamps = bytearray(1)
    try:
        fcntl.ioctl(node, EVIOCGLED, lamps)
    except OSError:
        return b""
    return EVENT.pack(0, 0, EV_LED, LED_CAPS_LOCK, lamps[0] >> LED_CAPS_LOCK & 1)


def hid_scanner(
    url: str, name: str, profile: ScannerProfile = NO_PROFILE, *, open: Callable[[str], Link] | None = None
) -> LineScanner:
    """`open`: what opens the URL instead of the system."""
    address = Address(url, HINT, profile.habits)
    path, settings = address.path(), address.settings(SETTINGS)
    opened = partial(open or partial(EventLink, path=path, grab=settings["grab"] == "yes"), url)
    return LineScanner(url, name, opened, typist_of(address, settings, profile), int(settings["idle_ms"]) / 1000)


def typist_of(address: Address, settings: Mapping[str, str], profile: ScannerProfile) -> Typist:
    """Raises DeviceError."""
    suffix = settings["suffix"]
    arrow = suffix if suffix in ARROWS else None
    keys = Keys(
        layout=settings["layout"],
        encoding=settings["encoding"],
        caps_on=settings["modifiers"] == "caps-on",
        arrow=arrow,
    )
    reading = reading_of(address, settings, profile.identifiers)
    return Typist(Framer("etx" if arrow else suffix, "none", reading), keys)
