"""Gift certificates as this till's file knows them: numbers ahead that it may sell, and what its own operations did to
certificates. What is on one only the hub knows, but for one that it has not heard of yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from loyalty.operation import Key
from storage import engine
from storage.sqlite_file import SqliteFile


class Blank(NamedTuple):
    """One that nobody has bought yet: its number, the text of its QR, its PIN."""

    number: str
    text: str
    pin: str


class Move(NamedTuple):
    """What one operation of this till did. `waits`: the hub has not answered to it; `refused`: it did not take it."""

    what: str
    kopecks: int
    key: Key
    refused: bool
    waits: bool


class Here(NamedTuple):
    """A certificate, as far as this till alone knows of it. `unsent_kopecks`: that its own operations moved and the hub
    has not heard of, less than nothing where it was used. `sold`: here, for so much; `unheard`: and the hub does not
    know yet. `moved_kopecks`: all that its operations moved, whoever has heard of it."""

    unsent_kopecks: int = 0
    sold_kopecks: int | None = None
    unheard: bool = False
    left_kopecks: int = 0  # of one that was sold here, by these moves alone
    used_unsent_kopecks: int = 0
    blocked: bool = False
    replaced: bool = False
    moved_kopecks: int = 0


NOT_HERE: Final = Here()


class Certificates:
    """The tables in the till's file."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file
        self._sql: Any = file.sql

    # numbers ahead

    def keep(self, blanks: Sequence[Blank]) -> None:
        """The hub's word: those that are this file's and nobody's yet."""
        with self._file.transaction(synced=False) as connection:
            self._sql.keep_certificate_numbers(connection, blanks)

    def free(self) -> int:
        """How many may be sold."""
        with self._file.reading() as connection:
            count: int = self._sql.certificate_number_count(connection)
        return count

    def ahead(self) -> int | None:
        """The same; None: no number has come here yet."""
        count = self.free()
        with self._file.reading() as connection:
            is_known = bool(count or self._sql.certificate_was_sold(connection))
        return count if is_known else None

    def next(self, count: int) -> list[Blank]:
        """As many as there are, at most."""
        with self._file.reading() as connection:
            return [Blank(*row) for row in self._sql.certificate_numbers(connection, most=count)]

    # what was done here

    def moves(self, number: str) -> list[Move]:
        with self._file.reading() as connection:
            rows = list(self._sql.certificate_moves(connection, number=number))
        return [
            Move(what, kopecks, Key(generation, sequence), result == "refused", bool(waits))
            for what, kopecks, generation, sequence, result, waits in rows
        ]

    def here(self, number: str) -> Here:
        done = [move for move in self.moves(number) if not move.refused]
        if not done:
            return NOT_HERE
        waiting = [move for move in done if move.waits]
        sold = next((move for move in done if move.what == SOLD), None)
        return Here(
            unsent_kopecks=sum(move.kopecks for move in waiting if move.what != SOLD),
            sold_kopecks=sold.kopecks if sold is not None else None,
            unheard=sold is not None and sold.waits,
            left_kopecks=sum(move.kopecks for move in done) if sold is not None else 0,
            used_unsent_kopecks=-sum(move.kopecks for move in waiting if move.what in (USED, BACK)),
            blocked=any(move.what == BLOCKED for move in done),
            replaced=any(move.what == REPLACED for move in done),
            moved_kopecks=sum(move.kopecks for move in done if move.what != SOLD),
        )


SOLD, USED, BACK, REFUNDED, BLOCKED, REPLACED, INTO = (
    "sold",
    "used",
    "back",
    "refunded",
    "blocked",
    "replaced",
    "into",
)


def move(sql: Any, connection: engine.Connection, key: Key, number: str, what: str, kopecks: int = 0) -> None:
    """Inside the caller's transaction: what an operation did."""
    sql.move_certificate(
        connection, number=number, generation=key.generation, sequence=key.sequence, what=what, kopecks=kopecks
    )
