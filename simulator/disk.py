"""What a disk does to the files of a simulated machine: it fails at a call, forgets what was not synced, is full; and a
process that dies in the middle of a call never writes again.

What SQLite asks of its files comes here through simulator/vfs.py.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from typing import Final, Literal, NamedTuple

import apsw

from simulator.moments import Moments
from storage.reserve import NAME as RESERVE

WRITTEN_BACK_S: Final = (
    30.0  # Linux's dirty_expire_centisecs: what is older, the system has written without being asked
)
SECTOR_BYTES: Final = 512  # what a disk writes whole or not at all
ROOM_BYTES: Final = 10_000_000_000  # of a disk that is not full

Call = Literal["write", "sync", "cut"]
What = Literal["refuses", "does and refuses", "dies", "does and dies"]
FAILED: Final[dict[Call, int]] = {
    "write": apsw.SQLITE_IOERR_WRITE,
    "sync": apsw.SQLITE_IOERR_FSYNC,
    "cut": apsw.SQLITE_IOERR_TRUNCATE,
}
SAID: Final = {
    **dict.fromkeys(FAILED.values(), "disk I/O error"),
    apsw.SQLITE_FULL: "database or disk is full",
    apsw.SQLITE_BUSY: "database is locked",
}


class Died(BaseException):
    """The process ended in the middle of what it did: no handler of its own hears of that."""


class Loose(NamedTuple):
    """Written, and not synced: what stood there before, and how long the file was."""

    at_s: float
    offset: int
    length: int  # 0: it was cut at the offset
    before: bytes
    size: int


class Sheet:
    """One file of a machine: its size, and what of it the disk may still forget."""

    __slots__ = ("file", "held", "loose", "opened", "path", "size")

    def __init__(self, path: str, file: int) -> None:
        """`file`: by which the system knows it, and not another of its name."""
        self.path = path
        self.file = file
        self.size = 0
        self.opened = 0
        self.held = -1
        self.loose: deque[Loose] = deque()

    def before(self, offset: int, length: int) -> bytes:
        """What stands there, as far as the file goes."""
        if offset >= self.size:
            return b""
        if self.held < 0:
            self.held = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        return os.pread(self.held, length, offset)

    def let_go(self) -> None:
        if self.held >= 0:
            os.close(self.held)
        self.held = -1


class Strike:
    """What befalls a machine's files: at the `call`-th call from now on (of `of`: of these alone), and at the `times`
    after it. `struck` is called whenever it does."""

    def __init__(
        self,
        what: What,
        call: int,
        *,
        of: Call | None = None,
        times: int = 1,
        blackout: Random | None = None,
        struck: Callable[[], None] = lambda: None,
    ) -> None:
        """`blackout`: whoever dies does so for want of power, and so goes what the disk has."""
        self.what = what
        self._wait = call
        self._of = of
        self._left = times
        self.blackout = blackout
        self._struck = struck

    def is_due(self, call: Call) -> bool:
        if self._of is not None and call != self._of:
            return False
        self._wait -= 1
        return self._wait <= 0

    def happens(self) -> bool:
        """Whether it is over with this."""
        self._struck()
        self._left -= 1
        return self._left <= 0


class Disk:
    """One machine's. `life` is counted: whatever was opened in an earlier one writes no more."""

    def __init__(self, name: str, folder: Path, moments: Moments) -> None:
        self.name = name
        self.folder = folder
        self.life = 0
        self.strike: Strike | None = None
        self._next: deque[Strike] = deque()  # one after the other
        self._moments = moments
        self._sheets: dict[str, Sheet] = {}
        self._full: _Full | None = None
        self._blackout: Random | None = None

    # what is done to it

    def arms(self, strike: Strike) -> None:
        """It waits until those before it have struck."""
        if self.strike is None:
            self.strike = strike
        else:
            self._next.append(strike)

    def disarms(self, strike: Strike) -> None:
        if self.strike is strike:
            self.strike = self._next.popleft() if self._next else None
        elif strike in self._next:
            self._next.remove(strike)

    def fills(self, room_bytes: int, struck: Callable[[], None] = lambda: None) -> None:
        """`struck` is called whenever something finds no room."""
        self._full = _Full(room_bytes, self.folder / RESERVE, struck)

    def empties(self) -> None:
        self._full = None

    @contextmanager
    def spared(self) -> Iterator[None]:
        """While somebody looks into its files who is no part of the chain."""
        strike, full, self.strike, self._full = self.strike, self._full, None, None
        try:
            yield
        finally:
            self.strike, self._full = strike, full

    def dies(self) -> None:
        """The process that has its files open: what is open is closed without another write. Where that is for want of
        power, what is left is what a disk has then."""
        self.life += 1
        self._close()
        chance, self._blackout = self._blackout, None
        if chance is not None:
            self._forget(chance)
        self._sheets.clear()

    def _forget(self, chance: Random) -> None:
        """Of what was not synced none is there, or all, or any of it, whole or torn."""
        share = chance.choice((0.0, 1.0, chance.random()))
        for path in sorted(self._sheets):
            sheet = self._sheets[path]
            if sheet.loose and os.path.exists(path):
                _forget(sheet, self._moments.now_s, chance, share)

    def _close(self) -> None:
        """As if the system did: no checkpoint, nothing is rolled back in the file, all locks are let go."""
        beneath = f"{self.folder}{os.sep}"
        for connection in apsw.connections():
            with suppress(apsw.ConnectionClosedError):
                if connection.filename.startswith(beneath):
                    connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
                    connection.close(True)
        for sheet in self._sheets.values():
            sheet.let_go()

    # what its files ask of it

    @property
    def is_full(self) -> bool:
        """Or will be soon."""
        return self._full is not None

    @property
    def free_bytes(self) -> int:
        return ROOM_BYTES if self._full is None else self._full.room()

    def sheet(self, path: str) -> Sheet:
        """Of a file that was opened just now."""
        there = os.stat(path)
        sheet = self._sheets.get(path)
        if sheet is None or sheet.file != there.st_ino:
            sheet = self._sheets[path] = Sheet(path, there.st_ino)
        if not sheet.opened:
            sheet.size = there.st_size
        sheet.opened += 1
        return sheet

    def closed(self, sheet: Sheet) -> None:
        sheet.opened -= 1
        if not sheet.opened:
            sheet.let_go()

    def removed(self, path: str) -> None:
        sheet = self._sheets.pop(path, None)
        if sheet is not None:
            sheet.let_go()

    def synced(self, path: str) -> None:
        sheet = self._sheets.get(path)
        if sheet is not None:
            sheet.loose.clear()

    def call(self, call: Call, do: Callable[[], None]) -> None:
        """Raises Died, apsw.IOError."""
        if self.is_struck(call):
            self.strikes(call, do)
        else:
            do()

    def is_struck(self, call: Call) -> bool:
        """Then `strikes` does it, or does not."""
        return self.strike is not None and self.strike.is_due(call)

    def strikes(self, call: Call, do: Callable[[], None]) -> None:
        """Raises Died, apsw.IOError."""
        strike = self.strike
        assert strike is not None, "whoever calls has asked"
        if strike.happens():
            self.disarms(strike)
        if strike.what in ("does and refuses", "does and dies"):
            do()
        if strike.what in ("refuses", "does and refuses"):
            raise error_of(FAILED[call])
        self._blackout = strike.blackout
        self.life += 1
        raise Died(f"{self.name} at a {call}")

    def takes(self, sheet: Sheet, offset: int, length: int) -> None:
        """Before it is written. Raises apsw.FullError."""
        grows = offset + length - sheet.size
        if self._full is not None and grows > 0:
            self._full.take(grows)
        now_s, loose = self._moments.now_s, sheet.loose
        while loose and loose[0].at_s < now_s - WRITTEN_BACK_S:
            loose.popleft()
        loose.append(Loose(now_s, offset, length, sheet.before(offset, length), sheet.size))
        if grows > 0:
            sheet.size += grows

    def cuts(self, sheet: Sheet, size: int) -> None:
        before = sheet.before(size, max(0, sheet.size - size))
        sheet.loose.append(Loose(self._moments.now_s, size, 0, before, sheet.size))
        sheet.size = size


