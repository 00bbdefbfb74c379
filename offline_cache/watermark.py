"""How far the till's file was, as another file knows: operations that were acknowledged and are gone are found by it.

A damaged frame ends SQLite's log without a word, and a file that was put back is whole in itself; neither knows of what
came later. The mark is written after the commit and is not synced, so that it may be behind the file or not there at
all, which says nothing. It is never ahead of a file that is whole.
"""

from __future__ import annotations

from typing import Final, Protocol

import msgspec

from loyalty.operation import Key, Operation

OPERATION: Final = "operation"  # the last that was recorded
WORD: Final = "word"  # the hub's: the moment of the last page that was kept


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """Of an operation; `at`: when it was recorded."""

    generation: int
    sequence: int
    hash: str
    at: str

    @property
    def key(self) -> Key:
        return Key(self.generation, self.sequence)


class KeepsMarks(Protocol):
    """The second file. What it cannot keep or find it does without."""

    def mark(self, name: str) -> str | None: ...

    def keep_mark(self, name: str, value: str) -> None: ...


def mark_of(operation: Operation, digest: str) -> str:
    mark = Mark(
        generation=operation.generation,
        sequence=operation.sequence,
        hash=digest,
        at=operation.at,
    )
    return msgspec.json.encode(mark).decode()


def marked(marks: KeepsMarks) -> Mark | None:
    """None: it does not say; nothing is concluded from that."""
    value = marks.mark(OPERATION)
    try:
        return msgspec.json.decode(value, type=Mark) if value else None
    except msgspec.DecodeError:
        return None


def is_lost(mark: Mark, hash_there: str | None, last: int) -> bool:
    """`hash_there`: of the operation in its place; `last`: the end of its generation. What has none behind the end was
    lost; what has none before it was let go of long ago, with the hub's consent."""
    return hash_there != mark.hash if hash_there is not None else mark.sequence > last
