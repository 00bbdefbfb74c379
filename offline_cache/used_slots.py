"""Half minutes in which a phone has proved here that it is there: a code that somebody copied proves nothing again."""

from __future__ import annotations

from typing import Any, Final

from storage.sqlite_file import SqliteFile

KEPT: Final = 20  # slots: a code is dead after two, and a clock may be put back by some minutes


class UsedSlots:
    def __init__(self, file: SqliteFile) -> None:
        self._file = file
        self._sql: Any = file.sql

    def take(self, phone: str, slot: int) -> bool:
        """Use it up, for ever as far as it matters. False: it was used before."""
        with self._file.transaction() as connection:
            if self._sql.slot_used(connection, phone=phone, slot=slot) is not None:
                return False
            self._sql.use_slot(connection, phone=phone, slot=slot)
            self._sql.forget_slots(connection, before=slot - KEPT)
        return True
