"""Two engines that read codes in pixels, zxing-cpp and zbar, each called in one way. They are imported when first used.

Named formats, no search for inverted or oversized codes: half of the time, and nearly all of the reads.
"""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass, replace
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

from drivers.scanner.alphabet import BOM, says_alphabet, text_of
from drivers.scanner.locate import Place
from drivers.scanner.symbology import (
    ADD_ON_GAP_MODULES,
    ADD_ON_MODULES,
    MAIN_MODULES,
    MATRIX,
    SHIPPED,
    ZBAR_SYMBOLS,
    ZXING_FORMATS,
    Code,
    code_of,
)

if TYPE_CHECKING:
    from drivers.scanner.picture import Picture

log = logging.getLogger(__name__)

ZXING, ZBAR = "zxing", "zbar"
LINEAR = SHIPPED - MATRIX
QR = frozenset({"qr"})
UPCE = frozenset({"upce"})
CORRECTION_LEFT_MIN = 0.1  # share of the words of correction that zxing-cpp had no use for
ACROSS = ("UP", "DOWN", "UNKNOWN")  # zbar's words for bars that stand upright


@dataclass(frozen=True, slots=True)
class Sighting:
    """A code, and where in the pixels given the engine saw it."""

    code: Code
    place: Place  # its height: over how many rows it was the same
    checked: bool = True  # by what the code has for it


def by_zxing(
    grey: Picture, symbologies: frozenset[str], *, rotate: bool = False, invert: bool = False, shrink: bool = False
) -> list[Sighting]:
    """What zxing-cpp reads."""
    if not symbologies:
        return []  # to the engine, no format is every format
    return _sightings(_zxing_reads(grey, symbologies, rotate=rotate, invert=invert, shrink=shrink), grey)


def qr_by_zxing(grey: Picture) -> tuple[list[Sighting], list[Place]]:
    """The QR that zxing-cpp reads, and where it sees one whose squares it cannot make out."""
    found = _zxing_reads(grey, QR, errors=True)
    whole = [read for read in found if read.error is None]
    return _sightings(whole, grey), [_zxing_place(read.position) for read in found if read.error is not None]


def _zxing_reads(
    grey: Picture,
    symbologies: frozenset[str],
    *,
    rotate: bool = False,
    invert: bool = False,
    shrink: bool = False,
    errors: bool = False,
) -> list[Any]:
    import zxingcpp

    return zxingcpp.read_barcodes(
        grey,
        formats=_zxing_formats(symbologies),
        text_mode=zxingcpp.TextMode.Plain,  # the default writes a group separator as "<GS>"
        ean_add_on_symbol=zxingcpp.EanAddOnSymbol.Read,
        try_rotate=rotate,
        try_invert=invert,
        try_downscale=shrink,
        return_errors=errors,
    )


def _sightings(found: list[Any], grey: Picture) -> list[Sighting]:
    return [
        Sighting(code, _of_main(_zxing_place(read.position), code), _checked(read, code))
        for read in found
        if (code := _zxing_code(read, grey)) is not None
    ]


def by_zbar(grey: Picture, symbologies: frozenset[str]) -> list[Sighting]:
    """What zbar reads; nothing where it isn't installed."""
    pyzbar = _pyzbar()
    if pyzbar is None:
        return []
    # Beside EAN-13, zbar tells of a UPC-E as of an EAN-13: so it is asked apart.
    parts = [_zbar_names(part) for part in (symbologies - UPCE, symbologies & UPCE)]
    found = [
        read
        for names in parts
        if names
        for read in pyzbar.decode(grey, symbols=[pyzbar.ZBarSymbol[name] for name in names])
    ]
    return [Sighting(code, _zbar_place(read)) for read in found if (code := _zbar_code(read)) is not None]


