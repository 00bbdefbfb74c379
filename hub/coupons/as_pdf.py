"""Drawings as a PDF, one page each: lines and letters, so that it is as sharp as its printer."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO, Final

from hub.coupons.drawing import BLACK, WHITE, Box, Code, Disc, Drawing, Mark, Picture, Words, font_file
from web.qr import QUIET, modules, runs

if TYPE_CHECKING:
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

MM: Final = 72 / 25.4  # points


def write_pdf(pages: Iterable[Drawing], into: BinaryIO) -> int:
    """One after the other, as they come; how many there were. The same drawings are the same bytes."""
    from reportlab.pdfgen.canvas import Canvas  # 0.3 s, that only who prints needs

    names = _fonts()
    canvas = Canvas(into, pageCompression=1, invariant=1)
    count = 0
    for page in pages:
        count += 1
        canvas.setPageSize((page.width * MM, page.height * MM))
        for mark in page.marks:
            _draw(canvas, mark, page.height, names)
        canvas.showPage()
    canvas.save()
    return count


@cache
def _fonts() -> dict[bool, str]:
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    names = {False: "Plex", True: "PlexBold"}
    for bold, name in names.items():
        registerFont(TTFont(name, str(font_file(bold))))
    return names


def _read(jpeg: bytes) -> ImageReader:
    from reportlab.lib.utils import ImageReader

    return ImageReader(BytesIO(jpeg))


def _draw(canvas: Canvas, mark: Mark, height: float, names: dict[bool, str]) -> None:
    """PDF counts from below."""
    match mark:
        case Box():
            canvas.setFillColor(mark.colour)
            canvas.rect(mark.x * MM, (height - mark.y - mark.height) * MM, mark.width * MM, mark.height * MM, 0, 1)
        case Words():
            canvas.setFillColor(mark.colour)
            canvas.setFont(names[mark.bold], mark.size * MM)
            canvas.drawString(mark.x * MM, (height - mark.y) * MM, mark.text)
        case Disc():
            canvas.setFillColor(mark.colour)
            canvas.circle(mark.x * MM, (height - mark.y) * MM, mark.radius * MM, 0, 1)
        case Picture():
            at = (mark.x * MM, (height - mark.y - mark.height) * MM)
            canvas.drawImage(_read(mark.jpeg), *at, mark.width * MM, mark.height * MM)
        case Code():
            rows = modules(mark.text)
            module = mark.side / (len(rows) + 2 * QUIET)
            canvas.setFillColor(WHITE)
            canvas.rect(mark.x * MM, (height - mark.y - mark.side) * MM, mark.side * MM, mark.side * MM, 0, 1)
            canvas.setFillColor(BLACK)
            path = canvas.beginPath()
            for column, row, count in runs(rows):
                x, y = mark.x + (QUIET + column) * module, mark.y + (QUIET + row + 1) * module
                path.rect(x * MM, (height - y) * MM, count * module * MM, module * MM)
            canvas.drawPath(path, 0, 1)
