"""A picture of a coupon, a certificate or a card, before it is a PNG, a PDF or an SVG: boxes, discs, pictures, lines
of text and codes, in millimetres from the upper left corner.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from importlib.metadata import files
from pathlib import Path
from textwrap import wrap
from typing import Final

FONT_PACKAGE: Final = "fontpkg-ibm-plex-mono"
FONTS: Final = {False: "IBMPlexMono-Regular.ttf", True: "IBMPlexMono-Bold.ttf"}
LETTER: Final = 0.6  # of its size a letter is wide
BLACK, WHITE = "#000000", "#ffffff"


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True, slots=True)
class Words:
    """One line; `y` is what its letters stand on."""

    x: float
    y: float
    size: float
    text: str
    colour: str = BLACK
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """A QR with its quiet zone, black on white."""

    x: float
    y: float
    side: float
    text: str


@dataclass(frozen=True, slots=True)
class Disc:
    """Its middle, and from there to its edge."""

    x: float
    y: float
    radius: float
    colour: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG, as wide and as high as it is said to be."""

    x: float
    y: float
    width: float
    height: float
    jpeg: bytes


Mark = Box | Words | Code | Disc | Picture


@dataclass(frozen=True, slots=True)
class Drawing:
    width: float
    height: float
    marks: tuple[Mark, ...]


def plain(text: str) -> str:
    """Nothing but text, on one line: whatever else a name or a wish holds is a blank."""
    return "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in text).strip()


def lines_of(text: str, width: float, size: float, most: int) -> list[str]:
    """The text in lines that fit, broken between words where that can be; what is beyond `most` of them ends in …"""
    room = max(1, int(width / (size * LETTER) + 1e-9))
    lines = wrap(plain(text), room, break_on_hyphens=False)
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1][: room - 1].rstrip() + "…"]
    return lines


def size_for(text: str, width: float, most: float) -> float:
    """Of letters that make a line as wide as there is room, and none larger than `most`."""
    return min(most, width / (LETTER * max(1, len(text))))


def font_file(bold: bool) -> Path:
    found = next(file for file in files(FONT_PACKAGE) or () if file.name == FONTS[bold])
    return Path(str(found.locate()))
