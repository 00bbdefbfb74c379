"""What a till's file remembers of those before it, which were damaged (opening.py says how one comes after another)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from loyalty.operation import Key, utc_text
from offline_cache.damaged_file import read
from offline_cache.rescued import Rescued
from storage import engine
from storage.sqlite_file import SqliteFile

NAMED: Final = "damage:"
ASIDE: Final = ".damaged-"  # and the moment
MOMENT: Final = "%Y%m%dT%H%M%SZ"


class Damage(msgspec.Struct, frozen=True, kw_only=True):
    """`file`: the name that it has now; `taken`: how many operations were whole, `unread`: generation and sequence of
    those that were not, which the hub may have. `told`: the hub has heard of those."""

    file: str
    at: str
    why: str
    taken: int
    unread: tuple[tuple[int, int], ...] = ()
    told: bool = False


class Damages:
    """What the new file remembers of those before it."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file
        self._sql: Any = file.sql

    def all(self) -> list[Damage]:
        """The oldest first."""
        with self._file.reading() as connection:
            return self._all(connection)

    def _all(self, connection: engine.Connection) -> list[Damage]:
        rows = self._sql.settings_like(connection, pattern=f"{NAMED}%")
        return sorted((msgspec.json.decode(value, type=Damage) for _, value in rows), key=lambda one: one.at)

    def untold(self) -> list[Damage]:
        """Of whose operations the hub has not heard."""
        return [damage for damage in self.all() if damage.unread and not damage.told]

    def tell(self, damages: Sequence[Damage]) -> None:
        """The hub has heard of them."""
        with self._file.transaction(synced=False) as connection:
            for damage in self._all(connection):
                if damage in damages:
                    self._keep(connection, msgspec.structs.replace(damage, told=True))

    def _keep(self, connection: engine.Connection, damage: Damage) -> None:
        name = f"{NAMED}{damage.file}"
        self._sql.set_setting(connection, name=name, value=msgspec.json.encode(damage).decode())

    def missing(self, damage: Damage) -> list[Key]:
        """What could not be read of it, and has not come back from the hub either."""
        with self._file.reading() as connection:
            return [
                Key(*key)
                for key in damage.unread
                if self._sql.operation_hash(connection, generation=key[0], sequence=key[1]) is None
            ]

    def take_over(self, aside: Path, rescued: Rescued, till: str, why: str, known: Key | None) -> None:
        """All of it or nothing."""
        whole, unread = read(aside, till, known)
        with self._file.transaction() as connection:
            not_taken = rescued.bring(connection, whole)
            damage = Damage(
                file=aside.name,
                at=utc_text(_moment_of(aside)),
                why=why,
                taken=len(whole) - len(not_taken),
                unread=tuple((key.generation, key.sequence) for key in sorted([*unread, *not_taken])),
            )
            self._keep(connection, damage)
        rescued.look()


def name_at(path: Path, at: datetime) -> str:
    """What the file is called from that moment on, where nothing is called so yet."""
    name = f"{path.name}{ASIDE}{at.astimezone(UTC):{MOMENT}}"
    while path.with_name(name).exists():
        name += "-"
    return name


def _moment_of(aside: Path) -> datetime:
    text = aside.name.rpartition(ASIDE)[2].rstrip("-")
    return datetime.strptime(text, MOMENT).replace(tzinfo=UTC)
