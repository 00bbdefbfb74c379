"""A document as the bytes of one print job. One value, sent in one go: a torn write is a torn receipt.

Text, code page and printer state are ours; python-escpos composes codes, pictures, cut, drawer and buzzer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from drivers.printer.codes import BARCODE_MODULE_DOTS, QR_QUIET_MODULES, is_native, is_native_qr, qr_size
from drivers.printer.composer import composer
from drivers.printer.document import QR, QR_MAX_BYTES, Barcode, Buzzer, Cut, Document, Drawer, Feed, Logo
from drivers.printer.layout import Line, Placed, layout
from drivers.printer.profile import PrinterProfile
from drivers.printer.proof import WORD_EVERY_BYTES, word_of, words_of
from drivers.printer.raster import barcode_picture, log, logo_picture, qr_picture, without_real_time

# Epson's names for the commands we write ourselves.
ESC_INITIALIZE = b"\x1b@"  # ESC @: whatever the last job, or another program, left behind is gone
FS_CANCEL_KANJI = b"\x1c."  # FS .: Chinese clones start in Kanji mode and eat Cyrillic in pairs
ESC_CODE_PAGE = b"\x1bt"
GS_AUTO_STATUS_ALL = b"\x1da\xff"  # GS a 255: tell every change of state unasked; ESC @ has switched that off
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
BARCODE_HEIGHT_DOTS = 64
BARCODE_QUIET_DOTS = 8  # so that letters above and below do not touch the bars
BEEP_TENTHS_S = 2
COMPOSED_PICTURE = {"raster": "bitImageRaster", "graphics": "graphics"}  # python-escpos' words for GS v 0, GS ( L
# A picture goes in bands of so much, each a command of its own, so that a word may stand between every two of them;
# and what `flush` must push through stays short.
BAND_BYTES = 480
LONGEST_COMMAND_BYTES = QR_MAX_BYTES + 32  # a QR of our own limit; a band with its header is shorter

Commands = tuple[bytes, ...]  # between every two of them a word may stand


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is sent, and what the printer says meanwhile if all of it came out."""

    data: bytes
    words: tuple[str, ...]


def encode(
    document: Document, profile: PrinterProfile, *, attempt_id: str, mark: str | None = None, void: str | None = None
) -> bytes:
    """The job's bytes alone."""
    return compose(document, profile, attempt_id=attempt_id, mark=mark, void=void).data


def compose(
    document: Document, profile: PrinterProfile, *, attempt_id: str, mark: str | None = None, void: str | None = None
) -> Job:
    """The whole job. The printer answers `attempt_id` when all that a reader needs of this attempt is on paper.

    `mark` stands at the top (its first line large); `void`, on a piece of paper of its own, before everything.
    """
    assert is_attempt_id(attempt_id), attempt_id
    placed = layout(document, profile, mark, void)
    printed = len(placed)
    while printed and isinstance(placed[printed - 1], UNREAD):
        printed -= 1
    writer = Writer(profile)
    read = (command for block in placed[:printed] for command in writer.write(block))
    parts, words = with_words((preamble(profile), *read), profile, attempt_id)
    # Before the cut: paper that ends between the last line and the knife is no reason for a second receipt.
    # The price is that a jammed knife is proved too, but that receipt is complete and can be torn off.
    parts.append(proof_request(profile, attempt_id))
    parts += [command for block in placed[printed:] for command in writer.write(block)]
    return Job(data=b"".join(parts), words=words)


def with_words(
    commands: Iterable[bytes], profile: PrinterProfile, attempt_id: str
) -> tuple[list[bytes], tuple[str, ...]]:
    """The commands, and between them the requests for a word where so much has been sent since the last one."""
    parts: list[bytes] = []
    asked = since = 0
    for command in commands:
        if since and since + len(command) > WORD_EVERY_BYTES and profile.proof != "none":
            parts.append(proof_request(profile, word_of(attempt_id, asked)))
            asked, since = asked + 1, 0
        parts.append(command)
        since += len(command)
    return parts, words_of(attempt_id, asked)


def preamble(profile: PrinterProfile) -> bytes:
    start = ESC_INITIALIZE + FS_CANCEL_KANJI + ESC_CODE_PAGE + bytes([profile.slot])
    return start + GS_AUTO_STATUS_ALL if profile.asb else start


def flush(profile: PrinterProfile) -> bytes:
    """NULs enough to complete any command of ours that a broken-off job has left half inside the printer.

    Without them the printer takes the start of the next job for the rest of a picture or a QR. A printer that
    waits for nothing ignores a NUL. The worst that a completed command does is to feed, cut or print a band.
    """
    return bytes(LONGEST_COMMAND_BYTES)


