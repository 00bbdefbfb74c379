"""The disk under the till's files: how much room it has left, and what is done when there is none."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from msgspec import UNSET, UnsetType

from pos_agent.status import DiskState, DiskStatus
from storage.reserve import Reserve
from storage.sqlite_file import FileError

log = logging.getLogger(__name__)

MEGABYTE: Final = 1_000_000
LOW_BYTES: Final = 200 * MEGABYTE  # a busy till writes some 50 MB a year, and a file needs as much again to move
FULL_BYTES: Final = MEGABYTE  # a sale needs some 50 kB of log; with less than this the next one may find no room
LOOK_S: Final = 10.0  # between two looks at whether there is room again
PAUSE_S: Final = 2.0  # a full disk is not emptied faster


def state_of(free_bytes: int, *, reserve: bool) -> DiskState | None:
    """None: there is room enough. As long as the reserve is there, a full disk stops nothing."""
    if free_bytes >= LOW_BYTES:
        return None
    return "low" if reserve or free_bytes >= FULL_BYTES else "full"


class TillDisk:
    """Every method may be called from any thread."""

    def __init__(self, folder: Path, reserve_mb: int) -> None:
        """Before the first file is opened, which needs room itself: on a full disk the reserve is let go."""
        self._folder = folder
        self._reserve = Reserve(folder, reserve_mb * MEGABYTE)
        self._lock = threading.Lock()
        if self._reserve.free_bytes() < FULL_BYTES:
            self._let_go()
        else:
            self._reserve.make()

    def status(self) -> DiskStatus | UnsetType:
        """UNSET as long as there is room enough."""
        free_bytes, reserve = self._reserve.free_bytes(), self._reserve.is_held
        state = state_of(free_bytes, reserve=reserve)
        if state is None:
            return UNSET
        return DiskStatus(state=state, free_mb=free_bytes // MEGABYTE, reserve=reserve)

    def little_mb(self) -> int | None:
        """So little is left that the next sale may find no room; None: it does."""
        status = self.status()
        return status.free_mb if isinstance(status, DiskStatus) and status.state == "full" else None

    def is_full(self, error: FileError) -> bool:
        """Whatever SQLite calls it: where its index of the log finds no room, it says that the disk is broken."""
        return error.trouble == "full" or self._reserve.free_bytes() < FULL_BYTES

    def make_room(self, error: FileError) -> bool:
        """Something could not be written: is there room now to try it once more?"""
        return self.is_full(error) and self._let_go()

    def stepped(self, step: Callable[[float], float]) -> float:
        """Call a step; a disk that is full or broken is told and tried again, it ends nothing."""
        try:
            return step(time.monotonic())
        except FileError as error:
            return time.monotonic() + self.again_s(error)

    def again_s(self, error: FileError) -> float:
        """A step of somebody's could not be done: it is tried again in so many seconds."""
        log.error("%s", error)
        return 0.0 if self.make_room(error) else PAUSE_S

    def step(self, now_s: float) -> float:
        """The reserve is made anew when there is room. Returns the monotonic time of the next look."""
        with self._lock:
            self._reserve.make()
        return now_s + LOOK_S

    def _let_go(self) -> bool:
        with self._lock:
            released = self._reserve.release()
        if released:
            log.warning("The disk of %s is full: the reserve is let go. Make room on it.", self._folder)
        return released
