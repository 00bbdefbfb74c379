"""Phones that go from one member to another within a file, whatever the order of its rows.

A row may take a phone that somebody has if his own row, which is taken too, brings him another: so two may swap, and
many may pass theirs on in a chain. Where one of the rows is not taken, its owner keeps his phone, and whoever wanted
it is left out as well.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from hub.files.reasons import Fault

SCHEMA: Final = """
CREATE TABLE wants (number INTEGER NOT NULL, holder TEXT NOT NULL, PRIMARY KEY (number, holder)) STRICT, WITHOUT ROWID;
CREATE INDEX by_holder ON wants (holder);
CREATE INDEX by_owner ON rows (owner) WHERE owner IS NOT NULL;
"""
CLEAR: Final = "DELETE FROM wants; UPDATE rows SET owner = NULL WHERE owner IS NOT NULL;"
WANTED: Final = """
SELECT number, holder FROM json_each(?) AS asked CROSS JOIN wants ON number = asked.value ORDER BY number, holder
"""
GIVING: Final = "SELECT number FROM rows WHERE owner = ? AND number != ? AND kind IS NULL AND fate IS NULL"
GIVERS: Final = """
SELECT giver.number FROM rows AS giver
WHERE giver.owner = wants.holder AND giver.number != wants.number AND giver.kind IS NULL AND giver.fate IS NULL
"""
IN_VAIN: Final = f"""
SELECT rows.number, rows.phone, rows.owner, wants.holder FROM wants JOIN rows ON rows.number = wants.number
WHERE rows.kind IS NULL AND rows.fate IS NULL AND NOT EXISTS ({GIVERS})
"""

Givers = Mapping[str, Sequence[int]]  # who has the phone that a row wants: rows that bring him another


class Wish(NamedTuple):
    """A row with a phone. `owner`: whose it becomes, None: somebody's who joins; `holders`: others who have it."""

    number: int
    owner: str | None
    holders: Sequence[str]


class Handed:
    """Beside the rows of a file, in the same database."""

    def __init__(self, file: sqlite3.Connection) -> None:
        self._file = file
        self._file.executescript(SCHEMA)

    def begin(self) -> None:
        """The ledger is looked at anew."""
        self._file.executescript(CLEAR)

    def put(self, wishes: Sequence[Wish]) -> None:
        self._file.execute("BEGIN")
        owners = [(wish.owner, wish.number) for wish in wishes if wish.owner is not None]
        self._file.executemany("UPDATE rows SET owner = ? WHERE number = ?", owners)
        wants = [(wish.number, holder) for wish in wishes for holder in wish.holders]
        self._file.executemany("INSERT INTO wants VALUES (?, ?)", wants)
        self._file.execute("COMMIT")

    def in_vain(self, kept_by: Iterable[str] | None = None) -> list[tuple[int, str | None, Fault]]:
        """Rows, by number and owner, whose phone its holder keeps; of some holders only, or of all."""
        if kept_by is None:
            found = self._file.execute(IN_VAIN).fetchall()
        else:
            of_one = f"{IN_VAIN} AND wants.holder = ?"
            found = [row for holder in kept_by for row in self._file.execute(of_one, (holder,))]
        once = {number: (owner, fault_of(phone, holder)) for number, phone, owner, holder in found}
        return [(number, owner, fault) for number, (owner, fault) in once.items()]

    def givers(self, numbers: Iterable[int]) -> Mapping[int, Givers]:
        """For each of these rows that wants somebody's phone."""
        found: dict[int, dict[str, list[int]]] = {}
        for number, holder in self._file.execute(WANTED, (json.dumps(list(numbers)),)).fetchall():
            giving = self._file.execute(GIVING, (holder, number))
            found.setdefault(number, {})[holder] = [giver for (giver,) in giving]
        return found


def fault_of(phone: str, holder: str) -> Fault:
    return Fault("phone_there", f"phone {phone} is member {holder}'s in the ledger")
