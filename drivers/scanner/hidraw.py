"""A scanner that gives whole codes in reports, USB's "HID POS": `hidraw:///dev/hidraw0`. No keys, so no layout; each
report says which kind of code it is, how long it is, and whether more of it follows.

    report=aim|plain   how a report is laid out, where the device does not say so itself
    idle_ms=100        so long is waited for the rest of a code; and the other habits of drivers/scanner/habits.py

A named pipe with recorded reports (`cat /dev/hidraw0 > reports.bin`) is read as well. No such scanner was at hand when
this was written.
"""

from __future__ import annotations

import fcntl
import struct
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from drivers.link.address import Address
from drivers.link.link import Link
from drivers.scanner.habits import habits_on, reading_of
from drivers.scanner.line import LineScanner
from drivers.scanner.link import node_hints
from drivers.scanner.node import NodeLink
from drivers.scanner.profile import NO_PROFILE, ScannerProfile
from drivers.scanner.reports import LAYOUTS, ReportLayout, ReportReader, layout_of

HINT = "Write hidraw:///dev/hidraw0."
HABITS = habits_on("reports")
SETTINGS = {"idle_ms": HABITS["idle_ms"]} | HABITS
# linux/hidraw.h: _IOR('H', 1, int) and _IOR('H', 2, struct of a length and HID_MAX_DESCRIPTOR_SIZE bytes).
HIDIOCGRDESCSIZE, HIDIOCGRDESC = 0x80044801, 0x90044802
DESCRIPTOR_BYTES_MAX = 4096
UDEV_RULE = (
    "Such nodes are root's. A line in /etc/udev/rules.d gives it to a group of the agent's user: "
    'KERNEL=="hidraw*", ATTRS{idVendor}=="1eab", GROUP="input", MODE="0660" (with the vendor that `lsusb` shows).'
)
HINTS = replace(node_hints("a hidraw node"), denied=UDEV_RULE)
REPORT_BYTES_MAX = 4096  # no report of a scanner has more than 64


class ReportLink(NodeLink):
    """A hidraw node, or a named pipe with the reports of one."""

    no_orders = "orders to a HID POS scanner are not known here"

    def __init__(self, url: str, *, path: str, layout: ReportLayout) -> None:
        super().__init__(url, path=path, hints=HINTS, bytes_max=REPORT_BYTES_MAX)
        self.layout = layout_of(descriptor_of(self.fd)) or layout

    def receive(self, timeout_s: float) -> bytes:
        data = super().receive(timeout_s)
        return self._even(data) if data else data

    def _even(self, data: bytes) -> bytes:
        """A device gives one report at a time, of a length for each kind; a pipe gives what there is."""
        return self.layout.filled(data) if self.is_device else data


def descriptor_of(node: int) -> bytes:
    """What the device says of its own reports; nothing where it is no HID device."""
    size, told = bytearray(4), bytearray(4 + DESCRIPTOR_BYTES_MAX)
    try:
        fcntl.ioctl(node, HIDIOCGRDESCSIZE, size)
        told[:4] = size
        fcntl.ioctl(node, HIDIOCGRDESC, told)
    except OSError:
        return b""
    (length,) = struct.unpack_from("=I", size)
    return bytes(told[4 : 4 + length])


def hidraw_scanner(
    url: str, name: str, profile: ScannerProfile = NO_PROFILE, *, open: Callable[[str], Link] | None = None
) -> LineScanner:
    """`open`: what opens the URL instead of the system."""
    address = Address(url, HINT, profile.habits)
    path, settings = address.path(), address.settings(SETTINGS)
    reader = reader_of(address, settings, profile)
    usual = reader.layout

    def open_node(url: str) -> Link:
        link = ReportLink(url, path=path, layout=usual)
        reader.layout = link.layout
        return link

    return LineScanner(url, name, partial(open or open_node, url), reader, int(settings["idle_ms"]) / 1000)


def reader_of(address: Address, settings: Mapping[str, str], profile: ScannerProfile) -> ReportReader:
    """Raises DeviceError."""
    return ReportReader(LAYOUTS[settings["report"]], reading_of(address, settings, profile.identifiers))