def _zxing_code(read: Any, grey: Picture) -> Code | None:
    """A linear code's alphabet is its symbology's own; a matrix holds bytes, and zxing-cpp guesses what they mean."""
    symbology = _zxing_name(read.format)
    if symbology not in MATRIX:
        return code_of(read.text, symbology)
    text = text_of(read.bytes)
    guessed = text is None and not _declared(read, grey)
    code = code_of(read.text.removeprefix(BOM) if text is None else text, symbology)
    return replace(code, raw=read.bytes, guessed=guessed) if code is not None else None


def _checked(read: Any, code: Code) -> bool:
    """A PDF417's words of correction fill in what could not be made out. When they all did, any filling is right."""
    return code.symbology != "pdf417" or float(read.extra.get("UEC", 0)) >= CORRECTION_LEFT_MIN


def _declared(read: Any, grey: Picture) -> bool:
    """Whether the code has ECIs for its text. The engine tells in another mode only, so it reads once more."""
    import zxingcpp

    again = zxingcpp.read_barcodes(grey, formats=read.format, text_mode=zxingcpp.TextMode.HexECI)
    shown = [bytes.fromhex(each.text) for each in again if each.bytes == read.bytes]
    return any(says_alphabet(with_eci) for with_eci in shown)


def _zbar_code(read: Any) -> Code | None:
    """zbar gives no bytes, but a text in an alphabet of its guess: of a matrix, ASCII alone is believed."""
    symbology = ZBAR_SYMBOLS.get(read.type)
    text = read.data.decode(errors="replace")
    return None if symbology in MATRIX and not text.isascii() else code_of(text, symbology)


def _zxing_place(at: Any) -> Place:
    near = ((at.top_left.x + at.bottom_left.x) / 2, (at.top_left.y + at.bottom_left.y) / 2)
    far = ((at.top_right.x + at.bottom_right.x) / 2, (at.top_right.y + at.bottom_right.y) / 2)
    sides = ((at.top_left, at.bottom_left), (at.top_right, at.bottom_right))
    return Place(
        x=(near[0] + far[0]) / 2,
        y=(near[1] + far[1]) / 2,
        length=math.dist(near, far),
        height=min(math.dist((one.x, one.y), (other.x, other.y)) for one, other in sides),
        turn=math.atan2(far[1] - near[1], far[0] - near[0]),
    )


def _of_main(place: Place, code: Code) -> Place:
    """Without the add-on, which stands behind the number in the direction of reading."""
    if not code.addon:
        return place
    main = MAIN_MODULES[code.symbology]
    length = place.length * main / (main + ADD_ON_GAP_MODULES + ADD_ON_MODULES[len(code.addon)])
    back = (place.length - length) / 2
    x, y = place.x - back * math.cos(place.turn), place.y - back * math.sin(place.turn)
    return replace(place, x=x, y=y, length=length)


def _zbar_place(read: Any) -> Place:
    """zbar tells the hull of the lines it read, and of the direction only a quarter turn."""
    box = read.rect
    upright = read.orientation in ACROSS
    return Place(
        x=box.left + box.width / 2,
        y=box.top + box.height / 2,
        length=box.width if upright else box.height,
        height=box.height if upright else box.width,
        turn=0.0 if upright else math.pi / 2,
    )


def _zxing_name(barcode_format: Any) -> str | None:
    """A variant, such as Code 39 with the whole of ASCII, goes by the name of its family."""
    family = ZXING_FORMATS.get(barcode_format.symbology.name)
    return ZXING_FORMATS.get(barcode_format.name, family)


@cache
def _zxing_formats(symbologies: frozenset[str]) -> Any:
    import zxingcpp

    names = [theirs for theirs, ours in ZXING_FORMATS.items() if ours in symbologies]
    return zxingcpp.BarcodeFormats([getattr(zxingcpp.BarcodeFormat, name) for name in names])


@cache
def _zbar_names(symbologies: frozenset[str]) -> list[str]:
    return [theirs for theirs, ours in ZBAR_SYMBOLS.items() if ours in symbologies]


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
