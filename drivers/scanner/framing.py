"""Bytes of a scanner's line → whole codes: a state machine that knows no clock and no port.

It may be fed in any slices. The driver tells it when the line was quiet (`quiet`) or is gone (`reset`).
Whatever comes in, it never raises and never holds more than one code of the longest length.
"""

from __future__ import annotations

import re

from drivers.scanner.choice import own_bytes
from drivers.scanner.notation import shown
from drivers.scanner.reading import USUAL, Reading, read_frame
from drivers.scanner.reading import Frame as Frame
from drivers.scanner.reading import Refusal as Refusal
from drivers.scanner.reading import strip_aim as strip_aim
from drivers.scanner.scan import AFTER_GAP, CONTROL_CHARACTER, MAX_CODE_BYTES, TOO_LONG, UNTERMINATED

STX = 0x02
ETX = b"\x03"

# By the word used in the URL. Whatever is chosen, ETX ends a frame and STX begins one: neither is ever text.
SUFFIXES: dict[str, tuple[bytes, ...]] = {
    "any": (b"\r", b"\n", b"\t", ETX),  # CR LF is a frame and an empty one; empty ones are nothing
    "cr": (b"\r", ETX),
    "lf": (b"\n", ETX),
    "crlf": (b"\r\n", ETX),
    "tab": (b"\t", ETX),
    "etx": (ETX,),
    "eot": (b"\x04", ETX),  # not among any: the last character of a code by ISO/IEC 15434
}
PREFIXES = ("none", "stx")  # "stx": what comes outside of STX … suffix is no code

# A split frame's tail comes soon after its head; after this many quiet spells what comes is a new scan.
SETTLED_AFTER_QUIETS = 10
# A line just opened may be in the middle of a code; a spell as long as the gap that ends one says that it isn't.
OPENED_AFTER_QUIETS = 1

NO_STX = "there was no STX before it"

# A vCard is one code of several lines; cut at each it would be as many scans. (Its first line may have an identifier.)
BEGINNING = re.compile(rb"[^\r\n]{0,11}BEGIN:([A-Z]+)[\r\n]", re.IGNORECASE)
SEVERAL_LINES = "it has several lines, as a vCard has: no till's code"


class Framer:
    """Cuts the line's bytes into frames at the suffix."""

    def __init__(self, suffix: str = "any", prefix: str = "none", reading: Reading = USUAL) -> None:
        self._suffixes = endings(suffix)
        self._reading = reading
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
            if self._held.endswith(self._suffixes) and not is_unfinished(self._held):
                suffix = next(suffix for suffix in self._suffixes if self._held.endswith(suffix))
                del self._held[-len(suffix) :]
                results += self.end()
            elif len(self._held) > self._held_max:
                self._overlong = True
                del self._held[:-1]  # the last byte may be half of a suffix
        return results

    def end(self) -> list[Frame | Refusal]:
        """What is held is a whole code: its suffix came."""
        results = self._close(frozenset())
        self._begun, self._doubtful_quiets = not self._needs_stx, 0
        return results

    @property
    def holds(self) -> bool:
        """Whether some of a code has come."""
        return bool(self._held) or self._overlong

    @property
    def is_spoilt(self) -> bool:
        """Whether the code that is coming is not to be believed in any case."""
        return bool(self._spoilt)

    def quiet(self) -> list[Frame | Refusal]:
        """The line was quiet for a gap: what is held ends here, and is flagged. What was lost and no code held, a
        stray key say, is forgotten as soon as what comes cannot be the tail of its code."""
        if self.holds:
            results = self._close(frozenset({UNTERMINATED}))
            self._doubtful_quiets = SETTLED_AFTER_QUIETS if results else self._doubtful_quiets
            return results
        if self._spoilt:
            self._spoilt, self._doubtful_quiets = frozenset(), SETTLED_AFTER_QUIETS
            return []
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
        if not raw.strip(b"\r\n") and not overlong:
            self._held.clear()  # CR LF, or STX after a code: no frame, so nothing begins or is forgiven
            return []
        flags |= self._spoilt | ({AFTER_GAP} if self._doubtful_quiets else frozenset())
        self._held.clear()
        self._overlong, self._spoilt = False, frozenset()
        self._begun = not self._needs_stx
        if overlong or len(raw) > MAX_CODE_BYTES:
            return [Refusal(reason=TOO_LONG)]
        if not begun:
            return [Refusal(reason=NO_STX, raw=raw)]
        return [named(result, self._suffixes) for result in read_frame(raw, flags, self._reading)]


def endings(suffix: str) -> tuple[bytes, ...]:
    """The bytes that end a code, by the word or the characters of a URL."""
    own = own_bytes(suffix)
    return SUFFIXES.get(suffix) or ((own, ETX) if own else (ETX,))


def is_unfinished(held: bytes | bytearray) -> bool:
    """A vCard, of which the last line is still to come; this was the end of another."""
    begun = BEGINNING.match(held) if held[-1:] in (b"\r", b"\n") else None
    return begun is not None and re.search(rb"[\r\n]END:" + begun[1] + rb"\s*$", held, re.IGNORECASE) is None


def named(result: Frame | Refusal, suffixes: tuple[bytes, ...]) -> Frame | Refusal:
    """A refusal for a control character says what to do if it is the scanner's suffix."""
    if isinstance(result, Frame) or not result.reason.startswith(CONTROL_CHARACTER):
        return result
    if BEGINNING.match(result.raw):
        return Refusal(reason=SEVERAL_LINES, raw=result.raw)
    last = result.raw[-1:]
    if last >= b" " or last in suffixes:
        return result
    word = next((word for word, ends in SUFFIXES.items() if word != "any" and ends[0] == last), shown(last.decode()))
    return Refusal(reason=f"{result.reason}; if the scanner ends its codes with it, set suffix={word}", raw=result.raw)
