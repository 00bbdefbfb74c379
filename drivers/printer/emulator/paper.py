"""Paper: what the head has put on it, row by row, and how that looks as a column grid of text.

Sizes and places are in dots (8 to the millimetre), places counted from the left edge of what can be printed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

FONTS = {"A": (12, 24), "B": (9, 17)}  # a letter's width and height
CELL_WIDTH_DOTS, CELL_HEIGHT_DOTS = FONTS["A"]
LINE_SPACING_DOTS = 30  # after ESC @ and ESC 2
WORDS_GAP_DOTS = 2  # between the bars and their text
PRINTED_DOTS = {32: 384, 42: 512, 48: 576}  # the heads of 58 mm and 80 mm printers, a little wider than the letters


class Cell(NamedTuple):  # a tuple: a receipt has a thousand of them
    """One letter; `width` and `height` are multiples of the font's size, `underline` is in dots."""

    char: str
    x_dots: int = 0
    font: str = "A"
    width: int = 1
    height: int = 1
    bold: bool = False
    underline: int = 0
    reverse: bool = False

    @property
    def width_dots(self) -> int:
        return FONTS[self.font][0] * self.width

    @property
    def height_dots(self) -> int:
        return FONTS[self.font][1] * self.height

    @property
    def text(self) -> str:
        return self.char.ljust(self.width)


class Dots(NamedTuple):
    """A bit image among letters, in rows of whole bytes; the most significant bit is left, 1 is black."""

    width_dots: int
    height_dots: int
    bits: bytes
    x_dots: int = 0

    @property
    def text(self) -> str:
        return f"[picture {self.width_dots}x{self.height_dots}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRow:
    cells: tuple[Cell | Dots, ...]
    spacing_dots: int = LINE_SPACING_DOTS

    @property
    def columns(self) -> int:
        """How many columns of font A it reaches over."""
        right = max((cell.x_dots + cell.width_dots for cell in self.cells), default=0)
        return -(-right // CELL_WIDTH_DOTS)

    @property
    def tallest_dots(self) -> int:
        return max((cell.height_dots for cell in self.cells), default=0)

    @property
    def height_dots(self) -> int:
        return max(self.spacing_dots, self.tallest_dots)


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRow:
    """Raster: rows of whole bytes, the most significant bit left, 1 is black."""

    width_bytes: int
    height_dots: int
    bits: bytes
    x_dots: int = 0
    stretch: tuple[int, int] = (1, 1)

    @property
    def width_dots(self) -> int:
        return self.width_bytes * 8 * self.stretch[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRow:
    """A barcode (one line of modules) or a 2D code; `shown_above` and `shown_below` are its text in letters."""

    kind: str
    data: str
    modules: tuple[tuple[bool, ...], ...]
    module_dots: tuple[int, int]  # width and height of a module
    x_dots: int = 0
    shown_above: tuple[Cell, ...] = ()
    shown_below: tuple[Cell, ...] = ()

    @property
    def width_dots(self) -> int:
        return len(self.modules[0]) * self.module_dots[0]

    @property
    def height_dots(self) -> int:
        return len(self.modules) * self.module_dots[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    dots: int


Row = TextRow | PictureRow | CodeRow | FeedRow


@dataclass(slots=True)
class Paper:
    """The paper hanging out of the printer, up to the next cut."""

    columns: int
    rows: list[Row] = field(default_factory=list)
    length_dots: int = 0

    @property
    def width_dots(self) -> int:
        return printed_dots(self.columns)

    def add(self, row: Row) -> None:
        self.rows.append(row)
        self.length_dots += row_height_dots(row)

    def lines(self) -> list[str]:
        """The column grid. A double-width letter takes two columns; codes and pictures are named."""
        return [line for row in self.rows for line in row_lines(row, self.columns)]


def row_height_dots(row: Row) -> int:
    match row:
        case TextRow():
            return row.height_dots
        case PictureRow():
            return row.height_dots * row.stretch[1]
        case CodeRow():
            return row.height_dots + words_dots(row.shown_above) + words_dots(row.shown_below)
        case FeedRow():
            return row.dots


def words_dots(words: tuple[Cell, ...]) -> int:
    return max((cell.height_dots + WORDS_GAP_DOTS for cell in words), default=0)


def printed_dots(columns: int) -> int:
    return PRINTED_DOTS.get(columns, columns * CELL_WIDTH_DOTS)


def row_lines(row: Row, columns: int) -> list[str]:
    match row:
        case TextRow():
            return [row_text(row)]
        case PictureRow():
            name = f"[picture {row.width_dots}x{row.height_dots * row.stretch[1]}]"
            return [named(name, row.x_dots, row.width_dots, columns)]
        case CodeRow():
            return [named(f"[{row.kind} {one_line(row.data)}]", row.x_dots, row.width_dots, columns)]
        case FeedRow():
            return [""] * (row.dots // LINE_SPACING_DOTS)


def row_text(row: TextRow) -> str:
    """Every letter in its column; where letters share one (font B), all are kept, one after the other."""
    narrow = bool(row.cells) and all(isinstance(cell, Cell) and cell.font == "B" for cell in row.cells)
    unit = FONTS["B"][0] if narrow else CELL_WIDTH_DOTS
    text, right_dots = "", 0
    for cell in sorted(row.cells, key=lambda cell: cell.x_dots):
        if cell.text.isspace() and cell.x_dots < right_dots:
            continue  # a space over a letter hides nothing
        text = text.ljust(cell.x_dots // unit) + cell.text
        right_dots = max(right_dots, cell.x_dots + cell.width_dots)
    return text.rstrip()


def named(name: str, x_dots: int, width_dots: int, columns: int) -> str:
    """The name of what is drawn there, its middle where the picture has its own."""
    middle = (x_dots + width_dots / 2) / CELL_WIDTH_DOTS
    indent = 0 if not x_dots else max(0, min(int(middle - len(name) / 2), columns - len(name)))
    return " " * indent + name


def one_line(text: str) -> str:
    return "".join(char if char.isprintable() else f"<{ord(char):02X}>" for char in text)


def is_printed(row: Row) -> bool:
    """Whether there is anything black on it."""
    if isinstance(row, TextRow):
        return any(isinstance(cell, Dots) or cell.text.strip() or cell.reverse for cell in row.cells)
    return not isinstance(row, FeedRow)
