"""Migrations in a process of their own: what applies them weighs fifteen megabytes and a quarter of a second, and is
needed once in a file's life or two. `python -m storage.migrating FILE FOLDER NAME […]`.
"""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from storage import engine
from storage.schema import Room, migrations_of, room_of
from storage.sqlite_file import FileError, SqliteFile

MIGRATING_S = 300.0  # a file of years, on the slowest disk; nothing is sold before

log = logging.getLogger(__name__)


def migrate_apart(files: Mapping[Path, Path | Room]) -> None:
    """Bring files up to date, each of its room, before this process opens them. Whatever fails here is left to the
    opening, which tries again and has the words for it."""
    behind = [str(part) for path, room in files.items() if is_behind(path, room) for part in (path, *room_of(room))]
    if not behind:
        return
    command = [sys.executable, "-P", "-m", "storage.migrating", *behind]
    try:
        subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=MIGRATING_S, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        log.info("migrations are applied in this process: %s", error)


def is_behind(path: Path, room: Path | Room) -> bool:
    """Whether there is a migration to apply, as far as it can be seen from outside."""
    if not path.exists():
        return True
    try:
        with closing(engine.connect(path, "ro")) as connection:
            version = connection.execute("PRAGMA user_version").get
    except engine.Error:
        return False
    return bool(version < len(migrations_of(room)))


def main(parts: list[str]) -> None:
    for path, folder, name in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        try:
            SqliteFile(Path(path), Room(Path(folder), name)).close()
        except FileError as error:
            sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv[1:])
