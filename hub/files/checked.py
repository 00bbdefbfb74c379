"""The rows of a file, checked: those to be taken, in the order in which they are, and those that are not, with why.

A million of them are more than a process should hold: they lie in a file without a name, which goes with the process.
What stands twice in a table is found there too.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final, NamedTuple

import msgspec

from hub.files.reasons import Fault
from hub.files.rows import Row
from hub.members import BAD_LINES_KEPT_MAX, BadMembers, NewMember
from hub.store.seam import StoreOff

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
  row BLOB,
  kind TEXT,
  words TEXT,
  doubtful INTEGER NOT NULL
) STRICT;
"""
IN_ORDER: Final = "CREATE INDEX in_order ON rows (programme, number) WHERE kind IS NULL"
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
DOUBT: Final = """
UPDATE rows SET kind = coalesce(kind, ?1), words = coalesce(words || '; ', '') || ?2 WHERE doubtful
"""
# what stands once in a file: a number in all of it, a phone in a programme
ONCE: Final = {"card": "card", "member": "member", "phone": "programme, phone"}
ADD_FAULT: Final = """
UPDATE rows SET kind = coalesce(kind, ?1), words = coalesce(words || '; ', '') || ?2 WHERE number = ?3
"""


class Position(NamedTuple):
    """A row's place: a transaction is of one programme."""

    programme: str
    number: int


BEGINNING: Final = Position("", 0)


class Bad(NamedTuple):
    number: int
    line: int
    words: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.words}"


class Sum(NamedTuple):
    """Rows of one kind, and the points that they say; `unread`: so many say none that can be read."""

    rows: int
    points: int
    unread: int = 0


class CheckedRows:
    """Of one thread."""

    def __init__(self) -> None:
        self._file = sqlite3.connect("", isolation_level=None)
        self._file.execute("PRAGMA synchronous = OFF")
        self._file.execute("PRAGMA journal_mode = OFF")
        self._file.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        self._file.executescript(SCHEMA)
        self._encode = msgspec.json.Encoder().encode
        self._decode = msgspec.json.Decoder(NewMember).decode

    def close(self) -> None:
        self._file.close()

    # putting down

    def put(self, rows: Iterable[Row]) -> None:
        """All rows of a file, in its order; then what stands twice is known. Raises StoreOff."""
        try:
            self._put(rows)
        except sqlite3.OperationalError as error:
            raise StoreOff(
                f"Checking the file needs room among the temporary files of this machine: {error}."
            ) from error

    def _put(self, rows: Iterable[Row]) -> None:
        month_first = 0
        numbered = enumerate(rows, start=1)
        while some := list(islice(numbered, ROWS_AT_ONCE)):
            if not month_first:
                month_first = next((row.line for _, row in some if row.month_first), 0)
            self._file.execute("BEGIN")
            self._file.executemany(
                "INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [self._columns(number, row) for number, row in some],
            )
            self._file.execute("COMMIT")
        if month_first:
            self._doubt_days(month_first)
        self._find_twice()
        self._file.execute(IN_ORDER)

    def _columns(self, number: int, row: Row) -> tuple[Any, ...]:
        said = row.said
        kind = row.faults[0].kind if row.faults else None
        words = "; ".join(fault.words for fault in row.faults) or None
        return (
            *(number, row.line, said.get("programme"), said.get("card"), said.get("phone")),
            *(said.get("member") or None, said.get("points")),
            *(self._encode(row.member) if row.member else None, kind, words, row.doubtful),
        )

    def _doubt_days(self, line: int) -> None:
        """In a file whose months stand first, 05/06/1990 is the sixth of May."""
        words = f"birthday: its month may stand first, as on line {line}; write it like 1990-05-17"
        self._file.execute(DOUBT, ("birthday", words))

    def _find_twice(self) -> None:
        for name, key in ONCE.items():
            self._file.execute(INDEX.format(name=name, key=key))
            self._file.execute(TWICE.format(name=name, key=key), (f"{name}_twice",))

    def leave_out(self, faults: Iterable[tuple[int, Fault]]) -> None:
        """Rows, by their numbers, that are not taken after all."""
        self._file.execute("BEGIN")
        self._file.executemany(ADD_FAULT, [(fault.kind, fault.words, number) for number, fault in faults])
        self._file.execute("COMMIT")

    # those that are taken

    def __len__(self) -> int:
        return self._count("kind IS NULL")

    def __iter__(self) -> Iterator[NewMember]:
        """In the order of the file."""
        number = 0
        while some := self._file.execute(
            "SELECT number, row FROM rows WHERE kind IS NULL AND number > ? ORDER BY number LIMIT ?",
            (number, ROWS_AT_ONCE),
        ).fetchall():
            for number, row in some:  # noqa: B007
                yield self._decode(row)

    def in_order(self) -> Iterator[tuple[Position, NewMember]]:
        """As they are taken."""
        after = BEGINNING
        while some := self.after(after, ROWS_AT_ONCE):
            yield from some
            after = some[-1][0]

    def after(self, position: Position, rows_max: int) -> list[tuple[Position, NewMember]]:
        found = self._file.execute(
            "SELECT programme, number, row FROM rows WHERE kind IS NULL AND (programme, number) > (?, ?)"
            " ORDER BY programme, number LIMIT ?",
            (*position, rows_max),
        )
        return [(Position(programme, number), self._decode(row)) for programme, number, row in found]

    # those that are not

    def all_there(self) -> None:
        """Raises BadMembers with the lines of which nothing is taken."""
        count = self._count("kind IS NOT NULL")
        if count:
            raise BadMembers([str(bad) for bad in islice(self.bad(), BAD_LINES_KEPT_MAX)], count)

    def bad(self) -> Iterator[Bad]:
        """In the order of the file."""
        number = 0
        while some := self._file.execute(
            "SELECT number, line, words FROM rows WHERE kind IS NOT NULL AND number > ? ORDER BY number LIMIT ?",
            (number, ROWS_AT_ONCE),
        ).fetchall():
            yield from map(Bad._make, some)
            number = some[-1][0]

    # sums

    def sums(self) -> dict[str, Sum]:
        """Of the rows that are not taken, by kind; "" are those that are."""
        found = self._file.execute(
            "SELECT coalesce(kind, ''), count(*), coalesce(sum(points), 0), count(*) - count(points) FROM rows"
            " GROUP BY kind ORDER BY count(*) DESC, kind"
        )
        return {kind: Sum(*row) for kind, *row in found}

    def _count(self, which: str) -> int:
        ((count,),) = self._file.execute(f"SELECT count(*) FROM rows WHERE {which}")
        return int(count)


def rows_of(members: Iterable[NewMember]) -> CheckedRows:
    """Rows that come from no file."""
    rows = CheckedRows()
    rows.put(Row(member.line, msgspec.structs.asdict(member), (), member) for member in members)
    return rows
