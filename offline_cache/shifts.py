"""A shop day as the till remembers it: its operations, what the hub said of each, how far their papers got."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from loyalty.day import Counts, read_counts
from loyalty.operation import Operation
from offline_cache.packed import read_kept
from storage import engine
from storage.sqlite_file import SqliteFile

GUESSES: Final = "guesses"  # a setting: the day, and how many


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftOperation:
    """An operation and the hub's answer: result and reason are None while there is none."""

    operation: Operation
    result: str | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    day: str  # YYYY-MM-DD
    operations: tuple[ShiftOperation, ...]
    papers: dict[str, int]  # by state, of the day's operations
    guesses: int = 0  # numbers that somebody typed and nobody has
    people: dict[str, Counts] = field(default_factory=dict)  # what went through whose hands (loyalty/day.py)


class Shifts:
    def __init__(self, file: SqliteFile) -> None:
        self._file = file
        self._sql: Any = file.sql

    def of(self, day: str) -> Shift:
        with self._file.reading() as connection:
            rows = list(self._sql.operations_of_day(connection, day=day))
            papers = dict(self._sql.papers_of_day(connection, day=day))
            guesses = self._guesses(connection, day)
            people = {by: read_counts(counts) for by, counts in list(self._sql.day_counts(connection, day=day))}
        operations = (
            ShiftOperation(operation=read_kept(kept), result=result, reason=reason) for kept, result, reason in rows
        )
        return Shift(day=day, operations=tuple(operations), papers=papers, guesses=guesses, people=people)

    def note_guess(self, day: str) -> int:
        """Another one of that day: how many there are. Those of the day before are nobody's matter any more."""
        with self._file.transaction(synced=False) as connection:
            count = self._guesses(connection, day) + 1
            self._sql.set_setting(connection, name=GUESSES, value=f"{day} {count}")
        return count

    def guesses(self, day: str) -> int:
        with self._file.reading() as connection:
            return self._guesses(connection, day)

    def _guesses(self, connection: engine.Connection, day: str) -> int:
        of, _, count = (self._sql.setting(connection, name=GUESSES) or "").partition(" ")
        return int(count) if of == day else 0
