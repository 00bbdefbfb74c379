"""Operations that were acknowledged and are not in the till's file any more, as the second file tells (watermark.py).

found ──▶ until the hub has said what it has of them, nobody knows what was redeemed: the till is not proven. What it
          has comes back (sync/own_file.py).
told  ──▶ what neither has is lost. A person hears how many, and of when.

A lost operation's number is never another's: the file works under no generation from the moment it is found, and is
leased a new one under an id of its own. A paper that waits in it may have come out since: it is printed as a duplicate.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from offline_cache.lease import Leases
from offline_cache.watermark import WORD, KeepsMarks, Mark, is_lost, marked
from storage import engine
from storage.sqlite_file import SqliteFile

NAMED: Final = "loss:"


class Loss(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers of one generation, the first and the last; `at`: when the last was recorded. `left`: how many are lost
    for good; None: the hub has not said yet. `told`: the hub has heard of it."""

    generation: int
    first: int
    last: int
    at: str
    left: int | None = None
    told: bool = False


class Losses:
    """`older`: the file lacks something that it had, and the hub has not said what. Looked up in memory."""

    def __init__(self, file: SqliteFile, leases: Leases) -> None:
        self._file = file
        self._leases = leases
        self._sql: Any = file.sql
        self.older = False

    def all(self) -> list[Loss]:
        with self._file.reading() as connection:
            return self._all(connection)

    def _all(self, connection: engine.Connection) -> list[Loss]:
        rows = self._sql.settings_like(connection, pattern=f"{NAMED}%")
        return [msgspec.json.decode(value, type=Loss) for _, value in rows]

    def look(self, marks: KeepsMarks) -> None:
        """Hold the file against what the second file says of it."""
        mark, word = marked(marks), marks.mark(WORD)
        with self._file.transaction() as connection:
            if mark is not None and self._is_lost(connection, mark):
                self._begin(connection, mark)
            met_at = self._sql.setting(connection, name="met_at") or ""
            open_ones = any(loss.left is None for loss in self._all(connection))
            self._leases.read(connection, self._leases.generation)
        self.older = open_ones or (word or "") > met_at

    def _is_lost(self, connection: engine.Connection, mark: Mark) -> bool:
        key = {"generation": mark.generation, "sequence": mark.sequence}
        if self._sql.is_astray(connection, hash=mark.hash, **key) is not None:
            return False
        there = self._sql.operation_hash(connection, **key)
        return is_lost(mark, there, self._end(connection, mark.generation))

    def _end(self, connection: engine.Connection, generation: int) -> int:
        found = self._sql.last_of(connection, generation=generation)
        return int(found[0]) if found else 0

    def _begin(self, connection: engine.Connection, mark: Mark) -> None:
        name = f"{NAMED}{mark.generation}.{mark.sequence}"
        if self._sql.setting(connection, name=name) is not None:
            return
        first = min(self._end(connection, mark.generation) + 1, mark.sequence)
        loss = Loss(generation=mark.generation, first=first, last=mark.sequence, at=mark.at)
        self._keep(connection, loss)
        self._leases.begin_anew(connection)
        self._sql.doubt_print_jobs(connection)

    def _keep(self, connection: engine.Connection, loss: Loss) -> None:
        name = f"{NAMED}{loss.generation}.{loss.last}"
        self._sql.set_setting(connection, name=name, value=msgspec.json.encode(loss).decode())

    def settle(self) -> None:
        """The hub has said all that it has of this till's operations."""
        if not self.older:
            return
        with self._file.transaction() as connection:
            for loss in self._all(connection):
                if loss.left is None:
                    self._keep(connection, msgspec.structs.replace(loss, left=self._missing(connection, loss)))
        self.older = False

    def untold(self) -> list[Loss]:
        """Of which the hub has not heard."""
        return [loss for loss in self.all() if not loss.told and loss.left != 0]

    def tell(self, losses: Sequence[Loss]) -> None:
        """The hub has heard of them."""
        with self._file.transaction(synced=False) as connection:
            for loss in self._all(connection):
                if loss in losses:
                    self._keep(connection, msgspec.structs.replace(loss, told=True))

    def _missing(self, connection: engine.Connection, loss: Loss) -> int:
        there: int = self._sql.operations_between(
            connection, generation=loss.generation, first=loss.first, last=loss.last
        )
        return loss.last - loss.first + 1 - there


def missing(losses: list[Loss]) -> list[Loss]:
    """Those of which something is lost for good."""
    return [loss for loss in losses if loss.left]
