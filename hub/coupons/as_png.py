"""A drawing as a PNG. A code's modules are whole pixels, so that nothing between black and white is in it.

Pillow is loaded when the first picture is drawn: most commands draw none.
"""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Final

from hub.coupons.drawing import BLACK, WHITE, Box, Code, Disc, Drawing, Picture, Words, font_file
from web.qr import QUIET, modules, runs

if TYPE_CHECKING:
    from PIL import ImageDraw, ImageFont

SCREEN: Final = 12  # pixels a millimetre, of what is shown and sent
PRINTER: Final = 8  # of a receipt printer: 203 dots an inch
INCH_MM: Final = 25.4


def png(drawing: Drawing, pixels_a_mm: int = SCREEN, *, ink_only: bool = False) -> bytes:
    """`ink_only`: black and white, as a receipt printer prints it."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (round(drawing.width * pixels_a_mm), round(drawing.height * pixels_a_mm)), WHITE)
    draw = ImageDraw.Draw(image)
    draw.fontmode = "1" if ink_only else "L"
    for mark in drawing.marks:
        match mark:
            case Box():
                left, top = mark.x * pixels_a_mm, mark.y * pixels_a_mm
                right, bottom = left + mark.width * pixels_a_mm - 1, top + mark.height * pixels_a_mm - 1
                draw.rectangle((round(left), round(top), round(right), round(bottom)), fill=mark.colour)
            case Words():
                face = _face(round(mark.size * pixels_a_mm), mark.bold)
                at = (mark.x * pixels_a_mm, mark.y * pixels_a_mm)
                draw.text(at, mark.text, fill=mark.colour, font=face, anchor="ls")
            case Disc():
                x, y, radius = (length * pixels_a_mm for length in (mark.x, mark.y, mark.radius))
                draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=mark.colour)
            case Picture():
                size = (round(mark.width * pixels_a_mm), round(mark.height * pixels_a_mm))
                with Image.open(BytesIO(mark.jpeg), formats=["JPEG"]) as picture:
                    image.paste(picture.resize(size), (round(mark.x * pixels_a_mm), round(mark.y * pixels_a_mm)))
            case Code():
                _code(draw, mark, pixels_a_mm)
    written = BytesIO()
    dots_an_inch = (pixels_a_mm * INCH_MM,) * 2
    (image.convert("1", dither=Image.Dither.NONE) if ink_only else image).save(written, "PNG", dpi=dots_an_inch)
    return written.getvalue()


def _code(draw: ImageDraw.ImageDraw, code: Code, pixels_a_mm: int) -> None:
    rows = modules(code.text)
    side = round(code.side * pixels_a_mm)
    left, top = round(code.x * pixels_a_mm), round(code.y * pixels_a_mm)
    draw.rectangle((left, top, left + side - 1, top + side - 1), fill=WHITE)
    module = max(1, side // (len(rows) + 2 * QUIET))
    margin = (side - module * len(rows)) // 2
    for column, row, count in runs(rows):
        x, y = left + margin + column * module, top + margin + row * module
        draw.rectangle((x, y, x + count * module - 1, y + module - 1), fill=BLACK)


@lru_cache(maxsize=32)
def _face(pixels: int, bold: bool) -> ImageFont.FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(font_file(bold), pixels)