def is_attempt_id(text: str) -> bool:
    """Four characters from 20h to 7Eh: what GS ( H takes."""
    return len(text) == 4 and all(0x20 <= ord(char) <= 0x7E for char in text)


def proof_request(profile: PrinterProfile, attempt_id: str) -> bytes:
    if profile.proof == "process_id":
        return GS_PROCESS_ID + attempt_id.encode("ascii")
    return GS_TRANSMIT_PAPER if profile.proof == "gs_r" else b""


UNREAD = (Feed, Cut, Drawer, Buzzer)  # what puts nothing on the paper that anybody reads


class Writer:
    """Remembers alignment and style, so that a command is sent only when something changes."""

    def __init__(self, profile: PrinterProfile) -> None:
        self.profile = profile
        self.align, self.bold, self.double = "left", False, False  # as after ESC @

    def write(self, placed: Placed) -> Commands:
        match placed:
            case Line():
                return (self.line(placed),)
            case QR():
                return self.centred(qr(placed, self.profile))
            case Barcode():
                return self.centred(barcode(placed, self.profile))
            case Logo():
                return self.centred(logo(placed, self.profile))
            case Feed():
                return (ESC_FEED_LINES + bytes([placed.lines]),)
            case Cut():
                return (cut(self.profile),)
            case Drawer():
                return (drawer(placed, self.profile),)
            case Buzzer():
                return (buzzer(placed, self.profile),)

    def line(self, line: Line) -> bytes:
        if not line.text:
            return LF
        text = line.text.encode(self.profile.codepage)
        return self.style(line.align, line.bold, line.double) + text + LF

    def centred(self, commands: Commands) -> Commands:
        first, *others = commands or (b"",)
        return (self.style("center", False, False) + first, *others)

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


def qr(block: QR, profile: PrinterProfile) -> Commands:
    size = qr_size(block, profile.width_dots)
    quiet = ESC_FEED_DOTS + bytes([QR_QUIET_MODULES * size])
    if not is_native_qr(block, profile):
        return (quiet, *picture(qr_picture(block.data, size), profile), quiet)
    escpos = composer()
    escpos.qr(block.data, ec=QR_LEVEL_M, size=size, native=True)
    return (quiet + bytes(escpos.output) + quiet,)


def barcode(block: Barcode, profile: PrinterProfile) -> Commands:
    """By the printer itself, its text below; else as a picture, whose text is a line of its own (see layout)."""
    quiet = ESC_FEED_DOTS + bytes([BARCODE_QUIET_DOTS])
    if not is_native(block, profile):
        bars = barcode_picture(block, BARCODE_MODULE_DOTS, BARCODE_HEIGHT_DOTS)
        return (quiet, *picture(bars, profile), quiet)
    name, data, function = "EAN13", block.data, "A"
    if block.symbology == "code128":
        name, data, function = "CODE128", "{B" + block.data.replace("{", "{{"), "B"
    escpos = composer()
    escpos.barcode(
        data, name, BARCODE_HEIGHT_DOTS, BARCODE_MODULE_DOTS, "BELOW", "A", align_ct=False, function_type=function
    )
    return (quiet + bytes(escpos.output) + quiet,)


def logo(block: Logo, profile: PrinterProfile) -> Commands:
    try:
        return composed_logo(block, profile)
    except ValueError as error:  # a receipt without its logo is still a receipt
        log.warning("%s", error)
        return ()


@lru_cache(maxsize=4)
def composed_logo(block: Logo, profile: PrinterProfile) -> Commands:
    return picture(logo_picture(block, profile.width_dots), profile)


def picture(image: Any, profile: PrinterProfile) -> Commands:
    band_rows = BAND_BYTES // ((image.width + 7) // 8)
    harmless = without_real_time(image)
    bands = (
        harmless.crop((0, top, image.width, min(top + band_rows, image.height)))
        for top in range(0, image.height, band_rows)
    )
    return tuple(band(piece, profile) for piece in bands)


def band(image: Any, profile: PrinterProfile) -> bytes:
    escpos = composer()
    escpos.image(image, impl=COMPOSED_PICTURE[profile.image])
    return bytes(escpos.output)


def cut(profile: PrinterProfile) -> bytes:
    if not profile.cutter:
        return ESC_FEED_LINES + bytes([TEAR_LINES])
    escpos = composer()
    escpos.cut(mode="PART", feed=False)
    return bytes(escpos.output)


def drawer(block: Drawer, profile: PrinterProfile) -> bytes:
    if not profile.drawer:
        return b""
    escpos = composer()
    escpos.cashdraw(block.pin)
    return bytes(escpos.output)


def buzzer(block: Buzzer, profile: PrinterProfile) -> bytes:
    if not profile.buzzer:
        return b""
    escpos = composer()
    escpos.buzzer(block.times, BEEP_TENTHS_S)
    return bytes(escpos.output)
