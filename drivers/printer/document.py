"""What is on a receipt, without a word about any printer: blocks from top to bottom, and their JSON.

Text comes as it is in the shop's data; what a printer cannot print is replaced at layout (see printable.py).
A QR or a barcode is refused here, where it is made, because a code that was altered on its way is a lie.
Documents lie on the till's disk: a block may be added, and a field with a default; none may change or go.
"""

from __future__ import annotations

import struct
import unicodedata
from typing import Literal

import msgspec

Align = Literal["left", "center", "right"]

QR_MAX_BYTES = 500  # 500 bytes at level M are 85 modules; at 4 dots each they still fit 58 mm paper
QR_SIZE_MAX = 16  # dots per module, the most GS ( k takes
FEED_MAX_LINES = 20  # about 8 cm; more is paper thrown away
CODE128_MAX_CHARS = 48  # more fits no receipt paper, even as pairs of digits
LOGO_MAX_BYTES = 16_384  # it lies in every stored document, and at 9600 baud a picture of 2 cm takes 9 s
LOGO_MAX_WIDTH_DOTS, LOGO_MAX_HEIGHT_DOTS = 2048, 800  # 10 cm of paper; and no 30-pixel file may unpack to gigabytes
BUZZER_MAX_TIMES = 9  # the most ESC B takes
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PNG_SIZE_AT = 16  # after the signature, the length and the name of IHDR: width and height, 4 bytes each


class Text(msgspec.Struct, frozen=True, tag_field="block", tag="text", omit_defaults=True):
    """One paragraph, wrapped by words. `double` is twice as wide and twice as high."""

    text: str
    align: Align = "left"
    bold: bool = False
    double: bool = False


class Columns(msgspec.Struct, frozen=True, tag_field="block", tag="columns", omit_defaults=True):
    """A name at the left edge, an amount at the right one; a long name wraps, the amount stands on its last line."""

    left: str
    right: str
    bold: bool = False
    double: bool = False


class Rule(msgspec.Struct, frozen=True, tag_field="block", tag="rule", omit_defaults=True):
    """A line across the paper."""

    char: Literal["-", "=", "."] = "-"


class QR(msgspec.Struct, frozen=True, tag_field="block", tag="qr", omit_defaults=True):
    """A QR code, centred. `size` is dots per module; it becomes smaller when the paper is too narrow."""

    data: str
    size: int = 6

    def __post_init__(self) -> None:
        length = len(self.data.encode("utf-8"))  # a lone surrogate is refused here too
        if not 1 <= length <= QR_MAX_BYTES:
            raise ValueError(f"a QR holds 1 to {QR_MAX_BYTES} bytes, not {length}")
        if not 1 <= self.size <= QR_SIZE_MAX:
            raise ValueError(f"a QR module is 1 to {QR_SIZE_MAX} dots, not {self.size}")
        # Printers act on real-time commands (DLE DC4 opens the drawer) even inside the data of a QR.
        if any(unicodedata.category(char) == "Cc" for char in self.data):
            raise ValueError("a QR on a receipt holds no control characters")


class Barcode(msgspec.Struct, frozen=True, tag_field="block", tag="barcode", omit_defaults=True):
    """A barcode with its text below, centred. One that is too wide for the paper is printed as its text alone."""

    data: str
    symbology: Literal["ean13", "code128"] = "ean13"

    def __post_init__(self) -> None:
        if self.symbology == "ean13":
            check_ean13(self.data)
        else:
            check_code128(self.data)


class Logo(msgspec.Struct, frozen=True, tag_field="block", tag="logo", omit_defaults=True):
    """A PNG picture, centred, one dot for a pixel; it becomes smaller when the paper is too narrow.

    The picture itself and not its name: a receipt printed again next month is the same receipt.
    """

    png: bytes

    def __post_init__(self) -> None:
        if len(self.png) > LOGO_MAX_BYTES:
            raise ValueError(f"a logo is a PNG of at most {LOGO_MAX_BYTES} bytes, not {len(self.png)}")
        if not self.png.startswith(PNG_SIGNATURE) or len(self.png) < PNG_SIZE_AT + 8:
            raise ValueError("a logo is a PNG picture")
        width, height = struct.unpack_from(">II", self.png, PNG_SIZE_AT)
        if not (1 <= width <= LOGO_MAX_WIDTH_DOTS and 1 <= height <= LOGO_MAX_HEIGHT_DOTS):
            limit = f"{LOGO_MAX_WIDTH_DOTS} x {LOGO_MAX_HEIGHT_DOTS}"
            raise ValueError(f"a logo has at most {limit} pixels, not {width} x {height}")


class Drawer(msgspec.Struct, frozen=True, tag_field="block", tag="drawer", omit_defaults=True):
    """Opens the cash drawer when the printer comes to this place. `pin` is the wire it hangs on."""

    pin: Literal[2, 5] = 2


class Buzzer(msgspec.Struct, frozen=True, tag_field="block", tag="buzzer", omit_defaults=True):
    """Beeps, where the printer has something to beep with."""

    times: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.times <= BUZZER_MAX_TIMES:
            raise ValueError(f"beep 1 to {BUZZER_MAX_TIMES} times, not {self.times}")


class Feed(msgspec.Struct, frozen=True, tag_field="block", tag="feed", omit_defaults=True):
    """Empty lines."""

    lines: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.lines <= FEED_MAX_LINES:
            raise ValueError(f"feed 1 to {FEED_MAX_LINES} lines, not {self.lines}")


class Cut(msgspec.Struct, frozen=True, tag_field="block", tag="cut", omit_defaults=True):
    """The end of a paper: feed to the knife and cut; without a knife, feed to the tear bar."""


Block = Text | Columns | Rule | QR | Barcode | Logo | Feed | Cut | Drawer | Buzzer


class Document(msgspec.Struct, frozen=True):
    """One paper."""

    blocks: tuple[Block, ...]


def to_json(document: Document) -> bytes:
    """For the disk. A lone surrogate, which no JSON can hold, becomes "?" (a printer could not print it either)."""
    try:
        return msgspec.json.encode(document)
    except UnicodeEncodeError:
        return msgspec.json.encode(Document(tuple(without_surrogates(block) for block in document.blocks)))


def from_json(data: bytes) -> Document:
    """Back from the disk. What is not a document raises ValueError (msgspec's errors are that)."""
    return msgspec.json.decode(data, type=Document)


def without_surrogates(block: Block) -> Block:
    texts = {
        name: value.encode("utf-8", "replace").decode("utf-8")
        for name in block.__struct_fields__
        if isinstance(value := getattr(block, name), str)
    }
    return msgspec.structs.replace(block, **texts)


def check_ean13(data: str) -> None:
    # With a wrong check digit a printer silently prints nothing.
    if not (len(data) == 13 and data.isascii() and data.isdigit()):
        raise ValueError(f"an EAN-13 has 13 digits: {data!r}")
    if ean13_check_digit(data[:12]) != data[12]:
        raise ValueError(f"wrong check digit in the EAN-13 {data}")


def check_code128(data: str) -> None:
    if not 1 <= len(data) <= CODE128_MAX_CHARS:
        raise ValueError(f"a Code 128 holds 1 to {CODE128_MAX_CHARS} characters, not {len(data)}")
    if not (data.isascii() and data.isprintable()):
        raise ValueError(f"a Code 128 on a receipt holds printable ASCII: {data!r}")


def ean13_check_digit(first_12: str) -> str:
    weighted = sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(first_12))
    return str(-weighted % 10)
