"""A host's bytes for a printer, cut where another may speak: text, whole commands, and long data in parts.

The lengths are those of Epson's command reference. Bytes are held back only while the length of their command is not
known yet (a dozen at most, or a code's text up to its NUL), so a picture passes as it comes. Pure; any split of the
bytes gives the same bytes in the same order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

DLE, ESC, FS, GS, LF, FF = 0x10, 0x1B, 0x1C, 0x1D, 0x0A, 0x0C
TABS_END = 34  # ESC D takes 32 stops and then needs no NUL
COUNTER_MAX_BYTES = 35  # GS C ; with five numbers of five digits
HEAD_MAX_BYTES = 4_096  # text of a code without its NUL: more is no code

# Letter → bytes after it. What is in none of the tables counts as two bytes: all that can be done is to pass it on.
NO_ARGUMENT = {ESC: b"\x0c2<@LSimoqv", FS: b"&.", GS: b":c"}
ONE = {ESC: b" !%-3=?EFGJKMRTUVadertu{", FS: b"!-CW", GS: b"!#/BEHITabfhjrw"}
TWO = {ESC: b"$B\\cf", FS: b"?Sp", GS: b"$LPW\\"}
THREE = {ESC: b"p", FS: b"", GS: b"^z"}
EIGHT = {ESC: b"W", FS: b"", GS: b""}
FIXED = {
    (prefix, letter): count
    for count, table in ((0, NO_ARGUMENT), (1, ONE), (2, TWO), (3, THREE), (8, EIGHT))
    for prefix, letters in table.items()
    for letter in letters
} | {(FS, ord("2")): 74}
# Modes that a host sets once and believes in: put back after somebody else's job. ESC @ forgets them all.
SETTINGS = {ESC: b" !%-23?EGMRTUVadtru{", FS: b"!&-.CSW", GS: b"!BHLPWabfhw"}
QUESTIONS = {GS: b"rI"}

Length = Callable[[bytes], int | None]


@dataclass(frozen=True, slots=True)
class Piece:
    """`kind`: text, line, init, setting, cut, ask (answered in its turn), now (real-time question), other, part.
    `whole`: a command ends here, so another's may begin."""

    data: bytes
    kind: str
    whole: bool = True
    known: bool = True


def _word(data: bytes, at: int) -> int:
    return data[at] + 256 * data[at + 1]


def _tabs(data: bytes) -> int | None:  # ESC D n … NUL
    end = data.find(b"\0", 2, TABS_END)
    return end + 1 if end >= 0 else (TABS_END if len(data) >= TABS_END else None)


def _barcode(data: bytes) -> int | None:  # GS k m …NUL, or GS k m n …
    if data[2] > 6:
        return 4 + data[3] if 65 <= data[2] <= 79 and len(data) > 3 else None if 65 <= data[2] <= 79 else 3
    end = data.find(b"\0", 3)
    return end + 1 if end >= 0 else None


def _counter(data: bytes) -> int | None:  # GS C 0 n m, GS C 1 and six bytes, GS C 2 nL nH, GS C ;n;n;n;n;n;
    if data[2] != ord(";"):
        return {0x30: 5, 0x31: 9, 0x32: 5}.get(data[2], 3)
    for at in range(3, len(data)):
        ended = data[: at + 1].count(b";") == 6 or data[at] not in b"0123456789;"
        if ended or at + 1 == COUNTER_MAX_BYTES:
            return at + 1
    return None


def _characters(data: bytes) -> int | None:  # ESC & y c1 c2 [x d…]…
    at = 5
    for _ in range(max(data[4] - data[3] + 1, 0)):
        if at >= len(data):
            return None
        at += 1 + data[2] * data[at]
    return at


def _logos(data: bytes) -> int | None:  # FS q n [xL xH yL yH d…]…
    at = 3
    for _ in range(data[2]):
        if at + 4 > len(data):
            return None
        at += 4 + _word(data, at) * _word(data, at + 2) * 8
    return at


