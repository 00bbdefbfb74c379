"""QR codes and barcodes as the printer itself would draw them, from the data that a command stored."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from drivers.printer.emulator.code128 import code128_modules

Modules = tuple[tuple[bool, ...], ...]

# GS k m → the name of the symbology, for functions A (0-6) and B (65-73).
BARCODE_KINDS = {
    0: "UPC-A", 1: "UPC-E", 2: "EAN-13", 3: "EAN-8", 4: "CODE39", 5: "ITF", 6: "CODABAR",
    65: "UPC-A", 66: "UPC-E", 67: "EAN-13", 68: "EAN-8", 69: "CODE39", 70: "ITF", 71: "CODABAR",
    72: "CODE93", 73: "CODE128",
}  # fmt: skip

# What the manual takes for each; anything else prints nothing. The library would pad what is too short.
BARCODE_DATA = {
    "UPC-A": rb"\d{11,12}",
    "UPC-E": rb"0?\d{6,7}",
    "EAN-13": rb"\d{12,13}",
    "EAN-8": rb"\d{7,8}",
    "CODE39": rb"\*?[0-9A-Z $%+\-./]+\*?",
    "ITF": rb"(\d\d)+",
    "CODABAR": rb"[A-Da-d][0-9$+\-./:]+[A-Da-d]",
    "CODE93": rb"[\x00-\x7f]+",
}
ZXING_NAMES = {
    "UPC-A": "UPCA", "UPC-E": "UPCE", "EAN-13": "EAN13", "EAN-8": "EAN8", "CODE39": "Code39", "ITF": "ITF",
    "CODABAR": "Codabar", "CODE93": "Code93", "QR": "QRCode", "PDF417": "PDF417", "DataMatrix": "DataMatrix",
    "Aztec": "Aztec",
}  # fmt: skip

# GS ( k cn → the 2D codes that are drawn.
CODES_2D = {48: "PDF417", 49: "QR", 53: "Aztec", 54: "DataMatrix"}
QR_LEVELS = {48: "L", 49: "M", 50: "Q", 51: "H"}
PDF417_ROW_PIXELS = 3  # zxing-cpp draws a row of PDF417 so high


def barcode_modules(kind: str, data: bytes) -> tuple[Modules, str]:
    """One line of modules and the text that stands below. ValueError for data that the symbology does not take."""
    if kind == "CODE128":
        line, text = code128_modules(data)
        return (line,), text
    if not re.fullmatch(BARCODE_DATA[kind], data):
        raise ValueError("these are not the characters, or not the number of them, that it takes")
    code = created(kind, data.decode("ascii").strip("*"))
    return (modules_of(code)[0],), printed_text(kind, data, code)


def printed_text(kind: str, data: bytes, code: Any) -> str:
    """As the printer prints it: with the check digit, and no zeros that only a reader adds."""
    text = data.decode("ascii")
    if kind in ("EAN-13", "EAN-8"):
        return str(code.text)
    if kind == "UPC-A":
        return str(code.text)[-12:]
    return text


@lru_cache(maxsize=256)
def code_2d_modules(kind: str, data: bytes, level: str = "") -> Modules:
    """ValueError if the data is too long for any size of the code."""
    modules = modules_of(created(kind, data, **({"ec_level": level} if level else {})))
    return modules[::PDF417_ROW_PIXELS] if kind == "PDF417" else modules


def created(kind: str, content: str | bytes, **options: str) -> Any:
    import zxingcpp

    return zxingcpp.create_barcode(content, getattr(zxingcpp.BarcodeFormat, ZXING_NAMES[kind]), **options)


def modules_of(code: Any) -> Modules:
    import numpy as np
    import zxingcpp

    picture = np.asarray(zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=False))
    return tuple(tuple(bool(light < 128) for light in line) for line in picture)