class _Full:
    """So much room is left; and that of the till's reserve, once it is let go."""

    def __init__(self, room_bytes: int, reserve: Path, struck: Callable[[], None]) -> None:
        self._room_bytes = room_bytes
        self._reserve = reserve
        self._struck = struck
        self._reserved = _size(reserve)

    def room(self) -> int:
        if self._reserved and not self._reserve.exists():
            self._room_bytes += self._reserved
            self._reserved = 0
        return self._room_bytes

    def take(self, count_bytes: int) -> None:
        if count_bytes > self.room():
            self._struck()
            raise error_of(apsw.SQLITE_FULL)
        self._room_bytes -= count_bytes


def _forget(sheet: Sheet, now_s: float, chance: Random, share: float) -> None:
    """Undo all that is loose, from the newest on, and do again what of it reached the disk."""
    loose = [one for one in sheet.loose if one.at_s >= now_s - WRITTEN_BACK_S]
    with open(sheet.path, "r+b", buffering=0) as file:
        descriptor = file.fileno()
        written = []
        for one in reversed(loose):
            written.append(os.pread(descriptor, one.length, one.offset))
            os.pwrite(descriptor, one.before, one.offset)
            os.ftruncate(descriptor, one.size)
        for one, data in zip(loose, reversed(written), strict=True):
            if chance.random() < share:
                _do_again(descriptor, one, data if share == 1.0 else _torn(data, chance))


def _do_again(descriptor: int, one: Loose, data: bytes) -> None:
    if one.length:
        os.pwrite(descriptor, data, one.offset)
    else:
        os.ftruncate(descriptor, one.offset)


def _torn(data: bytes, chance: Random) -> bytes:
    if chance.random() < 0.5:
        return data
    return data[: SECTOR_BYTES * chance.randrange(1 + len(data) // SECTOR_BYTES)]


def error_of(code: int) -> Exception:
    error = apsw.exception_for(code)
    error.args = (SAID[code],)
    return error


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
