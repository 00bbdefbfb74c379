"""A ledger in one SQLite file, for one serving hub and the office commands beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from glob import escape
from pathlib import Path
from typing import Any, Final, TextIO
from zoneinfo import ZoneInfo

import apsw

from hub.store.errors import Clash, LedgerReplaced, OutcomeUnknown, StoreOff
from hub.store.moved import check_not_gone
from hub.store.sqlite.older import work_days_out
from hub.store.sqlite.reading import SqliteReader
from hub.store.sqlite.writing import SqliteWriter
from storage import engine
from storage.lock import hold
from storage.schema import Room
from storage.sqlite_file import CACHE_KIB, CommitUnknown, FileError, FileReplaced, SqliteFile
from storage.unserved import check_log_left

ROOM: Final = Room(Path(__file__).parent, "hub")  # the name that ledgers have borne from the first on
CHECKPOINT_PAGES = 16_000  # 64 MB of log: batches are written 1.76 times as quick as with SQLite's 1,000 pages
SERVING_CACHE_KIB = 65_536  # a batch's members lie all over the file: a tenth less of the processor than with 2 MB
UTC: Final = ZoneInfo("UTC")
KEY_THERE: Final = frozenset(
    {apsw.SQLITE_CONSTRAINT_PRIMARYKEY, apsw.SQLITE_CONSTRAINT_UNIQUE, apsw.SQLITE_CONSTRAINT_ROWID}
)


class SqliteStore:
    """`serving`: one hub at a time, and only that one checkpoints (storage/sqlite_file.py) and watches that the file
    stays the same. `zone_of`: the time zone of a programme, by which the days of a ledger of the first kind are counted
    once."""

    writers = 1

    def __init__(
        self, path: Path, *, serving: bool = False, zone_of: Callable[[str], ZoneInfo] = lambda programme: UTC
    ) -> None:
        self.name = str(path)
        self._path = path
        with _translated():
            _make_folder(path)
            _not_instead(path)
            self._lock = self._hold() if serving else None
            if not serving:
                check_log_left(path, lock_of(path))
            self.file = SqliteFile(
                path,
                ROOM,
                checkpoints=serving,
                checkpoint_pages=CHECKPOINT_PAGES,
                cache_kib=SERVING_CACHE_KIB if serving else CACHE_KIB,
                watched=serving,
            )
        self._sql: Any = self.file.sql
        try:
            work_days_out(self, zone_of)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def reading(self) -> Iterator[SqliteReader]:
        with (
            _translated(),
            self.file.snapshot() as connection,
            closing(SqliteReader(connection, self._sql)) as reader,
        ):
            yield reader

    @contextmanager
    def writing(self) -> Iterator[SqliteWriter]:
        with (
            _translated(),
            self.file.transaction() as connection,
            closing(SqliteWriter(connection, self._sql)) as writer,
        ):
            check_not_gone(writer, self.name)  # an office command may have waited while it moved away
            yield writer

    def _hold(self) -> TextIO:
        """One hub at a time."""
        return hold(lock_of(self._path), "hub", self._path)

    def tidy(self) -> None:
        """A log that is not taken in grows by 17 kB for each member of an import. While a hub serves, it alone does
        that."""
        if self._lock is not None:
            self.file.tidy()
            return
        with suppress(FileError), closing(self._hold()):
            self.file.take_log_in()

    def scrub(self) -> None:
        with _translated():
            self.file.scrub()

    def settle(self) -> None:
        with _translated():
            self.file.reopen()

    def close(self) -> None:
        self.file.close()
        if self._lock is not None:
            self._lock.close()


def lock_of(path: Path) -> Path:
    """Whoever holds it serves the ledger."""
    return path.with_name(path.name + ".lock")


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"Making the folder {path.parent} failed: {error.strerror}.") from error


def _not_instead(path: Path) -> None:
    """A hub whose ledger was deleted under it keeps what it had and ends. Whoever starts it again, a machine perhaps,
    wants that ledger and not a new one."""
    try:
        kept = sorted(path.parent.glob(escape(path.name) + ".gone-*"))
    except OSError as error:
        raise FileError(f"Looking into {path.parent} failed: {error.strerror}.") from error
    if kept and not path.exists():
        raise FileError(
            f"There is no ledger at {path}, and {kept[-1].name} beside it is what was there."
            " Put it back under its name, or move it elsewhere to begin a new one."
        )


@contextmanager
def _translated() -> Iterator[None]:
    """What the file says, in the words of the seam."""
    try:
        yield
    except CommitUnknown as error:
        raise OutcomeUnknown(str(error)) from error
    except FileReplaced as error:
        raise LedgerReplaced(str(error)) from error
    except FileError as error:
        raise StoreOff(str(error)) from error
    except engine.ConstraintError as error:
        if engine.detail_of(error) not in KEY_THERE:
            raise
        raise Clash(str(error)) from error
