"""What is on a receipt, without a word about any printer: blocks from top to bottom, and their JSON.

Text comes as it is in the shop's data; what a printer cannot print is replaced at layout (see printable.py).
A QR or a barcode is refused here, where it is made, because a code that was altered on its way is a lie.
"""

from __future__ import annotations

import unicodedata
from typing import Literal

import msgspec

Align = Literal["left", "center", "right"]

QR_MAX_BYTES = 500  # 500 bytes at level M are 85 modules; at 4 dots each they still fit 58 mm paper
QR_SIZE_MAX = 16  # dots per module, the most GS ( k takes
FEED_MAX_LINES = 20  # about 8 cm; more is paper thrown away


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
    """An EAN-13 with its digits below, centred."""

    data: str
    symbology: Literal["ean13"] = "ean13"

    def __post_init__(self) -> None:
        # With a wrong check digit a printer silently prints nothing.
        if not (len(self.data) == 13 and self.data.isascii() and self.data.isdigit()):
            raise ValueError(f"an EAN-13 has 13 digits: {self.data!r}")
        if ean13_check_digit(self.data[:12]) != self.data[12]:
            raise ValueError(f"wrong check digit in the EAN-13 {self.data}")


class Feed(msgspec.Struct, frozen=True, tag_field="block", tag="feed", omit_defaults=True):
    """Empty lines."""

    lines: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.lines <= FEED_MAX_LINES:
            raise ValueError(f"feed 1 to {FEED_MAX_LINES} lines, not {self.lines}")


class Cut(msgspec.Struct, frozen=True, tag_field="block", tag="cut", omit_defaults=True):
    """The end of a paper: feed to the knife and cut; without a knife, feed to the tear bar."""


Block = Text | Columns | Rule | QR | Barcode | Feed | Cut


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


def ean13_check_digit(first_12: str) -> str:
    weighted = sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(first_12))
    return str(-weighted % 10)
