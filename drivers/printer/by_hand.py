"""One paper for whoever has nothing else to do until it is out: a command at the keyboard. The till's own thread drives
its printer itself (pos_agent/printing.py)."""

from __future__ import annotations

import time

from drivers.printer.document import Document
from drivers.printer.printer import Printer, PrintOutcome


def print_out(
    printer: Printer,
    document: Document,
    attempt_id: str,
    *,
    mark: str | None = None,
    clean: bool = False,
) -> PrintOutcome:
    """Print once, and tell what is known about it."""
    printer.begin(document, attempt_id, mark=mark, clean=clean)
    while printer.outcome is None:
        next_s = printer.step(time.monotonic())
        printer.wait(max(next_s - time.monotonic(), 0.0))
    return printer.outcome
