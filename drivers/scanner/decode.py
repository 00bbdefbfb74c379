"""A picture → the codes in it: zxing-cpp, then pyzbar where zxing-cpp finds nothing.

That order was measured: zxing-cpp is twice as fast, reads every symbology of ours and misreads less; pyzbar adds
some faint EAN and UPC codes. Neither is believed about a check digit. numpy, Pillow and the engines are imported
when first needed, so that a till without a camera never loads them.
"""

from __future__ import annotations

import logging
import math
import os
import struct
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from drivers.errors import DeviceError
from drivers.scanner.scan import check_digit_right

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

    Picture = NDArray[np.uint8]

log = logging.getLogger(__name__)

# Engine's name → ours. UPC-E is not asked for: inside noise it is the commonest false read there is.
ZXING_FORMATS = {
    "EAN13": "ean13",
    "EAN8": "ean8",
    "UPCA": "upca",
    "Code128": "code128",
    "Code39": "code39",
    "ITF": "itf",
    "QRCode": "qr",
    "DataMatrix": "datamatrix",
    "PDF417": "pdf417",
}
ZBAR_SYMBOLS = {
    "EAN13": "ean13",
    "EAN8": "ean8",
    "UPCA": "upca",
    "CODE128": "code128",
    "CODE39": "code39",
    "I25": "itf",
    "QRCODE": "qr",
}
MATRIX = frozenset({"qr", "datamatrix", "pdf417"})  # they correct their own errors
# Live, a linear code must be the same over so many rows: of the misreadings among 600 photos all but a few fall
# below, and so do 3 of 100 right ones, but the next frame comes in a moment. A still picture has no next frame.
ROWS_MIN = 4
ZBAR_QUALITY_MIN = 10  # zbar's count of agreeing lines
ZBAR_ITF_DIGITS_MIN = 8  # zbar sees shorter ones in any stripes
DIGITS = {"ean13": 13, "ean8": 8, "upca": 13}
BLUE, GREEN, RED = 0.114, 0.587, 0.299  # ITU-R BT.601, as everybody's grey


@dataclass(frozen=True, slots=True)
class Code:
    """What one barcode says. A UPC-A is written with 13 digits: it *is* an EAN-13 that begins with 0."""

    text: str
    symbology: str


def decode(image: Picture, *, live: bool = False) -> tuple[Code, ...]:
    """The codes in a grey or BGR picture, each once. `live` leaves out inverted and oversized codes, for half
    of the time: a camera sees the card again in a moment."""
    grey = image if image.ndim == 2 else _grey(image)
    return _by_zxing(grey, live=live) or _by_zbar(grey, live=live)


def read_picture(path: str | os.PathLike[str]) -> Picture:
    """A picture file as grey pixels; what is transparent is white paper."""
    import numpy as np
    from PIL import Image

    with warnings.catch_warnings():
        # A picture past Pillow's limit is a mistake or an attack, not a photograph of a card.
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(path) as file:
                return np.asarray(_greyscale(file), dtype=np.uint8)
        except FileNotFoundError as error:
            raise _unreadable(path, "there is no such file", "Check the name.") from error
        except OSError as error:
            cause = error.strerror or "it is no picture, or a broken one"
            raise _unreadable(path, cause, "PNG, JPEG and WebP are read.") from error
        except (
            SyntaxError,
            ValueError,
            EOFError,
            struct.error,
            Image.DecompressionBombWarning,
            Image.DecompressionBombError,
        ) as error:
            raise _unreadable(path, str(error), "PNG, JPEG and WebP are read.") from error


def _greyscale(image: Image.Image) -> Image.Image:
    from PIL import Image

    if image.has_transparency_data:
        seen = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen)
    return image.convert("L")


def _unreadable(path: str | os.PathLike[str], cause: str, hint: str) -> DeviceError:
    return DeviceError(tried="reading the picture", device=str(Path(path)), cause=cause, hint=hint)


def _grey(image: Picture) -> Picture:
    import numpy as np

    weighted: Picture = (image[..., :3] @ np.array([BLUE, GREEN, RED], dtype=np.float32)).astype(np.uint8)
    return weighted


