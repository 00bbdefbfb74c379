"""What stands where on the virtual paper, and whether a decoder that knows nothing of printers can read it."""

from __future__ import annotations

import numpy as np
import pytest
import zxingcpp

from drivers.printer.emulator.code128 import code128_modules
from drivers.printer.emulator.machine import Machine
from drivers.printer.emulator.paper import Cell, CodeRow, Paper, PictureRow, TextRow
from drivers.printer.emulator.picture import MARGIN_TOP_DOTS, picture

PIXELS_PER_DOT = 2
MARGIN_DOTS = 32


def paper_of(data: bytes, columns: int = 42) -> tuple[Paper, list[str]]:
    log: list[str] = []
    machine = Machine(columns, send=lambda data: None, keep=lambda paper: None, log=log.append)
    machine.receive(data)
    return machine.interpreter.paper, log


def lines(data: bytes, columns: int = 20) -> list[str]:
    return paper_of(data, columns)[0].lines()


def codes(paper: Paper) -> list[tuple[str, bytes]]:
    found = zxingcpp.read_barcodes(np.asarray(picture(paper)))
    return [(str(code.format), code.bytes) for code in found]


# Text and its places


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"ab\x1b$\x78\x00cd\n", ["ab        cd"]),  # absolute: dot 120 is column 10
        (b"ab\x1b\\\x18\x00cd\n", ["ab  cd"]),
        (b"abcd\x1b\\\xe8\xff  X\n", ["abcdX"]),  # a space over a letter hides nothing
        (b"a\tb\tc\n", ["a       b       c"]),
        (b"\x1bD\x03\x06\x00a\tb\tc\td\n", ["a  b  cd"]),  # beyond the last stop nothing moves
        (b"\x1dL\x30\x00a\n\x1ba\x02b\n", ["    a", " " * 19 + "b"]),
        (b"\x1dL\x30\x00\x1dW\x60\x00\x1ba\x01ab\n\x1ba\x00123456789\n", ["       ab", "    12345678", "    9"]),
        (b"\x1b \x0cab\n", ["a b"]),  # a space of a whole letter to the right of each
        (b"\x1d!\x10ab\x1d!\x00c\n", ["a b c"]),
        (b"\x1b!\x20ab\x1b!\x00c\n", ["a b c"]),
        (b"\x1bM\x01" + b"x" * 26 + b"y" + b"\n", ["x" * 26, "y"]),  # font B: 26 letters on 240 dots
        (b"12345678901234567890123\n", ["12345678901234567890", "123"]),
        (b"\x1bd\x03a\x1bd\x02b\n", ["", "", "", "a", "", "b"]),
    ],
)
def test_a_letter_stands_where_the_command_put_it(data: bytes, expected: list[str]) -> None:
    assert lines(data) == expected


@pytest.mark.parametrize(("columns", "dots"), [(32, 384), (42, 512), (48, 576)])
def test_the_three_papers_are_as_wide_as_their_heads(columns: int, dots: int) -> None:
    paper, _ = paper_of(b"x" * (columns + 1) + b"\n", columns)
    assert [len(line) for line in paper.lines()] == [columns, 1]
    assert picture(paper).width == (dots + 2 * MARGIN_DOTS) * PIXELS_PER_DOT


@pytest.mark.parametrize("times", range(1, 9))
def test_letters_grow_to_eight_times(times: int) -> None:
    size = (times - 1) << 4 | times - 1
    paper, _ = paper_of(b"\x1d!" + bytes([size]) + b"\x82\n")
    ink = np.asarray(picture(paper)) < 128
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    assert paper.length_dots == max(24 * times, 30)
    assert 8 * times < (rows[-1] - rows[0]) / PIXELS_PER_DOT < 24 * times
    assert 5 * times < (columns[-1] - columns[0]) / PIXELS_PER_DOT < 12 * times


def row_of(data: bytes) -> np.ndarray:
    return np.asarray(picture(paper_of(data)[0])) < 128


