"""ESC/POS turned into paper, one byte at a time, as the manual says it: the state a printer has, and what
each command does to it. Commands that are known but not drawn are logged; their parameters never print.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from typing import Protocol

from drivers.printer.emulator.codes import BARCODE_KINDS, QR_LEVELS, barcode_modules, qr_modules
from drivers.printer.emulator.commands import Command, Printed, Tokenizer
from drivers.printer.emulator.paper import (
    LINE_SPACING_DOTS,
    BarcodeRow,
    Cell,
    FeedRow,
    Paper,
    PictureRow,
    QrRow,
    Row,
    TextRow,
)

# ESC t n → the character table, from Epson's reference (the Python codec of the same name).
CODE_PAGES = {
    0: "cp437", 2: "cp850", 3: "cp860", 4: "cp863", 5: "cp865", 13: "cp857", 14: "cp737", 15: "iso8859_7",
    16: "cp1252", 17: "cp866", 18: "cp852", 19: "cp858", 33: "cp775", 34: "cp855", 35: "cp861", 36: "cp862",
    37: "cp864", 38: "cp869", 39: "iso8859_2", 40: "iso8859_15", 44: "cp1125", 45: "cp1250", 46: "cp1251",
    47: "cp1253", 48: "cp1254", 49: "cp1255", 50: "cp1256", 51: "cp1257", 52: "cp1258",
}  # fmt: skip
NO_GLYPH = "▒"  # a byte that its page has no letter for

ALIGNMENTS = {0: "left", 48: "left", 1: "center", 49: "center", 2: "right", 50: "right"}
TAB_COLUMNS = 8
PAPER_MAX_ROWS = 2000  # about 7 m; an endless job must not fill the memory
MAKER, MODEL = b"pos-agent", b"virtual printer"


class Body(Protocol):
    """The rest of the printer, as the interpreter sees it."""

    def answer(self, data: bytes) -> None: ...

    def cut(self, paper: Paper) -> None: ...

    def kick_drawer(self) -> None: ...

    def paper_sensor(self) -> int:
        """The bits of GS r 1: 03h near the end, 0Ch at the end."""
        ...

    def auto_status(self, mask: int) -> None: ...

    def log(self, text: str) -> None: ...


class Interpreter:
    """`kanji`: switched on with the two-byte characters of a Chinese clone."""

    def __init__(self, columns: int, body: Body, *, kanji: bool = False) -> None:
        self.paper = Paper(columns)
        self._body = body
        self._kanji_at_start = kanji
        self._tokens = Tokenizer()
        self._line: list[Cell] = []
        self._graphics: PictureRow | None = None
        self._kanji = kanji
        self._initialize()

    def _initialize(self) -> None:
        """As after power on and ESC @. The line that was not printed yet is lost."""
        self._line.clear()
        self._page = "cp437"
        self._align = "left"
        self._width = self._height = 1
        self._bold = self._underline = self._reverse = False
        self._spacing = LINE_SPACING_DOTS
        self._kanji = self._kanji_at_start
        self._kanji_lead: int | None = None
        self._qr_data = b""
        self._qr_module, self._qr_level = 3, "L"
        self._barcode_height, self._barcode_module, self._barcode_text = 162, 3, 0

    def feed(self, data: bytes) -> None:
        for byte in data:
            token = self._tokens.feed(byte)
            if isinstance(token, Printed):
                self._letter(token.byte)
            elif token is not None:
                self._command(token)

    def clear(self) -> None:
        """Forget all that is not on paper yet, a half command too."""
        self._tokens.reset()
        self._line.clear()
        self._kanji_lead = None

    def tear(self) -> None:
        """The paper is cut or torn off here."""
        self._end_line(empty_too=False)
        paper, self.paper = self.paper, Paper(self.paper.columns)
        self._body.cut(paper)

    # Letters

    def _letter(self, byte: int) -> None:
        if self._kanji_lead is not None:
            pair, self._kanji_lead = bytes([self._kanji_lead, byte]), None
            self._put(pair.decode("gb18030", "replace")[0], wide=True)
        elif self._kanji and byte >= 0x81:
            self._kanji_lead = byte
        elif byte != 0x7F:
            self._put(decoded(byte, self._page))

    def _put(self, char: str, *, wide: bool = False) -> None:
        width = self._width * (2 if wide else 1)
        if sum(cell.width for cell in self._line) + width > self.paper.columns:
            self._end_line()
        self._line.append(
            Cell(
                char=char,
                width=width,
                height=self._height,
                bold=self._bold,
                underline=self._underline,
                reverse=self._reverse,
            )
        )

    def _end_line(self, *, empty_too: bool = True) -> None:
        if self._line or empty_too:
            row = TextRow(cells=tuple(self._line), align=self._align, spacing_dots=self._spacing)
            self._line.clear()
            self._append(row)

    def _add(self, row: Row) -> None:
        self._end_line(empty_too=False)
        self._append(row)

    def _append(self, row: Row) -> None:
        self.paper.rows.append(row)
        if len(self.paper.rows) >= PAPER_MAX_ROWS:
            self._body.log("the paper hangs to the floor and is torn off")
            self.tear()

    # Commands

    def _command(self, command: Command) -> None:
        action = ACTIONS.get(command.name)
        if action is None:
            what = "skipped" if command.known else "unknown"
            self._body.log(f"{what} {command.name} {command.args[:16].hex(' ')}".rstrip())
            return
        action(self, command.args)

    def _ht(self, _: bytes) -> None:
        column = sum(cell.width for cell in self._line)
        stop = min(column - column % TAB_COLUMNS + TAB_COLUMNS, self.paper.columns)
        self._line += [Cell(char=" ")] * (stop - column)

    def _ignore(self, _: bytes) -> None:
        """NUL, carriage return, and real-time commands, which were obeyed when they arrived."""

    def _esc_bang(self, args: bytes) -> None:
        bits = args[0]
        self._bold, self._underline = bool(bits & 0x08), bool(bits & 0x80)
        self._height, self._width = (2 if bits & 0x10 else 1), (2 if bits & 0x20 else 1)

    def _gs_bang(self, args: bytes) -> None:
        self._width, self._height = (args[0] >> 4 & 7) + 1, (args[0] & 7) + 1

    def _esc_t(self, args: bytes) -> None:
        page = CODE_PAGES.get(args[0])
        if page is None:
            self._body.log(f"ESC t {args[0]}: no such character table here")
            return
        self._page = page

    def _esc_a(self, args: bytes) -> None:
        if self._line:
            self._body.log("ESC a in the middle of a line has no effect")
        else:
            self._align = ALIGNMENTS.get(args[0], self._align)

    def _set_bold(self, args: bytes) -> None:
        self._bold = bool(args[0] & 1)

    def _set_underline(self, args: bytes) -> None:
        self._underline = args[0] in (1, 2, 49, 50)

    def _set_reverse(self, args: bytes) -> None:
        self._reverse = bool(args[0] & 1)

    def _default_spacing(self, _: bytes) -> None:
        self._spacing = LINE_SPACING_DOTS

    def _set_spacing(self, args: bytes) -> None:
        self._spacing = args[0]

    def _feed_lines(self, args: bytes) -> None:
        if self._line:
            self._end_line()
            self._feed_dots(bytes([min(255, self._spacing * max(args[0] - 1, 0))]))
            return
        for _ in range(args[0]):
            self._end_line()

    def _feed_dots(self, args: bytes) -> None:
        self._end_line(empty_too=False)
        if args[0]:
            self._add(FeedRow(dots=args[0]))

    def _kanji_on(self, _: bytes) -> None:
        self._kanji = True

    def _kanji_off(self, _: bytes) -> None:
        self._kanji = False

    def _cut(self, _: bytes) -> None:
        self.tear()

    def _drawer(self, _: bytes) -> None:
        self._body.kick_drawer()

    # Codes and pictures

    def _set_barcode_height(self, args: bytes) -> None:
        self._barcode_height = args[0] or self._barcode_height

    def _set_barcode_module(self, args: bytes) -> None:
        self._barcode_module = args[0] if 1 <= args[0] <= 6 else self._barcode_module

    def _set_barcode_text(self, args: bytes) -> None:
        self._barcode_text = args[0] % 48

    def _barcode(self, args: bytes) -> None:
        kind = BARCODE_KINDS.get(args[0])
        data = args[2:] if args[0] >= 65 else args[1:-1]
        if kind is None:
            self._body.log(f"GS k {args[0]}: this barcode is not drawn")
            return
        try:
            modules, text = barcode_modules(kind, data)
        except ValueError as error:  # a real printer prints nothing either
            self._body.log(f"GS k: {kind} cannot hold {data!r}: {error}")
            return
        self._add(
            BarcodeRow(
                kind=kind,
                data=text,
                modules=modules,
                module_dots=self._barcode_module,
                height_dots=self._barcode_height,
                shown_above=text if self._barcode_text in (1, 3) else "",
                shown_below=text if self._barcode_text in (2, 3) else "",
                align=self._align,
            )
        )

    def _code_2d(self, args: bytes) -> None:
        kind, function, rest = args[2], args[3], args[4:]
        if kind != 49:
            self._body.log(f"GS ( k: code {kind} is not drawn")
        elif function == 67:
            self._qr_module = rest[0]
        elif function == 69:
            self._qr_level = QR_LEVELS.get(rest[0], self._qr_level)
        elif function == 80:
            self._qr_data = rest[1:]
        elif function == 81:
            self._print_qr()

    def _print_qr(self) -> None:
        try:
            qr_modules(self._qr_data, self._qr_level)
        except ValueError as error:
            self._body.log(f"GS ( k: {error}")
            return
        if self._qr_data:
            self._add(QrRow(data=self._qr_data, module_dots=self._qr_module, level=self._qr_level, align=self._align))

    def _raster(self, args: bytes) -> None:
        width, height = args[1] + 256 * args[2], args[3] + 256 * args[4]
        stretch = (2 if args[0] & 1 else 1, 2 if args[0] & 2 else 1)
        self._add_picture(width, height, args[5:], stretch)

    def _graphics_small(self, args: bytes) -> None:
        self._graphics_function(args[2:])

    def _graphics_large(self, args: bytes) -> None:
        self._graphics_function(args[4:])

    def _graphics_function(self, data: bytes) -> None:
        function = data[1] if len(data) > 1 else -1
        if function == 112 and len(data) >= 10:
            width, height = (data[6] + 256 * data[7] + 7) // 8, data[8] + 256 * data[9]
            self._graphics = PictureRow(
                width_bytes=width, height_dots=height, bits=data[10:], stretch=(data[3], data[4])
            )
        elif function in (2, 50) and self._graphics is not None:
            stored, self._graphics = self._graphics, None
            self._add_picture(stored.width_bytes, stored.height_dots, stored.bits, stored.stretch)
        else:
            self._body.log(f"GS ( L function {function} is not drawn")

    def _add_picture(self, width_bytes: int, height: int, bits: bytes, stretch: tuple[int, int]) -> None:
        if not width_bytes or not height or len(bits) < width_bytes * height:
            self._body.log("a picture without dots is not printed")
            return
        row = PictureRow(width_bytes=width_bytes, height_dots=height, bits=bits, align=self._align, stretch=stretch)
        self._add(row)

    # Questions

    def _transmit_status(self, args: bytes) -> None:
        if args[0] in (1, 49):
            self._body.answer(bytes([self._body.paper_sensor()]))
        elif args[0] in (2, 50):
            self._body.answer(b"\x00")  # drawer closed

    def _transmit_id(self, args: bytes) -> None:
        text = {65: b"1.0", 66: MAKER, 67: MODEL, 68: b"0000000001"}.get(args[0])
        if text is not None:
            self._body.answer(b"\x5f" + text + b"\x00")
        elif args[0] in (1, 2, 3, 49, 50, 51):
            self._body.answer(b"\x02")  # a cutter, no two-byte characters
        else:
            self._body.log(f"GS I {args[0]} is not answered")

    def _process_id(self, args: bytes) -> None:
        function, rest = args[2], args[3:]
        if function == 48 and len(rest) == 5 and all(0x20 <= byte <= 0x7E for byte in rest[1:]):
            self._body.answer(b"\x37\x22" + rest[1:] + b"\x00")
        else:
            self._body.log(f"GS ( H function {function} is not answered")

    def _auto_status(self, args: bytes) -> None:
        self._body.auto_status(args[0])

    def _reset(self, _: bytes) -> None:
        self._initialize()

    def _line_feed(self, _: bytes) -> None:
        self._end_line()


Action = Callable[[Interpreter, bytes], None]

ACTIONS: dict[str, Action] = {
    "NUL": Interpreter._ignore,
    "LF": Interpreter._line_feed,
    "CR": Interpreter._ignore,
    "HT": Interpreter._ht,
    "DLE EOT": Interpreter._ignore,
    "DLE ENQ": Interpreter._ignore,
    "DLE DC4": Interpreter._ignore,
    "ESC @": Interpreter._reset,
    "ESC !": Interpreter._esc_bang,
    "ESC -": Interpreter._set_underline,
    "ESC 2": Interpreter._default_spacing,
    "ESC 3": Interpreter._set_spacing,
    "ESC E": Interpreter._set_bold,
    "ESC G": Interpreter._set_bold,
    "ESC J": Interpreter._feed_dots,
    "ESC a": Interpreter._esc_a,
    "ESC d": Interpreter._feed_lines,
    "ESC i": Interpreter._cut,
    "ESC m": Interpreter._cut,
    "ESC p": Interpreter._drawer,
    "ESC t": Interpreter._esc_t,
    "FS &": Interpreter._kanji_on,
    "FS .": Interpreter._kanji_off,
    "GS !": Interpreter._gs_bang,
    "GS ( H": Interpreter._process_id,
    "GS ( L": Interpreter._graphics_small,
    "GS ( k": Interpreter._code_2d,
    "GS 8 L": Interpreter._graphics_large,
    "GS B": Interpreter._set_reverse,
    "GS H": Interpreter._set_barcode_text,
    "GS I": Interpreter._transmit_id,
    "GS V": Interpreter._cut,
    "GS a": Interpreter._auto_status,
    "GS h": Interpreter._set_barcode_height,
    "GS k": Interpreter._barcode,
    "GS r": Interpreter._transmit_status,
    "GS v 0": Interpreter._raster,
    "GS w": Interpreter._set_barcode_module,
}


def decoded(byte: int, page: str) -> str:
    if byte < 0x80:
        return chr(byte)
    try:
        char = codecs.decode(bytes([byte]), page)
    except UnicodeDecodeError:
        return NO_GLYPH
    return " " if char == "\xa0" else char if char.isprintable() else NO_GLYPH
