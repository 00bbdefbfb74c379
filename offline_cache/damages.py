"""A till's file that cannot be read does not stop the till: it is put aside, and a new one goes on.

  whole ──▶ suspected   a page of it was met that is not as it was written: the next start does not try it again
    │           │
    └──▶ put aside ──▶ taken over   what is whole of it stands in the new file, which remembers the old one by name

Whatever is cut off between two of these is gone on with at the next start. Nothing that was put aside is ever deleted.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from loyalty.operation import Key, utc_text
from offline_cache.damaged_file import read
from storage.aside import LOGS, put_aside
from storage.remembered import sync_folder
from storage.sqlite_file import FileError, SqliteFile

if TYPE_CHECKING:
    from offline_cache.cache import Cache
    from offline_cache.rescued import Rescued

NAMED: Final = "damage:"
ASIDE: Final = ".damaged-"
SUSPECTED: Final = ".suspected"

log = logging.getLogger(__name__)


class Damage(msgspec.Struct, frozen=True, kw_only=True):
    """`file`: the name that it has now; `taken`: how many operations were whole, `unread`: generation and sequence of
    those that were not, which the hub may have."""

    file: str
    at: str
    why: str
    taken: int
    unread: tuple[tuple[int, int], ...] = ()


class Damages:
    """What the new file remembers of those before it."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file
        self._sql: Any = file.sql

    def all(self) -> list[Damage]:
        """The oldest first."""
        with self._file.reading() as connection:
            rows = list(self._sql.settings_like(connection, pattern=f"{NAMED}%"))
        return sorted((msgspec.json.decode(value, type=Damage) for _, value in rows), key=lambda one: one.at)

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
            self._sql.set_setting(connection, name=f"{NAMED}{aside.name}", value=msgspec.json.encode(damage).decode())
        rescued.look()


def suspect(path: Path, why: str) -> None:
    """The next start puts the file aside."""
    beside(path).write_text(why, encoding="utf-8")
    sync_folder(path.parent)


def beside(path: Path) -> Path:
    return path.with_name(f"{path.name}{SUSPECTED}")


def opened(path: Path, opens: Callable[[], Cache], now: datetime, known: Key | None) -> Cache:
    """The till's file, or a new one in its place. `known`: the last operation, as another file says. Raises FileError
    where the file is whole and still none for this till, and where none can be made."""
    why = _suspected(path)
    _go_on_with_move(path)
    if why is not None:
        _put_aside(path, now, why)
    try:
        cache = opens()
    except FileError as error:
        if error.trouble != "damaged":
            raise
        why = str(error)
        _put_aside(path, now, why)
        cache = opens()
    try:
        _take_over(path, cache, why or "", known)
    except BaseException:
        cache.close()
        raise
    return cache


def _suspected(path: Path) -> str | None:
    try:
        return beside(path).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return None


def _put_aside(path: Path, now: datetime, why: str) -> None:
    name = f"{path.name}{ASIDE}{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    while path.with_name(name).exists():
        name += "-"
    log.error("%s is damaged: %s It is kept as %s, and the till goes on with a new file.", path, why, name)
    put_aside(path, name)
    with suppress(FileNotFoundError):
        beside(path).unlink()


def _go_on_with_move(path: Path) -> None:
    """The process before this one died between the log and its file."""
    for log_file in path.parent.glob(f"{path.name}{ASIDE}*{LOGS[0]}"):
        aside = log_file.with_name(log_file.name.removesuffix(LOGS[0]))
        if not aside.exists():
            put_aside(path, aside.name)
            with suppress(FileNotFoundError):
                beside(path).unlink()


def _take_over(path: Path, cache: Cache, why: str, known: Key | None) -> None:
    taken = {damage.file for damage in cache.damages.all()}
    for aside in sorted(path.parent.glob(f"{path.name}{ASIDE}*")):
        if aside.name not in taken and not aside.name.endswith(LOGS):
            cache.damages.take_over(aside, cache.rescued, cache.till, why, known)


def _moment_of(aside: Path) -> datetime:
    text = aside.name.rpartition(ASIDE)[2].rstrip("-")
    return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
