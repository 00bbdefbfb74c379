"""A byte stream cut into ESC/POS commands, any split of the bytes giving the same commands.

The lengths are those of Epson's command reference for receipt printers. A command that the virtual printer
does not draw is still skipped by its right length, or its parameters would come out as text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

DLE, ESC, FS, GS = 0x10, 0x1B, 0x1C, 0x1D


@dataclass(frozen=True, slots=True)
class Printed:
    """One byte of text."""

    byte: int


@dataclass(frozen=True, slots=True)
class Command:
    """`name` as in the reference ("ESC @", "GS ( k"); `args` is what follows the name."""

    name: str
    args: bytes = b""
    known: bool = True


Token = Printed | Command

TAB_STOPS_MAX = 32
COUNTER_MAX_BYTES = 35  # GS C ; with five numbers of five digits and their semicolons
COMMAND_MAX_BYTES = 1 << 20  # a picture of 80 mm by 14 m; longer ones are skipped, not stored

# Name after the prefix → number of argument bytes.
FIXED: dict[int, dict[int, int]] = {
    ESC: {
        0x0C: 0, 0x20: 1, 0x21: 1, 0x24: 2, 0x25: 1, 0x2D: 1, 0x32: 0, 0x33: 1, 0x3C: 0, 0x3D: 1, 0x3F: 1,
        0x40: 0, 0x42: 2, 0x45: 1, 0x46: 1, 0x47: 1, 0x4A: 1, 0x4B: 1, 0x4C: 0, 0x4D: 1, 0x52: 1, 0x53: 0,
        0x54: 1, 0x55: 1, 0x56: 1, 0x57: 8, 0x5C: 2, 0x61: 1, 0x63: 2, 0x64: 1, 0x65: 1, 0x66: 2, 0x69: 0,
        0x6D: 0, 0x6F: 0, 0x70: 3, 0x71: 0, 0x72: 1, 0x74: 1, 0x75: 1, 0x76: 0, 0x7B: 1,
    },
    FS: {0x21: 1, 0x26: 0, 0x2D: 1, 0x2E: 0, 0x32: 74, 0x3F: 2, 0x43: 1, 0x53: 2, 0x57: 1, 0x70: 2},
    GS: {
        0x21: 1, 0x23: 1, 0x24: 2, 0x2F: 1, 0x3A: 0, 0x42: 1, 0x45: 1, 0x48: 1, 0x49: 1, 0x4C: 2, 0x50: 2,
        0x54: 1, 0x57: 2, 0x5C: 2, 0x5E: 3, 0x61: 1, 0x62: 1, 0x63: 0, 0x66: 1, 0x68: 1, 0x6A: 1, 0x72: 1,
        0x77: 1, 0x7A: 3,
    },
}  # fmt: skip

PREFIX_NAMES = {DLE: "DLE", ESC: "ESC", FS: "FS", GS: "GS"}
CONTROL_NAMES = {0x00: "NUL", 0x09: "HT", 0x0A: "LF", 0x0C: "FF", 0x0D: "CR", 0x18: "CAN"}
DLE_NAMES = {0x04: "EOT", 0x05: "ENQ", 0x14: "DC4"}

# A length function sees the bytes so far, prefix and all: the whole length, or None while it cannot know.
Length = Callable[[bytes | bytearray], int | None]


def after(head: int) -> Callable[[Callable[[bytes | bytearray], int]], Length]:
    """A length that can be told once `head` bytes are there."""

    def decorate(function: Callable[[bytes | bytearray], int]) -> Length:
        return lambda data: function(data) if len(data) >= head else None

    return decorate


def low_high(data: bytes | bytearray, at: int) -> int:
    return data[at] + 256 * data[at + 1]


def tab_stops(data: bytes | bytearray) -> int | None:  # ESC D n1 ... nk NUL
    ended = len(data) > 2 and (data[-1] == 0 or len(data) == 2 + TAB_STOPS_MAX)
    return len(data) if ended else None


@after(5)
def parenthesis(data: bytes | bytearray) -> int:  # x ( y pL pH ...
    return 5 + low_high(data, 3)


@after(5)
def bit_image(data: bytes | bytearray) -> int:  # ESC * m nL nH: one byte a column, three at 24 dots
    return 5 + low_high(data, 3) * (3 if data[2] in (32, 33) else 1)


def user_characters(data: bytes | bytearray) -> int | None:  # ESC & y c1 c2 [x d1 ... d(y*x)] for each character
    if len(data) < 5:
        return None
    at = 5
    for _ in range(data[4] - data[3] + 1):
        if at >= len(data):
            return None
        at += 1 + data[2] * data[at]
    return at


@after(8)
def raster(data: bytes | bytearray) -> int:  # GS v 0 m xL xH yL yH
    return 8 + low_high(data, 4) * low_high(data, 6)


@after(4)
def downloaded_image(data: bytes | bytearray) -> int:  # GS * x y
    return 4 + data[2] * data[3] * 8


def nv_images(data: bytes | bytearray) -> int | None:  # FS q n [xL xH yL yH d...] for each image
    at = 3
    for _ in range(data[2] if len(data) > 2 else 0):
        if at + 4 > len(data):
            return None
        at += 4 + low_high(data, at) * low_high(data, at + 2) * 8
    return at if len(data) > 2 else None


@after(3)
def cut(data: bytes | bytearray) -> int:  # GS V m, and n for the functions that feed first
    return 4 if data[2] in (65, 66, 97, 98, 103, 104) else 3


def barcode(data: bytes | bytearray) -> int | None:  # GS k m: function A ends in NUL, function B has a length
    if len(data) < 3:
        return None
    if data[2] <= 6:
        return len(data) if len(data) > 3 and data[-1] == 0 else None
    if not 65 <= data[2] <= 79:
        return 3  # no such barcode: the manual ends the command here, what follows is text
    return 4 + data[3] if len(data) > 3 else None


@after(7)
def graphics_large(data: bytes | bytearray) -> int:  # GS 8 L p1 p2 p3 p4
    return 7 + int.from_bytes(data[3:7], "little")


def counter(data: bytes | bytearray) -> int | None:  # GS C 0 n m, GS C 1 with six bytes, GS C 2 nL nH, GS C ; text
    if len(data) < 3:
        return None
    if data[2] != ord(";"):
        return {0x30: 5, 0x31: 9, 0x32: 5}.get(data[2], 3)
    ended = data.count(b";") == 6 or data[-1] not in b"0123456789;" or len(data) == COUNTER_MAX_BYTES
    return len(data) if ended else None  # sa ; sb ; sn ; sr ; sc ;


def windows_bitmap(
    data: bytes | bytearray,
) -> int | None:  # GS D m fn a kc1 kc2 b c, and a BMP file, which has its size in it
    return 9 + int.from_bytes(data[11:15], "little") if len(data) >= 15 else None


@after(3)
def maintenance(data: bytes | bytearray) -> int:  # GS g 0 m nL nH, GS g 2 m nL nH
    return 6


def user_nv(data: bytes | bytearray) -> int | None:  # FS g 1 m a1-a4 nL nH d..., FS g 2 m a1-a4 nL nH
    if len(data) < 10:
        return None
    return 10 + (low_high(data, 8) if data[2] == 0x31 else 0)


@after(3)
def dle_eot(data: bytes | bytearray) -> int:  # DLE EOT n [a]
    return 4 if data[2] in (7, 8, 18) else 3


@after(3)
def dle_dc4(data: bytes | bytearray) -> int:  # DLE DC4 fn ...
    return {1: 5, 2: 5, 3: 8, 7: 4, 8: 10}.get(data[2], 3)


VARIABLE: dict[tuple[int, int], Length] = {
    (DLE, 0x04): dle_eot,
    (DLE, 0x05): lambda data: 3,
    (DLE, 0x14): dle_dc4,
    (ESC, 0x26): user_characters,
    (ESC, 0x28): parenthesis,
    (ESC, 0x2A): bit_image,
    (ESC, 0x44): tab_stops,
    (FS, 0x28): parenthesis,
    (FS, 0x67): user_nv,
    (FS, 0x71): nv_images,
    (GS, 0x28): parenthesis,
    (GS, 0x2A): downloaded_image,
    (GS, 0x38): graphics_large,
    (GS, 0x43): counter,
    (GS, 0x44): windows_bitmap,
    (GS, 0x51): raster,
    (GS, 0x56): cut,
    (GS, 0x67): maintenance,
    (GS, 0x6B): barcode,
    (GS, 0x76): raster,
}

# The reference counts the byte after these as part of the name.
LONG_NAMES = frozenset(
    {(ESC, 0x28), (FS, 0x28), (GS, 0x28), (ESC, 0x63), (FS, 0x67), (GS, 0x38), (GS, 0x43), (GS, 0x67), (GS, 0x76)}
)


class Tokenizer:
    """Feed it one byte at a time; a token comes when it is complete.

    A half command waits for its arguments for ever, as in a real printer: whatever comes next is eaten, were
    it a whole new job. Only reset() makes it forget.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self._pending = bytearray()
        self._length: int | None = None
        self._skip = 0

    @property
    def between(self) -> bool:
        """True where a new command may begin."""
        return not self._pending and not self._skip

    @property
    def torn(self) -> bool:
        """True in the middle of a command that would print or set something: a real-time one was obeyed already."""
        return bool(self._skip) or (bool(self._pending) and self._pending[0] != DLE)

    def feed(self, byte: int) -> Token | None:
        if self._skip:
            self._skip -= 1
            return None
        if not self._pending and byte not in PREFIX_NAMES:
            return Printed(byte) if byte >= 0x20 else control(byte)
        self._pending.append(byte)
        if self._length is None:
            self._length = length_of(self._pending)
        length = self._length if self._length is not None or len(self._pending) < COMMAND_MAX_BYTES else 0
        if length is None or len(self._pending) < length <= COMMAND_MAX_BYTES:
            return None
        return self._complete(length)

    def _complete(self, length: int) -> Command:
        data = bytes(self._pending)
        self._pending.clear()
        self._length = None
        if 0 < length <= COMMAND_MAX_BYTES:
            return named(data)
        self._skip = max(length - len(data), 0)
        return Command("too long", data, known=False)


