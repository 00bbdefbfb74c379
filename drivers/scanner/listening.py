"""Listens to a scanner's line and cuts it into bursts at long pauses: for whoever asks what a scanner does."""

from __future__ import annotations

import time
from collections.abc import Callable

from drivers.link.link import Link
from drivers.scanner.keymap import EV_KEY, EVENT
from drivers.scanner.line import LineScanner
from drivers.scanner.trial import Burst, Piece

BURST_GAP_S = 0.4  # nobody scans twice in it, and no scanner pauses so long within a code
BURST_BYTES_MAX = 100_000  # an event is 24 bytes, a long code some hundred of them; more is a line gone mad


class Listener:
    """On a line that is open. `next_burst` blocks no longer than it is told, and a gap more."""

    def __init__(self, scanner: LineScanner, clock: Callable[[], float] = time.monotonic) -> None:
        """Raises DeviceError."""
        self._clock = clock
        self._keys = scanner.url.startswith("hid:")
        self._idle_s = scanner.idle_s
        self._link: Link = scanner.open_link()

    def next_burst(self, wait_s: float) -> Burst | None:
        """None when nothing came. Raises DeviceError when the line is lost."""
        until_s = self._clock() + wait_s
        pieces: list[Piece] = []
        size, last_s = 0, 0.0
        while size < BURST_BYTES_MAX:
            data = self._heard()
            now_s = self._clock()
            if data:
                pieces.append(Piece(round((now_s - last_s) * 1000) if pieces else 0, data))
                size, last_s = size + len(data), now_s
            elif pieces and now_s - last_s >= BURST_GAP_S:
                break
            elif not pieces and now_s >= until_s:
                return None
        return Burst(tuple(pieces))

    def _heard(self) -> bytes:
        """A keyboard also tells of its lamps, which is no scan."""
        data = self._link.receive(self._idle_s)
        if self._keys and len(data) % EVENT.size == 0:
            return data if any(kind == EV_KEY for _, _, kind, _, _ in EVENT.iter_unpack(data)) else b""
        return data

    def close(self) -> None:
        self._link.close()
