"""Who answers to a member's id now: whoever has gone into another is that one, however many times; nobody, once he was
erased."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Final

from hub.store.records import ERASED, MemberRow
from hub.store.seam import Reader

MERGES_MAX: Final = 1_000  # one after the other: more is a circle


def stands_for(row_of: Callable[[str], MemberRow | None], id: str) -> MemberRow | None:
    """`row_of`: by an id. None: nobody answers to it."""
    row = row_of(id)
    for _ in range(MERGES_MAX):
        if row is None or row.merged_into is None:
            return row
        row = row_of(row.merged_into)
    raise AssertionError(f"the merges of {id} go in a circle")


def with_heirs(read: Callable[[Sequence[str]], Mapping[str, MemberRow]], ids: Iterable[str]) -> dict[str, MemberRow]:
    """Those who have these ids, and whoever they have gone into: all that `stands_for` needs, in a look a merge."""
    found: dict[str, MemberRow] = {}
    wanted = set(ids)
    while wanted:
        more = read(sorted(wanted))
        found |= more
        wanted = {row.merged_into for row in more.values() if row.merged_into is not None} - found.keys()
    return found


def erased_of(reader: Reader, members: Collection[str]) -> set[str]:
    """Those of them who were erased."""
    once = reader.once_of(sorted(members)) if members else []
    return {done.member for done in once if done.what == ERASED}
