"""The schema of a SQLite file of ours: whose it is, and which migrations it has had."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, cast

import apsw

from storage import engine


class Room(NamedTuple):
    """The owner of a file: the folder with its queries.sql and migrations/, and the name that the file bears."""

    folder: Path
    name: str


def room_of(room: Path | Room) -> Room:
    """A folder alone is called as it is."""
    return room if isinstance(room, Room) else Room(room, room.name)


def migrate(connection: engine.Connection, owner: Path | Room) -> None:
    """Bring the schema up to date, all of it or nothing. Migrations are numbered .sql files and are never edited once
    shipped. A file of another program, or of the other of our two rooms, is left alone."""
    room, files = room_of(owner).name, migrations_of(owner)
    from sqlite_utils import Database as SqliteUtils
    from sqlite_utils.migrations import Migrations

    connection.execute("BEGIN IMMEDIATE")  # another process may be about to do the same
    try:
        if version_of(connection, room, len(files)) < len(files):
            migrations = Migrations(room)
            for number, file in enumerate(files, start=1):
                migrations(name=file.stem)(_migration(file, number))
            migrations.apply(SqliteUtils(cast(Any, connection)))
            connection.execute(f"PRAGMA application_id = {_application_id(room)}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def check_whose(connection: engine.Connection, owner: Path | Room) -> int:
    """The schema's version; 0 in a new file. Raises NotOurs when the file is another's, or of a newer program."""
    return version_of(connection, room_of(owner).name, len(migrations_of(owner)))


def migrations_of(owner: Path | Room) -> list[Path]:
    """In their order: as many as a file of today has had."""
    folder = room_of(owner).folder / "migrations"
    return [folder / name for name in sorted(os.listdir(folder)) if name.endswith(".sql")]


def version_of(connection: engine.Connection, room: str, known: int) -> int:
    """The schema's version; 0 in a new file. Raises NotOurs when the file is not for us."""
    version, owner, tables = connection.execute(
        "SELECT (SELECT user_version FROM pragma_user_version), (SELECT application_id FROM pragma_application_id),"
        " (SELECT count(*) FROM sqlite_master)"
    ).get
    if (owner or version or tables) and owner != _application_id(room):
        raise engine.NotOurs(f"it is not a file of {room}")
    if version > known:
        raise engine.NotOurs(f"it was written by a newer pos-agent (schema {version}, this one knows {known})")
    return int(version)


def _application_id(room: str) -> int:
    """What SQLite keeps in a file's header for its owner: a number that nobody else is likely to use."""
    return zlib.crc32(f"pos-agent {room}".encode()) >> 1


def _migration(file: Path, number: int) -> Any:
    def run(db: Any) -> None:
        for statement in statements(file.read_text(encoding="utf-8")):
            db.conn.execute(statement)
        db.conn.execute(f"PRAGMA user_version = {number}")

    run.__name__ = file.stem
    return run


def statements(script: str) -> Iterator[str]:
    """The statements of a script one by one: executescript() would commit the migration's own transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if apsw.complete(statement):
            yield statement
            statement = ""
