"""Operations of a chain of the hub's own that were made one after the other: what a long work keeps of what it made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from hub.books.intake import held_end
from hub.store.records import Place
from hub.store.seam import Writer


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


def places_of(spans: Sequence[Span], chain: str, at_once: int) -> Iterator[list[Place]]:
    """Where the operations stand, at most so many at once."""
    for span in spans:
        for first in range(span.first, span.last + 1, at_once):
            numbers = range(first, min(first + at_once, span.last + 1))
            yield [Place(chain, span.generation, number) for number in numbers]
