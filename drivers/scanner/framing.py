"""Bytes of a scanner's line → whole codes: a state machine that knows no clock and no port.

It may be fed in any slices. The driver tells it when the line was quiet (`quiet`) or is gone (`reset`).
Whatever comes in, it never raises and never holds more than one code of the longest length.
"""

from __future__ import annotations

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
}

# A split frame's tail comes soon after its head; after this many quiet spells what comes is a new scan.
SETTLED_AFTER_QUIETS = 10

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
    """A frame that is no code, and why. Its bytes are not kept: they may be anything."""

    reason: str


class Framer:
    """Cuts the line's bytes into frames at the suffix."""

    def __init__(self, suffix: str = "any") -> None:
        self._suffixes = SUFFIXES[suffix]
        self._held_max = MAX_CODE_BYTES + max(map(len, self._suffixes)) - 1
        self._held = bytearray()
        self._overlong = False
        self._doubtful_start = False
        self._quiets = 0

    def feed(self, data: bytes) -> list[Frame | Refusal]:
        """Take what the line brought, give the frames it completed."""
        self._quiets = 0 if data else self._quiets
        results: list[Frame | Refusal] = []
        for byte in data:
            if byte == STX:
                results += self._close_unterminated()
                self._doubtful_start = False
                continue
            self._held.append(byte)
            suffix = next((s for s in self._suffixes if self._held.endswith(s)), None)
            if suffix is not None:
                del self._held[-len(suffix) :]
                results += self._close(frozenset())
                self._doubtful_start = False
            elif len(self._held) > self._held_max:
                self._overlong = True
                del self._held[:-1]  # the last byte may be half of a suffix
        return results

    def quiet(self) -> list[Frame | Refusal]:
        """The line was quiet for a gap: what is held ends here, and is flagged."""
        if self._held or self._overlong:
            results = self._close_unterminated()
            self._doubtful_start = True
            return results
        self._quiets += 1
        if self._quiets >= SETTLED_AFTER_QUIETS:
            self._doubtful_start = False
        return []

    def reset(self) -> None:
        """The line is gone: half a code is no code."""
        self._held.clear()
        self._overlong = self._doubtful_start = False
        self._quiets = 0

    def _close_unterminated(self) -> list[Frame | Refusal]:
        return self._close(frozenset({UNTERMINATED}))

    def _close(self, flags: frozenset[str]) -> list[Frame | Refusal]:
        raw, overlong = bytes(self._held), self._overlong
        self._held.clear()
        self._overlong = False
        if overlong or len(raw) > MAX_CODE_BYTES:
            return [Refusal(reason=TOO_LONG)]
        if not raw:
            return []
        return [read_frame(raw, flags | {AFTER_GAP} if self._doubtful_start else flags)]


def read_frame(raw: bytes, flags: frozenset[str]) -> Frame | Refusal:
    """Bytes between two suffixes → a code, or why it is none."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return Refusal(reason=NOT_UTF8)
    text, symbology = strip_aim(text)
    reason = why_refused(text) or (None if text else "there is nothing after the AIM identifier")
    if reason is not None:
        return Refusal(reason=reason)
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
