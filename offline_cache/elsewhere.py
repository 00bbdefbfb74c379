"""Sales of other tills whose goods come back here, as the hub told of them; and what came back of them at this one."""

from __future__ import annotations

from typing import Any

from loyalty.bodies import OperationRef
from loyalty.operation import Operation
from offline_cache.packed import read_kept
from storage.sqlite_file import SqliteFile


class Elsewhere:
    """`sought`: what was asked of the hub; `told`: what it said, opaque here."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file
        self._sql: Any = file.sql

    def keep(self, sought: str, of: OperationRef, told: str, at: str) -> None:
        """It can be asked for again: no sync is waited for."""
        with self._file.transaction(synced=False) as connection:
            self._sql.keep_elsewhere(connection, sought=sought, told=told, told_at=at, **_of(of))

    def found(self, sought: str) -> OperationRef | None:
        """Which sale the hub had meant."""
        with self._file.reading() as connection:
            row = self._sql.sought_elsewhere(connection, sought=sought)
        return None if row is None else OperationRef(chain=row[0], generation=row[1], sequence=row[2])

    def told(self, of: OperationRef) -> str | None:
        """The newest word of it."""
        with self._file.reading() as connection:
            told: str | None = self._sql.told_elsewhere(connection, **_of(of))
        return told

    def returns_of(self, of: OperationRef) -> list[Operation]:
        """What came back here of another till's sale, oldest first."""
        with self._file.reading() as connection:
            rows = list(self._sql.returns_of_elsewhere(connection, **_of(of)))
        return [read_kept(kept) for (kept,) in rows]


def _of(of: OperationRef) -> dict[str, Any]:
    return {"chain": of.chain, "generation": of.generation, "sequence": of.sequence}
