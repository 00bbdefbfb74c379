"""What a printer's status bytes mean to the cashier, and what to do about it. Unknown is never OK."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from drivers.printer.answers import AutoStatus


class PrinterStatus(Enum):
    READY = "ready"
    PAPER_LOW = "paper_low"  # prints, but not for long
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    CUTTER = "cutter"  # the knife is jammed
    OVERHEATED = "overheated"  # prints on when it has cooled down
    ERROR = "error"  # another one, or one that the printer does not name
    OFFLINE = "offline"  # says it is off line and gives no reason
    SILENT = "silent"  # connected, does not answer
    NOT_A_PRINTER = "not_a_printer"  # something answers, and not as printers do
    UNPLUGGED = "unplugged"  # nothing at the URL
    HELD = "held"  # another program has it open
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
    PrinterStatus.CUTTER: (
        "Заклинило нож принтера: выключите принтер, уберите бумагу из-под ножа, включите.",
        "The printer's knife is jammed: switch the printer off, clear the paper at the knife, switch it on.",
    ),
    PrinterStatus.OVERHEATED: (
        "Принтер перегрелся: подождите минуту, не выключайте его.",
        "The printer is too hot: wait a minute, do not switch it off.",
    ),
    PrinterStatus.ERROR: (
        "Ошибка принтера: выключите его, проверьте бумагу, включите. Не помогло — зовите мастера.",
        "Printer error: switch it off, check the paper, switch it on. If that does not help, call service.",
    ),
    PrinterStatus.OFFLINE: (
        "Принтер не на линии: проверьте, не мигает ли на нём индикатор.",
        "The printer is off line: look for a blinking light on it.",
    ),
    PrinterStatus.SILENT: (
        "Принтер не отвечает: выключите его, включите и проверьте кабель.",
        "The printer does not answer: switch it off and on and check the cable.",
    ),
    PrinterStatus.NOT_A_PRINTER: (
        "По адресу принтера отвечает не принтер: проверьте адрес и порт в настройках.",
        "What answers at the printer's address is no printer: check address and port in the settings.",
    ),
    PrinterStatus.UNPLUGGED: (
        "Принтер не найден: проверьте питание и кабель.",
        "No printer found: check its power and cable.",
    ),
    PrinterStatus.HELD: (
        "Принтер занят другой программой: закройте её.",
        "Another program holds the printer: close it.",
    ),
    PrinterStatus.UNKNOWN: (
        "Состояние принтера неизвестно: посмотрите, вышел ли чек.",
        "The printer's state is unknown: look whether the receipt came out.",
    ),
}

QUESTIONS = (b"\x10\x04\x01", b"\x10\x04\x02", b"\x10\x04\x04")  # DLE EOT: printer, why off line, paper
ERROR_QUESTION = b"\x10\x04\x03"  # last: not every clone knows it
# DLE EOT 1, printer
OFFLINE_BIT = 0x08
# DLE EOT 2, cause of being off line
COVER_BIT, STOPPED_BY_PAPER_END_BIT, ERROR_BIT = 0x04, 0x20, 0x40
# DLE EOT 3, cause of the error, and the second byte of ASB: the bits have the same places
MECHANICAL_BIT, CUTTER_BIT, UNRECOVERABLE_BIT, SELF_RECOVERING_BIT = 0x04, 0x08, 0x20, 0x40
# DLE EOT 4, roll paper
NEAR_END_BITS, END_BITS = 0x0C, 0x60
# ASB, first and third byte
ASB_OFFLINE_BIT, ASB_COVER_BIT = 0x08, 0x20
ASB_NEAR_END_BITS, ASB_END_BITS = 0x03, 0x0C


def next_question(heard: Sequence[int]) -> bytes | None:
    """Which one comes after these answers; the cause of an error only if there is one."""
    if len(heard) < len(QUESTIONS):
        return QUESTIONS[len(heard)]
    return ERROR_QUESTION if len(heard) == len(QUESTIONS) and heard[1] & ERROR_BIT else None


def from_real_time(printer: int, offline_cause: int, paper: int, error: int = 0) -> PrinterStatus:
    """From the answers to DLE EOT 1, 2, 4 and, if it was asked, 3."""
    return first_to_do(
        cover=offline_cause & COVER_BIT,
        paper_end=paper & END_BITS or offline_cause & STOPPED_BY_PAPER_END_BIT,
        error=error_status(error) or (PrinterStatus.ERROR if offline_cause & ERROR_BIT else None),
        offline=printer & OFFLINE_BIT,
        near_end=paper & NEAR_END_BITS,
    )


def from_auto_status(status: AutoStatus) -> PrinterStatus:
    """From ASB, which a printer sends on its own when something changes."""
    first, second, third, _ = status.data
    return first_to_do(
        cover=first & ASB_COVER_BIT,
        paper_end=third & ASB_END_BITS,
        error=error_status(second),
        offline=first & ASB_OFFLINE_BIT,
        near_end=third & ASB_NEAR_END_BITS,
    )


def first_to_do(
    *, cover: int, paper_end: int, error: PrinterStatus | None, offline: int, near_end: int
) -> PrinterStatus:
    """Of all that is the matter, what the cashier must see to first: paper goes in with the cover open."""
    if cover:
        return PrinterStatus.COVER_OPEN
    if paper_end:
        return PrinterStatus.PAPER_OUT
    if error is not None:
        return error
    if offline:
        return PrinterStatus.OFFLINE
    return PrinterStatus.PAPER_LOW if near_end else PrinterStatus.READY


def error_status(bits: int) -> PrinterStatus | None:
    if bits & CUTTER_BIT:
        return PrinterStatus.CUTTER
    if bits & (UNRECOVERABLE_BIT | MECHANICAL_BIT):
        return PrinterStatus.ERROR
    return PrinterStatus.OVERHEATED if bits & SELF_RECOVERING_BIT else None
