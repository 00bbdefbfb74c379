"""A virtual printer on a port of its own, and a printer driver that is in a hurry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.printer.emulator.server import PrinterServer
from drivers.printer.printer import Printer
from drivers.printer.profile import PrinterProfile
from tests.quick_line import QUICK


@pytest.fixture
def profile() -> PrinterProfile:
    return PrinterProfile(name="test", columns=42, width_dots=504)


@pytest.fixture(autouse=True)
def quick_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits for the slowest line there is."""
    monkeypatch.setattr("drivers.printer.link.PACE", QUICK)
    monkeypatch.setattr("drivers.printer.attempt.SLOWEST_LINES_PER_S", 1e9)


@pytest.fixture
def emulated(tmp_path: Path) -> Iterator[PrinterServer]:
    with PrinterServer(tmp_path / "paper", boot_s=0) as server:
        yield server


@pytest.fixture
def connect() -> Iterator[Callable[..., Printer]]:
    """Printers with short deadlines, closed at the end."""
    opened: list[Printer] = []

    def make(url: str, profile: PrinterProfile) -> Printer:
        printer = Printer(url, profile, answer_deadline_s=0.3, proof_deadline_s=0.5)
        opened.append(printer)
        return printer

    yield make
    for printer in opened:
        printer.close()
