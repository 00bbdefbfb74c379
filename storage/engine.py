"""SQLite, as every file of ours is opened with it: by apsw, which brings its own.

What Python's `sqlite3` stands on is the machine's: often one of 3.7.0 to 3.51.2, which can lose commits when several
connections write and checkpoint in WAL mode, and seldom one that lets its pages be checked. Here each page of a file
carries a checksum of itself (SQLite's cksumvfs), which is looked at whenever the page is read: what a disk has changed
is an error at once, and never a balance. Two SQLites in one process must not have the same file open: closing it in one
lets the locks of the other go.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import apsw
import apsw.sqlite_extra
from aiosql.adapters.generic import GenericAdapter

OLDEST: Final = (3, 51, 3)  # the first without the fault of the log that is begun anew (sqlite.org/wal.html, 2026-03)
WITHDRAWN: Final = ((3, 52, 0),)
NO_TEXT: Final = "a text in it is none"
CHECKSUM_BYTES: Final = 8  # what cksumvfs takes of the end of each page
PAGE_BYTES: Final = 4_096  # SQLite's own choice, which files of ours keep
RESERVED_AT: Final = 20  # in the header of the main file: how many bytes of each page are not SQLite's
BUSY_TIMEOUT_MS: Final = 5_000  # another program looking into the file must not fail a sale at once
STATEMENTS_KEPT: Final = 300  # of each connection, as they were parsed: all that a room of ours has names for

Error = apsw.Error
ConstraintError = apsw.ConstraintError
How = Literal["ro", "rw", "rwc", "alone"]  # `alone`: read only, and nobody else has it open

OF_THE_WORLD: Final = frozenset(
    {
        apsw.SQLITE_ERROR,  # a file of ours that lacks a table is damaged
        apsw.SQLITE_PERM,
        apsw.SQLITE_ABORT,
        apsw.SQLITE_BUSY,
        apsw.SQLITE_LOCKED,
        apsw.SQLITE_NOMEM,
        apsw.SQLITE_READONLY,
        apsw.SQLITE_INTERRUPT,
        apsw.SQLITE_IOERR,
        apsw.SQLITE_CORRUPT,
        apsw.SQLITE_FULL,
        apsw.SQLITE_CANTOPEN,
        apsw.SQLITE_PROTOCOL,
        apsw.SQLITE_NOTADB,
    }
)


class EngineTooOld(RuntimeError):
    """This SQLite is not to be trusted with money."""


class NotOurs(Error):
    """The file is none that this program may write into."""


class NoText(Error):
    """What stands where a text should is none: nobody writes such a thing here."""

    extendedresult = apsw.SQLITE_CORRUPT


class HeaderDamaged(Error):
    """The file's first bytes do not say any more that its pages carry checksums; they do."""

    extendedresult = apsw.SQLITE_CORRUPT


class Cursor(apsw.Cursor):
    """With what sqlite-utils asks a cursor of Python's own module."""

    @property
    def description(self) -> Any:  # type: ignore[override]  # it may be asked after the last row too
        try:
            return super().description
        except apsw.ExecutionCompleteError:
            return ()

    @property
    def rowcount(self) -> int:
        return self.connection.changes()

    @property
    def lastrowid(self) -> int:
        return self.connection.last_insert_rowid()

    if TYPE_CHECKING:  # what a column holds is known by whoever asks for it

        def __iter__(self) -> Iterator[Any]: ...  # type: ignore[override]

        def fetchone(self) -> Any: ...

        def fetchall(self) -> list[Any]: ...


class Connection(apsw.Connection):
    """Every statement is a transaction of its own, unless there is a BEGIN."""

    if TYPE_CHECKING:

        def execute(self, statements: str, bindings: Any = None) -> Cursor: ...  # type: ignore[override]


class Named(GenericAdapter):
    """Named SQL on such a connection; a statement that changes rows answers how many. Cursors end with their last
    name, so that none is closed: a lookup would take half as long again."""

    def select(self, conn: Any, query_name: str, sql: str, parameters: Any, record_class: Any = None) -> Any:
        try:
            yield from conn.execute(sql, parameters)
        except UnicodeDecodeError as error:
            raise NoText(NO_TEXT) from error

    def select_one(self, conn: Any, query_name: str, sql: str, parameters: Any, record_class: Any = None) -> Any:
        try:
            return conn.execute(sql, parameters).fetchone()
        except UnicodeDecodeError as error:
            raise NoText(NO_TEXT) from error

    def select_value(self, conn: Any, query_name: str, sql: str, parameters: Any) -> Any:
        row = self.select_one(conn, query_name, sql, parameters)
        return row[0] if row else None

    def insert_update_delete(self, conn: Any, query_name: str, sql: str, parameters: Any) -> int:
        conn.execute(sql, parameters)
        return int(conn.changes())

    def insert_update_delete_many(self, conn: Any, query_name: str, sql: str, parameters: Any) -> int:
        before = conn.total_changes()
        conn.executemany(sql, parameters)
        return int(conn.total_changes() - before)


