"""What was read of the till's file is so until something is written into it, and a command asks for what the one before
asked for.

Nobody but this process writes into it. Each of its commits makes another edition of the file, and so does opening it
anew, as after a commit that may or may not have happened.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Final, TypeVar

from storage.sqlite_file import SqliteFile

KEPT_MAX: Final = 64  # a receipt asks for a member, his cards and how far the hub's word goes

_T = TypeVar("_T")


class Seen:
    """From any thread: what is read is known under the edition that there was before it was read."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file
        self._known: tuple[tuple[int, int], dict[Hashable, Any]] = file.edition, {}

    def of(self, key: Hashable, read: Callable[[], _T]) -> _T:
        edition = self._file.edition
        known_of, known = self._known
        if known_of != edition or len(known) >= KEPT_MAX:
            known = {}
            self._known = edition, known
        if key in known:
            found: _T = known[key]
            return found
        known[key] = found = read()
        return found
