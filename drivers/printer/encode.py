"""A document as the bytes of one print job. One value, sent in one go: a torn write is a torn receipt.

Text, code page and printer state are ours; python-escpos composes the codes and the cut.
"""

from __future__ import annotations

from typing import Any

from drivers.printer.composer import composer
from drivers.printer.document import QR, Barcode, Cut, Document, Feed
from drivers.printer.layout import Line, Placed, layout
from drivers.printer.profile import PrinterProfile

# Epson's names for the commands we write ourselves.
ESC_INITIALIZE = b"\x1b@"  # ESC @: whatever the last job, or another program, left behind is gone
FS_CANCEL_KANJI = b"\x1c."  # FS .: Chinese clones start in Kanji mode and eat Cyrillic in pairs
ESC_CODE_PAGE = b"\x1bt"
ESC_ALIGN = b"\x1ba"
ESC_EMPHASIZED = b"\x1bE"
GS_SIZE = b"\x1d!"
ESC_FEED_LINES = b"\x1bd"
ESC_FEED_DOTS = b"\x1bJ"
LF = b"\n"
GS_PROCESS_ID = b"\x1d(H\x06\x0000"  # GS ( H, pL=6 pH=0, fn=48, m=48
GS_TRANSMIT_PAPER = b"\x1dr\x01"  # GS r 1

ALIGN = {"left": b"\x00", "center": b"\x01", "right": b"\x02"}
TEAR_LINES = 4  # from the print head to the tear bar of a printer without a cutter
QR_LEVEL_M = 1  # 15 % may be lost: receipts are folded
QR_SIZE_MIN = 3  # smaller modules are not read from thermal paper
QR_QUIET_MODULES = 4  # light on each side, or scanners do not find it
# Bytes that a QR of version 1, 2, ... holds at level M (ISO/IEC 18004, table 7).
QR_BYTES = (14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504)
BARCODE_HEIGHT_DOTS = 64
BARCODE_QUIET_DOTS = 8  # so that letters above and below do not touch the bars
BARCODE_MODULE_DOTS = 2  # 95 modules fit 58 mm paper with quiet zones


def encode(document: Document, profile: PrinterProfile, *, attempt_id: str, mark: str | None = None) -> bytes:
    """The whole job. The printer answers `attempt_id` when the last dot of this very attempt is on paper."""
    assert is_attempt_id(attempt_id), attempt_id
    parts = [ESC_INITIALIZE, FS_CANCEL_KANJI, ESC_CODE_PAGE + bytes([profile.slot])]
    writer = Writer(profile)
    for placed in layout(document, profile, mark):
        parts.append(writer.write(placed))
    parts.append(proof_request(profile, attempt_id))
    return b"".join(parts)


def is_attempt_id(text: str) -> bool:
    """Four characters from 20h to 7Eh: what GS ( H takes."""
    return len(text) == 4 and all(0x20 <= ord(char) <= 0x7E for char in text)


def proof_request(profile: PrinterProfile, attempt_id: str) -> bytes:
    if profile.proof == "process_id":
        return GS_PROCESS_ID + attempt_id.encode("ascii")
    return GS_TRANSMIT_PAPER if profile.proof == "gs_r" else b""


class Writer:
    """Remembers alignment and style, so that a command is sent only when something changes."""

    def __init__(self, profile: PrinterProfile) -> None:
        self.profile = profile
        self.align, self.bold, self.double = "left", False, False  # as after ESC @

    def write(self, placed: Placed) -> bytes:
        match placed:
            case Line():
                return self.line(placed)
            case QR():
                return self.style("center", False, False) + qr(placed, self.profile)
            case Barcode():
                return self.style("center", False, False) + barcode(placed)
            case Feed():
                return ESC_FEED_LINES + bytes([placed.lines])
            case Cut():
                return self.style("left", False, False) + cut(self.profile)

    def line(self, line: Line) -> bytes:
        text = line.text.encode(self.profile.codepage)
        return self.style(line.align, line.bold, line.double) + text + LF

    def style(self, align: str, bold: bool, double: bool) -> bytes:
        commands = b""
        if align != self.align:
            commands += ESC_ALIGN + ALIGN[align]
        if bold != self.bold:
            commands += ESC_EMPHASIZED + bytes([bold])
        if double != self.double:
            commands += GS_SIZE + (b"\x11" if double else b"\x00")
        self.align, self.bold, self.double = align, bold, double
        return commands


def qr(block: QR, profile: PrinterProfile) -> bytes:
    escpos = composer()
    size = qr_size(block, profile.width_dots)
    if profile.qr:
        escpos.qr(block.data, ec=QR_LEVEL_M, size=size, native=True)
    else:
        escpos.image(qr_picture(block.data, size), impl="bitImageRaster")
    quiet = ESC_FEED_DOTS + bytes([QR_QUIET_MODULES * size])
    return quiet + bytes(escpos.output) + quiet


def qr_size(block: QR, width_dots: int) -> int:
    """Dots per module: as asked for, or as many as the paper has room for."""
    length = len(block.data.encode("utf-8"))
    version = next(number for number, capacity in enumerate(QR_BYTES, 1) if length <= capacity)
    modules = 17 + 4 * version + 2 * QR_QUIET_MODULES
    return max(QR_SIZE_MIN, min(block.size, width_dots // modules))


def qr_picture(data: str, size: int) -> Any:
    import qrcode  # type: ignore[import-untyped]

    code = qrcode.QRCode(border=0, box_size=size, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(data.encode("utf-8"))
    return code.make_image().get_image().convert("RGB")


def barcode(block: Barcode) -> bytes:
    escpos = composer()
    escpos.barcode(block.data, "EAN13", BARCODE_HEIGHT_DOTS, BARCODE_MODULE_DOTS, "BELOW", "A", align_ct=False)
    quiet = ESC_FEED_DOTS + bytes([BARCODE_QUIET_DOTS])
    return quiet + bytes(escpos.output) + quiet


def cut(profile: PrinterProfile) -> bytes:
    if not profile.cutter:
        return ESC_FEED_LINES + bytes([TEAR_LINES])
    escpos = composer()
    escpos.cut(mode="PART", feed=False)
    return bytes(escpos.output)
