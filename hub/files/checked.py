"""The rows of a file, checked: those to be taken, in the order in which they are, those that were, and those that are
not, with why. Each is one of the three, and in the end none is still to be taken.

A million of them are more than a process should hold: they lie in a file without a name, which goes with the process.
What stands twice in a table is found there too.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from itertools import islice
from typing import Any, Final, Generic, NamedTuple

import msgspec

from hub.batches import batches
from hub.files.handed import Handed
from hub.files.reasons import Fault
from hub.files.rows import Row, RowT
from hub.members import BAD_LINES_KEPT_MAX, BadMembers, NewMember
from hub.store.errors import StoreOff

ROWS_AT_ONCE: Final = 1_000  # while they are put down and read again
CACHE_KIB: Final = 16_000  # of that file, in memory
SCHEMA: Final = """
CREATE TABLE rows (
  number INTEGER PRIMARY KEY,
  line INTEGER NOT NULL,
  programme TEXT,
  card TEXT,
  phone TEXT,
  member TEXT,
  points INTEGER,
  kopecks INTEGER,
  receipt TEXT,
  more_lines TEXT,
  row BLOB,
  kind TEXT,
  words TEXT,
  doubtful INTEGER NOT NULL,
  owner TEXT,
  fate TEXT,
  step INTEGER
) STRICT;
"""
IN_ORDER: Final = "CREATE INDEX in_order ON rows (programme, number) WHERE kind IS NULL AND fate IS NULL"
AS_TAKEN: Final = "CREATE INDEX IF NOT EXISTS as_taken ON rows (step, number) WHERE fate IS NOT NULL"
INDEX: Final = "CREATE INDEX by_{name} ON rows ({key}, number) WHERE {name} IS NOT NULL"
TWICE: Final = """
WITH twice AS (
  SELECT number, line, first_value(line) OVER before AS first_line, row_number() OVER before AS nth
  FROM rows WHERE {name} IS NOT NULL WINDOW before AS (PARTITION BY {key} ORDER BY number)
)
UPDATE rows SET kind = coalesce(kind, ?1),
  words = coalesce(words || '; ', '') || '{name} ' || {name} || ' stands on line ' || first_line || ' too'
FROM twice WHERE twice.nth > 1 AND twice.number = rows.number
"""
# rows of a receipt that do not follow one another are no whole one
APART: Final = """
UPDATE rows SET kind = coalesce(kind, 'receipt_apart'),
  words = coalesce(words || '; ', '') || 'receipt ' || receipt || ' stands in several places: sort the file by it'
FROM (SELECT receipt AS several FROM rows WHERE receipt IS NOT NULL GROUP BY receipt HAVING count(*) > 1)
WHERE receipt = several
"""
DOUBT: Final = """
UPDATE rows SET kind = coalesce(kind, ?1), words = coalesce(words || '; ', '') || ?2 WHERE doubtful
"""
# what stands once in a file: a number in all of it, a phone in a programme
ONCE: Final = {"card": "card", "member": "member", "phone": "programme, phone"}
DONE: Final = """
UPDATE rows SET fate = ?1, step = ?2, kind = NULL, words = NULL WHERE number BETWEEN ?3 AND ?4 AND row IS NOT NULL
"""
OPEN: Final = "kind IS NULL AND fate IS NULL"
ADD_FAULT: Final = """
UPDATE rows SET kind = coalesce(kind, ?1), words = coalesce(words || '; ', '') || ?2 WHERE number = ?3
"""


class Fate(StrEnum):
    """What was made of a row that was taken."""

    JOINED = "joined"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    TAKEN = "taken"  # of a file that brings no members


class Run(msgspec.Struct, frozen=True, array_like=True):
    """Rows one after the other, by their numbers, of one fate."""

    fate: Fate
    first: int
    last: int


class Position(NamedTuple):
    """A row's place: a transaction is of one programme."""

    programme: str
    number: int


BEGINNING: Final = Position("", 0)


class Bad(NamedTuple):
    number: int
    line: int
    words: str
    more_lines: tuple[int, ...] = ()

    def __str__(self) -> str:
        return f"line {self.line}: {self.words}"


class Sum(NamedTuple):
    """Rows of one kind, and the points and rubles that they say; `unread`: so many say neither that can be read."""

    rows: int
    points: int
    unread: int = 0
    kopecks: int = 0


