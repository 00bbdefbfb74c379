"""Paper as a picture: white, black letters of IBM Plex Mono on the column grid, codes and raster dot by dot."""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import files
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from drivers.printer.emulator.codes import Modules
from drivers.printer.emulator.paper import (
    FONTS,
    WORDS_GAP_DOTS,
    Cell,
    CodeRow,
    FeedRow,
    Paper,
    PictureRow,
    Row,
    TextRow,
    row_height_dots,
    words_dots,
)

SCALE = 2  # pixels per dot: letters stay smooth on a screen
MARGIN_X_DOTS = 32  # 4 mm: 576 printed dots on 80 mm paper leave about this
MARGIN_TOP_DOTS = 40
MARGIN_BOTTOM_DOTS = 56
FONT_PACKAGE = "fontpkg-ibm-plex-mono"
SIZES_DOTS = {"A": 20, "B": 15}  # its letters are 0.6 of the size wide: exactly one cell
BASELINES_DOTS = {"A": 18, "B": 13}
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


def draw_row(image: Image.Image, row: Row, y_dots: int, width_dots: int) -> None:
    match row:
        case TextRow():
            draw_text(image, row, y_dots, width_dots)
        case PictureRow():
            mark = bits_picture(row.width_bytes * 8, row.height_dots, row.bits)
            size = (row.width_dots, row.height_dots * row.stretch[1])
            place(image, mark.resize(size, Image.Resampling.NEAREST), row.x_dots, y_dots, width_dots)
        case CodeRow():
            draw_code(image, row, y_dots, width_dots)
        case FeedRow():
            pass


def draw_text(image: Image.Image, row: TextRow, y_dots: int, width_dots: int) -> None:
    """Letters of all sizes stand on one baseline, bit images on the bottom of the line."""
    base = max((BASELINES_DOTS[cell.font] * cell.height for cell in row.cells if isinstance(cell, Cell)), default=0)
    for cell in row.cells:
        if isinstance(cell, Cell):
            draw_cell(image, cell, y_dots + base - BASELINES_DOTS[cell.font] * cell.height)
        else:
            mark = bits_picture(cell.width_dots, cell.height_dots, cell.bits)
            place(image, mark, cell.x_dots, y_dots + row.tallest_dots - cell.height_dots, width_dots)


def draw_cell(image: Image.Image, cell: Cell, y_dots: int) -> None:
    left, top = (cell.x_dots + MARGIN_X_DOTS) * SCALE, y_dots * SCALE
    width, height = cell.width_dots * SCALE, cell.height_dots * SCALE
    draw = ImageDraw.Draw(image)
    if cell.reverse:
        draw.rectangle((left, top, left + width - 1, top + height - 1), fill=BLACK)
    ink = WHITE if cell.reverse else BLACK
    if cell.char != " ":
        image.paste(ink, (left, top), glyph(cell.char, cell.font, cell.bold, cell.width, cell.height))
    if cell.underline:
        draw.rectangle((left, top + height - cell.underline * SCALE, left + width - 1, top + height - 1), fill=ink)


@lru_cache(maxsize=2048)
def glyph(char: str, font: str, bold: bool, width: int, height: int) -> Image.Image:
    """One letter as a mask of its cell; a stretched one is drawn large and squeezed."""
    times = max(width, height)
    cell_width, cell_height = FONTS[font]
    cell = (cell_width * SCALE * times, cell_height * SCALE * times)
    mask = Image.new("L", cell, 0)
    position = (0, BASELINES_DOTS[font] * SCALE * times)
    ImageDraw.Draw(mask).text(position, char, fill=255, font=face(font, bold, times), anchor="ls")
    size = (cell_width * SCALE * width, cell_height * SCALE * height)
    return mask if size == cell else mask.resize(size, Image.Resampling.LANCZOS)


@lru_cache(maxsize=32)
def face(font: str, bold: bool, times: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font_file(bold), SIZES_DOTS[font] * SCALE * times)


def font_file(bold: bool) -> Path:
    name = f"IBMPlexMono-{'Bold' if bold else 'Medium'}.ttf"
    found = next((file for file in files(FONT_PACKAGE) or () if file.name == name), None)
    assert found is not None, f"{FONT_PACKAGE} has no {name}"
    return Path(str(found.locate()))


def draw_code(image: Image.Image, row: CodeRow, y_dots: int, width_dots: int) -> None:
    draw_words(image, row.shown_above, y_dots)
    y_dots += words_dots(row.shown_above)
    place(image, dots_of(row.modules, *row.module_dots), row.x_dots, y_dots, width_dots)
    draw_words(image, row.shown_below, y_dots + row.height_dots + WORDS_GAP_DOTS)


def draw_words(image: Image.Image, words: tuple[Cell, ...], y_dots: int) -> None:
    for cell in words:
        draw_cell(image, cell, y_dots)


def dots_of(modules: Modules, width_dots: int, height_dots: int) -> Image.Image:
    """Modules as a picture of dots, each module so many dots wide and high."""
    columns, rows = len(modules[0]), len(modules)
    small = Image.new("L", (columns, rows))
    small.putdata([BLACK if dark else WHITE for line in modules for dark in line])
    return small.resize((columns * width_dots, rows * height_dots), Image.Resampling.NEAREST)


def bits_picture(width_dots: int, height_dots: int, bits: bytes) -> Image.Image:
    """Rows of whole bytes, 1 is black."""
    mark = Image.frombytes("1", (width_dots, height_dots), bits).convert("L")
    return mark.point(lambda value: WHITE - value)


def place(image: Image.Image, dots: Any, x_dots: int, y_dots: int, width_dots: int) -> None:
    """Put a picture of dots on the paper; what does not fit the width is not printed."""
    dots = dots.crop((0, 0, max(min(dots.width, width_dots - x_dots), 0), dots.height))
    if dots.width and dots.height:
        large = dots.resize((dots.width * SCALE, dots.height * SCALE), Image.Resampling.NEAREST)
        image.paste(large, ((x_dots + MARGIN_X_DOTS) * SCALE, y_dots * SCALE))
