"""Files and folders that their owner alone reads: who a shop's members are is nobody's business else on the machine.

What is shared on purpose is none of these: a FIFO, a socket and the link to a pty keep their modes.
"""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

OTHERS: Final = 0o077  # the group and everybody else
ENDINGS: Final = ("", "-wal", "-shm", ".lock")  # of a database

log = logging.getLogger(__name__)


def private_from_now_on() -> None:
    """Whatever this process makes."""
    os.umask(OTHERS)


def within(folder: Path) -> Iterator[Path]:
    """The folder, and what lies right in it: deeper, nobody comes who may not pass it."""
    yield folder
    with suppress(OSError):  # it is not there, or its disk cannot say what is in it: what it has stays as it is
        yield from folder.iterdir()


def of_database(path: Path) -> Iterator[Path]:
    return (path.with_name(path.name + ending) for ending in ENDINGS)


def mend(paths: Iterable[Path], what: str) -> int:
    """Those of before, which anybody could read. How many, told in one line."""
    count = sum(map(_mended, paths))
    if count:
        log.warning("Others could read %s (%d files and folders); now only their owner can.", what, count)
    return count


def _mended(path: Path) -> bool:
    try:
        found = path.lstat()
        if not _is_ours_and_open(found):
            return False
        path.chmod(stat.S_IMODE(found.st_mode) & ~OTHERS)
    except OSError:  # gone by now, or on a disk that knows no modes
        return False
    return True


def _is_ours_and_open(found: os.stat_result) -> bool:
    is_kept = stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)
    return is_kept and bool(found.st_mode & OTHERS) and found.st_uid == os.geteuid()