class CheckedRows(Generic[RowT]):
    """Of one thread. `row`: what a good one is; `once`: what stands once in a file, by which columns."""

    def __init__(self, row: type[RowT], once: Mapping[str, str] = ONCE) -> None:
        self._once = once
        self._file = sqlite3.connect("", isolation_level=None)
        self._file.execute("PRAGMA synchronous = OFF")
        self._file.execute("PRAGMA journal_mode = OFF")
        self._file.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        self._file.executescript(SCHEMA)
        self._encode = msgspec.json.Encoder().encode
        self.handed = Handed(self._file)
        self._decode = msgspec.json.Decoder(row).decode

    def close(self) -> None:
        self._file.close()

    # putting down

    def put(self, rows: Iterable[Row[RowT]]) -> None:
        """All rows of a file, in its order; then what stands twice is known. Raises StoreOff."""
        try:
            self._put(rows)
        except sqlite3.OperationalError as error:
            raise StoreOff(
                f"Checking the file needs room among the temporary files of this machine: {error}."
            ) from error

    def _put(self, rows: Iterable[Row[RowT]]) -> None:
        month_first = 0
        for some in batches(enumerate(rows, start=1), ROWS_AT_ONCE):
            if not month_first:
                month_first = next((row.line for _, row in some if row.month_first), 0)
            self._file.execute("BEGIN")
            self._file.executemany(
                "INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, NULL)",
                [self._columns(number, row) for number, row in some],
            )
            self._file.execute("COMMIT")
        if month_first:
            self._doubt_days(month_first)
        self._find_twice()
        self._find_apart()
        self._file.execute(IN_ORDER)

    def _columns(self, number: int, row: Row[RowT]) -> tuple[Any, ...]:
        said = row.said
        kind = row.faults[0].kind if row.faults else None
        words = "; ".join(fault.words for fault in row.faults) or None
        return (
            *(number, row.line, said.get("programme"), said.get("card"), said.get("phone")),
            *(said.get("member") or None, said.get("points"), said.get("rubles")),
            *(said.get("receipt"), msgspec.json.encode(row.more_lines).decode() if row.more_lines else None),
            *(self._encode(row.good) if row.good else None, kind, words, row.doubtful),
        )

    def _doubt_days(self, line: int) -> None:
        """In a file whose months stand first, 05/06/1990 is the sixth of May."""
        words = f"birthday: its month may stand first, as on line {line}; write it like 1990-05-17"
        self._file.execute(DOUBT, ("birthday", words))

    def _find_twice(self) -> None:
        for name, key in self._once.items():
            self._file.execute(INDEX.format(name=name, key=key))
            self._file.execute(TWICE.format(name=name, key=key), (f"{name}_twice",))

    def _find_apart(self) -> None:
        self._file.execute("CREATE INDEX by_receipt ON rows (receipt) WHERE receipt IS NOT NULL")
        self._file.execute(APART)

    def leave_out(self, faults: Iterable[tuple[int, Fault]]) -> None:
        """Rows, by their numbers, that are not taken after all."""
        self._file.execute("BEGIN")
        self._file.executemany(ADD_FAULT, [(fault.kind, fault.words, number) for number, fault in faults])
        self._file.execute("COMMIT")

    def mark(self, step: int, runs: Iterable[Run]) -> None:
        """Rows that were taken in a transaction."""
        self._file.execute("BEGIN")
        self._file.executemany(DONE, [(run.fate, step, run.first, run.last) for run in runs])
        self._file.execute("COMMIT")

    # those that are taken, or were

    def __len__(self) -> int:
        return self._count("kind IS NULL")

    def taken(self, fate: Fate) -> Iterator[RowT]:
        """In the order in which they were."""
        return (row for _, row in self.taken_as(fate))

    def taken_as(self, *fates: Fate) -> Iterator[tuple[Fate, RowT]]:
        """The same of several fates, each with its own. When all are: before, the index would be kept up at every
        step."""
        self._file.execute(AS_TAKEN)
        step, number = 0, 0
        marks = ", ".join("?" * len(fates))
        while some := self._file.execute(
            f"SELECT step, number, fate, row FROM rows WHERE fate IN ({marks}) AND (step, number) > (?, ?)"
            " ORDER BY step, number LIMIT ?",
            (*fates, step, number, ROWS_AT_ONCE),
        ).fetchall():
            step, number, *_ = some[-1]
            yield from ((Fate(fate), self._decode(row)) for _, _, fate, row in some)

    def __iter__(self) -> Iterator[RowT]:
        """In the order of the file."""
        return (row for _, row in self._numbered("kind IS NULL"))

    def still_open(self) -> Iterator[tuple[int, RowT]]:
        """Those that are to be taken, in the order of the file, with their numbers."""
        return self._numbered(OPEN)

    def _numbered(self, which: str) -> Iterator[tuple[int, RowT]]:
        number = 0
        while some := self._file.execute(
            f"SELECT number, row FROM rows WHERE {which} AND number > ? ORDER BY number LIMIT ?",
            (number, ROWS_AT_ONCE),
        ).fetchall():
            number, _ = some[-1]
            yield from ((at, self._decode(row)) for at, row in some)

    def place(self, found: Iterable[tuple[int, str, str | None]]) -> None:
        """Of which programme rows are, and whose, by their numbers."""
        self._file.execute("BEGIN")
        placed = [(programme, owner, number) for number, programme, owner in found]
        self._file.executemany("UPDATE rows SET programme = ?, owner = ? WHERE number = ?", placed)
        self._file.execute("COMMIT")

    def beside_each_other(self) -> Iterator[list[tuple[int, RowT]]]:
        """Rows that are to be taken of one member, where he has several, in the order of the file."""
        owner = ""
        while some := self._file.execute(
            f"SELECT owner FROM rows WHERE {OPEN} AND owner > ? GROUP BY owner HAVING count(*) > 1"
            " ORDER BY owner LIMIT ?",
            (owner, ROWS_AT_ONCE),
        ).fetchall():
            for (owner,) in some:
                rows = self._file.execute(
                    f"SELECT number, row FROM rows WHERE {OPEN} AND owner = ? ORDER BY number", (owner,)
                )
                yield [(number, self._decode(row)) for number, row in rows.fetchall()]

    def in_order(self) -> Iterator[tuple[Position, RowT]]:
        """As they will be taken."""
        after = BEGINNING
        while some := self.after(after, ROWS_AT_ONCE):
            yield from some
            after = some[-1][0]

    def after(self, position: Position, rows_max: int) -> list[tuple[Position, RowT]]:
        found = self._file.execute(
            f"SELECT programme, number, row FROM rows WHERE {OPEN} AND (programme, number) > (?, ?)"
            " ORDER BY programme, number LIMIT ?",
            (*position, rows_max),
        )
        return [(Position(programme, number), self._decode(row)) for programme, number, row in found]

    # those that are not

    def all_there(self) -> None:
        """Raises BadMembers with the lines of which nothing is taken."""
        count = self._count("kind IS NOT NULL")
        if count:
            kinds = frozenset(self.sums())
            raise BadMembers([str(bad) for bad in islice(self.bad(), BAD_LINES_KEPT_MAX)], count, kinds)

    def bad(self) -> Iterator[Bad]:
        """In the order of the file."""
        number = 0
        while some := self._file.execute(
            "SELECT number, line, words, coalesce(more_lines, '[]') FROM rows"
            " WHERE kind IS NOT NULL AND number > ? ORDER BY number LIMIT ?",
            (number, ROWS_AT_ONCE),
        ).fetchall():
            yield from (Bad(at, line, words, tuple(msgspec.json.decode(more))) for at, line, words, more in some)
            number = some[-1][0]

    # sums

    def sums(self) -> dict[str, Sum]:
        """Of the rows that are not taken, by kind."""
        return self._sums("kind", "kind IS NOT NULL")

    def fates(self) -> dict[Fate, Sum]:
        """Of those that were."""
        found = {Fate(fate): sum for fate, sum in self._sums("fate", "fate IS NOT NULL").items()}
        return {fate: found.get(fate, Sum(0, 0)) for fate in Fate}

    def all(self) -> Sum:
        sums = "SELECT count(*), coalesce(sum(points), 0), 0, coalesce(sum(kopecks), 0) FROM rows"
        ((*row,),) = self._file.execute(sums)
        return Sum(*row)

    def _sums(self, by: str, which: str) -> dict[str, Sum]:
        found = self._file.execute(
            f"SELECT {by}, count(*), coalesce(sum(points), 0), count(*) - count(coalesce(points, kopecks)),"
            f" coalesce(sum(kopecks), 0) FROM rows WHERE {which} GROUP BY {by} ORDER BY count(*) DESC, {by}"
        )
        return {name: Sum(*row) for name, *row in found}

    def _count(self, which: str) -> int:
        ((count,),) = self._file.execute(f"SELECT count(*) FROM rows WHERE {which}")
        return int(count)


def rows_of(members: Iterable[NewMember]) -> CheckedRows[NewMember]:
    """Rows that come from no file."""
    rows = CheckedRows(NewMember)
    rows.put(Row(member.line, msgspec.structs.asdict(member), (), member) for member in members)
    return rows
