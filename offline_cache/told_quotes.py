"""The till's second file: what was told to a POS or a person, and the visits that are open.

A promise must outlive the process (kill -9), but may not wait for the money file's lock or for a disk; so it is not
synced, and holds nothing that happened. What is in it is opaque here.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from loyalty.utc import utc_text
from storage.aside import put_aside
from storage.sqlite_file import FileError, SqliteFile

log = logging.getLogger(__name__)

ROOM = Path(__file__).parent / "told"  # its queries and migrations
KEPT = timedelta(days=1)  # a quote may be named by a `pay` so much later, also when its visit has ended


class ToldQuotes:
    """Every method may be called from any thread. A file that a power cut broke is put aside, and a new one begun."""

    def __init__(self, path: Path) -> None:
        """Raises FileError where no file can be made."""
        try:
            self._file = _whole(path)
        except FileError as error:
            log.warning("%s What was told before is forgotten; the file is kept as %s.broken", error, path.name)
            put_aside(path, f"{path.name}.broken")
            self._file = _whole(path)
        self._sql: Any = self._file.sql

    def close(self) -> None:
        self._file.close()

    def keep(self, id: str, pos: str, quote: bytes, at: datetime) -> None:
        """It is told from now on; what was told a day ago is forgotten."""
        with self._file.transaction() as connection:
            self._sql.keep_quote(connection, id=id, told_at=utc_text(at), pos=pos, quote=quote)
            self._sql.forget_quotes(connection, before=utc_text(at - KEPT))

    def find(self, id: str) -> bytes | None:
        with self._file.reading() as connection:
            quote: bytes | None = self._sql.quote(connection, id=id)
        return quote

    def keep_visits(self, visits: Sequence[bytes]) -> None:
        """The one in front first; those before are forgotten."""
        with self._file.transaction() as connection:
            self._sql.forget_visits(connection)
            for place, visit in enumerate(visits):
                self._sql.keep_visit(connection, place=place, visit=visit)

    def visits(self) -> list[bytes]:
        with self._file.reading() as connection:
            return [visit for (visit,) in self._sql.visits(connection)]

    def mark(self, name: str) -> str | None:
        """How far the till's own file was (watermark.py). A file that cannot be read says nothing."""
        try:
            with self._file.reading() as connection:
                found: str | None = self._sql.mark(connection, name=name)
        except FileError as error:
            log.warning("%s", error)
            return None
        return found

    def keep_mark(self, name: str, value: str) -> None:
        """After the commit that it tells of; where it is not kept, the one of before tells less."""
        try:
            with self._file.transaction() as connection:
                self._sql.keep_mark(connection, name=name, value=value)
        except FileError as error:
            log.warning("%s", error)


def _whole(path: Path) -> SqliteFile:
    """The file, read through once. Raises FileError."""
    file = SqliteFile(path, ROOM, synced=False, shreds=True, checked=True)
    try:
        with file.reading() as connection:
            found = connection.execute("PRAGMA quick_check(1)").get
        if found != "ok":
            raise FileError(f"{path} is broken: {found}.")
    except BaseException:
        file.close()
        raise
    return file
