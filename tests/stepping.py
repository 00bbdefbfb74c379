"""A printer, and the till's printing, driven as by their thread: a step, and then a wait for what it brings."""

from __future__ import annotations

import time
from collections.abc import Callable

from drivers.printer.printer import Printer
from drivers.printer.status import PrinterStatus
from pos_agent.printing import Printing

DEADLINE_S = 20.0


def status_of(printer: Printer, ahead_s: float = 0.0) -> PrinterStatus:
    """What it says of itself, asked now; or so much later, when no back-off holds us off any more."""
    since_s = time.monotonic() + ahead_s
    while printer.takes_jobs(now_s := time.monotonic() + ahead_s, since_s=since_s) is None:
        next_s = printer.step(now_s)
        printer.wait(max(next_s - now_s, 0.0))
    return printer.last_status


def settle(printing: Printing, ahead_s: float = 0.0) -> None:
    """Step until nothing is expected of the printer: one attempt at most, to its end."""
    ended = False
    while not ended:
        now_s, in_hand = time.monotonic() + ahead_s, printing._begun is not None
        next_s = printing.step(now_s)
        ended = not printing.wait(max(next_s - now_s, 0.0)) and (in_hand or next_s > now_s) and printing._begun is None


def drive(printing: Printing, done: Callable[[], bool]) -> None:
    """Step until it is so."""
    deadline = time.monotonic() + DEADLINE_S
    while not done():
        assert time.monotonic() < deadline, "it never came"
        next_s = printing.step(time.monotonic())
        printing.wait(max(next_s - time.monotonic(), 0.0))
