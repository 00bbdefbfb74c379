"""A scanner on a serial line: `serial:///dev/ttyACM0?baud=9600`, a pty, or `tcp://host:port`.

baud=9600  bits=8|7  parity=n|e|o  stop=1|2  flow=none|rtscts|xonxoff      serial:// alone
suffix=any|cr|lf|crlf|tab|etx|eot  prefix=none|stx  idle_ms=100            both
and the other habits of drivers/scanner/habits.py.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from drivers.link.address import Address, Choice, Number
from drivers.link.descriptor import DescriptorLink
from drivers.link.link import Link, Terms
from drivers.link.serial import PORT, open_serial
from drivers.link.tcp import open_tcp
from drivers.scanner.framing import Framer, endings
from drivers.scanner.habits import habits_on, reading_of
from drivers.scanner.line import LineScanner
from drivers.scanner.link import BOX_HINTS, PACE, SERIAL_HINTS, TUNING
from drivers.scanner.profile import NO_PROFILE, ScannerProfile

HINT = "Write serial:///dev/ttyACM0?baud=9600 or tcp://host:port."

HABITS = habits_on("serial")
# In the order in which most people look for them.
BOX_SETTINGS = {name: HABITS[name] for name in ("suffix", "prefix", "idle_ms")} | HABITS
PORT_SETTINGS = {
    "suffix": HABITS["suffix"],
    "prefix": HABITS["prefix"],
    "parity": Choice(("n", "e", "o")),
    "flow": PORT["flow"],
    "idle_ms": HABITS["idle_ms"],
    "baud": PORT["baud"],
    "bits": Number(range(7, 9), "8"),
    "stop": Number(range(1, 3), "1"),
} | HABITS


class SerialLine:
    """The line that a URL names: how to open it, and how it is cut. A wrong URL is told at once, not when opened."""

    open: Callable[[], DescriptorLink]  # raises DeviceError
    flow: str  # how the two sides hold each other off; a network box does that by itself
    endings: tuple[bytes, ...]  # any of these ends a code
    leads: tuple[bytes, ...]  # what this scanner may put before a code, besides STX and an AIM identifier
    idle_s: float  # so long a silence ends a code

    def __init__(self, url: str, profile: ScannerProfile = NO_PROFILE) -> None:
        self.url = url
        address = Address(url, HINT, profile.habits)
        if address.parts.scheme == "tcp":
            place, settings = address.host_and_port(), address.settings(BOX_SETTINGS)
            self.open = partial(open_tcp, place, TUNING, Terms(url=url, pace=PACE, hints=BOX_HINTS))
        else:
            path, settings = address.path(), address.settings(PORT_SETTINGS)
            self.open = partial(open_serial, path, settings, Terms(url=url, pace=PACE, hints=SERIAL_HINTS))
        reading = reading_of(address, settings, profile.identifiers)
        self.flow = settings.get("flow", "none")
        self.endings = endings(settings["suffix"])
        before = [reading.prefix + letters for letters in ("", *(reading.identifiers or ()))]
        self.leads = tuple(one.encode("latin-1") for one in before if one)
        self.idle_s = int(settings["idle_ms"]) / 1000
        self.framer = partial(Framer, settings["suffix"], settings["prefix"], reading)


def serial_scanner(
    url: str, name: str, profile: ScannerProfile = NO_PROFILE, *, open: Callable[[str], Link] | None = None
) -> LineScanner:
    """`open`: what opens the URL instead of the system."""
    line = SerialLine(url, profile)
    return LineScanner(url, name, line.open if open is None else partial(open, url), line.framer(), line.idle_s)
