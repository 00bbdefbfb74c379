"""A cursor of the feed of changes: a row's number, as text."""

from __future__ import annotations

from typing import Final

from hub.store.errors import BadCursor

CURSOR_MAX: Final = 2**63 - 1  # the last number that a database has for a row


def position(after: str) -> int:
    """-1 before the first of all. Raises BadCursor."""
    number = int(after) if after.isascii() and after.isdigit() and len(after) <= len(str(CURSOR_MAX)) else -1
    if after and (not 0 <= number <= CURSOR_MAX or str(number) != after):
        raise BadCursor(f"{after[:40]!r} is no cursor of this ledger")
    return number
