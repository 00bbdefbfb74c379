"""A shop day as the till remembers it: its operations, what the hub said of each, how far their papers got."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from loyalty.operation import Operation, read_operation
from storage.sqlite_file import SqliteFile


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


class Shifts:
    def __init__(self, file: SqliteFile) -> None:
        self._file = file
        self._sql: Any = file.sql

    def of(self, day: str) -> Shift:
        with self._file.reading() as connection:
            rows = list(self._sql.operations_of_day(connection, day=day))
            papers = dict(self._sql.papers_of_day(connection, day=day))
        operations = (
            ShiftOperation(operation=read_operation(text), result=result, reason=reason)
            for text, result, reason in rows
        )
        return Shift(day=day, operations=tuple(operations), papers=papers)
