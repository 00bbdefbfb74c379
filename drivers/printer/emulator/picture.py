"""Paper as a picture: white, black letters of IBM Plex Mono on the column grid, codes and raster dot by dot."""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import files
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from drivers.printer.emulator.codes import qr_modules
from drivers.printer.emulator.paper import (
    CELL_HEIGHT_DOTS,
    CELL_WIDTH_DOTS,
    BarcodeRow,
    Cell,
    FeedRow,
    Paper,
    PictureRow,
    QrRow,
    Row,
    TextRow,
)

SCALE = 2  # pixels per dot: letters stay smooth on a screen
MARGIN_X_DOTS = 32  # 4 mm: 576 printed dots on 80 mm paper leave about this
MARGIN_TOP_DOTS = 40
MARGIN_BOTTOM_DOTS = 56
FONT_PACKAGE = "fontpkg-ibm-plex-mono"
FONT_SIZE_DOTS = 20  # its letters are 0.6 of the size wide: exactly one cell
BASELINE_DOTS = 18
WHITE, BLACK = 255, 0


def picture(paper: Paper) -> Image.Image:
    """All of the paper, with margins."""
    height = sum(row_height_dots(row) for row in paper.rows)
    size = (paper.width_dots + 2 * MARGIN_X_DOTS, height + MARGIN_TOP_DOTS + MARGIN_BOTTOM_DOTS)
    image = Image.new("L", (size[0] * SCALE, size[1] * SCALE), WHITE)
    y = MARGIN_TOP_DOTS
    for row in paper.rows:
        draw_row(image, row, y, paper.width_dots)
        y += row_height_dots(row)
    return image


def row_height_dots(row: Row) -> int:
    match row:
        case TextRow():
            return row.height_dots
        case PictureRow():
            return row.height_dots * row.stretch[1]
        case QrRow():
            return len(qr_modules(row.data, row.level)) * row.module_dots
        case BarcodeRow():
            return row.height_dots + CELL_HEIGHT_DOTS * (bool(row.shown_above) + bool(row.shown_below))
        case FeedRow():
            return row.dots


def draw_row(image: Image.Image, row: Row, y_dots: int, width_dots: int) -> None:
    match row:
        case TextRow():
            draw_text(image, row, y_dots, width_dots)
        case PictureRow():
            mark = Image.frombytes("1", (row.width_bytes * 8, row.height_dots), row.bits).convert("L")
            size = (row.width_bytes * 8 * row.stretch[0], row.height_dots * row.stretch[1])
            inverted = mark.point(lambda value: WHITE - value)
            place(image, inverted.resize(size, Image.Resampling.NEAREST), row.align, y_dots, width_dots)
        case QrRow():
            modules = qr_modules(row.data, row.level)
            place(image, dots_of(modules, row.module_dots, row.module_dots), row.align, y_dots, width_dots)
        case BarcodeRow():
            draw_barcode(image, row, y_dots, width_dots)
        case FeedRow():
            pass


def draw_text(image: Image.Image, row: TextRow, y_dots: int, width_dots: int) -> None:
    x = left_dots(row.columns * CELL_WIDTH_DOTS, row.align, width_dots)
    tallest = max((cell.height for cell in row.cells), default=1)
    for cell in row.cells:
        below = (tallest - cell.height) * CELL_HEIGHT_DOTS  # letters of a line stand on one baseline
        draw_cell(image, cell, x, y_dots + below)
        x += cell.width * CELL_WIDTH_DOTS


def draw_cell(image: Image.Image, cell: Cell, x_dots: int, y_dots: int) -> None:
    left, top = (x_dots + MARGIN_X_DOTS) * SCALE, y_dots * SCALE
    width, height = cell.width * CELL_WIDTH_DOTS * SCALE, cell.height * CELL_HEIGHT_DOTS * SCALE
    draw = ImageDraw.Draw(image)
    if cell.reverse:
        draw.rectangle((left, top, left + width - 1, top + height - 1), fill=BLACK)
    ink = WHITE if cell.reverse else BLACK
    if cell.char != " ":
        image.paste(ink, (left, top), glyph(cell.char, cell.bold, cell.width, cell.height))
    if cell.underline:
        draw.rectangle((left, top + height - 2 * SCALE, left + width - 1, top + height - 1), fill=ink)


@lru_cache(maxsize=2048)
def glyph(char: str, bold: bool, width: int, height: int) -> Image.Image:
    """One letter as a mask of its cell; a stretched one is drawn large and squeezed."""
    times = max(width, height)
    cell = (CELL_WIDTH_DOTS * SCALE * times, CELL_HEIGHT_DOTS * SCALE * times)
    mask = Image.new("L", cell, 0)
    position = (0, BASELINE_DOTS * SCALE * times)
    ImageDraw.Draw(mask).text(position, char, fill=255, font=font(bold, times), anchor="ls")
    size = (CELL_WIDTH_DOTS * SCALE * width, CELL_HEIGHT_DOTS * SCALE * height)
    return mask if size == cell else mask.resize(size, Image.Resampling.LANCZOS)


@lru_cache(maxsize=16)
def font(bold: bool, times: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font_file(bold), FONT_SIZE_DOTS * SCALE * times)


def font_file(bold: bool) -> Path:
    name = f"IBMPlexMono-{'Bold' if bold else 'Medium'}.ttf"
    found = next((file for file in files(FONT_PACKAGE) or () if file.name == name), None)
    assert found is not None, f"{FONT_PACKAGE} has no {name}"
    return Path(str(found.locate()))


def draw_barcode(image: Image.Image, row: BarcodeRow, y_dots: int, width_dots: int) -> None:
    if row.shown_above:
        draw_text(image, shown(row.shown_above, row.align), y_dots, width_dots)
        y_dots += CELL_HEIGHT_DOTS
    place(image, dots_of([list(row.modules)], row.module_dots, row.height_dots), row.align, y_dots, width_dots)
    if row.shown_below:
        draw_text(image, shown(row.shown_below, row.align), y_dots + row.height_dots + 2, width_dots)


def shown(text: str, align: str) -> TextRow:
    return TextRow(cells=tuple(Cell(char=char) for char in text), align=align)


def dots_of(modules: list[list[bool]], width_dots: int, height_dots: int) -> Image.Image:
    """Modules as a picture of dots, each module so many dots wide and high."""
    columns, rows = len(modules[0]), len(modules)
    small = Image.new("L", (columns, rows))
    small.putdata([BLACK if dark else WHITE for line in modules for dark in line])
    return small.resize((columns * width_dots, rows * height_dots), Image.Resampling.NEAREST)


def place(image: Image.Image, dots: Any, align: str, y_dots: int, width_dots: int) -> None:
    """Put a picture of dots on the paper; what does not fit the width is not printed."""
    dots = dots.crop((0, 0, min(dots.width, width_dots), dots.height))
    left = left_dots(dots.width, align, width_dots) + MARGIN_X_DOTS
    large = dots.resize((dots.width * SCALE, dots.height * SCALE), Image.Resampling.NEAREST)
    image.paste(large, (left * SCALE, y_dots * SCALE))


def left_dots(width: int, align: str, width_dots: int) -> int:
    room = max(width_dots - width, 0)
    return {"left": 0, "center": room // 2, "right": room}[align]
