"""What people type at any desk: why, and which one of several numbers."""

from __future__ import annotations

from typing import Final

from loyalty.possible import is_text
from pos_agent.refused import Refused

REASON_LETTERS_MAX: Final = 200
ENDING_LEAST: Final = 4  # last digits by which a person tells one number from the others


def reason_in(text: str) -> str:
    """On one line; "" where none was said. Raises Refused."""
    reason = " ".join(text.split())
    if reason and not is_text(reason, REASON_LETTERS_MAX):
        raise Refused("bad_reason", field="reason", most=str(REASON_LETTERS_MAX))
    return reason


def ends(number: str, ending: str) -> bool:
    """Is it the one that is named by its end?"""
    return len(ending) >= ENDING_LEAST and number.endswith(ending)
