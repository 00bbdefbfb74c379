"""Bytes that people read and write: `<SYN>M<CR>VSUFCR.`, `<x04><xE4>`, `0104600439931256<GS>21abc`."""

from __future__ import annotations

import re
import unicodedata

NAMES = [
    "NUL",
    "SOH",
    "STX",
    "ETX",
    "EOT",
    "ENQ",
    "ACK",
    "BEL",
    "BS",
    "HT",
    "LF",
    "VT",
    "FF",
    "CR",
    "SO",
    "SI",
    "DLE",
    "DC1",
    "DC2",
    "DC3",
    "DC4",
    "NAK",
    "SYN",
    "ETB",
    "CAN",
    "EM",
    "SUB",
    "ESC",
    "FS",
    "GS",
    "RS",
    "US",
]
SIGN = re.compile(r"<([A-Z0-9]{2,3}|x[0-9A-F]{2})>")  # the x keeps <xFF> apart from <FF>, the form feed


def shown(text: str) -> str:
    """A text with every character that a terminal would obey shown by its name or its number."""
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if ord(character) < len(NAMES):
        return f"<{NAMES[ord(character)]}>"
    if unicodedata.category(character)[0] in "CZ" and character != " ":
        return f"<U+{ord(character):04X}>"
    return character


def read_bytes(written: str) -> bytes:
    """ASCII with `<NAME>` and `<xHH>` signs → bytes. ValueError names the sign that is none."""
    found, place = bytearray(), 0
    for sign in SIGN.finditer(written):
        found += written[place : sign.start()].encode("ascii")
        found.append(_number(sign.group(1)))
        place = sign.end()
    return bytes(found + written[place:].encode("ascii"))


def _number(name: str) -> int:
    if name.startswith("x"):
        return int(name[1:], 16)
    if name in NAMES:
        return NAMES.index(name)
    raise ValueError(f"<{name}> is no control character; a byte in hexadecimal is written <x1F>")
