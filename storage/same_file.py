"""Is what lies under the name still the file that was opened? Somebody restores a backup under a running server,
deletes the file, copies another one over it: SQLite goes on writing into what nobody will ever open again, and its
log, found beside the newcomer at the next start, makes that one malformed.

While a server runs, it alone checkpoints (storage/sqlite_file.py), and says so. Where the main file changes at any
other time, its pages are what they were (somebody touched it), or what stands in the write-ahead log (somebody beside
us checkpointed after all), or another's. A look costs three stats when nothing changed. What was seen last is kept
beside the file (storage/remembered.py) for the start after a server that was killed.
"""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from hashlib import blake2b
from pathlib import Path
from typing import Final, Literal

from storage import engine
from storage.remembered import TORN_MAX, Remembered, forget, recall

PAGES_COMPARED = 64  # spread over the file; a smaller one is compared whole
PAGE_BYTES = 4_096  # SQLite's own choice, for a file whose header cannot be read yet
SECTOR_BYTES = 512  # a disk writes whole ones, even when the power goes
PAGE_BYTES_AT = 16  # in the header of the main file; 1 there means 65,536
HEADER = struct.Struct(">24xI32xI4xI28x")  # of the main file: counter of changes, the schema's version, whose file
NOBODYS = (0, 0)  # version and owner, where a new file's first changes still stand in its log alone
LOG_HEADER = struct.Struct(">16xII8x")  # two salts; the first one is counted up whenever the log is begun anew
LOG_INDEX = struct.Struct("=16xI76xI")  # of the -shm: frames in the log, and how many of them are in the main file
LOG_FRAME = struct.Struct(">I4xII8x")  # page number, two salts; the page follows

Loss = Literal["deleted", "replaced", "overwritten", "beside"]
SAID: Final[Mapping[Loss, str]] = {
    "deleted": "was deleted or moved away",
    "replaced": "was replaced by another file",
    "overwritten": "was overwritten",
    "beside": "lost the -wal or -shm file beside it",
}

Place = tuple[int, int]  # device and inode
Seen = tuple[int, int, int]  # size; when the contents, and when anything at all was last changed


