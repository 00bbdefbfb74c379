"""The shelf of programmes: every one that operations were made under, by its content hash.

A receipt of last year is undone by last year's rules. Till and hub keep the files themselves in their own file; here
they are read, each once.
"""

from __future__ import annotations

from collections.abc import Callable

from config.programmes import read_source
from loyalty.programme import Programme


class Shelf:
    """`source_of` gives the kept text of a programme's file by its hash, or None."""

    def __init__(self, source_of: Callable[[str], str | None]) -> None:
        self._source_of = source_of
        self._read: dict[str, Programme] = {}

    def programme(self, content_hash: str) -> Programme | None:
        """The programme of this hash; None when nothing here was ever made under it. Raises ProgrammeError."""
        if content_hash not in self._read:
            source = self._source_of(content_hash)
            if source is None:
                return None
            self._read[content_hash] = read_source(source, past=True)
        return self._read[content_hash]
