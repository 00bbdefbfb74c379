"""Paper: what the head has put on it, row by row, and how that looks as a column grid of text.

Sizes are in dots (8 to the millimetre); a letter of font A is 12 wide and 24 high.
"""

from __future__ import annotations

from dataclasses import dataclass, field

CELL_WIDTH_DOTS = 12
CELL_HEIGHT_DOTS = 24
LINE_SPACING_DOTS = 30  # after ESC @ and ESC 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One letter; `width` and `height` are multiples of the normal size."""

    char: str
    width: int = 1
    height: int = 1
    bold: bool = False
    underline: bool = False
    reverse: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRow:
    cells: tuple[Cell, ...]
    align: str = "left"
    spacing_dots: int = LINE_SPACING_DOTS

    @property
    def columns(self) -> int:
        return sum(cell.width for cell in self.cells)

    @property
    def height_dots(self) -> int:
        tallest = max((cell.height for cell in self.cells), default=1)
        return max(self.spacing_dots, tallest * CELL_HEIGHT_DOTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRow:
    """Raster: rows of whole bytes, the most significant bit left, 1 is black."""

    width_bytes: int
    height_dots: int
    bits: bytes
    align: str = "left"
    stretch: tuple[int, int] = (1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class QrRow:
    data: bytes
    module_dots: int
    level: str  # L M Q H
    align: str = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class BarcodeRow:
    """`modules` are dark or light, left to right; `shown` is the text below (empty: none)."""

    kind: str
    data: str
    modules: tuple[bool, ...]
    module_dots: int
    height_dots: int
    shown_above: str = ""
    shown_below: str = ""
    align: str = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    dots: int


Row = TextRow | PictureRow | QrRow | BarcodeRow | FeedRow


@dataclass(slots=True)
class Paper:
    """The paper hanging out of the printer, up to the next cut."""

    columns: int
    rows: list[Row] = field(default_factory=list)

    @property
    def width_dots(self) -> int:
        return self.columns * CELL_WIDTH_DOTS

    def lines(self) -> list[str]:
        """The column grid. A double-width letter takes two columns; codes and pictures are named."""
        return [line for row in self.rows for line in row_lines(row, self.columns)]


def row_lines(row: Row, columns: int) -> list[str]:
    match row:
        case TextRow():
            return [aligned(row_text(row), row.align, columns)]
        case PictureRow():
            name = f"[picture {row.width_bytes * 8 * row.stretch[0]}x{row.height_dots * row.stretch[1]}]"
            return [aligned(name, row.align, columns)]
        case QrRow():
            return [aligned(f"[QR {row.data.decode('utf-8', 'replace')}]", row.align, columns)]
        case BarcodeRow():
            return [aligned(f"[{row.kind} {row.data}]", row.align, columns)]
        case FeedRow():
            return [""] * (row.dots // LINE_SPACING_DOTS)


def row_text(row: TextRow) -> str:
    return "".join(cell.char.ljust(cell.width) for cell in row.cells)


def aligned(text: str, align: str, columns: int) -> str:
    room = max(columns - len(text), 0)
    indent = {"left": 0, "center": room // 2, "right": room}[align]
    return (" " * indent + text).rstrip()
