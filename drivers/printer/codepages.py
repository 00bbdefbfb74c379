"""A table to find a printer's code page by eye: one line a slot, one column a code page, the same words in each.

Databases disagree about the slots of clones, and no printer can be asked. Where the words are readable, slot and code
page are right. Pure: numbers in, bytes out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

SAMPLE = "Съешь ё№"  # ъ, ё and № stand elsewhere in every two Cyrillic pages
CANDIDATES = ("cp866", "cp1251", "cp855", "iso8859_5")  # the likeliest first; № is in all of them
SLOT_MAX = 255

ESC_INITIALIZE = b"\x1b@"
FS_CANCEL_KANJI = b"\x1c."
ESC_CODE_PAGE = b"\x1bt"
ESC_FEED_LINES = b"\x1bd"
TEAR_LINES = 5


def columns_shown(columns: int) -> tuple[str, ...]:
    """The code pages that have room side by side."""
    room = (columns - len(f"{SLOT_MAX}")) // (len(SAMPLE) + 1)
    return CANDIDATES[:room]


def slots_table(slots: Iterable[int], pages: Sequence[str]) -> bytes:
    """The whole job. Its head is plain ASCII; before each slot page 0 is selected, so that a printer that ignores an
    unknown number does not repeat the letters of the line above."""
    head = "   " + "".join(" " + page.ljust(len(SAMPLE)) for page in pages)
    lines = [slot_line(slot, pages) for slot in slots]
    start = ESC_INITIALIZE + FS_CANCEL_KANJI + head.rstrip().encode("ascii") + b"\n"
    return start + b"".join(lines) + ESC_INITIALIZE + ESC_FEED_LINES + bytes([TEAR_LINES])


def slot_line(slot: int, pages: Sequence[str]) -> bytes:
    words = b"".join(b" " + SAMPLE.encode(page) for page in pages)
    return ESC_CODE_PAGE + b"\0" + ESC_CODE_PAGE + bytes([slot]) + f"{slot:3}".encode("ascii") + words + b"\n"
