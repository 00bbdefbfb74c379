"""Room on a disk that is kept back for when there is no other: a file of nothing, which is let go when a write found
the disk full. What was begun can be ended in it, and what waits can be sent off.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

NAME: Final = "reserve"
RESERVE_BYTES: Final = 16_000_000  # as long as a log grows (storage/sqlite_file.py), some 4,000 operations
TIMES: Final = 2  # it is made where as much is left beside it: else it would fill the disk by itself
PIECE_BYTES: Final = 1_000_000

Allocate = Callable[[int, int, int], None]  # a descriptor's bytes, from one on, so many; OSError where there is no room


def _write_zeros(descriptor: int, begin: int, size: int) -> None:
    """Where the system has no call for it."""
    while size > 0:
        size -= os.write(descriptor, bytes(min(PIECE_BYTES, size)))


ALLOCATE: Final[Allocate] = getattr(os, "posix_fallocate", _write_zeros)


class Reserve:
    """Every method may be called from any thread. `size_bytes` 0: none is kept."""

    def __init__(self, folder: Path, size_bytes: int = RESERVE_BYTES, allocate: Allocate = ALLOCATE) -> None:
        self._path = folder / NAME
        self._size_bytes = size_bytes
        self._allocate = allocate

    @property
    def is_held(self) -> bool:
        return self._held_bytes() > 0

    def free_bytes(self) -> int:
        """What the disk has left besides."""
        return shutil.disk_usage(self._path.parent).free

    def make(self) -> bool:
        """Anew, where it is not there and the disk has room for it; whether it is there."""
        if self._held_bytes() >= self._size_bytes:
            return self.is_held
        try:
            if self.free_bytes() >= TIMES * self._size_bytes:
                self._fill()
        except OSError:  # somebody else took the room meanwhile
            self.release()
        return self.is_held

    def release(self) -> bool:
        """Whether there was any."""
        held_bytes = self._held_bytes()
        with suppress(OSError):
            self._path.unlink(missing_ok=True)
        return held_bytes > 0

    def _held_bytes(self) -> int:
        try:
            return self._path.stat().st_size
        except OSError:
            return 0

    def _fill(self) -> None:
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            self._allocate(descriptor, 0, self._size_bytes)
        finally:
            os.close(descriptor)