# (prefix, letter) → bytes of the head that tell the length, and how.
VARIABLE: dict[tuple[int, int], tuple[int, Length]] = {
    (DLE, 0x04): (3, lambda data: 4 if data[2] in (7, 8, 18) else 3),
    (DLE, 0x05): (3, lambda data: 3),
    (DLE, 0x14): (3, lambda data: {1: 5, 2: 5, 3: 8, 7: 4, 8: 10}.get(data[2], 3)),
    (ESC, ord("&")): (5, _characters),
    (ESC, ord("(")): (5, lambda data: 5 + _word(data, 3)),
    (ESC, ord("*")): (5, lambda data: 5 + _word(data, 3) * (3 if data[2] in (32, 33) else 1)),
    (ESC, ord("D")): (3, _tabs),
    (FS, ord("(")): (5, lambda data: 5 + _word(data, 3)),
    (FS, ord("q")): (3, _logos),
    (FS, ord("g")): (10, lambda data: 10 + (_word(data, 8) if data[2] == 0x31 else 0)),
    (GS, ord("(")): (5, lambda data: 5 + _word(data, 3)),
    (GS, ord("*")): (4, lambda data: 4 + data[2] * data[3] * 8),
    (GS, ord("8")): (7, lambda data: 7 + int.from_bytes(data[3:7], "little")),
    (GS, ord("C")): (3, _counter),
    (GS, ord("D")): (15, lambda data: 9 + int.from_bytes(data[11:15], "little")),
    (GS, ord("Q")): (8, lambda data: 8 + _word(data, 4) * _word(data, 6)),
    (GS, ord("V")): (3, lambda data: 4 if data[2] in (65, 66, 97, 98, 103, 104) else 3),
    (GS, ord("g")): (3, lambda data: 6),
    (GS, ord("k")): (4, _barcode),
    (GS, ord("v")): (8, lambda data: 8 + _word(data, 4) * _word(data, 6)),
}


class Pieces:
    """`missing` bytes of a command are still to come; whoever breaks it off sends as many NULs."""

    def __init__(self) -> None:
        self._head = b""
        self._kind = "part"
        self.missing = 0

    @property
    def between(self) -> bool:
        """Nothing is begun."""
        return not self.missing and not self._head

    def feed(self, data: bytes) -> list[Piece]:
        pieces: list[Piece] = []
        data, self._head = self._head + data, b""
        while data:
            piece, data = self._next(data)
            if piece is None:
                self._head = data
                break
            pieces.append(piece)
        return pieces

    def forget(self) -> int:
        """The host is gone: the head that nobody has got is dropped; how many bytes the printer still waits for."""
        missing, self.missing, self._head = self.missing, 0, b""
        return missing

    def _next(self, data: bytes) -> tuple[Piece | None, bytes]:
        if self.missing:
            part, rest = data[: self.missing], data[self.missing :]
            self.missing -= len(part)
            return Piece(part, self._kind if not self.missing else "part", whole=not self.missing), rest
        if data[0] in (DLE, ESC, FS, GS):
            return self._command(data)
        if data[0] in (LF, FF):
            return Piece(data[:1], "line"), data[1:]
        end = next((at for at, byte in enumerate(data) if byte in (DLE, ESC, FS, GS, LF, FF)), len(data))
        return Piece(data[:end], "text"), data[end:]

    def _command(self, data: bytes) -> tuple[Piece | None, bytes]:
        length = length_of(data)
        if length is None:
            return (None, data) if len(data) < HEAD_MAX_BYTES else (Piece(data[:2], "other", known=False), data[2:])
        kind = kind_of(data)
        if len(data) >= length:
            return Piece(data[:length], kind, known=is_known(data)), data[length:]
        if kind in ("now", "ask", "cut", "setting", "init") or length < 32:
            return None, data  # short, and it must be seen whole
        self.missing, self._kind = length - len(data), kind
        return Piece(data, "part", whole=False), b""


def is_known(data: bytes) -> bool:
    return (data[0], data[1]) in FIXED or (data[0], data[1]) in VARIABLE


def length_of(data: bytes) -> int | None:
    """None while it cannot be told."""
    if len(data) < 2:
        return None
    name = data[0], data[1]
    if name in FIXED:
        return 2 + FIXED[name]
    if name not in VARIABLE:
        return 2
    head, length = VARIABLE[name]
    return length(data) if len(data) >= head else None


def kind_of(data: bytes) -> str:
    prefix, letter = data[0], data[1]
    if prefix == DLE:
        return "now" if letter == 0x04 else "other"
    if prefix == ESC and letter in b"@":
        return "init"
    if (prefix == GS and letter in b"V") or (prefix == ESC and letter in b"im"):
        return "cut"
    if letter in QUESTIONS.get(prefix, b"") or data[:3] == b"\x1d(H":
        return "ask"
    return "setting" if letter in SETTINGS.get(prefix, b"") else "other"
