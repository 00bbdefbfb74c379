"""What every scanner delivers: one whole code. And what the text of a code may hold."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from drivers.scanner.notation import shown

MAX_CODE_BYTES = 4096  # a QR holds at most 2953 bytes of text; anything longer is a line gone mad

# The one set of names, whoever read the code.
SYMBOLOGIES = frozenset(
    {"ean13", "ean8", "upca", "code128", "code39", "itf", "qr", "datamatrix", "pdf417"}
    | {"upce", "databar", "databar_expanded"},  # read by a camera only where its URL says so
)

# Flags: a scan without any is whole and certain.
UNTERMINATED = "unterminated"  # the line went quiet, or a new frame began, before the end came
AFTER_GAP = "after_gap"  # the frame before it was unterminated: this may be that one's tail
BAD_CHECK_DIGIT = "bad_check_digit"  # the scanner says EAN or UPC, the digits say otherwise
LOST_KEYS = "lost_keys"  # the system could not keep up with a keyboard scanner: letters are missing
UNKNOWN_KEY = "unknown_key"  # a keyboard scanner pressed what is no character of the US layout
CAPS_LOCK_UNKNOWN = "caps_lock_unknown"  # … typed letters, and it cannot be known whether Caps Lock was meant for them
REFUSED = "refused"  # what came is no text for a till: `text` is empty, `raw` may be anything

BOM = "\ufeff"

# Control characters that codes of the trade really carry: the separators of GS1 and ISO/IEC 15434.
SEPARATORS = frozenset("\x1d\x1e\x04")

CONTROL_CHARACTER = "it holds a control character"
TOO_LONG = f"it is longer than {MAX_CODE_BYTES} bytes"
NOT_UTF8 = "it is not UTF-8 text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """One code. `at` is aware and UTC; `scanner` is the name the shop gave the device."""

    text: str
    raw: bytes  # as it came, identifiers included, suffix not
    symbology: str | None  # None: the device did not say
    scanner: str
    at: datetime
    flags: frozenset[str] = frozenset()
    addon: str | None = None  # the two or five digits beside the EAN of a newspaper or a book
    why: str | None = None  # of what was refused: the reason, for whoever sets the scanner up


def refused_scan(raw: bytes, scanner: str, at: datetime, why: str) -> Scan:
    """It came, and is no code."""
    return Scan(text="", raw=raw, symbology=None, scanner=scanner, at=at, flags=frozenset({REFUSED}), why=why)


def why_refused(text: str) -> str | None:
    """Why this is no text for a till, or None. Whoever prints or shows it later relies on this."""
    if len(text.encode(errors="replace")) > MAX_CODE_BYTES:
        return TOO_LONG
    control = next((c for c in text if is_control(c)), None)
    return None if control is None else f"{CONTROL_CHARACTER}: {shown(control)}"


def is_control(character: str) -> bool:
    """A printer, a page or a terminal would obey it; no code of the trade has it."""
    return unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") and character not in SEPARATORS


def trimmed(text: str) -> str:
    """Without the byte order mark that some writers of codes put first, and without the zeros that fill up a field."""
    return text.removeprefix(BOM).rstrip("\0")


def check_digit_right(digits: str) -> bool:
    """EAN-13, EAN-8 and UPC-A: weights 3 and 1 from the right, the sum divisible by ten."""
    if not (digits.isascii() and digits.isdigit()):
        return False
    weighted = (int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return sum(weighted) % 10 == 0