def control(byte: int) -> Command:
    name = CONTROL_NAMES.get(byte)
    return Command(name) if name else Command(f"{byte:02X}", known=False)


def length_of(data: bytes | bytearray) -> int | None:
    """The whole length of the command that begins here, or None while it cannot be told yet."""
    if len(data) < 2:
        return None
    prefix, letter = data[0], data[1]
    if (count := FIXED.get(prefix, {}).get(letter)) is not None:
        return 2 + count
    if variable := VARIABLE.get((prefix, letter)):
        return variable(data)
    return 2  # unknown: all we can do is to skip its name


def named(data: bytes) -> Command:
    prefix, letter = data[0], data[1]
    if prefix == DLE:
        name = DLE_NAMES.get(letter)
        return Command(f"DLE {name}", data[2:]) if name else Command(f"DLE {letter:02X}", known=False)
    known = letter in FIXED.get(prefix, {}) or (prefix, letter) in VARIABLE
    text = f"{PREFIX_NAMES[prefix]} {shown(letter)}"
    if (prefix, letter) in LONG_NAMES and len(data) > 2:
        return Command(f"{text} {shown(data[2])}", data[3:], known=known)
    return Command(text, data[2:], known=known)


def shown(byte: int) -> str:
    return chr(byte) if 0x21 <= byte <= 0x7E else f"{byte:02X}"
