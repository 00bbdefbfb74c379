"""A file for money: one SQLite database, WAL and synchronous=FULL. Till and hub each have one.

One connection that writes for the whole process, behind a lock. Whoever looks has another (storage/snapshots.py) and
never waits for it; the log is taken in beside it (storage/checkpoints.py). A second process that looks in (an office
command beside a running hub) never checkpoints. Rows are read and written with named SQL (the owner's queries.sql);
sqlite-utils applies the owner's migrations, and is imported only when there are any to apply.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, Literal

import aiosql
import apsw

from storage import engine
from storage.checkpoints import LOG_PAGES, Checkpoints, begin_log, is_log_new, sync_log, take_in
from storage.engine import BUSY_TIMEOUT_MS
from storage.remembered import forget
from storage.same_file import SameFile
from storage.schema import Room, migrate, migrations_of, room_of, version_of
from storage.snapshots import Look, Snapshots

BUSY_PAUSE_S = 0.02
LOCK_PAUSE_S = 0.002  # another process's transaction lasts some milliseconds
CACHE_KIB = 2_000  # SQLite's own choice

FileTrouble = Literal["full", "broken", "busy", "closed", "damaged", "other"]
TROUBLES: Mapping[int, FileTrouble] = {
    apsw.SQLITE_FULL: "full",
    apsw.SQLITE_IOERR: "broken",
    apsw.SQLITE_IOERR_DATA: "damaged",  # a page whose checksum is another's
    apsw.SQLITE_IOERR_CORRUPTFS: "damaged",
    apsw.SQLITE_BUSY: "busy",
    apsw.SQLITE_LOCKED: "busy",
    apsw.SQLITE_READONLY: "closed",
    apsw.SQLITE_PERM: "closed",
    apsw.SQLITE_CANTOPEN: "closed",
    apsw.SQLITE_CORRUPT: "damaged",
    apsw.SQLITE_NOTADB: "damaged",
}


def trouble_of(error: BaseException | None) -> FileTrouble:
    return TROUBLES.get(engine.detail_of(error)) or TROUBLES.get(engine.code_of(error)) or "other"


class FileError(Exception):
    """The file cannot be used; the message says why and what helps. Nothing was written."""

    @property
    def trouble(self) -> FileTrouble:
        """The cause in one word, for whoever says it in another language: SQLite's own code, without its details."""
        return trouble_of(self.__cause__)


class FileDamaged(FileError):
    """What stands in it is not what was written."""

    @property
    def trouble(self) -> FileTrouble:
        return "damaged"


class CommitUnknown(FileError):
    """A commit reported an error: it may have happened. Reopen and look the operation up; never write it anew."""


class FileReplaced(FileError):
    """Under the file's name lies another one by now. Nothing may be written any more, and the process should end: the
    file is never closed, as SQLite would then write what is left into the newcomer."""


