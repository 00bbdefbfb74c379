"""What can still be read of a damaged till's file: its operations, one by one.

Pages are read as they are, without their checksums: each operation's own hash says whether it is what was recorded. A
page that SQLite cannot follow costs the operations on it, not those behind it, for each is looked for by its key.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

from loyalty.operation import BadOperation, Key, Operation, hash_operation, read_operation
from offline_cache.packed import unpack_text
from storage import engine
from storage.aside import LOGS

LAST_MAX: Final = 20_000  # of each generation: years of what the hub may not have, months of what a POS tells again
MISSES_MAX: Final = (
    64  # so many keys in a row that nothing is found under, behind the last known one: there are no more
)

ONE: Final = "SELECT hash, text, result, reason FROM operations WHERE generation = ? AND sequence = ?"
GENERATION: Final = "SELECT generation FROM operations WHERE generation > ? ORDER BY generation LIMIT 1"
END: Final = "SELECT sequence FROM operations WHERE generation = ? ORDER BY sequence DESC LIMIT 1"
WAITING: Final = "SELECT min(sequence) FROM outbox WHERE generation = ?"

# what a header of ours always says: SQLite reads nothing at all of a file that says anything else
HEADER: Final = (
    (0, b"SQLite format 3\x00"),
    (16, engine.PAGE_BYTES.to_bytes(2, "big")),
    (18, bytes((2, 2, engine.CHECKSUM_BYTES, 64, 32, 32))),
    (44, (4).to_bytes(4, "big")),
    (56, (1).to_bytes(4, "big")),
)
COUNTED_AT: Final = (24, 92)  # where these two are alike, SQLite believes what the header says of the file's length


class Found(NamedTuple):
    """An operation that is whole, and what the file says that the hub answered."""

    operation: Operation
    text: str
    result: str | None
    reason: str | None


class Read(NamedTuple):
    """`found`: the oldest first; `unread`: in whose place something stands that is no operation, or nothing."""

    found: list[Found]
    unread: list[Key]


def read(path: Path, till: str, known: Key | None) -> Read:
    """`known`: an operation that was there, as another file says. Nothing is written to the file."""
    with TemporaryDirectory(prefix=".reading-", dir=path.parent) as folder:
        try:
            connection = _opened(path, Path(folder))
        except engine.Error:
            return Read([], [])
        with closing(connection):
            return _read(connection, till, known)


def _read(connection: engine.Connection, till: str, known: Key | None) -> Read:
    done = Read([], [])
    for generation in _generations(connection, known):
        _read_generation(connection, till, generation, known, done)
    return done


def _opened(path: Path, folder: Path) -> engine.Connection:
    """The file; where its first page is not as it was written, a copy whose header says what ours say. Raises Error."""
    is_whole = engine.is_as_written(engine.first_page(path))
    connection = engine.connect(path if is_whole else _mended(path, folder), "ro")
    engine.unchecked(connection)
    return connection


def _mended(path: Path, folder: Path) -> Path:
    copy = folder / path.name
    for part in ("", *LOGS[:1]):
        with suppress(FileNotFoundError):
            shutil.copyfile(f"{path}{part}", f"{copy}{part}")
    pages = copy.stat().st_size // engine.PAGE_BYTES
    with copy.open("r+b") as file:
        for offset, said in (*HEADER, (28, pages.to_bytes(4, "big")), *((at, bytes(4)) for at in COUNTED_AT)):
            file.seek(offset)
            file.write(said)
    return copy


def _generations(connection: engine.Connection, known: Key | None) -> list[int]:
    """As far as one leads to the next."""
    found = {known.generation} if known is not None else set()
    last: int | None = 0
    while last is not None:
        last = _value(connection, GENERATION, last)
        found |= {last} if last is not None else set()
    return sorted(found)


def _value(connection: engine.Connection, sql: str, *values: Any) -> int | None:
    """None also where it cannot be read."""
    with suppress(engine.Error):
        found = connection.execute(sql, values).get
        return int(found) if isinstance(found, int) else None
    return None


def _read_generation(connection: engine.Connection, till: str, generation: int, known: Key | None, done: Read) -> None:
    end = _value(connection, END, generation) or 0
    if known is not None and known.generation == generation:
        end = max(end, known.sequence)
    waiting = _value(connection, WAITING, generation) or end
    first = max(1, min(end - LAST_MAX + 1, waiting - 1))
    unread: list[Key] = []
    begun, misses = False, 0
    for key in (Key(generation, sequence) for sequence in _counted(first)):
        one = _one(connection, till, key)
        if isinstance(one, Found):
            done.unread.extend(unread)
            done.found.append(one)
            begun, misses, unread = True, 0, []
            continue
        misses += key.sequence > end
        if misses > MISSES_MAX:
            break
        if begun or one == "damaged":
            unread.append(key)
    done.unread.extend(key for key in unread if key.sequence <= end)


def _counted(first: int) -> Iterator[int]:
    while True:
        yield first
        first += 1


def _one(connection: engine.Connection, till: str, key: Key) -> Found | str:
    """An operation that is what was recorded under its key; else "damaged", or "none"."""
    try:
        row = connection.execute(ONE, key).fetchone()
        if row is None:
            return "none"
        digest, kept, result, reason = row
        text = unpack_text(kept)
        if hash_operation(text) != (digest.hex() if isinstance(digest, bytes) else digest):  # of before, it is a text
            return "damaged"
        operation = read_operation(text)
    except (engine.Error, BadOperation, UnicodeError, TypeError, AttributeError):
        return "damaged"
    is_its_own = operation.chain == till and operation.key == key
    return Found(operation, text, result, reason) if is_its_own else "damaged"
