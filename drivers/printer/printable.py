"""Text that a printer can print: every character of the result is one printable byte of the home code page.

This is the only way text takes to paper, so nothing in a name can become a command: control and format
characters, bidirectional marks and lone surrogates do not come through.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

LOST = "?"
NO_BREAK = "\xa0"  # keeps "3,2 %" together until the lines are made

# What Russian receipts use and CP866 lacks. A change from this table is good typewriting, not a loss.
TRANSLITERATION = str.maketrans(
    {
        "«": '"', "»": '"', "“": '"', "”": '"', "„": '"', "″": '"',
        "‘": "'", "’": "'", "‚": "'", "′": "'", "ʼ": "'", "`": "'",
        "—": "-", "–": "-", "―": "-", "−": "-", "‐": "-", "‑": "-", "‒": "-",
        "…": "...", "₽": "руб.", "€": "EUR", "×": "x", "÷": "/", "⁄": "/", "•": "*",
        "©": "(c)", "®": "(R)", "™": "(TM)", "±": "+-", "≤": "<=", "≥": ">=", "≈": "~",
        "і": "i", "І": "I",
    }
)  # fmt: skip

LEFT_OUT = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})  # control, format, surrogate, private, unassigned


def printable(text: str, codepage: str) -> str:
    """`text` in characters that are one printable byte each, and no-break spaces."""
    return "".join(one(char, codepage) for char in normal(text))


def lost_characters(texts: Iterable[str], codepage: str) -> str:
    """Each character that cannot be printed as it is, once, in order of appearance."""
    lost = dict.fromkeys(char for text in texts for char in normal(text) if is_lost(char, codepage))
    return "".join(lost)


def normal(text: str) -> str:
    """NFC, because a decomposed й is a и and a question mark on paper; then the typewriter's spelling."""
    return unicodedata.normalize("NFC", text).translate(TRANSLITERATION)


@lru_cache(maxsize=4096)
def one(char: str, codepage: str) -> str:
    """The printable form of one character: itself, a space, its base letters, "?" or nothing."""
    if char in "\xa0\u202f\u2007":
        return NO_BREAK
    if unicodedata.category(char) == "Zs" or char in "\t\n\r\v\f\x85\u2028\u2029":
        return " "
    if is_printable(char, codepage):
        return char
    if unicodedata.category(char) in LEFT_OUT or unicodedata.combining(char):
        return ""
    taken_apart = unicodedata.normalize("NFKD", char).translate(TRANSLITERATION)
    base = "".join(c for c in taken_apart if not unicodedata.combining(c))
    return base if base and all(is_printable(c, codepage) for c in base) else LOST


def is_lost(char: str, codepage: str) -> bool:
    return one(char, codepage) not in (char, " ", NO_BREAK)


def is_printable(char: str, codepage: str) -> bool:
    """One byte that is neither a control nor DEL. 80h-9Fh are letters in a code page, controls in Unicode."""
    if unicodedata.category(char) in LEFT_OUT:
        return False
    try:
        code = char.encode(codepage)
    except UnicodeEncodeError:
        return False
    return len(code) == 1 and code[0] >= 0x20 and code[0] != 0x7F
