"""A scanner on a serial line: `serial:///dev/ttyACM0?baud=9600`, a pty, or `tcp://host:port`.

It opens the line, cuts it into codes with `framing`, and opens it again when it is lost. It does not know what
a code means.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container
from datetime import datetime
from typing import TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

from drivers.errors import DeviceError
from drivers.life import DeviceEvent, DeviceLife, DeviceState
from drivers.scanner.framing import SUFFIXES, Frame, Framer, Refusal
from drivers.scanner.link import DeviceMissing, Link, SerialLink, TcpLink
from drivers.scanner.scan import Scan

IDLE_GAP_MS = 100  # between bytes of one code even a Bluetooth scanner pauses less
IDLE_GAP_MS_RANGE = range(20, 251)  # below, 9600 baud itself looks like gaps; above, a step blocks too long
DEFAULTS = {
    "baud": "9600",
    "parity": "N",
    "bits": "8",
    "suffix": "any",
    "idle_ms": str(IDLE_GAP_MS),
}

T = TypeVar("T")


class SerialScanner:
    """One scanner; `step` is its whole life."""

    def __init__(self, url: str, name: str) -> None:
        self.name = name
        self.url = url
        self.life = DeviceLife()
        self.refused: Counter[str] = Counter()  # reason → how many frames
        self._open, suffix = _parse(url)
        self._framer = Framer(suffix)
        self._link: Link | None = None

    def step(self, now_s: float, at: datetime) -> tuple[list[Scan], float]:
        """Read once, waiting at most the idle gap; or try to open the line when it is time."""
        if self._link is not None:
            return self._read(self._link, now_s, at)
        if not self.life.wants_try(now_s):
            return [], self.life.try_at_s
        self.life.happened(DeviceEvent.TRIED, now_s)
        try:
            self._link = self._open()
        except DeviceError as error:
            missing = isinstance(error, DeviceMissing)
            self.life.happened(DeviceEvent.MISSING if missing else DeviceEvent.FAILED, now_s, str(error))
            return [], self.life.try_at_s
        self.life.happened(DeviceEvent.OPENED, now_s)
        return [], now_s

    def close(self) -> None:
        """Let the line go."""
        if self._link is not None:
            self._link.close()
            self._link = None
        self._framer.reset()

    def _read(self, link: Link, now_s: float, at: datetime) -> tuple[list[Scan], float]:
        assert self.life.state is DeviceState.READY
        try:
            data = link.read()
        except DeviceError as error:
            self.close()
            self.life.happened(DeviceEvent.FAILED, now_s, str(error))
            return [], self.life.try_at_s
        # The wait is the idle gap, so a read that brought nothing *is* the gap: no clock needed, and a thread
        # that was held up between two reads never mistakes its own delay for the scanner's.
        results = self._framer.feed(data) if data else self._framer.quiet()
        self.refused.update(result.reason for result in results if isinstance(result, Refusal))
        return [self._scan(result, at) for result in results if isinstance(result, Frame)], now_s

    def _scan(self, frame: Frame, at: datetime) -> Scan:
        return Scan(
            text=frame.text,
            raw=frame.raw,
            symbology=frame.symbology,
            scanner=self.name,
            at=at,
            flags=frame.flags,
        )


def _parse(url: str) -> tuple[Callable[[], Link], str]:
    """URL → how to open the line, and the suffix's name. A wrong URL is told at once, not at the first open."""
    try:
        parts = urlsplit(url)
        given = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
        if unknown := given.keys() - DEFAULTS.keys():
            raise ValueError(f"unknown setting {min(unknown)!r}")
        settings = DEFAULTS | given
        wait_s = _choice("idle_ms", int(settings["idle_ms"]), IDLE_GAP_MS_RANGE) / 1000
        suffix = _choice("suffix", settings["suffix"], SUFFIXES)
        if parts.scheme == "tcp":
            host, port = parts.hostname, parts.port
            if not host or port is None:
                raise ValueError("host and port are needed")
            return lambda: TcpLink(url, host=host, port=port, wait_s=wait_s), suffix
        path = unquote(parts.path)
        if parts.netloc or len(path) < 2:
            raise ValueError("the path of the port is needed, with three slashes")
        baud = _choice("baud", int(settings["baud"]), range(300, 4_000_001))
        parity = _choice("parity", settings["parity"], "NEO")
        bits = _choice("bits", int(settings["bits"]), (7, 8))
    except ValueError as error:
        raise DeviceError(
            tried="reading the address",
            device=url,
            cause=str(error),
            hint="Write serial:///dev/ttyACM0?baud=9600 or tcp://host:port; settings: " + ", ".join(DEFAULTS),
        ) from error
    return (
        lambda: SerialLink(url, path=path, baud=baud, parity=parity, bits=bits, wait_s=wait_s),
        suffix,
    )


def _choice(setting: str, value: T, allowed: Container[object]) -> T:
    if value not in allowed:
        raise ValueError(f"{setting}={value} is not possible")
    return value