def test_underline_and_reverse_put_their_ink() -> None:
    plain, thin, thick = row_of(b"xx\n"), row_of(b"\x1b-\x01xx\n"), row_of(b"\x1b-\x02xx\n")
    width = 2 * 12 * PIXELS_PER_DOT
    assert (thin.sum() - plain.sum(), thick.sum() - plain.sum()) == (width * 2, width * 4)
    reverse = row_of(b"\x1dB\x01xx\n")
    assert reverse.sum() > width * 24 * PIXELS_PER_DOT * 0.6


def test_letters_of_all_sizes_stand_on_one_baseline() -> None:
    ink = row_of(b"\x1bt\x11\x86 \x1d!\x33\x86\x1d!\x00 \x1bM\x01\x86\n")  # Ж small, large, in font B
    columns = np.flatnonzero(ink.any(axis=0))
    letters = np.split(columns, np.flatnonzero(np.diff(columns) > 8) + 1)
    bottoms = [int(np.flatnonzero(ink[:, letter].any(axis=1))[-1]) for letter in letters]
    assert len(bottoms) == 3 and max(bottoms) - min(bottoms) <= 2


def test_letters_that_would_stand_on_their_head_are_told_of() -> None:
    paper, log = paper_of(b"\x1b{\x01abc\n")
    assert paper.lines() == ["abc"] and len(log) == 1 and "upside-down" in log[0]


# Dots


@pytest.mark.parametrize(
    ("mode", "column", "size"),
    [(0, b"\x81", (2, 24)), (1, b"\x81", (1, 24)), (32, b"\x80\x00\x01", (2, 24)), (33, b"\x80\x00\x01", (1, 24))],
)
def test_a_bit_image_in_a_line_is_drawn_column_by_column(mode: int, column: bytes, size: tuple[int, int]) -> None:
    paper, _ = paper_of(b"\x1b*" + bytes([mode]) + b"\x05\x00" + column * 5 + b"\n")
    ink = np.asarray(picture(paper))[::PIXELS_PER_DOT, ::PIXELS_PER_DOT] < 128
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    assert (columns[-1] - columns[0] + 1, rows[-1] - rows[0] + 1) == (5 * size[0], size[1])
    assert ink.sum() == 5 * size[0] * (2 if mode >= 32 else 6)  # a dot above, a dot below; each three high at 8 dots


def test_a_bit_image_beside_large_letters_stands_on_the_bottom_of_the_line() -> None:
    ink = row_of(b"\x1b3\x00\x1b*\x21\x04\x00" + b"\xff" * 12 + b"\x1d!\x33 \n")  # 24 dots in a line of 96
    rows = np.flatnonzero(ink.any(axis=1)) // PIXELS_PER_DOT
    assert (rows[0] - MARGIN_TOP_DOTS, rows[-1] - MARGIN_TOP_DOTS) == (72, 95)


def test_the_same_dots_come_out_of_all_raster_commands() -> None:
    bits = bytes([0b10110000, 0b00000001] * 3)
    forms = [
        b"\x1dv0\x00\x02\x00\x03\x00" + bits,
        b"\x1d(L\x10\x000p0\x01\x011\x10\x00\x03\x00" + bits + b"\x1d(L\x02\x0002",
        b"\x1d8L\x10\x00\x00\x000p0\x01\x011\x10\x00\x03\x00" + bits + b"\x1d(L\x02\x0002",
    ]
    rows = [paper_of(form)[0].rows for form in forms]
    assert rows[0] == [PictureRow(width_bytes=2, height_dots=3, bits=bits)]
    assert rows[0] == rows[1] == rows[2]


def test_a_picture_wider_than_the_paper_loses_its_right_side() -> None:
    paper, _ = paper_of(b"\x1dv0\x00\x40\x00\x01\x00" + b"\xff" * 64, 32)  # 512 dots on 384
    ink = np.asarray(picture(paper))[::PIXELS_PER_DOT, ::PIXELS_PER_DOT] < 128
    assert ink.sum() == 384


