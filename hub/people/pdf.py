"""A text as a PDF: pages of A4 as a printer would show them. Their letters are pictures: they print, and cannot be
copied out of it."""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import files
from io import BytesIO
from pathlib import Path
from textwrap import wrap
from typing import Final

from PIL import Image, ImageDraw, ImageFont

DPI: Final = 150
A4: Final = (1_240, 1_754)  # pixels
MARGIN: Final = 118  # 2 cm
LETTER: Final = 20  # pixels, and 0.6 of it wide
LETTERS: Final = (A4[0] - 2 * MARGIN) // 12
LINE: Final = 28
LINES: Final = (A4[1] - 2 * MARGIN) // LINE
FONT_PACKAGE: Final = "fontpkg-ibm-plex-mono"
FONT: Final = "IBMPlexMono-Regular.ttf"


def pdf_of(text: str) -> bytes:
    """As many pages as it needs."""
    lines = [part for line in text.splitlines() for part in _parts(line)] or [""]
    pages = [_page(lines[first : first + LINES]) for first in range(0, len(lines), LINES)]
    written = BytesIO()
    pages[0].save(written, "PDF", resolution=DPI, save_all=True, append_images=pages[1:])
    return written.getvalue()


def _parts(line: str) -> list[str]:
    """A line that is longer than the paper is wide, under itself, broken between words."""
    return wrap(line, LETTERS, break_on_hyphens=False) or [""]


def _page(lines: list[str]) -> Image.Image:
    page = Image.new("L", A4, 255)
    draw = ImageDraw.Draw(page)
    for number, line in enumerate(lines):
        draw.text((MARGIN, MARGIN + number * LINE), line, fill=0, font=_face())
    return page


@lru_cache(maxsize=1)
def _face() -> ImageFont.FreeTypeFont:
    found = next(file for file in files(FONT_PACKAGE) or () if file.name == FONT)
    return ImageFont.truetype(Path(str(found.locate())), LETTER)