class Copied(NamedTuple):
    """How far a copy is."""

    left: int
    pages: int


FLAGS: Final = {
    "ro": apsw.SQLITE_OPEN_READONLY,
    "alone": apsw.SQLITE_OPEN_READONLY,
    "rw": apsw.SQLITE_OPEN_READWRITE,
    "rwc": apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE,
}


def connect(path: Path | str, how: How = "rwc") -> Connection:
    """Raises Error. Whoever opens a file anew says `with_checksums` before anything else."""
    immutable = "?immutable=1" if how == "alone" else ""
    connection = Connection(
        f"{Path(path).absolute().as_uri()}{immutable}",
        FLAGS[how] | apsw.SQLITE_OPEN_URI,
        statementcachesize=STATEMENTS_KEPT,
    )
    connection.cursor_factory = Cursor
    connection.set_busy_timeout(BUSY_TIMEOUT_MS)
    return connection


def with_checksums(connection: Connection) -> None:
    """Pages of a file that is still empty, or is written anew by the next VACUUM, carry their checksums."""
    connection.reserve_bytes("main", CHECKSUM_BYTES)


def has_checksums(connection: Connection) -> bool:
    """Of a file that may not have been read yet: its header comes with the first page."""
    connection.execute("SELECT rootpage FROM sqlite_master LIMIT 1").fetchall()
    return connection.reserve_bytes("main") == CHECKSUM_BYTES


def hides_its_checksums(path: Path) -> bool:
    """Whether the byte in the header that says how much of each page is not SQLite's is another than it was written:
    SQLite would then read the pages unchecked, and a VACUUM would give whatever they hold checksums of its own. Nobody
    has the file open: closing it here lets the locks of this process go."""
    first = bytearray(first_page(path))
    if not first or first[RESERVED_AT] == CHECKSUM_BYTES:
        return False
    first[RESERVED_AT] = CHECKSUM_BYTES
    return is_as_written(bytes(first))


def first_page(path: Path) -> bytes:
    """Of a file that nobody has open; b"" where there is none."""
    with suppress(OSError), path.open("rb") as file:
        first = file.read(PAGE_BYTES)
        return first if len(first) == PAGE_BYTES else b""
    return b""


def is_as_written(page: bytes) -> bool:
    """Whether it has the checksum that it carries."""
    with closing(apsw.Connection("")) as connection:
        return bool(connection.execute("SELECT verify_checksum(?)", (page,)).get)


def unchecked(connection: Connection) -> None:
    """Its pages are read as they are: for whoever holds what stands in them against digests of their own."""
    connection.execute("PRAGMA checksum_verification = OFF").fetchall()


def is_of_the_world(error: Error) -> bool:
    """Disk full, locked, damaged: not our mistake. The others (a broken constraint, misuse) are."""
    return isinstance(error, NotOurs | HeaderDamaged) or code_of(error) in OF_THE_WORLD


def code_of(error: BaseException | None) -> int:
    """SQLite's own, without its details; 0: it is none of SQLite."""
    return detail_of(error) & 0xFF


def detail_of(error: BaseException | None) -> int:
    """SQLite's own, with them."""
    return getattr(error, "extendedresult", 0)


def why(error: Error) -> str:
    """In words; SQLite calls a page that is another than it was an error of the disk."""
    return "a page of it is not as it was written" if detail_of(error) == apsw.SQLITE_IOERR_DATA else str(error)


def copy_pages(source: Connection, target: Connection, at_once: int = -1) -> Iterator[Copied]:
    """The whole file as it is at one moment; so many pages at a step."""
    with target.backup("main", source, "main") as backup:
        while not backup.done:
            backup.step(at_once)
            yield Copied(backup.remaining, backup.page_count)


def check_version(version: str) -> None:
    """Raises EngineTooOld."""
    parts = tuple(map(int, version.split(".")[:3]))
    if parts < OLDEST or parts in WITHDRAWN:
        raise EngineTooOld(f"apsw has SQLite {version}; its log can lose commits. What helps: pip install -U apsw")


def _look_at_pages() -> None:
    """From now on pages are checked, of those files that have checksums."""
    apsw.sqlite_extra.load(apsw.Connection(""), "cksumvfs")


check_version(apsw.sqlite_lib_version())
_look_at_pages()
