"""One process at a time: a lock that the system itself lets go when its holder dies, however it dies."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import TextIO

from storage.sqlite_file import FileError


def hold(path: Path, who: str, of: Path | None = None) -> TextIO:
    """Take the lock for as long as the returned file stays open. `of`: what it is on, a folder unless said. Raises
    FileError when somebody has it."""
    try:
        file = path.open("w", encoding="ascii")
    except OSError as error:
        raise FileError(f"{path} cannot be written: {error.strerror}. Is the folder ours?") from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        of, other = (of, "file") if of is not None else (path.parent, "folder")
        raise FileError(f"Another {who} is using {of}. Stop it first, or use another {other}.") from error
    return file
