"""What the till can give out: virtual numbers that the hub gave to this file alone, how many blank cards the store has
left by the hub's word, and which blanks were spoiled here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from loyalty.operation import Key
from loyalty.utc import moment, utc_text
from storage.sqlite_file import SqliteFile

LEFT: Final = "blanks_left"  # settings: by the hub's last word, less those given out here since
COUNTED_AT: Final = "blanks_at"
PROMISED: Final = timedelta(days=1)  # a receipt that was not paid by then gives its number back


class Blanks(NamedTuple):
    """`left` None: nobody counts them. `at`: when the hub did."""

    left: int | None
    at: datetime | None


class CardNumbers:
    def __init__(self, file: SqliteFile) -> None:
        self._file = file
        self._sql: Any = file.sql

    # virtual ones

    def keep(self, numbers: Sequence[str], blanks_left: int | None, at: datetime) -> None:
        """The hub's word: the numbers that are this file's and nobody's yet, and how many blanks the store has."""
        with self._file.transaction(synced=False) as connection:
            self._sql.keep_virtual_numbers(connection, [(number,) for number in numbers])
            if blanks_left is None:
                self._sql.drop_setting(connection, name=LEFT)
            else:
                self._sql.set_setting(connection, name=LEFT, value=str(blanks_left))
            self._sql.set_setting(connection, name=COUNTED_AT, value=utc_text(at))

    def next_virtual(self, at: datetime) -> str | None:
        """One that no receipt was promised lately."""
        with self._file.reading() as connection:
            number: str | None = self._sql.virtual_number(connection, promised_before=utc_text(at - PROMISED))
        return number

    def promise(self, number: str, at: datetime) -> None:
        """It stands on a receipt now: no other gets it."""
        with self._file.transaction(synced=False) as connection:
            self._sql.promise_virtual_number(connection, number=number, at=utc_text(at))

    def free(self, at: datetime) -> int:
        """How many can be given out."""
        with self._file.reading() as connection:
            count: int = self._sql.virtual_number_count(connection, promised_before=utc_text(at - PROMISED))
        return count

    def births(self, member: str) -> list[Key]:
        """The operations here by which a card of his may have been a virtual one from its first day."""
        with self._file.reading() as connection:
            return [Key(*row) for row in self._sql.virtual_births(connection, member=member)]

    # blanks

    def blanks(self) -> Blanks:
        with self._file.reading() as connection:
            left = self._sql.setting(connection, name=LEFT)
            at = self._sql.setting(connection, name=COUNTED_AT)
        return Blanks(None if left is None else int(left), moment(at))

    def given_on(self, day: str) -> int:
        """Cards that went out here on that shop day."""
        with self._file.reading() as connection:
            count: int = self._sql.cards_given_on(connection, day=day)
        return count

    def spoil(self, number: str, instead: str, at: datetime) -> None:
        with self._file.transaction() as connection:
            fresh = self._sql.spoiled_blank(connection, number=number) is None
            self._sql.spoil_blank(connection, number=number, at=utc_text(at), instead=instead)
            if fresh:
                self._sql.take_blank(connection)

    def spoiled(self, number: str) -> bool:
        return self._spoiled(number) is not None

    def instead_of(self, number: str) -> str:
        """The blank that went out in place of a spoiled one, however many were spoiled; else the number itself."""
        seen = {number}
        while (row := self._spoiled(number)) is not None and row[1] is not None and row[1] not in seen:
            number = row[1]
            seen.add(number)
        return number

    def _spoiled(self, number: str) -> tuple[str, str | None] | None:
        with self._file.reading() as connection:
            row: tuple[str, str | None] | None = self._sql.spoiled_blank(connection, number=number)
        return row

    def untold(self, most: int) -> list[str]:
        """Spoiled ones that the hub has not heard of."""
        with self._file.reading() as connection:
            return [number for (number,) in self._sql.spoiled_untold(connection, most=most)]

    def told(self, numbers: Sequence[str]) -> None:
        with self._file.transaction(synced=False) as connection:
            for number in numbers:
                self._sql.told_spoiled(connection, number=number)
