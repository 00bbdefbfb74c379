"""The log is taken into the main file beside the writer: in a thread of its own, on a connection of its own.

A checkpoint syncs twice and copies all that was written since the last one. A sale that had to wait for that would wait
for seconds where the disk is slow. From 3.51.3 on, SQLite lets another connection do it (storage/engine.py). Such a
thread lives as long as its one checkpoint.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from storage import engine

LOG_PAGES: Final = 4_000  # 16 MB, some 500 purchases: checkpoints are few, and a start after a kill reads it in no time
LOG_GROWS_MAX: Final = 4  # times as long, and writers wait: whoever never pauses writes quicker than it is taken in


class Checkpoints:
    """One at a time, whenever the log has grown by so many pages. `take_in` is called in its thread."""

    def __init__(self, pages: int, take_in: Callable[[], None]) -> None:
        self._pages = pages
        self._take_in = take_in
        self._beginning = threading.Lock()
        self._thread: threading.Thread | None = None
        self._begun_at = 0  # pages of the log at the last one

    def grown(self, log_pages: int) -> None:
        """For whoever holds the writer's lock."""
        if log_pages < self._begun_at:  # it was begun anew
            self._begun_at = 0
        if log_pages - self._begun_at >= self._pages:
            self._begun_at = log_pages
            self.begin()

    def make_room(self, log_pages: int) -> None:
        """Before somebody writes. He waits when the log is far too long: it is begun anew while nobody writes."""
        if log_pages >= LOG_GROWS_MAX * self._pages:
            self.begin()
            self.wait()

    def begin(self) -> None:
        """Unless there is one on its way."""
        with self._beginning, suppress(RuntimeError):  # no room for a thread: the next commit tries again
            if self._thread is None or not self._thread.is_alive():
                thread = threading.Thread(target=self._take_in, name="checkpoint", daemon=True)
                thread.start()
                self._thread = thread

    def wait(self) -> None:
        """Until none is on its way."""
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()


def take_in(path: Path, synchronous: str) -> bool:
    """Nobody waits for it, neither whoever reads nor whoever writes. Whether all of the log is in the main file now;
    then whoever writes next begins it anew. Raises engine.Error."""
    with closing(engine.connect(path, "rw")) as connection:
        connection.pragma("synchronous", synchronous)
        _, frames, taken = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").get
    return bool(frames == taken)


def begin_log(connection: engine.Connection) -> None:
    """Inside a transaction: a page is written as it is. The first one of a log costs syncs of its own: of the log's
    head, and of the folder where the log is new."""
    connection.pragma("user_version", connection.pragma("user_version"))


def is_log_new(path: Path) -> bool:
    """One that was left by a process which was killed has its head already, and on a full disk there is room for no
    more."""
    log = Path(f"{path}-wal")
    return not log.exists() or log.stat().st_size == 0


def sync_log(path: Path) -> None:
    """What is not there any more is in the main file, which was synced then. SQLite holds no lock on a log, so that
    closing it lets none go. Raises OSError."""
    with suppress(FileNotFoundError):
        log = os.open(f"{path}-wal", os.O_RDWR | os.O_CLOEXEC)
        try:
            os.fdatasync(log)
        finally:
            os.close(log)
