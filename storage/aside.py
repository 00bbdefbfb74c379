"""A file that is put aside with its log, whole and under another name; nothing of it is deleted."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

from storage.remembered import sync_folder

LOGS: Final = ("-wal", "-shm")
PARTS: Final = (*LOGS, "")  # the log first: SQLite deletes one that lies beside no file


def put_aside(path: Path, name: str) -> Path:
    """Nobody has it open. Where this process dies in between, the same call goes on with it."""
    aside = path.with_name(name)
    for part in PARTS:
        with suppress(FileNotFoundError):
            Path(f"{path}{part}").replace(f"{aside}{part}")
    sync_folder(path.parent)
    return aside