class SameFile:
    """One database file, as this process opened it. Whoever has it says `note` after opening and after each checkpoint
    of its own, and asks `look` before it writes, before it says that it has written, and before it checkpoints."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.gone: str | None = None  # what happened, once something has: for good
        self._main, self._log, self._index = str(path), f"{path}-wal", f"{path}-shm"
        self._held = -1  # closing any descriptor of a file lets SQLite's own locks on it go: it stays open till the end
        self._index_held = -1
        self._index_place: Place | None = None
        self._places: tuple[Place | None, ...] = (None, None, None)
        self._seen: Seen = (0, 0, 0)
        self._pages: dict[int, bytes] = {}
        self._header: tuple[int, ...] | None = None
        self._salts: tuple[int, ...] | None = None
        self._all_taken = False  # the log was in the main file, all of it: whoever writes next begins it anew

    def may_be_others_log(self) -> bool:
        """Whether there is a log, and somebody who remembers."""
        log = _stat(self._log)
        return log is not None and log.st_size > 0 and recall(self.path) is not None

    def is_others_log(self) -> bool:
        """Before the file is opened first: whether the log beside it belongs to another, as far as somebody remembers.
        Raises OSError."""
        log = _stat(self._log)
        before = recall(self.path) if self._held < 0 and log is not None and log.st_size else None
        if before is None or (main := _stat(self._main)) is None or not main.st_size:
            return False
        self._held = os.open(self._main, os.O_RDONLY | os.O_CLOEXEC)
        try:
            salts = self._read_salts()
            others = self._is_no_more(before, main.st_size)
            after = _stat(self._log)  # a command that ends just now takes the log in and deletes it
            return others and (_place(after), self._read_salts()) == (_place(log), salts)
        finally:
            self.close()

    def note(self) -> None:
        """The file as it is now is ours, when it is still the one that was opened first."""
        if self._held < 0:
            self._held = os.open(self._main, os.O_RDONLY | os.O_CLOEXEC)
        main = os.fstat(self._held)
        self._places = (_place(main), _place(_stat(self._log)), _place(_stat(self._index)))
        self._hold_index()
        self._remember(main)

    def frames(self) -> int | None:
        """Pages in the log; None when nobody can say: it is asked after a commit, which stands."""
        told = None
        with suppress(OSError):
            told = self._read_index()
        return told[0] if told else None

    def look(self, connection: engine.Connection | None) -> str | None:
        """What happened to it and what was saved, in a sentence or two; None when it is the same. Without a
        connection, what stands beside it may come and go. Raises OSError when the folder cannot be looked into."""
        if self.gone is None and self._held >= 0 and (loss := self._compare(connection is not None)):
            self.gone = f"{self.path} {SAID[loss]} while it was in use. {self._step_aside(loss, connection)}"
        return self.gone

    def close(self) -> None:
        """After the last of this process's connections."""
        for held in (self._held, self._index_held):
            if held >= 0:
                os.close(held)
        self._held = self._index_held = -1

    def forget(self) -> None:
        """After a close that took all of the log in: whatever is put there from now on is as good."""
        if _stat(self._log) is None:
            forget(self.path)

    # comparing

    def _compare(self, connected: bool) -> Loss | None:
        main = _stat(self._main)
        if main is None:
            return "deleted"
        if _place(main) != self._places[0]:
            return "replaced"
        if not connected:
            return None
        log = _stat(self._log)
        if (_place(log), _place(_stat(self._index))) != self._places[1:]:
            return "beside"
        if self._salts is None and log is not None and log.st_size:
            self._salts = self._read_salts()
            self._keep_in_mind()
        if _seen(main) != self._seen:
            if self._is_others(main.st_size):
                return "overwritten"
            self._remember(main)
        return None

    def _remember(self, main: os.stat_result) -> None:
        self._seen = _seen(main)
        self._pages = {number: self._page(number) for number in _spread(main.st_size // self._page_bytes())}
        self._header = self._read_header()
        self._salts = self._read_salts()
        index = self._read_index()
        self._all_taken = index is not None and index[0] == index[1]
        self._keep_in_mind()

    def _keep_in_mind(self) -> None:
        Remembered(self._header, self._salts, self._all_taken, self._pages).write(self.path)

    def _is_others(self, size: int) -> bool:
        """Whether a page is neither what it was nor what the log says of it. Page 1 is always among those that are
        looked at: it counts the changes. Where somebody beside us checkpointed and began the log anew, the header alone
        must do: what was copied stands nowhere any more."""
        if not self._log_has_it_all():
            return not self._header_goes_on()
        count = max(self._pages, default=0)
        added = {number for number in _spread(size // self._page_bytes()) if number > count}
        looked_at = {number: self._page(number) for number in {1, *self._pages, *added}}
        changed = {number: page for number, page in looked_at.items() if page != self._pages.get(number)}
        for number, page in self._logged(changed):
            if changed.get(number) == _digest(page):
                del changed[number]
        return bool(changed)

    def _is_no_more(self, before: Remembered, size: int) -> bool:
        """The same question at a start. A log that does not go on from the one that was seen was made by somebody who
        opened what lay there. A page that the log has is written anew from there, so that a torn one does no harm."""
        begun = before.begun_since(self._read_salts())
        if begun is None and before.salts is not None:
            return False
        if not (begun == 0 or (begun == 1 and before.all_taken)):
            now = self._read_header()
            return now is not None and before.header is not None and _is_older(now, before.header)
        count = max(before.pages, default=0)
        added = {number for number in _spread(size // self._page_bytes()) if number > count}
        looked_at = {number: self._page(number) for number in {1, *before.pages, *added}}
        changed = {number: page for number, page in looked_at.items() if page != before.pages.get(number)}
        in_log, begun_here = set(), set()
        for number, page in self._logged(dict(changed)):
            in_log.add(number)
            if changed.get(number) == _digest(page):
                del changed[number]
            elif self._begin_of(number) == page[:SECTOR_BYTES]:
                begun_here.add(number)
        torn = changed.keys() & in_log - {1}
        return bool(changed.keys() - torn) or len(torn - added - begun_here) > TORN_MAX

    def _log_has_it_all(self) -> bool:
        """Whether all that was written since we looked at the main file last stands in the log still."""
        now = self._read_salts()
        if now is None or self._salts is None:
            return now == self._salts
        begun = (now[0] - self._salts[0]) % 2**32
        return begun == 0 or (begun == 1 and self._all_taken)

    def _header_goes_on(self) -> bool:
        now, before = self._read_header(), self._header
        if now is None or before is None:
            return now is not None
        return now[0] >= before[0] and before[1:] in (now[1:], NOBODYS)

    def _logged(self, wanted: Mapping[int, bytes]) -> Iterator[tuple[int, bytes]]:
        """The wanted pages as the log has them, since it was last begun anew; also older states of them."""
        size = self._page_bytes()
        with suppress(FileNotFoundError), open(self._log, "rb", buffering=0) as log:
            salts = _unpacked(LOG_HEADER, log.read(LOG_HEADER.size))
            at = LOG_HEADER.size
            while wanted and (frame := _unpacked(LOG_FRAME, os.pread(log.fileno(), LOG_FRAME.size, at))):
                if frame[1:] != salts:
                    return  # left from before
                if frame[0] in wanted:
                    yield frame[0], os.pread(log.fileno(), size, at + LOG_FRAME.size)
                at += LOG_FRAME.size + size

    def _page_bytes(self) -> int:
        told = os.pread(self._held, 2, PAGE_BYTES_AT)
        number = int.from_bytes(told) if len(told) == 2 else 0
        return 65_536 if number == 1 else number or PAGE_BYTES

    def _page(self, number: int) -> bytes:
        size = self._page_bytes()
        return _digest(os.pread(self._held, size, (number - 1) * size))

    def _begin_of(self, number: int) -> bytes:
        return os.pread(self._held, SECTOR_BYTES, (number - 1) * self._page_bytes())

    def _read_header(self) -> tuple[int, ...] | None:
        return _unpacked(HEADER, os.pread(self._held, HEADER.size, 0))

    def _read_salts(self) -> tuple[int, ...] | None:
        with suppress(FileNotFoundError), open(self._log, "rb", buffering=0) as log:
            return _unpacked(LOG_HEADER, log.read(LOG_HEADER.size))
        return None

    def _hold_index(self) -> None:
        """The -shm of the connection that is open now; of another, nobody in this process holds a lock."""
        if self._places[2] != self._index_place or self._index_held < 0:
            if self._index_held >= 0:
                os.close(self._index_held)
            self._index_held, self._index_place = -1, None
            with suppress(FileNotFoundError):
                self._index_held = os.open(self._index, os.O_RDONLY | os.O_CLOEXEC)
                self._index_place = _place(os.fstat(self._index_held))

    def _read_index(self) -> tuple[int, ...] | None:
        if self._index_held < 0:
            return None
        return _unpacked(LOG_INDEX, os.pread(self._index_held, LOG_INDEX.size, 0))

    # leaving

    def _step_aside(self, loss: Loss, connection: engine.Connection | None) -> str:
        """Leave what is under the name now so that it can be opened, and keep what is not in any file yet."""
        kept = self.path.with_name(f"{self.path.name}.gone-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}")
        try:
            if loss == "beside":
                return f"{self._take_in(connection, kept)} Start again."
            done = self._keep_changes(kept) if loss == "overwritten" else self._keep(connection, kept)
        except (OSError, engine.Error) as error:
            done = f"What it had not taken from its log yet may be lost: saving it failed ({error})."
        return f"{done} Put the right file there and start again."

    def _take_in(self, connection: engine.Connection | None, kept: Path) -> str:
        """The main file is ours: what the lost log holds goes into it. A log that came instead is none of its."""
        assert connection is not None, "else nobody looked beside it"
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").get
        if busy:
            raise OSError("another program is reading it")
        if _place(_stat(self._log)) not in (None, self._places[1]):
            os.rename(self._log, f"{kept}-wal")
        return "Nothing was lost."

    def _keep_changes(self, kept: Path) -> str:
        """What was there is gone; what its log holds may still be told by somebody who can read it."""
        return (
            f"Its last changes are kept in {kept}-wal." if self._move_log(f"{kept}-wal") else "Nothing of it is left."
        )

    def _keep(self, connection: engine.Connection | None, kept: Path) -> str:
        """Our file is elsewhere, or has no name any more; what its log holds goes with it."""
        elsewhere = self._name_of_held()
        if elsewhere is not None and not os.path.lexists(f"{elsewhere}-wal"):
            self._move_log(f"{elsewhere}-wal")
            return f"As it was, it is {elsewhere} now."
        log = f"{kept}.log"
        self._move_log(log)  # before the rest, which takes its time: the newcomer is opened clean from here on
        if connection is None:
            raise OSError("it was not open just now")
        with closing(engine.connect(kept)) as copy:
            list(engine.copy_pages(connection, copy))  # SQLite still holds file and log, whatever became of their names
        with suppress(FileNotFoundError):
            os.unlink(log)
        return f"As it was, it is kept as {kept}."

    def _name_of_held(self) -> Path | None:
        """The name under which our file lies now, where the system says."""
        with suppress(OSError):
            name = os.readlink(f"/proc/self/fd/{self._held}")
            if _place(os.stat(name)) == self._places[0]:
                return Path(name)
        return None

    def _move_log(self, to: str) -> bool:
        """Away from beside the newcomer, if it is still ours; whether it was. The -shm holds nothing: whoever opens
        the file next makes a new one."""
        if self._places[2] is not None and _place(_stat(self._index)) == self._places[2]:
            os.unlink(self._index)
        if self._places[1] is None or _place(_stat(self._log)) != self._places[1]:
            return False
        os.rename(self._log, to)
        return True


def _stat(name: str) -> os.stat_result | None:
    try:
        return os.stat(name)
    except FileNotFoundError:
        return None


def _place(of: os.stat_result | None) -> Place | None:
    return (of.st_dev, of.st_ino) if of else None


def _seen(of: os.stat_result) -> Seen:
    return of.st_size, of.st_mtime_ns, of.st_ctime_ns


def _spread(pages: int) -> set[int]:
    """Numbers of pages all over a file of so many; the first and the last among them."""
    if pages <= PAGES_COMPARED:
        return set(range(1, pages + 1))
    return {1 + (pages - 1) * step // (PAGES_COMPARED - 1) for step in range(PAGES_COMPARED)}


def _is_older(now: tuple[int, ...], before: tuple[int, ...]) -> bool:
    """Or of somebody else; a newer program may have brought it up to date meanwhile."""
    return now[0] < before[0] or (before[1:] != NOBODYS and (now[1] < before[1] or now[2] != before[2]))


def _digest(page: bytes) -> bytes:
    return blake2b(page, digest_size=16).digest()


def _unpacked(form: struct.Struct, read: bytes) -> tuple[int, ...] | None:
    return form.unpack(read) if len(read) == form.size else None