def _by_zxing(grey: Picture, *, live: bool) -> tuple[Code, ...]:
    import zxingcpp

    found = zxingcpp.read_barcodes(
        grey,
        formats=_zxing_formats(),
        text_mode=zxingcpp.TextMode.Plain,  # the default writes a group separator as "<GS>"
        try_invert=not live,
        try_downscale=not live,
    )
    linear = sorted((read for read in found if _is_linear(read)), key=_rows, reverse=True)
    believed: list[Any] = []
    for read in linear:
        # Two linear codes in one place: one of them is a misreading, and it is seen in fewer rows.
        enough = _rows(read) >= ROWS_MIN or not live
        if enough and not any(_same_place(read, better) for better in believed):
            believed.append(read)
    return _distinct(
        (read.text, _zxing_name(read.format)) for read in found if not _is_linear(read) or read in believed
    )


def _is_linear(read: Any) -> bool:
    return _zxing_name(read.format) not in MATRIX


def _rows(read: Any) -> float:
    """Over how many pixels across the bars the code was seen to be the same."""
    at = read.position
    sides = ((at.top_left, at.bottom_left), (at.top_right, at.bottom_right))
    return min(math.dist((a.x, a.y), (b.x, b.y)) for a, b in sides)


def _same_place(one: Any, other: Any) -> bool:
    """The middle of the smaller lies within the other's box."""
    x_min, y_min, x_max, y_max = _box(other)
    left, top, right, bottom = _box(one)
    return x_min <= (left + right) / 2 <= x_max and y_min <= (top + bottom) / 2 <= y_max


def _box(read: Any) -> tuple[int, int, int, int]:
    at = read.position
    corners = (at.top_left, at.top_right, at.bottom_left, at.bottom_right)
    xs, ys = [corner.x for corner in corners], [corner.y for corner in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _zxing_name(barcode_format: Any) -> str | None:
    """A variant, such as Code 39 with the whole of ASCII, goes by the name of its family."""
    family = ZXING_FORMATS.get(barcode_format.symbology.name)
    return ZXING_FORMATS.get(barcode_format.name, family)


@cache
def _zxing_formats() -> Any:
    import zxingcpp

    return zxingcpp.BarcodeFormats([getattr(zxingcpp.BarcodeFormat, name) for name in ZXING_FORMATS])


def _by_zbar(grey: Picture, *, live: bool) -> tuple[Code, ...]:
    pyzbar = _pyzbar()
    if pyzbar is None:
        return ()
    found = pyzbar.decode(grey, symbols=[pyzbar.ZBarSymbol[name] for name in ZBAR_SYMBOLS])
    return _distinct(
        (read.data.decode(errors="replace"), ZBAR_SYMBOLS.get(read.type))
        for read in found
        if _zbar_believed(read, live=live)
    )


def _zbar_believed(read: Any, *, live: bool) -> bool:
    if read.type == "I25" and len(read.data) < ZBAR_ITF_DIGITS_MIN:
        return False
    return read.type == "QRCODE" or not live or bool(read.quality >= ZBAR_QUALITY_MIN)


@cache
def _pyzbar() -> ModuleType | None:
    try:
        from pyzbar import pyzbar
    except ImportError as error:  # the wheel has no libzbar of its own
        log.warning(
            "pyzbar cannot be used (%s): barcodes are read by zxing-cpp alone. On Debian: apt install libzbar0",
            error,
        )
        return None
    assert isinstance(pyzbar, ModuleType)
    return pyzbar


def _distinct(reads: Iterable[tuple[str, str | None]]) -> tuple[Code, ...]:
    """Named our way, checked by us, each code once."""
    return tuple(dict.fromkeys(code for text, name in reads if (code := _code(text, name)) is not None))


def _code(text: str, symbology: str | None) -> Code | None:
    if symbology is None or not text:
        return None
    if symbology not in DIGITS:
        return Code(text, symbology)
    # Engines differ in how they tell of a UPC-A: 12 digits, or an EAN-13 with a leading 0. One number, one text.
    digits = text.rjust(13, "0") if symbology == "upca" else text
    if len(digits) != DIGITS[symbology] or not check_digit_right(digits):
        return None
    if symbology == "ean13" and digits.startswith("0"):
        symbology = "upca"
    return Code(digits, symbology)
