"""What people look at of this till's own operations, as the hub tells of it: the open ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from loyalty.cases import CaseSnapshot
from storage import engine
from storage.sqlite_file import SqliteFile

REFUSED = "refused"  # the kind whose operation a till shows by itself


class Cases:
    """The table in the till's file."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file
        self._sql: Any = file.sql

    def newest_open(self, most: int) -> list[CaseSnapshot]:
        with self._file.reading() as connection:
            rows = list(self._sql.open_cases(connection, most=most))
        return [msgspec.json.decode(told, type=CaseSnapshot) for (told,) in rows]

    def open_count(self) -> int:
        with self._file.reading() as connection:
            count: int = self._sql.open_case_count(connection)
        return count

    def keep(self, connection: engine.Connection, told: Sequence[CaseSnapshot], *, from_beginning: bool) -> None:
        """Inside the caller's transaction. From its beginning the feed tells all anew."""
        if from_beginning:
            self._sql.forget_cases(connection)
        for case in told:
            text = msgspec.json.encode(case).decode()
            if case.state == "open":
                self._keep(connection, case, text)
            elif case.kind == REFUSED:
                self._keep(connection, case, None)
            else:
                self._sql.forget_case(connection, id=case.id)

    def _keep(self, connection: engine.Connection, case: CaseSnapshot, told: str | None) -> None:
        self._sql.keep_case(connection, id=case.id, kind=case.kind, opened_at=case.opened_at, told=told)
