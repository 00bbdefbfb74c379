"""What SQLite asks of the files of a simulation goes through here to its machines' disks.

It is a VFS that stands above the checksums and beneath nothing else, so that the program under it is as it is. What
the program asks the system itself (a sync of the log, how much room is left) is answered here too. The folders beneath
the simulation's are its machines: `<folder>/t1/till.db` is t1's.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import apsw

from simulator.disk import Died, Disk, error_of
from simulator.moments import Moments
from storage import engine as _engine  # whose checksums must be there before anything stands above them

BENEATH: Final = "cksmvfs"
OURS: Final = apsw.SQLITE_OPEN_MAIN_DB | apsw.SQLITE_OPEN_WAL | apsw.SQLITE_OPEN_MAIN_JOURNAL
_names = count(1)

assert _engine


class Disks:
    """All machines' of one simulation, while it is played: `with` it, SQLite's files go through here."""

    def __init__(self, folder: Path, moments: Moments) -> None:
        self.folder = folder
        self.moments = moments
        self._root = f"{folder}{os.sep}"
        self._machines: dict[str, Disk] = {}
        self._vfs: _Vfs | None = None
        self._of_system: tuple[Any, Any] = (os.fdatasync, shutil.disk_usage)

    def of(self, name: str) -> Disk:
        """The machine whose files lie in the folder of this name."""
        disk = self._machines.get(name)
        if disk is None:
            disk = self._machines[name] = Disk(name, self.folder / name, self.moments)
        return disk

    def __enter__(self) -> Self:
        self._vfs = _Vfs(f"struck-{next(_names)}", self)
        self._put_between(self._sync, self._usage)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._put_between(*self._of_system)
        for disk in self._machines.values():
            disk.dies()
        if self._vfs is not None:
            self._vfs.unregister()

    @contextmanager
    def spared(self) -> Iterator[None]:
        """All of them."""
        with ExitStack() as stack:
            for disk in self._machines.values():
                stack.enter_context(disk.spared())
            yield

    def at(self, path: str) -> Disk | None:
        """None: it is none of the simulation's."""
        if not path.startswith(self._root):
            return None
        return self.of(path[len(self._root) :].split(os.sep, 1)[0])

    # what the program asks the system itself

    @staticmethod
    def _put_between(fdatasync: Any, disk_usage: Any) -> None:
        os.fdatasync, shutil.disk_usage = fdatasync, disk_usage

    def _sync(self, descriptor: int) -> None:
        path = os.readlink(f"/proc/self/fd/{descriptor}")
        disk = self.at(path)
        if disk is None:
            self._of_system[0](descriptor)
            return
        try:
            disk.call("sync", lambda: disk.synced(path))
        except apsw.IOError as error:
            raise OSError(5, "Input/output error") from error

    def _usage(self, path: Any) -> Any:
        usage = self._of_system[1](path)
        disk = self.at(f"{os.fspath(path)}{os.sep}")
        return usage if disk is None else usage._replace(free=disk.free_bytes)


class _Vfs(apsw.VFS):
    def __init__(self, name: str, disks: Disks) -> None:
        self._disks = disks
        super().__init__(name, BENEATH, makedefault=True)

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:  # noqa: N802 - SQLite's own name
        if name is not None and flags[0] & OURS and not flags[0] & apsw.SQLITE_OPEN_READONLY:
            path = name.filename() if isinstance(name, apsw.URIFilename) else name
            disk = self._disks.at(path)
            if disk is not None:
                return _File(name, flags, path, disk)
        return _Read(BENEATH, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        super().xDelete(filename, syncdir)
        disk = self._disks.at(filename)
        if disk is not None:
            disk.removed(filename)


class _Read(apsw.VFSFile):
    def xLock(self, level: int) -> None:  # noqa: N802
        """Whoever may only read tries at his end whether he may check in, and passes over every answer but this one
        where the VFS is Python's."""
        try:
            super().xLock(level)
        except apsw.IOError:
            if level != apsw.SQLITE_LOCK_EXCLUSIVE:
                raise
            raise error_of(apsw.SQLITE_BUSY) from None


class _File(apsw.VFSFile):
    def __init__(self, name: Any, flags: list[int], path: str, disk: Disk) -> None:
        super().__init__(BENEATH, name, flags)
        self._disk = disk
        self._life = disk.life
        self._sheet = disk.sheet(path)

    def xWrite(self, data: Any, offset: int) -> None:  # noqa: N802
        """Most of what is called: so it is done without another call where nothing befalls it."""
        self._lives()
        if self._disk.is_struck("write"):
            self._disk.strikes("write", lambda: self._write(data, offset))
        else:
            self._write(data, offset)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        self._lives()
        self._disk.call("cut", lambda: self._cut(newsize))

    def xSync(self, flags: int) -> None:  # noqa: N802
        self._lives()
        self._disk.call("sync", self._sheet.loose.clear)

    def xClose(self) -> None:  # noqa: N802
        super().xClose()
        self._disk.closed(self._sheet)

    def _lives(self) -> None:
        if self._life != self._disk.life:
            raise Died(f"{self._disk.name} is dead")

    def _write(self, data: Any, offset: int) -> None:
        self._disk.takes(self._sheet, offset, len(data))
        super().xWrite(data, offset)

    def _cut(self, size: int) -> None:
        self._disk.cuts(self._sheet, size)
        super().xTruncate(size)
