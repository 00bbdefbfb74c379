"""A paper as a picture: what a till printed, in the letters of the emulated printer, on narrow paper: it fits a phone.

Its lines are broken as a printer's are (drivers/printer/layout.py), to the same 32 columns.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import files
from io import BytesIO
from pathlib import Path
from textwrap import wrap
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from sync.account.points import PaperPart
from web.qr import QUIET, modules

COLUMNS: Final = 32
CELL: Final = (24, 48)  # pixels of a letter: sharp where a phone has three for one
MARGIN: Final = 40
SIZE: Final = 40  # its letters are 0.6 of it wide
BASELINE: Final = 36
MODULE: Final = 8  # pixels of a QR's
GREYS: Final = 16
WHITE, BLACK = 255, 0
FONT_PACKAGE: Final = "fontpkg-ibm-plex-mono"
BLANKS: Final = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " "})


@dataclass(frozen=True, slots=True)
class Printed:
    """A line as it stands on the paper. `code`: a QR in its place."""

    text: str
    bold: bool = False
    double: bool = False
    code: str = ""

    @property
    def height(self) -> int:
        if self.code:
            return (len(modules(self.code)) + 2 * QUIET) * MODULE
        return CELL[1] * (2 if self.double else 1)


def lines_of(parts: Iterable[PaperPart]) -> list[Printed]:
    """From top to bottom."""
    return [line for part in parts for line in _placed(part)]


def text_of(lines: Iterable[Printed]) -> str:
    """For whoever does not see it."""
    return "\n".join(line.text.rstrip() for line in lines if not line.code)


def picture_of(lines: list[Printed]) -> bytes:
    """PNG."""
    size = (COLUMNS * CELL[0] + 2 * MARGIN, sum(line.height for line in lines) + 2 * MARGIN)
    paper, y = Image.new("L", size, WHITE), MARGIN
    for line in lines:
        _draw(paper, line, y)
        y += line.height
    written = BytesIO()
    paper.quantize(GREYS).save(written, "PNG", optimize=True)
    return written.getvalue()


def _placed(part: PaperPart) -> list[Printed]:
    left, right = part.left.translate(BLANKS), part.right.translate(BLANKS)
    match part.what:
        case "line":
            return [Printed("-" * COLUMNS)]
        case "code":
            return [Printed("", code=part.left)]
        case "title":
            width = COLUMNS // 2 if part.double else COLUMNS
            return [Printed(one.center(width), part.bold, part.double) for one in _wrapped(left, width)]
        case _:
            return [Printed(one, part.bold) for one in _row(left, right)]


def _row(left: str, right: str) -> list[str]:
    """The sum on the last line of what it is of, if there is room, else on one of its own."""
    names = _wrapped(left, COLUMNS)
    if not right:
        return names
    *above, last = names
    if len(last) + 1 + len(right) <= COLUMNS:
        return [*above, last + right.rjust(COLUMNS - len(last))]
    return [*names, *(one.rjust(COLUMNS) for one in _wrapped(right, COLUMNS))]


def _wrapped(text: str, columns: int) -> list[str]:
    indent = text[: len(text) - len(text.lstrip(" "))]
    lines = wrap(text.strip(), columns, initial_indent=indent, break_on_hyphens=False)
    return lines or [""]


def _draw(paper: Image.Image, line: Printed, y: int) -> None:
    if line.code:
        code = _code(line.code)
        paper.paste(code, ((paper.width - code.width) // 2, y + QUIET * MODULE))
        return
    times = 2 if line.double else 1
    draw, face = ImageDraw.Draw(paper), _face(line.bold, times)
    for number, letter in enumerate(line.text):
        if letter != " ":
            at = (MARGIN + number * CELL[0] * times, y + BASELINE * times)
            draw.text(at, letter, fill=BLACK, font=face, anchor="ls")


def _code(text: str) -> Image.Image:
    rows = modules(text)
    small = Image.new("L", (len(rows), len(rows)))
    small.putdata([BLACK if dark == "1" else WHITE for row in rows for dark in row])
    return small.resize((len(rows) * MODULE, len(rows) * MODULE), Image.Resampling.NEAREST)


@cache
def _face(bold: bool, times: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font_file("Bold" if bold else "Medium"), SIZE * times)


@cache
def font_file(style: str) -> Path:
    name = f"IBMPlexMono-{style}.ttf"
    found = next(file for file in files(FONT_PACKAGE) or () if file.name == name)
    return Path(str(found.locate()))
