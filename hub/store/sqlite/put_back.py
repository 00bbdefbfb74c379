"""A copy of a ledger's file, before it is put in the ledger's place: nobody else has it open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from storage import engine
from storage.sqlite_file import FileError

SET = "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"


def set_in_copy(copy: Path, settings: Callable[[Mapping[str, str]], Mapping[str, str]]) -> None:
    """`settings`: those that it gets, by those that it has. Raises FileError."""
    try:
        with closing(engine.connect(copy, "rw")) as connection, connection:
            before: dict[str, str] = dict(connection.execute("SELECT name, value FROM settings"))
            connection.executemany(SET, settings(before).items())
    except engine.Error as error:
        raise FileError(f"{copy} cannot be written to: {error}.") from error