def test_a_page_is_printed_by_ff_and_forgotten_by_esc_s_and_can() -> None:
    page = b"\x1bL\x1bW\x00\x00\x00\x00\x00\x01\x00\x01\x1bT\x00\x1d$\x20\x00on a page\n"
    assert lines(page) == []
    assert lines(page + b"\x0cafter\n") == ["on a page", "after"]
    assert lines(page + b"\x1b\x0c\x1bSafter\n") == ["on a page", "after"]
    assert lines(page + b"\x1bSafter\n") == ["after"]
    assert lines(page + b"\x18\x0cafter\n") == ["after"]


# Barcodes and 2D codes


def barcode(kind: int, data: bytes, *, letter_form: bool) -> bytes:
    head = b"\x1dw\x02\x1dh\x50\x1bd\x02\x1dk"
    return head + (bytes([kind + 65, len(data)]) + data if letter_form else bytes([kind]) + data + b"\x00") + b"\n\n"


BARCODES = [
    (0, b"03600029145", "EAN-13", b"0036000291452"),  # a reader tells UPC-A as EAN-13
    (1, b"0123456", "UPC-E", b"0012345000065"),
    (2, b"460701234567", "EAN-13", b"4607012345677"),
    (2, b"4607012345677", "EAN-13", b"4607012345677"),
    (3, b"9638507", "EAN-8", b"96385074"),
    (4, b"ALENKA-12", "Code 39", b"ALENKA-12"),
    (4, b"*ALENKA-12*", "Code 39", b"ALENKA-12"),
    (5, b"12345678", "ITF", b"12345678"),
    (6, b"A12345B", "Codabar", b"A12345B"),
]


@pytest.mark.parametrize("letter_form", [False, True])
@pytest.mark.parametrize(("kind", "data", "name", "read"), BARCODES)
def test_a_barcode_reads(kind: int, data: bytes, name: str, read: bytes, letter_form: bool) -> None:
    paper, log = paper_of(barcode(kind, data, letter_form=letter_form))
    assert codes(paper) == [(name, read)] and log == []


@pytest.mark.parametrize(
    ("kind", "data", "name", "read"),
    [
        (72, b"Alenka 93", "Code 93", b"Alenka 93"),
        (73, b"{BAlenka {{1", "Code 128", b"Alenka {1"),
        (73, b"{BNo.{C\x0c\x22\x38", "Code 128", b"No.123456"),
        (73, b"{A\x01AB{Sc", "Code 128", b"\x01ABc"),
    ],
)
def test_barcodes_of_the_second_form_only_read(kind: int, data: bytes, name: str, read: bytes) -> None:
    paper, _ = paper_of(b"\x1dw\x02\x1bd\x02\x1dk" + bytes([kind, len(data)]) + data + b"\n\n")
    assert codes(paper) == [(name, read)]


def test_every_character_of_code_128_reads() -> None:
    sets = {"A": bytes(range(0x60)).replace(b"{", b""), "B": bytes(range(0x20, 0x7B)), "C": bytes(range(100))}
    for name, data in sets.items():
        for start in range(0, len(data), 20):
            piece = data[start : start + 20]
            modules, text = code128_modules(b"{" + name.encode() + piece)
            quiet = np.zeros((60, 30), bool)
            ink = np.hstack([quiet, np.repeat([modules], 60, axis=0).repeat(2, axis=1), quiet])
            (read,) = zxingcpp.read_barcodes(np.where(ink, 0, 255).astype(np.uint8))
            assert read.bytes == text.encode("latin-1")


