"""How much paper a QR or a barcode takes, and so how large it is printed and who draws it."""

from __future__ import annotations

from drivers.printer.document import QR, Barcode
from drivers.printer.profile import PrinterProfile
from drivers.printer.raster import bars

QR_SIZE_MIN = 3  # smaller modules are not read from thermal paper
QR_QUIET_MODULES = 4  # light on each side, or scanners do not find it
# Bytes that a QR of version 1, 2, ... holds at level M (ISO/IEC 18004, table 7).
QR_BYTES = (14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504)
BARCODE_MODULE_DOTS = 2  # the least that GS w takes everywhere
BARCODE_QUIET_MODULES = 10  # light on each side
EAN13_MODULES = 95
CODE128_SYMBOL_MODULES = 11
CODE128_FRAME_MODULES = 11 + 11 + 13  # start, check, stop


def qr_size(block: QR, width_dots: int) -> int:
    """Dots per module: as asked for, or as many as the paper has room for."""
    length = len(block.data.encode("utf-8"))
    version = next(number for number, capacity in enumerate(QR_BYTES, 1) if length <= capacity)
    modules = 17 + 4 * version + 2 * QR_QUIET_MODULES
    return max(QR_SIZE_MIN, min(block.size, width_dots // modules))


def is_native_qr(block: QR, profile: PrinterProfile) -> bool:
    """Whether the printer itself draws it. Of a QR longer than it can draw a clone prints nothing, and proves it."""
    return profile.qr and len(block.data.encode("utf-8")) <= profile.qr_max_bytes


def is_native(block: Barcode, profile: PrinterProfile) -> bool:
    """Whether the printer itself draws it."""
    return profile.barcode and fits(native_modules(block), profile.width_dots)


def is_printed(block: Barcode, profile: PrinterProfile) -> bool:
    """Whether it has room on this paper, drawn by the printer or by us."""
    return is_native(block, profile) or fits(len(bars(block)), profile.width_dots)


def native_modules(block: Barcode) -> int:
    """As the printer draws it: of a Code 128, set B alone, a symbol for each character."""
    if block.symbology == "ean13":
        return EAN13_MODULES
    return CODE128_FRAME_MODULES + CODE128_SYMBOL_MODULES * len(block.data)


def fits(modules: int, width_dots: int) -> bool:
    """A printer prints nothing at all of a barcode that is too wide."""
    return (modules + 2 * BARCODE_QUIET_MODULES) * BARCODE_MODULE_DOTS <= width_dots
