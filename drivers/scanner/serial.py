"""A scanner on a serial line: `serial:///dev/ttyACM0?baud=9600`, a pty, or `tcp://host:port`.

baud=9600  bits=8|7  parity=n|e|o  stop=1|2  flow=none|rtscts|xonxoff      serial:// alone
suffix=any|cr|lf|crlf|tab|etx|eot  prefix=none|stx  idle_ms=100            both
and the other habits of drivers/scanner/habits.py.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from drivers.link.address import Address, Choice, Settings, Words
from drivers.link.descriptor import DescriptorLink
from drivers.link.link import Link, Terms
from drivers.link.serial import BAUD, FLOW, Port, open_serial
from drivers.link.tcp import TcpLink
from drivers.scanner.framing import Framer, endings
from drivers.scanner.habits import FIRST_HABITS, BadHabit, choices, numbers, reading_of
from drivers.scanner.line import LineScanner
from drivers.scanner.link import BOX_HINTS, PACE, SERIAL_HINTS, TUNING
from drivers.scanner.profile import NO_PROFILE, ScannerProfile

EXAMPLE = "serial:///dev/ttyACM0?baud=9600 or tcp://host:port"

HABITS = choices("serial")
FRAME_WORDS: dict[str, Words | Choice] = {name: HABITS.pop(name) for name in FIRST_HABITS}
FRAME_NUMBERS = numbers("serial")
PORT_WORDS: dict[str, Words | Choice] = {"parity": ("n", "e", "o"), **FLOW}
PORT_NUMBERS = {**BAUD, "bits": (range(7, 9), 8), "stop": (range(1, 3), 1)}


class SerialLine:
    """The line that a URL names: how to open it, and how it is cut. A wrong URL is told at once, not when opened."""

    def __init__(self, url: str, profile: ScannerProfile = NO_PROFILE) -> None:
        self.url = url
        address = Address(url, EXAMPLE, profile.habits)
        if address.parts.scheme == "tcp":
            self._host, self._port = address.host_and_port()
            self._path = None
            self._settings = address.settings(FRAME_WORDS, FRAME_NUMBERS, HABITS)
        else:
            self._path = address.path()
            self._settings = address.settings(FRAME_WORDS | PORT_WORDS, FRAME_NUMBERS | PORT_NUMBERS, HABITS)
        try:
            self._reading = reading_of(self._settings, profile.identifiers)
        except BadHabit as error:
            raise address.wrong(str(error)) from error

    def open(self) -> DescriptorLink | TcpLink:
        """Open it; DeviceError says why not."""
        if self._path is None:
            return TcpLink((self._host, self._port), TUNING, Terms(url=self.url, pace=PACE, hints=BOX_HINTS))
        terms = Terms(url=self.url, pace=PACE, hints=SERIAL_HINTS)
        return open_serial(self._path, _port(self._settings), terms)

    @property
    def flow(self) -> str:
        """How the two sides hold each other off; a network box does that by itself."""
        return "none" if self._path is None else self._settings.word("flow")

    @property
    def endings(self) -> tuple[bytes, ...]:
        """Any of these ends a code."""
        return endings(self._settings.word("suffix"))

    @property
    def leads(self) -> tuple[bytes, ...]:
        """What this scanner may put before a code, besides STX and an AIM identifier."""
        prefix, letters = self._reading.prefix, tuple(self._reading.identifiers or ())
        return tuple((prefix + one).encode("latin-1") for one in ("", *letters) if prefix + one)

    @property
    def idle_s(self) -> float:
        """So long a silence ends a code."""
        return self._settings.number("idle_ms") / 1000

    def framer(self) -> Framer:
        return Framer(self._settings.word("suffix"), self._settings.word("prefix"), self._reading)


def _port(settings: Settings) -> Port:
    return Port(
        baud=settings.number("baud"),
        bits=settings.number("bits"),
        parity=settings.word("parity"),
        stop=settings.number("stop"),
        flow=settings.word("flow"),
    )


def serial_scanner(
    url: str, name: str, profile: ScannerProfile = NO_PROFILE, *, open: Callable[[str], Link] | None = None
) -> LineScanner:
    """`open`: what opens the URL instead of the system."""
    line = SerialLine(url, profile)
    return LineScanner(url, name, line.open if open is None else partial(open, url), line.framer(), line.idle_s)
