"""Bytes of a scanner's line → whole codes: a state machine that knows no clock and no port.

It may be fed in any slices. The driver tells it when the line was quiet (`quiet`) or is gone (`reset`).
Whatever comes in, it never raises and never holds more than one code of the longest length.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from drivers.scanner.scan import (
    AFTER_GAP,
    BAD_CHECK_DIGIT,
    MAX_CODE_BYTES,
    NOT_UTF8,
    TOO_LONG,
    UNTERMINATED,
    check_digit_right,
    why_refused,
)

STX = 0x02
ETX = b"\x03"

# By the word used in the URL. Whatever is chosen, ETX ends a frame and STX begins one: neither is ever text.
SUFFIXES: dict[str, tuple[bytes, ...]] = {
    "any": (b"\r", b"\n", ETX),  # CR LF is a frame and an empty one; empty ones are nothing
    "cr": (b"\r", ETX),
    "lf": (b"\n", ETX),
    "crlf": (b"\r\n", ETX),
    "etx": (ETX,),
}
PREFIXES = ("none", "stx")  # "stx": what comes outside of STX … suffix is no code

# A split frame's tail comes soon after its head; after this many quiet spells what comes is a new scan.
SETTLED_AFTER_QUIETS = 10
# A line just opened may be in the middle of a code; a spell as long as the gap that ends one says that it isn't.
OPENED_AFTER_QUIETS = 1

NO_STX = "there was no STX before it"
NOTHING_LEFT = "there is nothing after the AIM identifier"

# AIM identifiers (ISO/IEC 15424): letter after "]" → symbology. None: known, but no symbology of ours.
AIM_LETTERS: dict[str, str | None] = {
    "A": "code39",
    "C": "code128",
    "E": "ean",
    "I": "itf",
    "L": "pdf417",
    "Q": "qr",
    "d": "datamatrix",
    "F": None,  # Codabar
    "G": None,  # Code 93
    "X": None,  # "other"; some scanners say it of UPC
    "e": None,  # GS1 DataBar
    "z": None,  # Aztec
}
# A composite code or an add-on: several messages in one frame. An EAN is digits alone, so what follows one with an
# identifier is certainly another message; in any other code "]C1" may well be text.
EAN_MESSAGE = re.compile(r"\]E[0-9][0-9]+(?=\][A-Za-z][0-9A-Za-z])")
EAN_BY_LENGTH = {13: "ean13", 12: "upca", 8: "ean8"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One code as the line brought it."""

    text: str
    raw: bytes
    symbology: str | None
    flags: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A frame that is no code, and why. Its bytes may be anything; of one too long none are kept."""

    reason: str
    raw: bytes = b""


class Framer:
    """Cuts the line's bytes into frames at the suffix."""

    def __init__(self, suffix: str = "any", prefix: str = "none") -> None:
        self._suffixes = SUFFIXES[suffix]
        self._needs_stx = prefix == "stx"
        self._held_max = MAX_CODE_BYTES + max(map(len, self._suffixes)) - 1
        self._held = bytearray()
        self._begun = not self._needs_stx
        self._overlong = False
        self._spoilt: frozenset[str] = frozenset()
        self._doubtful_quiets = 0  # so many quiet spells are missing until what comes is nobody's tail

    def feed(self, data: bytes) -> list[Frame | Refusal]:
        """Take what the line brought, give the frames it completed."""
        results: list[Frame | Refusal] = []
        for byte in data:
            if byte == STX:
                results += self._close(frozenset({UNTERMINATED}))
                self._begun, self._doubtful_quiets = True, 0
                continue
            self._held.append(byte)
            if self._held.endswith(self._suffixes):
                suffix = next(suffix for suffix in self._suffixes if self._held.endswith(suffix))
                del self._held[-len(suffix) :]
                results += self._close(frozenset())
                self._begun, self._doubtful_quiets = not self._needs_stx, 0
            elif len(self._held) > self._held_max:
                self._overlong = True
                del self._held[:-1]  # the last byte may be half of a suffix
        return results

    def quiet(self) -> list[Frame | Refusal]:
        """The line was quiet for a gap: what is held ends here, and is flagged."""
        if self._held or self._overlong:
            results = self._close(frozenset({UNTERMINATED}))
            self._doubtful_quiets = SETTLED_AFTER_QUIETS
            return results
        self._doubtful_quiets = max(0, self._doubtful_quiets - 1)
        return []

    def spoil(self, flag: str) -> None:
        """Something of the code that is coming was lost: whatever it looks like, it is flagged."""
        self._spoilt |= {flag}

    def reset(self) -> None:
        """The line is new or gone: half a code is no code, and what comes first may be a tail."""
        self._held.clear()
        self._begun = not self._needs_stx
        self._overlong = False
        self._spoilt = frozenset()
        self._doubtful_quiets = OPENED_AFTER_QUIETS

    def _close(self, flags: frozenset[str]) -> list[Frame | Refusal]:
        raw, overlong, begun = bytes(self._held), self._overlong, self._begun
        if not raw and not overlong:  # CR LF, or STX after a code: no frame, so nothing begins or is forgiven
            return []
        flags |= self._spoilt | ({AFTER_GAP} if self._doubtful_quiets else frozenset())
        self._held.clear()
        self._overlong, self._spoilt = False, frozenset()
        self._begun = not self._needs_stx
        if overlong or len(raw) > MAX_CODE_BYTES:
            return [Refusal(reason=TOO_LONG)]
        if not begun:
            return [Refusal(reason=NO_STX, raw=raw)]
        return read_frame(raw, flags)


def read_frame(raw: bytes, flags: frozenset[str]) -> list[Frame | Refusal]:
    """Bytes between two suffixes → a code, or why it is none; of a composite code, each of its messages."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return [Refusal(reason=NOT_UTF8, raw=raw)]
    return [_read_message(message, flags) for message in messages(text)]


def messages(text: str) -> list[str]:
    """`]E04607…]C1(more)` → two; anything else → itself."""
    found = []
    while (ean := EAN_MESSAGE.match(text)) is not None:
        found.append(ean.group())
        text = text[ean.end() :]
    return [*found, text]


def _read_message(message: str, flags: frozenset[str]) -> Frame | Refusal:
    text, symbology = strip_aim(message)
    raw = message.encode()
    reason = why_refused(text) or (None if text else NOTHING_LEFT)
    if reason is not None:
        return Refusal(reason=reason, raw=raw)
    if symbology in EAN_BY_LENGTH.values() and not check_digit_right(text):
        flags |= {BAD_CHECK_DIGIT}
    return Frame(text=text, raw=raw, symbology=symbology, flags=flags)


def strip_aim(text: str) -> tuple[str, str | None]:
    """`]E04607…` → `4607…`, "ean13". A hint only: scanners differ in what they call UPC and add-ons."""
    if len(text) < 3 or text[0] != "]" or text[1] not in AIM_LETTERS or not text[2].isalnum():
        return text, None
    rest, symbology = text[3:], AIM_LETTERS[text[1]]
    if symbology == "ean":
        symbology = EAN_BY_LENGTH.get(len(rest))
    return rest, symbology
