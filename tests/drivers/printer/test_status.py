from __future__ import annotations

import pytest

from drivers.printer.answers import AutoStatus
from drivers.printer.status import PrinterStatus, from_auto_status, from_real_time


@pytest.mark.parametrize(
    ("printer", "cause", "paper", "status"),
    [
        (0x12, 0x12, 0x12, PrinterStatus.READY),
        (0x12, 0x12, 0x1E, PrinterStatus.PAPER_LOW),
        (0x1A, 0x32, 0x7E, PrinterStatus.PAPER_OUT),
        (0x1A, 0x12, 0x72, PrinterStatus.PAPER_OUT),
        (0x1A, 0x16, 0x12, PrinterStatus.COVER_OPEN),
        (0x1A, 0x36, 0x7E, PrinterStatus.COVER_OPEN),  # the cover first: paper goes in with it open
        (0x1A, 0x52, 0x12, PrinterStatus.ERROR),
        (0x1A, 0x12, 0x12, PrinterStatus.OFFLINE),
    ],
)
def test_real_time_bytes(printer: int, cause: int, paper: int, status: PrinterStatus) -> None:
    assert from_real_time(printer, cause, paper) is status


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"\x10\x00\x00\x00", PrinterStatus.READY),
        (b"\x14\x00\x00\x00", PrinterStatus.READY),  # 04h is the drawer, not the paper
        (b"\x10\x00\x03\x00", PrinterStatus.PAPER_LOW),
        (b"\x18\x00\x0f\x00", PrinterStatus.PAPER_OUT),
        (b"\x38\x00\x00\x00", PrinterStatus.COVER_OPEN),
        (b"\x18\x08\x00\x00", PrinterStatus.ERROR),
        (b"\x18\x00\x00\x00", PrinterStatus.OFFLINE),
    ],
)
def test_automatic_status(data: bytes, status: PrinterStatus) -> None:
    assert from_auto_status(AutoStatus(data)) is status


def test_only_ready_and_low_paper_print_and_every_state_says_what_to_do() -> None:
    assert {status for status in PrinterStatus if status.prints} == {PrinterStatus.READY, PrinterStatus.PAPER_LOW}
    for status in PrinterStatus:
        assert status.line("ru") != status.line("en")
        assert "\n" not in status.line("ru") + status.line("en")
