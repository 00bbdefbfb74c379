"""QR codes and barcodes as the printer itself would draw them, from the data that a command stored."""

from __future__ import annotations

from typing import Any

# GS k m → the name of the symbology, for functions A (0-6) and B (65-73).
BARCODE_KINDS = {
    0: "UPC-A", 1: "UPC-E", 2: "EAN-13", 3: "EAN-8", 4: "CODE39", 5: "ITF", 6: "CODABAR",
    65: "UPC-A", 66: "UPC-E", 67: "EAN-13", 68: "EAN-8", 69: "CODE39", 70: "ITF", 71: "CODABAR",
    72: "CODE93", 73: "CODE128",
}  # fmt: skip
QR_LEVELS = {48: "L", 49: "M", 50: "Q", 51: "H"}


def qr_modules(data: bytes, level: str) -> list[list[bool]]:
    """The dark and light modules. ValueError if the data is too long for any QR."""
    import qrcode  # type: ignore[import-untyped]
    from qrcode.exceptions import DataOverflowError  # type: ignore[import-untyped]

    code = qrcode.QRCode(border=0, error_correction="MLHQ".index(level))
    code.add_data(data)
    try:
        matrix: list[list[bool]] = code.get_matrix()
    except (DataOverflowError, ValueError):
        raise ValueError(f"{len(data)} bytes do not fit a QR") from None
    return matrix


def barcode_modules(kind: str, data: bytes) -> tuple[tuple[bool, ...], str]:
    """Modules and the text that stands below. ValueError for data that the symbology does not take."""
    import numpy as np
    import zxingcpp

    text = data.decode("ascii")
    if kind == "CODE128":
        text = code128_text(text)
    formats: dict[str, Any] = {
        "UPC-A": zxingcpp.BarcodeFormat.UPCA,
        "UPC-E": zxingcpp.BarcodeFormat.UPCE,
        "EAN-13": zxingcpp.BarcodeFormat.EAN13,
        "EAN-8": zxingcpp.BarcodeFormat.EAN8,
        "CODE39": zxingcpp.BarcodeFormat.Code39,
        "ITF": zxingcpp.BarcodeFormat.ITF,
        "CODABAR": zxingcpp.BarcodeFormat.Codabar,
        "CODE93": zxingcpp.BarcodeFormat.Code93,
        "CODE128": zxingcpp.BarcodeFormat.Code128,
    }
    code = zxingcpp.create_barcode(text, formats[kind])
    picture = np.asarray(zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=False))
    return tuple(bool(light < 128) for light in picture[0]), str(code.text)


def code128_text(text: str) -> str:
    """Without the code set selections ({A {B {C) of GS k 73; {{ is a brace."""
    return text.replace("{A", "").replace("{B", "").replace("{C", "").replace("{{", "{")
