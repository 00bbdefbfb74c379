"""Operations of a chain of the hub's own that were made one after the other: what a long work keeps of what it made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from hub.books.intake import held_end
from hub.store.records import EntryRow, KeptOperation, Place
from hub.store.seam import Reader, Writer

READ_AT_ONCE: Final = 1_000  # operations


class Span(msgspec.Struct, frozen=True, array_like=True):
    first: int
    last: int
    generation: int = 1


def next_span(writer: Writer, chain: str, count: int) -> Span:
    """Where so many operations will stand; at least one."""
    end = held_end(writer, chain)
    return Span(end.sequence + 1, end.sequence + count, end.generation)


def grown(spans: tuple[Span, ...], more: Span) -> tuple[Span, ...]:
    """With one more, which is one with the last where it follows it."""
    if spans and (spans[-1].generation, spans[-1].last + 1) == (more.generation, more.first):
        return (*spans[:-1], Span(spans[-1].first, more.last, more.generation))
    return (*spans, more)


def parts_of(spans: Sequence[Span], chain: str, at_once: int) -> Iterator[tuple[Place, int]]:
    """From which place to which number the operations stand, at most so many at once."""
    for span in spans:
        for first in range(span.first, span.last + 1, at_once):
            yield Place(chain, span.generation, first), min(first + at_once - 1, span.last)


def places_of(spans: Sequence[Span], chain: str, at_once: int) -> Iterator[list[Place]]:
    """Where the operations stand, at most so many at once."""
    for first, last in parts_of(spans, chain, at_once):
        yield [first._replace(sequence=number) for number in range(first.sequence, last + 1)]


def operations_of(reader: Reader, spans: Sequence[Span], chain: str) -> Iterator[tuple[KeptOperation, list[EntryRow]]]:
    """What was made, in its order, with what was posted for it."""
    for first, last in parts_of(spans, chain, READ_AT_ONCE):
        entries: dict[int, list[EntryRow]] = {}
        for entry in reader.entries_on(first, last):
            entries.setdefault(entry.sequence, []).append(entry)
        yield from ((kept, entries.get(kept.sequence, [])) for kept in reader.operations_on(first, last))