class SqliteFile:
    """The file, the connection that writes, its lock. `changes`: another number when anything was written since."""

    def __init__(
        self,
        path: Path,
        room: Path | Room,
        *,
        checkpoints: bool = True,
        checkpoint_pages: int = LOG_PAGES,
        cache_kib: int = CACHE_KIB,
        synced: bool = True,
        watched: bool = False,
        shreds: bool = False,
        checked: bool = False,
    ) -> None:
        """`synced` False: for what may be lost with the power, though not with the process. `watched`: for the one
        process that checkpoints: raises FileReplaced instead of writing into a file that is no longer there. `shreds`:
        what is deleted is overwritten. `checked`: its pages carry checksums, from the first on."""
        self.path = path
        self._room = room_of(room)
        self._synced = synced
        self.lock = threading.RLock()
        self.changes = 0
        self._left = 0  # so many connections that wrote
        self._durable = 0  # so many of them are on the disk for certain
        self._log_pages = 0
        self._writer = 0  # the thread that is inside a transaction
        self.sql: Any = _queries_of(self._room.folder)
        self._checkpoint_pages = checkpoint_pages if checkpoints else 0
        self._cache_kib = cache_kib
        self._shreds = shreds
        self._checked = checked
        self._unsure = False  # a commit failed: what the file shows since then may not be on the disk itself
        self._closed = False
        self.damaged = False  # since it was opened a page was met that is not as it was written
        self._same = SameFile(path) if watched else None
        self._snapshots = Snapshots(path, self._not_read)
        self._checkpoints = Checkpoints(checkpoint_pages, self._take_in_beside)
        self._connection: engine.Connection | None = self._open()
        if synced and self._is_taken_in_beside and is_log_new(path):
            self._begin_log()

    @property
    def connection(self) -> engine.Connection:
        """The one connection, for whoever holds the lock; a new one after a failed commit. Raises FileError."""
        if self._closed:
            raise FileError(f"{self.path} is closed.")
        self.look()
        if self._connection is None:
            self._connection = self._open()
            self._snapshots.admit()
        return self._connection

    def look(self, *, wait: bool = True) -> None:
        """Raises FileReplaced, once and for ever, when the file is no longer what was opened. Not waiting, only where
        nobody is writing: whoever writes looks himself."""
        if self._same is None or self._closed or not self.lock.acquire(blocking=wait):
            return
        try:
            gone = self._same.look(self._connection)
        except OSError as error:
            raise FileError(f"Looking at {self.path} failed: {error.strerror}.") from error
        finally:
            self.lock.release()
        if gone:
            self._snapshots.bar()
            raise FileReplaced(gone)

    @property
    def edition(self) -> tuple[int, int]:
        """Another when what is read may be another: this process has written something, or opens the file anew."""
        return self.changes, self._left

    def _open(self) -> engine.Connection:
        try:
            self._snapshots.wait_until_gone()
            if self._same is not None:
                check_log(self._same)
            if self._checked and engine.hides_its_checksums(self.path):
                raise engine.HeaderDamaged("its header is not as it was written")
            connection = engine.connect(self.path)
        except engine.Error as error:
            raise self._not_opened(error) from error
        try:
            known = len(migrations_of(self._room))
            version = version_of(connection, self._room.name, known)  # before anything is written into it
            if self._checked:
                _give_checksums(connection)
            _write_ahead(connection)
            self._set_synced(connection, True)
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute(f"PRAGMA secure_delete = {'ON' if self._shreds else 'OFF'}")
            connection.execute("PRAGMA wal_autocheckpoint = 0")
            connection.set_wal_hook(self._wrote)
            if version < known:
                migrate(connection, self._room)
            connection.execute(f"PRAGMA cache_size = -{self._cache_kib}")  # a migration may have had its own
            self._note()
        except engine.Error as error:
            connection.close()
            raise self._not_opened(error) from error
        except BaseException:
            connection.close()
            raise
        return connection

    def _note(self) -> None:
        """What is in the main file now is what we put there."""
        if self._same is not None:
            try:
                self._same.note()
            except OSError as error:
                raise FileError(f"Looking at {self.path} failed: {error.strerror}.") from error

    def _not_opened(self, error: engine.Error) -> FileError:
        self._met(error)
        return FileError(
            f"Opening {self.path} failed: {engine.why(error)}. Is it one of ours, on a disk that can be written?"
        )

    def _met(self, error: engine.Error) -> None:
        self.damaged = self.damaged or trouble_of(error) == "damaged"

    def _set_synced(self, connection: engine.Connection, synced: bool) -> None:
        """Whether commits wait for the disk. Without, it is synced before a checkpoint all the same, and a log that is
        begun anew is safe; where nothing ever needs to be, nothing is."""
        connection.pragma("synchronous", ("FULL" if synced else "NORMAL") if self._synced else "OFF")
        self._syncs = synced

    def _wrote(self, connection: object, name: str, log_pages: int) -> int:
        """SQLite has committed something."""
        self.changes += 1
        self._log_pages = log_pages
        return apsw.SQLITE_OK

    def reading(self) -> Look:
        """Look at one moment, from any thread; nobody waits for anybody. After a failed commit it is what this
        machine has. Raises FileError."""
        assert self._writer != threading.get_ident(), "what a transaction has written, its own connection alone sees"
        return self._look(at_once=False)

    def snapshot(self) -> Look:
        """The same, of the moment at which the block begins; after a failed commit it is what is on the disk for
        certain. Raises FileError."""
        if self._unsure:
            with self.lock:
                if self._unsure:
                    self.reopen()
        return self._look(at_once=True)

    def _look(self, *, at_once: bool) -> Look:
        if self._closed:
            raise FileError(f"{self.path} is closed.")
        if self._same is not None:
            self.look(wait=False)
        if self._snapshots.barred or self._connection is None:
            with self.lock:
                _ = self.connection
        return self._snapshots.look(at_once=at_once)

    @contextmanager
    def _alone(self) -> Iterator[engine.Connection]:
        """The connection that writes, for what is no transaction. Nobody takes the log in meanwhile."""
        with self.lock:
            self._checkpoints.wait()
            try:
                yield self.connection
            except engine.Error as error:
                if not engine.is_of_the_world(error):
                    raise
                raise self._not_read(error) from error

    @contextmanager
    def transaction(self, *, synced: bool = True) -> Iterator[engine.Connection]:
        """All or nothing, on disk when the block is left. Not `synced`: for what may be lost with the power, though not
        with the process; the next one that is synced, or `sync`, brings it to the disk before itself. Raises
        CommitUnknown when SQLite cannot say which, another FileError when nothing was written."""
        if self._is_taken_in_beside:
            self._checkpoints.make_room(self._log_pages)
        with self.lock:
            connection = self.connection
            assert not connection.in_transaction, "one transaction at a time"
            try:
                self._make_sure(connection)
                if synced is not self._syncs:
                    self._set_synced(connection, synced)
                _begin(connection)
            except engine.Error as error:
                raise self._not_written(error) from error
            self._writer, before = threading.get_ident(), self.changes
            try:
                yield connection
            except BaseException as error:
                self._roll_back(connection)
                if isinstance(error, engine.Error) and engine.is_of_the_world(error):
                    raise self._not_written(error) from error
                raise
            finally:
                self._writer = 0
            try:
                connection.execute("COMMIT")
            except engine.ConstraintError:  # a deferred constraint: SQLite says for certain that nothing happened
                self._roll_back(connection)
                raise
            except engine.Error as error:
                self._met(error)
                self._unsure = True
                self._snapshots.bar()  # as long as one of them is open, nobody recovers the log
                self._let_go()
                raise CommitUnknown(
                    f"Writing to {self.path} failed: {engine.why(error)}. The disk may be full or broken."
                ) from error
            if synced and self.changes != before:  # SQLite syncs only what it has written just now
                self._durable = self.changes
            self._look_after_commit()
            self._take_log_in(connection)

    def _look_after_commit(self) -> None:
        """Before anybody is told that it is written."""
        try:
            self.look()
        except FileReplaced:
            raise
        except FileError as error:
            raise CommitUnknown(str(error)) from error

    def sync(self) -> None:
        """All that was committed so far is on the disk when this returns; only the caller waits for that. Raises
        CommitUnknown."""
        changes = self.changes
        if changes == self._durable:
            return
        try:
            sync_log(self.path)
        except OSError as error:
            self._unsure = True
            raise CommitUnknown(f"Syncing {self.path} failed: {error.strerror}. The disk may be broken.") from error
        self._durable = max(self._durable, changes)

    # the log

    @property
    def _is_taken_in_beside(self) -> bool:
        """Where a file is watched, whoever writes does it: it must be known who changed the main file, and when."""
        return bool(self._checkpoint_pages) and self._same is None

    def _take_log_in(self, connection: engine.Connection) -> None:
        """When it has grown."""
        if self._same is not None:
            self._take_in_here(connection, self._same)
        elif self._is_taken_in_beside:
            self._checkpoints.grown(self._log_pages)

    def _take_in_here(self, connection: engine.Connection, same: SameFile) -> None:
        frames = same.frames()
        if self._checkpoint_pages and (frames is None or frames >= self._checkpoint_pages):
            with suppress(engine.Error, FileError):  # the commit stands; the next one tries again
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
                self._note()

    def _take_in_beside(self) -> None:
        try:
            is_whole = take_in(self.path, "NORMAL" if self._synced else "OFF")
        except engine.Error as error:  # the next commit begins another
            self._unsure = self._unsure or engine.detail_of(error) == apsw.SQLITE_IOERR_FSYNC
            return
        if is_whole:
            self._begin_log()

    def _begin_log(self) -> None:
        """Before a sale has to wait for it. Where somebody is writing, he does."""
        if self.lock.acquire(blocking=False):
            try:
                with suppress(FileError), self.transaction(synced=False) as connection:
                    begin_log(connection)
            finally:
                self.lock.release()

    def tidy(self) -> None:
        """Take a large log into the main file, when nobody is writing: other processes write into it too, and never
        do."""
        if self._checkpoint_pages and self.lock.acquire(blocking=False):
            try:
                if self._connection is not None and not self._unsure:
                    self._take_log_in(self._connection)
            finally:
                self.lock.release()

    def take_log_in(self) -> None:
        """For a process that never does so by itself, while it knows that nobody else does."""
        forget(self.path)  # what a server that is dead saw is not the last state any more
        with self._alone() as connection:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()

    def scrub(self) -> None:
        """What was deleted before stands nowhere in the file any more, nor in its log: all that is left is written
        anew. Nobody writes meanwhile. Raises FileError."""
        with self._alone() as connection:
            connection.execute("VACUUM")
            busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").get
            self._note()
        if busy:
            raise FileError(f"{self.path} is being read: its log could not be emptied.")

    def _not_read(self, error: engine.Error) -> FileError:
        self._met(error)
        return FileError(f"Reading {self.path} failed: {engine.why(error)}.")

    def _not_written(self, error: engine.Error) -> FileError:
        self._met(error)
        return FileError(f"Nothing was written to {self.path}: {engine.why(error)}.")

    def _roll_back(self, connection: engine.Connection) -> None:
        with suppress(engine.Error):
            connection.execute("ROLLBACK")
        if connection.in_transaction:  # a connection that cannot even do this is of no more use
            self._let_go()

    def _make_sure(self, connection: engine.Connection) -> None:
        """After a failed commit: the kernel may show pages as written that never reached the disk, and will not try
        again by itself. A whole checkpoint copies what we see into the main file and syncs that."""
        if self._unsure and self._checkpoint_pages:
            self._checkpoints.wait()
            _, frames, taken = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").get
            if frames != taken:
                raise engine.NotOurs("it is being read, so that not all of its log could be synced")
            self._note()
        self._unsure = False

    def reopen(self) -> None:
        """A new connection after a failed commit. WAL recovery then shows whether the commit happened, and what it
        shows is on the disk. Raises FileError."""
        with self.lock:
            self._snapshots.bar()
            self._let_go()
            connection = self.connection
            try:
                self._make_sure(connection)
            except engine.Error as error:
                raise self._not_opened(error) from error

    def close(self) -> None:
        with self.lock:
            self._snapshots.bar()
            self._let_go()
            self._closed = True
            if self._same is not None and not self._same.gone:
                self._same.forget()
                self._same.close()

    def _let_go(self) -> None:
        self._left += 1
        self._checkpoints.wait()
        if self._connection is not None:
            with suppress(FileReplaced):
                self.look()
            if self._same is not None and self._same.gone:
                return  # SQLite writes its log into the file when it closes it, and this one is not ours
            with suppress(engine.Error):
                self._connection.close()
        self._connection = None


