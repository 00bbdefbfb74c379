"""A scanner on a serial line: `serial:///dev/ttyACM0?baud=9600`, a pty, or `tcp://host:port`.

baud=9600  bits=8|7  parity=n|e|o  stop=1|2  flow=none|rtscts|xonxoff      serial:// alone
suffix=any|cr|lf|crlf|etx  prefix=none|stx  idle_ms=100                    both
"""

from __future__ import annotations

from drivers.scanner.address import Address, Settings
from drivers.scanner.framing import PREFIXES, SUFFIXES, Framer
from drivers.scanner.line import IDLE_GAP_MS, IDLE_GAP_MS_RANGE, LineScanner
from drivers.scanner.link import PortSettings, SerialLink, TcpLink

EXAMPLE = "serial:///dev/ttyACM0?baud=9600 or tcp://host:port"
BAUDS = range(300, 4_000_001)

FRAME_WORDS = {"suffix": tuple(SUFFIXES), "prefix": PREFIXES}
FRAME_NUMBERS = {"idle_ms": (IDLE_GAP_MS_RANGE, IDLE_GAP_MS)}
PORT_WORDS = {"parity": ("n", "e", "o"), "flow": ("none", "rtscts", "xonxoff")}
PORT_NUMBERS = {"baud": (BAUDS, 9600), "bits": (range(7, 9), 8), "stop": (range(1, 3), 1)}


class SerialLine:
    """The line that a URL names: how to open it, and how it is cut. A wrong URL is told at once, not when opened."""

    def __init__(self, url: str) -> None:
        self.url = url
        address = Address(url, EXAMPLE)
        if address.parts.scheme == "tcp":
            self._host, self._port = address.host_and_port()
            self._path = None
            self._settings = address.settings(FRAME_WORDS, FRAME_NUMBERS)
        else:
            self._path = address.path()
            self._settings = address.settings(FRAME_WORDS | PORT_WORDS, FRAME_NUMBERS | PORT_NUMBERS)

    def open(self) -> SerialLink | TcpLink:
        """Open it; DeviceError says why not."""
        wait_s = self._settings.number("idle_ms") / 1000
        if self._path is None:
            return TcpLink(self.url, host=self._host, port=self._port, wait_s=wait_s)
        return SerialLink(self.url, path=self._path, settings=_port(self._settings), wait_s=wait_s)

    @property
    def flow(self) -> str:
        """How the two sides hold each other off; a network box does that by itself."""
        return "none" if self._path is None else self._settings.word("flow")

    @property
    def suffix(self) -> str:
        return self._settings.word("suffix")

    @property
    def idle_s(self) -> float:
        """So long a silence ends a code."""
        return self._settings.number("idle_ms") / 1000

    def framer(self) -> Framer:
        return Framer(self._settings.word("suffix"), self._settings.word("prefix"))


def _port(settings: Settings) -> PortSettings:
    return PortSettings(
        baud=settings.number("baud"),
        bits=settings.number("bits"),
        parity=settings.word("parity"),
        stop=settings.number("stop"),
        flow=settings.word("flow"),
    )


def serial_scanner(url: str, name: str) -> LineScanner:
    line = SerialLine(url)
    return LineScanner(url, name, line.open, line.framer())