@pytest.mark.parametrize(
    "data",
    [
        b"\x024607012345670\x00",  # a wrong check digit
        b"\x0246070123\x00",  # too short
        b"\x02460701234567A\x00",
        b"\x03463850\x00",
        b"\x04alenka\x00",  # small letters
        b"\x05123\x00",  # not in pairs
        b"\x0612345\x00",  # no start and stop
        b"\x49\x05Alenk",  # no code set
        b"\x49\x04{C\x64\x01",  # 100 is not a pair of digits
        b"\x49\x02{B",
        b"\x48\x02\xd0\xb0",
        b"\x4b\x03123",  # GS1 DataBar: not drawn
    ],
)
def test_what_a_barcode_cannot_hold_prints_nothing_and_is_logged(data: bytes) -> None:
    paper, log = paper_of(b"\x1dk" + data + b"ok\n")
    assert paper.lines() == ["ok"] and len(log) == 1


def test_a_code_wider_than_the_paper_prints_nothing() -> None:
    wide = b"\x1dw\x06\x1dk\x024607012345677\x00ok\n"
    assert paper_of(wide, 32)[0].lines() == ["ok"]  # 570 dots on 384
    assert len(paper_of(wide, 48)[0].lines()) == 2


@pytest.mark.parametrize(("where", "above", "below"), [(0, 0, 0), (1, 13, 0), (2, 0, 13), (3, 13, 13), (50, 0, 13)])
def test_the_digits_stand_where_gs_h_says(where: int, above: int, below: int) -> None:
    paper, _ = paper_of(b"\x1dH" + bytes([where]) + b"\x1df\x01\x1dk\x024607012345677\x00")
    (row,) = paper.rows
    assert isinstance(row, CodeRow)
    assert (len(row.shown_above), len(row.shown_below)) == (above, below)
    assert {cell.font for cell in row.shown_above + row.shown_below} <= {"B"}


def code_2d(code: int, data: bytes, *settings: tuple[int, int]) -> bytes:
    orders = [bytes([3, 0, code, function, value]) for function, value in settings]
    store = (len(data) + 3).to_bytes(2, "little") + bytes([code, 80, 48]) + data
    return (
        b"\x1bd\x02" + b"".join(b"\x1d(k" + order for order in (*orders, store, bytes([3, 0, code, 81, 48]))) + b"\n\n"
    )


@pytest.mark.parametrize(
    ("code", "name", "settings"),
    [
        (49, "QR Code", [(67, 4), (69, 51)]),
        (48, "PDF417", [(67, 3), (68, 3)]),
        (54, "Data Matrix", [(67, 6)]),
        (53, "Aztec", [(67, 5)]),
    ],
)
def test_a_2d_code_reads(code: int, name: str, settings: list[tuple[int, int]]) -> None:
    data = "Алёнка 12".encode()
    paper, log = paper_of(code_2d(code, data, *settings))
    assert codes(paper) == [(name, data)] and log == []


@pytest.mark.parametrize("code", [50, 51, 52])
def test_a_2d_code_that_is_not_drawn_is_skipped_and_logged(code: int) -> None:
    paper, log = paper_of(code_2d(code, b"AAAA") + b"ok\n")
    assert [line for line in paper.lines() if line] == ["ok"] and log


def test_a_qr_is_as_large_as_its_settings_say() -> None:
    for module in (1, 3, 8):
        paper, _ = paper_of(code_2d(49, b"a", (67, module)))
        (row,) = [row for row in paper.rows if isinstance(row, CodeRow)]
        assert (row.width_dots, row.height_dots) == (21 * module, 21 * module)


def test_a_stray_print_of_a_code_with_no_data_prints_nothing() -> None:
    assert lines(b"\x1d(k\x03\x001Q0ok\n") == ["ok"]


def test_letters_keep_their_style() -> None:
    paper, _ = paper_of(b"\x1bM\x01\x1bE\x01\x1b-\x02\x1dB\x01\x1d!\x21x\n")
    (row,) = paper.rows
    assert isinstance(row, TextRow)
    assert row.cells == (Cell(char="x", font="B", width=3, height=2, bold=True, underline=2, reverse=True),)
