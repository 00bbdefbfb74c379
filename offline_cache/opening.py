"""The till's file at a start. One that cannot be read does not stop the till: it is put aside, and a new one goes on.

  whole ──▶ suspected   a page of it was met that is not as it was written: the next start does not try it again
    │           │
    └──▶ put aside ──▶ taken over   what is whole of it stands in the new file, which remembers the old one by name

Whatever is cut off between two of these is gone on with at the next start. Nothing that was put aside is ever deleted.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from offline_cache.cache import Cache
from offline_cache.damages import ASIDE, name_at
from offline_cache.watermark import KeepsMarks, marked
from storage.aside import LOGS, put_aside
from storage.remembered import sync_folder
from storage.sqlite_file import FileError

SUSPECTED: Final = ".suspected"

log = logging.getLogger(__name__)


def suspect(path: Path, why: str) -> None:
    """The next start puts the file aside."""
    _beside(path).write_text(why, encoding="utf-8")
    sync_folder(path.parent)


def opened(path: Path, opens: Callable[[], Cache], marks: KeepsMarks | None, now: datetime) -> Cache:
    """The till's file, or a new one in its place, held against what the second file knows of it. Raises FileError where
    the file is whole and still none for this till, and where none can be made."""
    why = _suspected(path)
    _go_on_with_move(path)
    if why is not None:
        _put_aside(path, now, why)
    try:
        return _looked_through(path, opens, marks, why)
    except FileError as error:
        if error.trouble != "damaged":
            raise
        _put_aside(path, now, str(error))
        return _looked_through(path, opens, marks, str(error))


def _looked_through(path: Path, opens: Callable[[], Cache], marks: KeepsMarks | None, why: str | None) -> Cache:
    cache = opens()
    try:
        _take_over(path, cache, why or "", marks)
        if marks is not None:
            cache.hold_against(marks)
    except BaseException:
        cache.close()
        raise
    return cache


def _take_over(path: Path, cache: Cache, why: str, marks: KeepsMarks | None) -> None:
    """What was put aside and stands nowhere else yet."""
    known = {damage.file for damage in cache.damages.all()}
    mark = marked(marks) if marks is not None else None
    for aside in sorted(path.parent.glob(f"{path.name}{ASIDE}*")):
        if aside.name not in known and not aside.name.endswith(LOGS):
            cache.damages.take_over(aside, cache.rescued, cache.till, why, mark.key if mark is not None else None)


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}{SUSPECTED}")


def _suspected(path: Path) -> str | None:
    try:
        return _beside(path).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return None


def _put_aside(path: Path, now: datetime, why: str) -> None:
    name = name_at(path, now)
    log.error("%s is damaged: %s It is kept as %s, and the till goes on with a new file.", path, why, name)
    _move(path, name)


def _go_on_with_move(path: Path) -> None:
    """The process before this one died between the log and its file."""
    for log_file in path.parent.glob(f"{path.name}{ASIDE}*{LOGS[0]}"):
        aside = log_file.with_name(log_file.name.removesuffix(LOGS[0]))
        if not aside.exists():
            _move(path, aside.name)


def _move(path: Path, name: str) -> None:
    put_aside(path, name)
    with suppress(FileNotFoundError):
        _beside(path).unlink()
