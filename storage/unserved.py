"""The log that a dead server left, before a command that looks in reads it."""

from __future__ import annotations

import fcntl
from contextlib import suppress
from pathlib import Path

from storage.same_file import SameFile
from storage.sqlite_file import check_log


def check_log_left(path: Path, lock: Path) -> None:
    """As a server does at its start; while one runs, the file is its own affair. Raises FileError."""
    same = SameFile(path)
    if not same.may_be_others_log():
        return
    with suppress(FileNotFoundError, PermissionError), lock.open("rb") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        check_log(same)
