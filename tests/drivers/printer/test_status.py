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
    ("error", "status"),
    [
        (0x12, PrinterStatus.ERROR),  # off line by an error, and no cause told
        (0x1A, PrinterStatus.CUTTER),
        (0x3A, PrinterStatus.CUTTER),
        (0x16, PrinterStatus.ERROR),
        (0x32, PrinterStatus.ERROR),
        (0x72, PrinterStatus.ERROR),  # what does not pass by itself before what does
        (0x52, PrinterStatus.OVERHEATED),
    ],
)
def test_the_cause_of_an_error(error: int, status: PrinterStatus) -> None:
    assert from_real_time(0x1A, 0x52, 0x12, error=error) is status


def test_a_cause_may_be_told_before_the_printer_goes_off_line() -> None:
    assert from_real_time(0x12, 0x12, 0x12, error=0x1A) is PrinterStatus.CUTTER
    assert from_real_time(0x12, 0x12, 0x12, error=0x12) is PrinterStatus.READY
    assert from_real_time(0x1A, 0x56, 0x12, error=0x1A) is PrinterStatus.COVER_OPEN


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"\x10\x00\x00\x00", PrinterStatus.READY),
        (b"\x14\x00\x00\x00", PrinterStatus.READY),  # 04h is the drawer, not the paper
        (b"\x10\x00\x03\x00", PrinterStatus.PAPER_LOW),
        (b"\x18\x00\x0f\x00", PrinterStatus.PAPER_OUT),
        (b"\x38\x00\x00\x00", PrinterStatus.COVER_OPEN),
        (b"\x18\x08\x00\x00", PrinterStatus.CUTTER),
        (b"\x18\x04\x00\x00", PrinterStatus.ERROR),
        (b"\x18\x20\x00\x00", PrinterStatus.ERROR),
        (b"\x18\x40\x00\x00", PrinterStatus.OVERHEATED),
        (b"\x10\x03\x00\x00", PrinterStatus.READY),  # the feed button, and waiting to be on line again
        (b"\x18\x00\x00\x00", PrinterStatus.OFFLINE),
    ],
)
def test_automatic_status(data: bytes, status: PrinterStatus) -> None:
    assert from_auto_status(AutoStatus(data)) is status


def test_what_stands_in_a_status_byte_whoever_sent_it_is_a_status() -> None:
    for byte in range(256):
        for status in (
            from_real_time(byte, 0x12, 0x12, error=0x12),
            from_real_time(0x12, byte, 0x12, error=0x12),
            from_real_time(0x12, 0x12, byte, error=0x12),
            from_real_time(0x12, 0x12, 0x12, error=byte),
        ):
            assert isinstance(status, PrinterStatus)


def test_only_ready_and_low_paper_print_and_every_state_says_what_to_do() -> None:
    assert {status for status in PrinterStatus if status.prints} == {PrinterStatus.READY, PrinterStatus.PAPER_LOW}
    for status in PrinterStatus:
        assert status.line("ru") != status.line("en")
        assert "\n" not in status.line("ru") + status.line("en")