def check_log(same: SameFile) -> None:
    """Before SQLite reads it into a file that is not its own. Raises FileError."""
    try:
        others = same.is_others_log()
    except OSError as error:
        raise FileError(f"Looking at {same.path} failed: {error.strerror}.") from error
    if others:
        name = same.path.name
        raise FileError(
            f"{same.path} was replaced while no hub ran: the log beside it ({name}-wal) is another's and would spoil"
            " it. Nothing was changed. Put a backup there with `pos-hub restore FILE`, which keeps what is there now;"
            f" or, to go on with {name} as it is, move {name}-wal and {name}-shm away."
        )


def _give_checksums(connection: engine.Connection) -> None:
    """A new file begins with checksums; one from before they were known is written anew, whole or not at all."""
    if engine.has_checksums(connection):
        return
    engine.with_checksums(connection)
    if connection.execute("SELECT count(*) FROM sqlite_master").get:
        connection.execute("VACUUM")


@cache
def _queries_of(folder: Path) -> Any:
    """The named SQL of a room: read once in a process, for that takes longer than opening a file of ours."""
    return aiosql.from_path(folder / "queries.sql", engine.Named)


def _begin(connection: engine.Connection) -> None:
    """SQLite itself looks at a taken lock less and less often, at last every 100 ms: whoever writes often and briefly
    would hardly let anybody in. So we look often, all the time."""
    until = time.monotonic() + BUSY_TIMEOUT_MS / 1_000
    connection.set_busy_timeout(0)
    try:
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
                return
            except engine.Error as error:
                if engine.code_of(error) != apsw.SQLITE_BUSY or time.monotonic() > until:
                    raise
            time.sleep(LOCK_PAUSE_S)
    finally:
        connection.set_busy_timeout(BUSY_TIMEOUT_MS)


def _write_ahead(connection: engine.Connection) -> None:
    """Switch to WAL. For this one SQLite does not wait by itself when another process is just doing the same."""
    deadline = time.monotonic() + BUSY_TIMEOUT_MS / 1_000
    while True:
        try:
            mode = connection.execute("PRAGMA journal_mode = WAL").get
            break
        except engine.Error as error:
            if engine.code_of(error) != apsw.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(BUSY_PAUSE_S)
    if mode != "wal":
        raise engine.NotOurs(f"its disk does not allow a write-ahead log, only {mode!r}")
