"""The printer's link, by URL.

tcp://HOST[:9100]              a network printer, or the emulator
serial:///dev/ttyUSB0?baud=N   also `&flow=rtscts|xonxoff|none`
usb://04b8:0202[/SERIAL]       through libusb, the ids as lsusb prints them; also `?interface=N`
file:///dev/usb/lp0            a device node, or a plain file (which never answers)
shared:///…/NAME.data.sock     the till's end of a printer that it shares with the POS (share.py)
spy+URL                        any of them, every byte shown on stderr
"""

from __future__ import annotations

import errno
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Final, TextIO

from drivers.link.address import Address
from drivers.link.descriptor import DescriptorLink, open_file, open_shared
from drivers.link.link import Clock, Link, Pace, Terms
from drivers.link.lost import Hints
from drivers.link.serial import PORT, open_serial
from drivers.link.spy import RecordedLink, shown_on
from drivers.link.tcp import Tuning, open_tcp

SPY: Final = "spy+"
DEFAULT_TCP_PORT: Final = 9100
EXAMPLES: Final = (
    "A printer is tcp://HOST:9100, serial:///dev/ttyUSB0?baud=9600, usb://04b8:0202 or file:///dev/usb/lp0."
)
PACE: Final = Pace(send_s=10.0, stall_s=3.0, slowest_bytes_per_s=480)  # a full buffer; 4800 baud: nobody's is slower
TUNING: Final = Tuning(
    connect_s=2.0,  # a printer on the shop's own network answers in milliseconds
    keepalive=(10, 3, 3),
    user_timeout_ms=8000,
    buffer_bytes=8192,
    drain_s=0.5,
)
HINTS: Final = Hints(
    denied="Let this user use the device: a udev rule for USB; the group dialout for serial, lp for /dev/usb.",
    held="Another program holds the printer: CUPS, ipp-usb, or another pos-agent. Stop it.",
    otherwise="Check the printer's power, its cable and its address.",
    by_errno={
        errno.ECONNREFUSED: "Something is at that address, but no printer listens there; most listen on port 9100."
    },
)


def open_link(url: str, *, clock: Clock = time.monotonic, spy: TextIO | None = None) -> Link:
    """Open the link or raise DeviceError. Nothing is sent."""
    if url.startswith(SPY):
        return RecordedLink(open_link(url.removeprefix(SPY), clock=clock), shown_on(spy or sys.stderr))
    return _opener(url)(Terms(url=url, pace=PACE, hints=HINTS, clock=clock))


def check_url(url: str) -> None:
    """A mistake in the settings is told at the start, not at the first receipt. Raises DeviceError."""
    _opener(url.removeprefix(SPY))


def slowest_s(data: bytes) -> float:
    """How long these bytes may be on their way."""
    return PACE.slowest_s(data)


def open_descriptor(url: str) -> int:
    """A plain descriptor that never blocks, of a network printer or a serial one. Raises DeviceError."""
    link = open_link(url)
    assert isinstance(link, DescriptorLink), url
    return link.detach()


def _opener(url: str) -> Callable[[Terms], Link]:
    address = Address(url, EXAMPLES, tried="open the printer")
    match address.parts.scheme:
        case "tcp":
            place = address.host_and_port(DEFAULT_TCP_PORT)
            address.settings({})
            return partial(open_tcp, place, TUNING)
        case "serial":
            return partial(open_serial, address.path(), address.settings(PORT))
        case "usb":
            from drivers.link import usb

            return partial(usb.open_usb, usb.wanted(address))
        case "file" | "shared" as scheme:
            address.settings({})
            return partial(open_file if scheme == "file" else open_shared, address.path())
        case scheme:
            raise address.wrong(f"a printer has no scheme {scheme!r}" if scheme else "there is no scheme")
