"""Files as their owners make them, with a schema and nothing in them: made once in a process and copied for each till
and hub, since a short play would spend most of its time on migrations."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from hub.store.sqlite.store import ROOM as HUB_ROOM
from offline_cache.cache import ROOM as TILL_ROOM
from offline_cache.told_quotes import ROOM as TOLD_ROOM
from storage.schema import Room, room_of
from storage.sqlite_file import SqliteFile

ROOMS: Final = {"till.db": room_of(TILL_ROOM), "told.db": room_of(TOLD_ROOM), "hub.db": HUB_ROOM}
HAS_CHECKSUMS: Final = frozenset(("till.db", "told.db"))  # from the first page on


def put_fresh(path: Path) -> None:
    """By its name it is known whose it is."""
    path.write_bytes(_made(ROOMS[path.name], path.name in HAS_CHECKSUMS))


@cache
def _made(room: Room, has_checksums: bool) -> bytes:
    with TemporaryDirectory(prefix="fresh-") as folder:
        path = Path(folder) / "file.db"
        SqliteFile(path, room, shreds=has_checksums, checked=has_checksums).close()
        return path.read_bytes()
