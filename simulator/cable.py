"""Devices' cables inside one process: the driver's end is a Link, the other end an emulator's own core. No thread, no
socket and no clock is between them; whoever runs both says what time it is.

    cable = PrinterCable()
    printer = Printer(cable.url, profile, open=cable.open)
    now_s = run(printer.step, cable, until=lambda: printer.outcome is not None)
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from typing import Any, Final

from drivers.errors import DeviceError
from drivers.link.link import RECEIVE_BYTES
from drivers.printer.emulator import orders
from drivers.printer.emulator.ledger import Piece
from drivers.printer.emulator.machine import Machine
from drivers.printer.emulator.paper import Paper

CHUNK_BYTES: Final = 1024  # what an emulator takes from its line at once
COLUMNS: Final = 42
LIMIT_S: Final = 86_400.0  # a day of virtual time: what has not come by then does not come


class Cable:
    """What is at the other end is whoever gives `carried`, and says it with `say`. One driver at a time."""

    def __init__(self, url: str, carried: Callable[[bytes], None] = lambda data: None) -> None:
        self.url = url
        self.plugged = True
        self._carried = carried
        self._end: CableEnd | None = None

    def open(self, url: str = "") -> CableEnd:
        """The driver's end. Raises DeviceError where nothing is plugged in."""
        if not self.plugged:
            raise self.lost("connect", errno.ECONNREFUSED)
        self._end = CableEnd(self)
        return self._end

    @property
    def heard(self) -> bool:
        """Something is there for the driver: bytes, or the end of the line."""
        return self._end is not None and (bool(self._end.inbox) or self._end.broken)

    def say(self, data: bytes) -> None:
        if self._end is not None:
            self._end.inbox += data

    def carry(self, data: bytes) -> None:
        self._carried(data)

    def drop(self) -> None:
        """The connection ends; what was said before it can still be heard. The next one is taken."""
        if self._end is not None:
            self._end.broken = True

    def unplug(self) -> None:
        self.plugged = False
        self.drop()

    def plug(self) -> None:
        self.plugged = True

    def left(self, end: CableEnd) -> None:
        """The driver let it go."""
        if self._end is end:
            self._end = None

    def abandon(self) -> None:
        """The driver died with its process: nobody hears what is still there for it."""
        self.drop()
        self._end = None

    def lost(self, tried: str, number: int) -> DeviceError:
        missing = tried == "connect"
        return DeviceError(tried=tried, device=self.url, cause=os.strerror(number), hint="Plug it in.", missing=missing)


class CableEnd:
    """A Link. All that is sent is taken at once, as by a system with room enough; nothing here waits."""

    def __init__(self, cable: Cable) -> None:
        self.accepted = 0
        self.inbox = bytearray()
        self.broken = False
        self._cable = cable

    def send(self, data: bytes) -> None:
        if self.broken:
            raise self._cable.lost("send", errno.EPIPE)
        self.accepted += len(data)
        self._cable.carry(data)

    def receive(self, timeout_s: float) -> bytes:
        data = bytes(self.inbox[:RECEIVE_BYTES])
        del self.inbox[:RECEIVE_BYTES]
        if not data and self.broken:
            raise self._cable.lost("receive", errno.ECONNRESET)
        return data

    def close(self) -> None:
        self._cable.left(self)


class PrinterCable(Cable):
    """A virtual printer and its cable. `order` takes what emulator/orders.py knows; `machine` is the printer's own."""

    def __init__(self, *, url: str = "tcp://printer:9100", columns: int = COLUMNS, **machine: Any) -> None:
        self._line = bytearray()  # on its way to the printer
        super().__init__(url, self._line.extend)
        self.papers: list[Paper] = []  # as they were cut or torn off
        self.machine = Machine(columns, send=self.say, keep=self.papers.append, **machine)

    def order(self, line: str) -> str:
        """Carry it out now, or put it off; "" or what was wrong with it."""
        return orders.obey(self, line)

    @property
    def ledger(self) -> list[Piece]:
        return self.machine.ledger.pieces

    def open(self, url: str = "") -> CableEnd:
        end = super().open(url)
        end.broken = self.machine.booting  # a connection ends as soon as it is made
        return end

    def step(self, now_s: float) -> float | None:
        """Let the printer work; when it wants to be called next, None for whenever something comes."""
        next_s = self.machine.step(now_s)
        while self._line and self.machine.room > 0 and not self.machine.booting:
            # No more than there is room for: the rest waits in the line, as behind a closed window.
            data = bytes(self._line[: min(self.machine.room, CHUNK_BYTES)])
            del self._line[: len(data)]
            self.machine.receive(data)
            next_s = self.machine.step(now_s)
        return next_s

    def drop(self) -> None:
        super().drop()
        self._line.clear()

    def set_baud(self, baud: int) -> None:
        """A cable in a process has no speed; `bytes_per_s` of the machine is its pace."""


def run(
    step: Callable[[float], float],
    cable: PrinterCable,
    *,
    until: Callable[[], bool],
    now_s: float = 0.0,
    limit_s: float = LIMIT_S,
) -> float:
    """Let a driver and its printer work until it is so; the virtual moment then. The driver is called when it wants to
    be, and as soon as there is something to hear."""
    limit_s += now_s
    cable.step(now_s)
    while not until():
        assert now_s < limit_s, f"it never came in {limit_s:.0f} s of virtual time"
        driver_s = step(now_s)
        printer_s = cable.step(now_s)
        if not cable.heard and not until():
            now_s = max(now_s, min(driver_s, driver_s if printer_s is None else printer_s))
    return now_s
