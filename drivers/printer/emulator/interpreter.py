"""ESC/POS turned into paper, one byte at a time, as the manual says it: the state a printer has, and what
each command does to it. Commands that are known but not drawn are logged; their parameters never print.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from drivers.printer.emulator.codes import BARCODE_KINDS, barcode_modules
from drivers.printer.emulator.commands import Command, Printed, Tokenizer
from drivers.printer.emulator.line import Line
from drivers.printer.emulator.models import DEFAULT_MODEL, MODELS, NO_GLYPH, Model, letters
from drivers.printer.emulator.paper import (
    FONTS,
    LINE_SPACING_DOTS,
    Cell,
    CodeRow,
    Dots,
    FeedRow,
    Paper,
    PictureRow,
    Row,
    printed_dots,
)
from drivers.printer.emulator.symbols import Symbols

ALIGNMENTS = {0: "left", 48: "left", 1: "center", 49: "center", 2: "right", 50: "right"}
FONT_NAMES = {0: "A", 48: "A", 1: "B", 49: "B"}
UNDERLINES = {0: 0, 48: 0, 1: 1, 49: 1, 2: 2, 50: 2}
BIT_IMAGE_STRETCH = {0: (2, 3), 1: (1, 3), 32: (2, 1), 33: (1, 1)}  # ESC * m: dots per bit, across and down
PAPER_MAX_DOTS = 40_000  # 5 m; an endless job must not fill the memory
PAGE_MAX_ROWS = 1000
PICTURE_MAX_DOTS = 16_384  # in height; printers take 2400 or so
LOGGED_ARGS_BYTES = 16
SKIPPED_MAX = 1000  # names; there are not so many
MAKER, MODEL_NAME = b"pos-agent", b"virtual printer"


Trace = Callable[[int, Command | str], None]


class Body(Protocol):
    """The rest of the printer, as the interpreter sees it."""

    def answer(self, data: bytes) -> None: ...

    def cut(self, paper: Paper) -> None: ...

    def torn(self, paper: Paper, cause: str) -> None: ...

    def kick_drawer(self) -> None: ...

    def paper_sensor(self) -> int:
        """The bits of GS r 1: 03h near the end, 0Ch at the end."""
        ...

    def auto_status(self, mask: int) -> None: ...

    def offline_response(self, wanted: bool) -> None: ...

    def began(self) -> None:
        """ESC @ was met: what comes is another job."""

    def printed(self, row: Row) -> None: ...

    def requested(self, job: str | None) -> None:
        """The host asked whether all of its job is printed: GS ( H with its id, or GS r 1 with none."""

    def log(self, text: str) -> None: ...


class Interpreter:
    """`trace` gets every command, and every letter as its page has it, with the offset of its first byte."""

    def __init__(
        self, columns: int, body: Body, *, model: Model = MODELS[DEFAULT_MODEL], trace: Trace | None = None
    ) -> None:
        self.model = model
        self._trace = trace
        self.paper = Paper(columns)
        self._body = body
        self._tokens = Tokenizer()
        self._token_offset = 0
        self._line = Line(printed_dots(columns))
        self._symbols = Symbols(model.qr_max_bytes)
        self._page: list[Row] | None = None  # the rows of page mode, not on paper yet
        self._skipped: set[str] = set()
        self._initialize()

    def _initialize(self) -> None:
        """As after power on and ESC @. What was not printed yet is lost."""
        self._line.reset()
        self._symbols.reset()
        self._page = None
        self._graphics: PictureRow | None = None
        self._letters = letters(self.model.slots[0])
        self._font, self._width, self._height, self._gap_dots = "A", 1, 1, 0
        self._bold, self._underline, self._underline_dots, self._reverse = False, False, 1, False
        self._kanji = self.model.kanji
        self._kanji_lead: int | None = None
        self._barcode_height, self._barcode_module = 162, 3
        self._barcode_text, self._barcode_font = 0, "A"

    def feed(self, byte: int, offset: int) -> None:
        """`offset` counts the bytes since power on, for the command log."""
        if self._tokens.between:
            self._token_offset = offset
        token = self._tokens.feed(byte)
        if token is None:
            return
        if self._trace is not None:
            self._trace(self._token_offset, self._char(token.byte) if isinstance(token, Printed) else token)
        if isinstance(token, Printed):
            self._letter(token.byte)
        else:
            self._command(token)

    def clear(self) -> None:
        """DLE DC4 8: forget all that is not on paper yet, a half command and a page too; settings stay."""
        self._tokens.reset()
        self._line.clear()
        self._page = None
        self._kanji_lead = None

    def restart(self) -> None:
        """Power off and on: only the paper stays."""
        self._tokens.reset()
        self._initialize()

    @property
    def unprinted(self) -> bool:
        """Whether there is anything here that a loss of power would lose."""
        return bool(self.waiting)

    @property
    def waiting(self) -> str:
        """What is not on paper yet, in words; "" for nothing."""
        if self._tokens.torn:
            return "a command whose arguments have not all come"
        if self._page:
            return "a page that no FF printed"
        return "a line that no line feed ended" if self._line.cells else ""

    def take_paper(self) -> Paper:
        """What hangs out comes off; the line in the print buffer stays."""
        paper, self.paper = self.paper, Paper(self.paper.columns)
        return paper

    # Letters

    def _letter(self, byte: int) -> None:
        if self._kanji_lead is not None:
            pair, self._kanji_lead = bytes([self._kanji_lead, byte]), None
            self._put(gb18030(pair), wide=True)
        elif self._kanji and byte >= 0x81:
            self._kanji_lead = byte
        elif byte != 0x7F:
            self._put(self._char(byte))

    def _char(self, byte: int) -> str:
        return chr(byte) if byte < 0x80 else self._letters[byte - 0x80]

    def _put(self, char: str, *, wide: bool = False) -> None:
        width = self._width * (2 if wide else 1)
        if not self._line.has_room_for(FONTS[self._font][0] * width):
            self._end_line()
        self._line.put(
            Cell(
                char=char,
                x_dots=self._line.x_dots,
                font=self._font,
                width=width,
                height=self._height,
                bold=self._bold,
                underline=self._underline_dots if self._underline else 0,
                reverse=self._reverse,
            ),
            self._gap_dots * self._width,
        )

    def _end_line(self, *, empty_too: bool = True, spacing_dots: int | None = None) -> None:
        if self._line.cells or empty_too:
            self._append(self._line.take(spacing_dots))
        else:
            self._line.clear()

    def _add(self, row: Row) -> None:
        self._end_line(empty_too=False)
        self._append(row)

    def _append(self, row: Row) -> None:
        if self._page is not None:
            self._page.append(row)
            del self._page[PAGE_MAX_ROWS:]
        else:
            self._print(row)

    def _print(self, row: Row) -> None:
        self.paper.add(row)
        self._body.printed(row)
        if self.paper.length_dots >= PAPER_MAX_DOTS:
            self._body.torn(self.take_paper(), "too long")

    # Commands

    def _command(self, command: Command) -> None:
        action = ACTIONS.get(command.name)
        if action is None:
            self._skip(command)
        else:
            action(self, command.args)

    def _skip(self, command: Command) -> None:
        """Told once for each name: a client that sends it for every line would hide all else."""
        if command.name in self._skipped:
            return
        if len(self._skipped) < SKIPPED_MAX:
            self._skipped.add(command.name)
        what = "skipped" if command.known else "unknown"
        self._body.log(f"{what} {command.name} {command.args[:LOGGED_ARGS_BYTES].hex(' ')}".rstrip())

    def _ignore(self, _: bytes) -> None:
        """NUL, carriage return, and real-time commands, which were obeyed when they arrived."""

    def _reset(self, _: bytes) -> None:
        self._initialize()
        self._body.auto_status(0)  # GS a: "effective until ESC @ is executed"
        self._body.began()

    def _line_feed(self, _: bytes) -> None:
        self._end_line()

    # How letters look

    def _esc_bang(self, args: bytes) -> None:
        bits = args[0]
        self._font = "B" if bits & 0x01 else "A"
        self._bold, self._underline = bool(bits & 0x08), bool(bits & 0x80)
        self._height, self._width = (2 if bits & 0x10 else 1), (2 if bits & 0x20 else 1)

    def _gs_bang(self, args: bytes) -> None:
        self._width, self._height = (args[0] >> 4 & 7) + 1, (args[0] & 7) + 1

    def _set_font(self, args: bytes) -> None:
        if args[0] not in FONT_NAMES:
            self._body.log(f"ESC M {args[0]}: no such font here")
            return
        self._font = FONT_NAMES[args[0]]
        if self.model.font_resets_page:
            self._letters = letters(self.model.slots[0])

    def _esc_t(self, args: bytes) -> None:
        page = self.model.slots.get(args[0])
        if page is None:
            self._body.log(f"ESC t {args[0]}: no such character table here")
            return
        self._letters = letters(page)

    def _set_bold(self, args: bytes) -> None:
        self._bold = bool(args[0] & 1)

    def _set_underline(self, args: bytes) -> None:
        dots = UNDERLINES.get(args[0])
        if dots is not None:
            self._underline, self._underline_dots = bool(dots), dots or self._underline_dots

    def _set_reverse(self, args: bytes) -> None:
        self._reverse = bool(args[0] & 1)

    def _set_gap(self, args: bytes) -> None:
        self._gap_dots = args[0]

    def _upside_down(self, args: bytes) -> None:
        if args[0] & 1:
            self._body.log("ESC { 1: upside-down letters are drawn upright")

    def _rotated(self, args: bytes) -> None:
        if args[0] in (1, 2, 49, 50):
            self._body.log("ESC V: turned letters are drawn upright")

    def _kanji_on(self, _: bytes) -> None:
        self._kanji = True

    def _kanji_off(self, _: bytes) -> None:
        self._kanji = False

    # Where they stand

    def _esc_a(self, args: bytes) -> None:
        if self._line.cells:
            self._body.log("ESC a in the middle of a line has no effect")
        else:
            self._line.align = ALIGNMENTS.get(args[0], self._line.align)

    def _ht(self, _: bytes) -> None:
        self._line.tab()

    def _set_tabs(self, args: bytes) -> None:
        letter = FONTS[self._font][0] * self._width + self._gap_dots
        columns = args.rstrip(b"\x00")
        rising = [column for place, column in enumerate(columns) if not place or column > columns[place - 1]]
        self._line.tabs_dots = tuple(column * letter for column in rising)

    def _absolute(self, args: bytes) -> None:
        self._move(int.from_bytes(args, "little"))

    def _relative(self, args: bytes) -> None:
        self._move(self._line.x_dots + int.from_bytes(args, "little", signed=True))

    def _move(self, x_dots: int) -> None:
        if not self._line.move_to(x_dots):
            self._body.log(f"the print position {x_dots} is outside of the margins")

    def _left_margin(self, args: bytes) -> None:
        self._set_margin(left_dots=int.from_bytes(args, "little"))

    def _area_width(self, args: bytes) -> None:
        self._set_margin(area_dots=int.from_bytes(args, "little"))

    def _set_margin(self, **dots: int) -> None:
        if self._line.cells:
            self._body.log("a margin in the middle of a line has no effect")
            return
        self._line.set_margins(**dots)

    def _default_spacing(self, _: bytes) -> None:
        self._line.spacing_dots = LINE_SPACING_DOTS

    def _set_spacing(self, args: bytes) -> None:
        self._line.spacing_dots = args[0]

    def _feed_lines(self, args: bytes) -> None:
        spacing = self._line.spacing_dots
        if self._line.cells:
            self._end_line()
            if args[0] > 1:
                self._append(FeedRow(dots=spacing * (args[0] - 1)))
            return
        for _ in range(args[0]):
            self._end_line()

    def _feed_dots(self, args: bytes) -> None:
        if self._line.cells:
            self._end_line(spacing_dots=args[0])
        elif args[0]:
            self._append(FeedRow(dots=args[0]))

    # Page mode: its rows go on the paper one below the other, wherever their places on the page are

    def _page_mode(self, _: bytes) -> None:
        if self._page is None and not self._line.cells:
            self._page = []
            self._body.log("page mode: rows are drawn one below the other")

    def _standard_mode(self, _: bytes) -> None:
        if self._page is not None:
            self._line.clear()
            self._page = None

    def _print_page(self, _: bytes) -> None:
        if self._page is not None:
            self._end_line(empty_too=False)
            for row in self._page:
                self._print(row)

    def _form_feed(self, args: bytes) -> None:
        self._print_page(args)
        self._standard_mode(args)

    def _cancel_page(self, _: bytes) -> None:
        if self._page is not None:
            self._line.clear()
            self._page.clear()

    # The end of the paper, the drawer

    def _cut(self, args: bytes) -> None:
        if not self.model.cutter:
            self._body.log("there is no knife in this model")
            self._end_line(empty_too=False)
            return
        if len(args) > 1 and args[1]:
            self._feed_dots(args[1:])
        self._end_line(empty_too=False)
        self._body.cut(self.take_paper())

    def _drawer(self, _: bytes) -> None:
        self._body.kick_drawer()

    # Barcodes and 2D codes

    def _set_barcode_height(self, args: bytes) -> None:
        self._barcode_height = args[0] or self._barcode_height

    def _set_barcode_module(self, args: bytes) -> None:
        self._barcode_module = args[0] if 1 <= args[0] <= 6 else self._barcode_module

    def _set_barcode_text(self, args: bytes) -> None:
        self._barcode_text = args[0] % 48

    def _set_barcode_font(self, args: bytes) -> None:
        self._barcode_font = FONT_NAMES.get(args[0], self._barcode_font)

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
        width = len(modules[0]) * self._barcode_module
        x_dots = self._line.indent_dots(width)
        words = self._words_under(text, x_dots, width)
        self._add_code(
            CodeRow(
                kind=kind,
                data=text,
                modules=modules,
                module_dots=(self._barcode_module, self._barcode_height),
                x_dots=x_dots,
                shown_above=words if self._barcode_text in (1, 3) else (),
                shown_below=words if self._barcode_text in (2, 3) else (),
            )
        )

    def _words_under(self, text: str, x_dots: int, width_dots: int) -> tuple[Cell, ...]:
        letter = FONTS[self._barcode_font][0]
        start = max(x_dots + (width_dots - letter * len(text)) // 2, 0)
        return tuple(
            Cell(char=char if char.isprintable() else " ", x_dots=start + letter * place, font=self._barcode_font)
            for place, char in enumerate(text)
        )

    def _code_2d(self, args: bytes) -> None:
        if len(args) < 4:
            self._body.log("GS ( k without a function")
            return
        try:
            symbol = self._symbols.obey(args[2], args[3], args[4:])
        except ValueError as error:
            self._body.log(f"GS ( k: {error}")
            return
        if symbol is not None:
            width = len(symbol.modules[0]) * symbol.module_dots[0]
            self._add_code(
                CodeRow(
                    kind=symbol.kind,
                    data=symbol.data.decode("utf-8", "replace"),
                    modules=symbol.modules,
                    module_dots=symbol.module_dots,
                    x_dots=self._line.indent_dots(width),
                )
            )

    def _add_code(self, row: CodeRow) -> None:
        if row.width_dots > self._line.width_dots:
            self._body.log(f"{row.kind}: {row.width_dots} dots are wider than the paper, nothing is printed")
        else:
            self._add(row)

    # Pictures

    def _bit_image(self, args: bytes) -> None:
        stretch = BIT_IMAGE_STRETCH.get(args[0])
        columns = args[3:]
        if stretch is None or not columns:
            self._body.log(f"ESC * {args[0]}: no dots")
            return
        width, height, bits = upright(columns, 3 if args[0] in (32, 33) else 1, stretch)
        if self._line.has_room_for(width):
            self._line.put(Dots(width_dots=width, height_dots=height, bits=bits, x_dots=self._line.x_dots))
        else:
            self._body.log("ESC *: the bit image is wider than the rest of the line and is not printed")

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
        if not width_bytes or not height or len(bits) < width_bytes * height or not all(stretch):
            self._body.log("a picture without dots is not printed")
            return
        if height > PICTURE_MAX_DOTS:
            self._body.log(f"a picture {height} dots high is not printed")
            return
        self._add(
            PictureRow(
                width_bytes=width_bytes,
                height_dots=height,
                bits=bits[: width_bytes * height],
                x_dots=self._line.indent_dots(width_bytes * 8 * stretch[0]),
                stretch=(min(stretch[0], 2), min(stretch[1], 2)),
            )
        )

    # Questions

    def _transmit_status(self, args: bytes) -> None:
        if not self.model.transmit_status:
            self._body.log("GS r is unknown to this model")
        elif args[0] in (1, 49):
            self._body.answer(bytes([self._body.paper_sensor()]))
            self._body.requested(None)
        elif args[0] in (2, 50):
            self._body.answer(b"\x00")  # drawer closed

    def _paper_status(self, _: bytes) -> None:
        self._body.answer(bytes([self._body.paper_sensor()]))

    def _transmit_id(self, args: bytes) -> None:
        text = {65: b"1.0", 66: MAKER, 67: MODEL_NAME, 68: b"0000000001"}.get(args[0])
        if text is not None:
            self._body.answer(b"\x5f" + text + b"\x00")
        elif args[0] in (1, 2, 3, 49, 50, 51):
            self._body.answer(b"\x02")  # a cutter, no two-byte characters
        else:
            self._body.log(f"GS I {args[0]} is not answered")

    def _response_request(self, args: bytes) -> None:
        function, rest = (args[2], args[3:]) if len(args) > 2 else (-1, b"")
        if not self.model.process_id:
            self._body.log("GS ( H is unknown to this model")
        elif function == 48 and len(rest) == 5 and all(0x20 <= byte <= 0x7E for byte in rest[1:]):
            self._body.answer(b"\x37\x22" + rest[1:] + b"\x00")
            self._body.requested(rest[1:].decode("ascii"))
        elif function == 49 and len(rest) == 2:
            self._body.offline_response(rest[1] in (1, 2, 49, 50))
        else:
            self._body.log(f"GS ( H function {function} is not answered")

    def _auto_status(self, args: bytes) -> None:
        if self.model.auto_status:
            self._body.auto_status(args[0])
        else:
            self._body.log("GS a is unknown to this model")


Action = Callable[[Interpreter, bytes], None]

ACTIONS: dict[str, Action] = {
    "NUL": Interpreter._ignore,
    "LF": Interpreter._line_feed,
    "CR": Interpreter._ignore,
    "HT": Interpreter._ht,
    "FF": Interpreter._form_feed,
    "CAN": Interpreter._cancel_page,
    "DLE EOT": Interpreter._ignore,
    "DLE ENQ": Interpreter._ignore,
    "DLE DC4": Interpreter._ignore,
    "ESC 0C": Interpreter._print_page,
    "ESC 20": Interpreter._set_gap,
    "ESC @": Interpreter._reset,
    "ESC !": Interpreter._esc_bang,
    "ESC $": Interpreter._absolute,
    "ESC *": Interpreter._bit_image,
    "ESC -": Interpreter._set_underline,
    "ESC 2": Interpreter._default_spacing,
    "ESC 3": Interpreter._set_spacing,
    "ESC D": Interpreter._set_tabs,
    "ESC E": Interpreter._set_bold,
    "ESC G": Interpreter._set_bold,
    "ESC J": Interpreter._feed_dots,
    "ESC L": Interpreter._page_mode,
    "ESC M": Interpreter._set_font,
    "ESC S": Interpreter._standard_mode,
    "ESC V": Interpreter._rotated,
    "ESC \\": Interpreter._relative,
    "ESC a": Interpreter._esc_a,
    "ESC d": Interpreter._feed_lines,
    "ESC i": Interpreter._cut,
    "ESC m": Interpreter._cut,
    "ESC p": Interpreter._drawer,
    "ESC t": Interpreter._esc_t,
    "ESC v": Interpreter._paper_status,
    "ESC {": Interpreter._upside_down,
    "FS &": Interpreter._kanji_on,
    "FS .": Interpreter._kanji_off,
    "GS !": Interpreter._gs_bang,
    "GS ( H": Interpreter._response_request,
    "GS ( L": Interpreter._graphics_small,
    "GS ( k": Interpreter._code_2d,
    "GS 8 L": Interpreter._graphics_large,
    "GS B": Interpreter._set_reverse,
    "GS H": Interpreter._set_barcode_text,
    "GS I": Interpreter._transmit_id,
    "GS L": Interpreter._left_margin,
    "GS V": Interpreter._cut,
    "GS W": Interpreter._area_width,
    "GS a": Interpreter._auto_status,
    "GS f": Interpreter._set_barcode_font,
    "GS h": Interpreter._set_barcode_height,
    "GS k": Interpreter._barcode,
    "GS r": Interpreter._transmit_status,
    "GS v 0": Interpreter._raster,
    "GS w": Interpreter._set_barcode_module,
}


def gb18030(pair: bytes) -> str:
    char = pair.decode("gb18030", "replace")[0]
    return char if char.isprintable() else NO_GLYPH


def upright(columns: bytes, column_bytes: int, stretch: tuple[int, int]) -> tuple[int, int, bytes]:
    """The columns of ESC * as rows of whole bytes: width and height in dots, and the bits."""
    import numpy as np

    count = len(columns) // column_bytes
    dots = np.unpackbits(np.frombuffer(columns, np.uint8).reshape(count, column_bytes), axis=1).T
    dots = dots.repeat(stretch[0], axis=1).repeat(stretch[1], axis=0)
    height, width = dots.shape
    return width, height, np.packbits(dots, axis=1).tobytes()
