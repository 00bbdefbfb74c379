"""What a printer's status bytes mean to the cashier, and what to do about it. Unknown is never OK."""

from __future__ import annotations

from enum import Enum

from drivers.printer.answers import AutoStatus


class PrinterStatus(Enum):
    READY = "ready"
    PAPER_LOW = "paper_low"  # prints, but not for long
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    ERROR = "error"  # knife, overheating
    OFFLINE = "offline"  # says it is off line and gives no reason
    SILENT = "silent"  # connected, does not answer
    UNPLUGGED = "unplugged"  # nothing at the URL
    UNKNOWN = "unknown"  # not asked yet, or the answer was not understood

    @property
    def prints(self) -> bool:
        return self in (PrinterStatus.READY, PrinterStatus.PAPER_LOW)

    def line(self, language: str = "ru") -> str:
        """One line: what is the matter and what to do. Any language but Russian gets English."""
        russian, english = LINES[self]
        return russian if language.startswith("ru") else english


LINES: dict[PrinterStatus, tuple[str, str]] = {
    PrinterStatus.READY: ("Принтер готов.", "Printer ready."),
    PrinterStatus.PAPER_LOW: (
        "Бумага кончается: приготовьте новый рулон.",
        "Paper is running low: have a new roll at hand.",
    ),
    PrinterStatus.PAPER_OUT: ("Нет бумаги: вставьте рулон.", "Out of paper: put a new roll in."),
    PrinterStatus.COVER_OPEN: (
        "Открыта крышка принтера: закройте её.",
        "The printer's cover is open: close it.",
    ),
    PrinterStatus.ERROR: (
        "Ошибка принтера (нож или перегрев): выключите, проверьте бумагу и нож, включите.",
        "Printer error (knife or overheating): switch it off, check paper and knife, switch it on.",
    ),
    PrinterStatus.OFFLINE: (
        "Принтер не на линии: проверьте, не мигает ли на нём индикатор.",
        "The printer is off line: look for a blinking light on it.",
    ),
    PrinterStatus.SILENT: (
        "Принтер не отвечает: выключите его, включите и проверьте кабель.",
        "The printer does not answer: switch it off and on and check the cable.",
    ),
    PrinterStatus.UNPLUGGED: (
        "Принтер не найден: проверьте питание и кабель.",
        "No printer found: check its power and cable.",
    ),
    PrinterStatus.UNKNOWN: (
        "Состояние принтера неизвестно: посмотрите, вышел ли чек.",
        "The printer's state is unknown: look whether the receipt came out.",
    ),
}

# DLE EOT 1, printer
OFFLINE_BIT = 0x08
# DLE EOT 2, cause of being off line
COVER_BIT, STOPPED_BY_PAPER_END_BIT, ERROR_BIT = 0x04, 0x20, 0x40
# DLE EOT 4, roll paper
NEAR_END_BITS, END_BITS = 0x0C, 0x60


def from_real_time(printer: int, offline_cause: int, paper: int) -> PrinterStatus:
    """From the answers to DLE EOT 1, 2 and 4. What the cashier must do first comes first."""
    if offline_cause & COVER_BIT:
        return PrinterStatus.COVER_OPEN
    if paper & END_BITS or offline_cause & STOPPED_BY_PAPER_END_BIT:
        return PrinterStatus.PAPER_OUT
    if offline_cause & ERROR_BIT:
        return PrinterStatus.ERROR
    if printer & OFFLINE_BIT:
        return PrinterStatus.OFFLINE
    return PrinterStatus.PAPER_LOW if paper & NEAR_END_BITS else PrinterStatus.READY


def from_auto_status(status: AutoStatus) -> PrinterStatus:
    """From ASB, which some printers send on their own when something changes."""
    first, second, third, _ = status.data
    if first & 0x20:
        return PrinterStatus.COVER_OPEN
    if third & 0x0C:
        return PrinterStatus.PAPER_OUT
    if second & 0x6C:
        return PrinterStatus.ERROR
    if first & 0x08:
        return PrinterStatus.OFFLINE
    return PrinterStatus.PAPER_LOW if third & 0x03 else PrinterStatus.READY
