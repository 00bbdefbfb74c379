"""A cell of a table that people open: what somebody typed at a till is text there, and never a formula."""

from __future__ import annotations

from typing import Final

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # a cell that begins so is no text to Excel


def text_cell(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
