"""The shelf of programmes: every one that operations were made under, by its content hash.

A receipt of last year is undone by last year's rules. Till and hub keep the files themselves in their own file; here
they are read, each once.
"""

from __future__ import annotations

from collections.abc import Callable

from config.programmes import ProgrammeError, read_source
from loyalty.programme import Programme


class Shelf:
    """`source_of` gives the kept text of a programme's file by its hash, or None."""

    def __init__(self, source_of: Callable[[str], str | None]) -> None:
        self._source_of = source_of
        self._read: dict[str, Programme] = {}
        self._unreadable: dict[str, ProgrammeError] = {}  # looked at for every receipt: read and refused once

    def programme(self, content_hash: str) -> Programme | None:
        """The programme of this hash; None when nothing here was ever made under it. Raises ProgrammeError."""
        if content_hash in self._unreadable:
            raise self._unreadable[content_hash].with_traceback(None)
        if content_hash not in self._read:
            source = self._source_of(content_hash)
            if source is None:
                return None
            self._read[content_hash] = self._taken(content_hash, source)
        return self._read[content_hash]

    def _taken(self, content_hash: str, source: str) -> Programme:
        try:
            return read_source(source, past=True)
        except ProgrammeError as error:
            self._unreadable[content_hash] = error
            raise
