"""Who answers to a member's id now: whoever has gone into another is that one, however many times."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from hub.store.records import MemberRow

MERGES_MAX: Final = 1_000  # one after the other: more is a circle


def stands_for(row_of: Callable[[str], MemberRow | None], id: str) -> MemberRow | None:
    """`row_of`: by an id. None: nobody answers to it."""
    row = row_of(id)
    for _ in range(MERGES_MAX):
        if row is None or row.merged_into is None:
            return row
        row = row_of(row.merged_into)
    raise AssertionError(f"the merges of {id} go in a circle")
