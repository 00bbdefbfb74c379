"""A scanner on a line, whatever the line is made of: opens it, cuts it into codes, opens it again when it is lost.

It does not know what a code means.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from drivers.errors import DeviceError
from drivers.life import DeviceEvent, DeviceLife, DeviceState
from drivers.link.link import Link
from drivers.scanner.framing import Frame, Refusal
from drivers.scanner.reading import NO_READ
from drivers.scanner.scan import Scan, refused_scan

SETTLE_S_MAX = 2.0  # a line that never falls silent is ready all the same: its codes are cut at the suffix

IDLE_GAP_MS = 100  # between bytes of one code even a Bluetooth scanner pauses less
IDLE_GAP_MS_RANGE = range(20, 251)  # below, 9600 baud itself looks like gaps; above, a step blocks too long


class Cutter(Protocol):
    """What makes codes of a line's bytes: framing.Framer, or keymap.Typist over one."""

    def feed(self, data: bytes) -> list[Frame | Refusal]: ...

    def quiet(self) -> list[Frame | Refusal]: ...

    def reset(self) -> None: ...


class LineScanner:
    """One scanner; `step` is its whole life."""

    unread = False  # such a scanner is silent about what it can't read

    def __init__(self, url: str, name: str, open_link: Callable[[], Link], cutter: Cutter, idle_s: float) -> None:
        self.name = name
        self.url = url
        self.life = DeviceLife()
        self.refused: Counter[str] = Counter()  # reason → how many frames
        self.open_link = open_link  # what records a line puts itself between (tap.py)
        self.idle_s = idle_s  # so long a silence ends a code
        self._cutter = cutter
        self._link: Link | None = None
        self._opened_at_s = 0.0

    def step(self, now_s: float, at: datetime) -> tuple[list[Scan], float]:
        """Read once, waiting at most the idle gap; or try to open the line when it is time."""
        if self._link is not None:
            return self._read(self._link, now_s, at)
        if not self.life.wants_try(now_s):
            return [], self.life.try_at_s
        self.life.happened(DeviceEvent.TRIED, now_s)
        try:
            self._link = self.open_link()
        except DeviceError as error:
            self.life.happened(DeviceEvent.MISSING if error.missing else DeviceEvent.FAILED, now_s, str(error))
            return [], self.life.try_at_s
        self._cutter.reset()
        self._opened_at_s = now_s
        return [], now_s

    def close(self) -> None:
        """Let the line go."""
        if self._link is not None:
            self._link.close()
            self._link = None
        self._cutter.reset()

    def _read(self, link: Link, now_s: float, at: datetime) -> tuple[list[Scan], float]:
        try:
            data = link.receive(self.idle_s)
        except DeviceError as error:
            self.close()
            self.life.happened(DeviceEvent.FAILED, now_s, str(error))
            return [], self.life.try_at_s
        # The wait is the idle gap, so a read that brought nothing *is* the gap: no clock needed, and a thread
        # that was held up between two reads never mistakes its own delay for the scanner's.
        results = self._cutter.feed(data) if data else self._cutter.quiet()
        self._settle(not data or bool(results), now_s)
        scans = [scan_of(result, self.name, self.refused, at) for result in results]
        return [scan for scan in scans if scan is not None], now_s

    def _settle(self, between_codes: bool, now_s: float) -> None:
        """Opening promises nothing: the line may be in the middle of a code, or about to fail."""
        if self.life.state is DeviceState.CONNECTING and (between_codes or now_s - self._opened_at_s > SETTLE_S_MAX):
            self.life.happened(DeviceEvent.OPENED, now_s)


def scan_of(result: Frame | Refusal, scanner: str, refused: Counter[str], at: datetime) -> Scan | None:
    """None where the scanner itself says that there was no code: counted, and nobody's business."""
    if isinstance(result, Refusal):
        refused[result.reason] += 1
        return None if result.reason == NO_READ else refused_scan(result.raw, scanner, at, result.reason)
    return Scan(
        text=result.text,
        raw=result.raw,
        symbology=result.symbology,
        scanner=scanner,
        at=at,
        flags=result.flags,
        addon=result.addon,
    )
