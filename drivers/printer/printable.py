"""Text that a printer can print: every character of the result is one printable byte of the home code page.

This is the only way text takes to paper, so nothing in a name can become a command: control and format
characters, bidirectional marks and lone surrogates do not come through.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

LOST = "?"
NO_BREAK = "\xa0"  # keeps "3,2 %" together until the lines are made

# What Russian receipts use and a code page may lack. A change from this table is good typewriting, not a loss.
SPELLINGS = {
    "«": '"', "»": '"', "“": '"', "”": '"', "„": '"', "″": '"',
    "‘": "'", "’": "'", "‚": "'", "′": "'", "ʼ": "'",
    "—": "-", "–": "-", "―": "-", "−": "-", "‐": "-", "‑": "-", "‒": "-",
    "…": "...", "₽": "руб.", "€": "EUR", "×": "x", "÷": "/", "⁄": "/", "•": "*",
    "©": "(c)", "®": "(R)", "™": "(TM)", "±": "+-", "≤": "<=", "≥": ">=", "≈": "~",
    "і": "i", "І": "I",
}  # fmt: skip
NO_BREAKS = frozenset("\xa0\u202f\u2007")
BREAKS = frozenset("\t\n\r\v\f\x85\u2028\u2029")

LEFT_OUT = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})  # control, format, surrogate, private, unassigned


@dataclass(frozen=True, slots=True)
class Replaced:
    """A character that comes out as something else; `lost` if a reader cannot tell what it was."""

    char: str
    printed: str
    lost: bool


def printable(text: str, codepage: str) -> str:
    """`text` in characters that are one printable byte each, and no-break spaces.

    Composed first, because a decomposed й is a и and a question mark on paper.
    """
    if text.isascii() and text.isprintable():  # amounts, mostly
        return text
    return unicodedata.normalize("NFC", text).translate(spelling(codepage))


def replaced(texts: Iterable[str], codepage: str) -> list[Replaced]:
    """Each character that does not come out as it is, once, in order of appearance. A space for a space is none."""
    chars = dict.fromkeys(char for text in texts for char in unicodedata.normalize("NFC", text))
    found = ((char, one(char, codepage)) for char in chars)
    return [Replaced(char, to, lost=char not in SPELLINGS) for char, to in found if to not in (char, " ", NO_BREAK)]


class Spelling(dict[int, str]):
    """A code page for str.translate. It holds what the page has and what is often spelt; a stranger is looked into
    each time it comes."""

    def __init__(self, codepage: str) -> None:
        self.codepage = codepage
        letters = bytes(range(256)).decode(codepage, "ignore")
        super().__init__({ord(char): one(char, codepage) for char in (*letters, *SPELLINGS)})

    def __missing__(self, code: int) -> str:
        return one(chr(code), self.codepage)


@lru_cache(maxsize=8)
def spelling(codepage: str) -> Spelling:
    return Spelling(codepage)


@lru_cache(maxsize=4096)
def one(char: str, codepage: str) -> str:
    """The printable form of one character: itself, its spelling, a space, its base letters, "?" or nothing."""
    if char in NO_BREAKS:
        return NO_BREAK
    if unicodedata.category(char) == "Zs" or char in BREAKS:
        return " "
    if is_printable(char, codepage):
        return char
    if char in SPELLINGS:
        return SPELLINGS[char]
    if unicodedata.category(char) in LEFT_OUT or unicodedata.combining(char):
        return ""
    apart = (SPELLINGS.get(part, part) for part in unicodedata.normalize("NFKD", char))
    base = "".join(part for part in apart if not unicodedata.combining(part[0]))
    return base if base and all(is_printable(part, codepage) for part in base) else LOST


def is_printable(char: str, codepage: str) -> bool:
    """One byte that is neither a control nor DEL. 80h-9Fh are letters in a code page, controls in Unicode."""
    if unicodedata.category(char) in LEFT_OUT:
        return False
    try:
        code = char.encode(codepage)
    except UnicodeEncodeError:
        return False
    return len(code) == 1 and code[0] >= 0x20 and code[0] != 0x7F
