"""Looking at one moment while the writer goes on."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import apsw
import pytest

import storage.snapshots as pool
from storage import engine
from storage.schema import Room
from storage.sqlite_file import FileError, SqliteFile

Open = Callable[[], SqliteFile]


def set_counter(file: SqliteFile, value: int) -> None:
    with file.transaction() as connection:
        file.sql.set_counter(connection, value=value)


def counter(file: SqliteFile) -> int:
    with file.snapshot() as connection:
        return int(file.sql.counter(connection))


def test_a_snapshot_is_the_moment_at_which_it_was_taken(open_file: Open) -> None:
    file = open_file()
    with file.snapshot() as before:
        set_counter(file, 1)
        with file.snapshot() as after:
            set_counter(file, 2)
            assert (file.sql.counter(before), file.sql.counter(after)) == (0, 1)
    assert counter(file) == 2


def test_it_does_not_wait_for_the_writer_and_the_writer_not_for_it(open_file: Open) -> None:
    """B5. From other threads too: a lock that one thread may take twice would hide it."""
    file = open_file()
    with file.transaction() as connection, ThreadPoolExecutor(1) as other:
        file.sql.set_counter(connection, value=1)
        assert other.submit(counter, file).result(timeout=10) == 0
    with file.snapshot() as connection, ThreadPoolExecutor(1) as other:
        other.submit(set_counter, file, 2).result(timeout=10)
        assert file.sql.counter(connection) == 1


def test_whoever_looks_cannot_write(open_file: Open) -> None:
    file = open_file()
    with pytest.raises(FileError, match="readonly"), file.snapshot() as connection:
        file.sql.set_counter(connection, value=9)
    assert counter(file) == 0
    with file.snapshot() as connection:
        (checkpoints,) = connection.execute("PRAGMA query_only").fetchone()
    assert checkpoints == 1


def test_looking_never_checkpoints(open_file: Open, path: Path) -> None:
    """Only the one connection that writes may (storage/sqlite_file.py)."""
    file = open_file()
    set_counter(file, 7)
    before, log = path.read_bytes(), path.with_name(path.name + "-wal").read_bytes()
    for _ in range(3):
        assert counter(file) == 7
    file._snapshots.bar()
    assert path.read_bytes() == before and path.with_name(path.name + "-wal").read_bytes() == log


def test_connections_are_used_again_and_no_more_are_kept_than_are_needed(
    open_file: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    real = engine.connect

    def connect(path: Path | str, how: engine.How = "rwc") -> engine.Connection:
        made.append(1)
        return real(path, how)

    file = open_file()
    monkeypatch.setattr(engine, "connect", connect)
    for _ in range(9):
        counter(file)
    assert len(made) == 1
    with ThreadPoolExecutor(12) as threads:
        many = [file.snapshot() for _ in range(12)]
        for one in many:
            one.__enter__()
        for one in many:
            one.__exit__(None, None, None)
        assert set(threads.map(counter, [file] * 40)) == {0}
    assert len(file._snapshots._idle) == pool.KEPT


def test_a_mistake_in_the_block_is_not_called_a_broken_disk(open_file: Open) -> None:
    file = open_file()
    with pytest.raises(apsw.BindingsError), file.snapshot() as connection:
        connection.execute("SELECT ?", ())
    with pytest.raises(KeyError), file.snapshot():
        raise KeyError
    assert counter(file) == 0


def test_a_new_file_can_be_looked_at_at_once(open_file: Open) -> None:
    assert counter(open_file()) == 0


def test_a_closed_file_says_so(open_file: Open) -> None:
    file = open_file()
    counter(file)
    with file.snapshot() as connection:
        file.close()
        assert file.sql.counter(connection) == 0, "who still looks may look on"
    with pytest.raises(FileError, match="is closed"), file.snapshot():
        pass
    assert file._snapshots._idle == [] and not file._snapshots._used


def test_after_a_reopening_it_goes_on(open_file: Open) -> None:
    file = open_file()
    set_counter(file, 1)
    counter(file)
    file.reopen()
    assert counter(file) == 1
    set_counter(file, 2)
    assert counter(file) == 2


def test_who_does_not_let_go_is_told_of_and_nobody_waits_for_ever(
    open_file: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as one connection is open, nobody recovers the log: what is seen might not be on the disk."""
    monkeypatch.setattr(pool, "LET_GO_S", 0.05)
    file = open_file()
    with pytest.raises(FileError), file.snapshot() as connection:
        rows = connection.execute("WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n")
        rows.fetchone()
        with pytest.raises(FileError, match="still being read"):
            file.reopen()
        with pytest.raises(FileError, match="still being read"):
            counter(file)
        for _ in rows:  # was interrupted
            pass
    file.reopen()
    assert counter(file) == 0


def test_the_room_may_bear_another_name_than_its_folder(open_file: Open, room: Path, path: Path) -> None:
    """Queries and migrations of a ledger moved; ledgers did not."""
    set_counter(open_file(), 5)
    moved = room.rename(room.with_name("attic"))
    with pytest.raises(FileError, match="not a file of attic"):
        SqliteFile(path, moved)
    file = SqliteFile(path, Room(moved, "shelf"))
    assert counter(file) == 5
    file.close()


FULL = """
import json, os, resource, sys
from pathlib import Path
from storage.sqlite_file import CommitUnknown, FileError, SqliteFile

path = Path(sys.argv[1])
file = SqliteFile(path, Path(sys.argv[2]))
told = {}

def add(text):
    with file.transaction() as connection:
        file.sql.add(connection, text=text)

def there():
    with file.snapshot() as connection:
        return [text[:6] for (text,) in file.sql.texts(connection)]

add("first")
there()
if sys.argv[3] == "held":
    held = file.snapshot()
    held.__enter__()
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
resource.setrlimit(resource.RLIMIT_FSIZE, (os.path.getsize(f"{path}-wal") + int(sys.argv[4]), hard))
try:
    add("x" * 30_000)
except CommitUnknown as error:
    told["error"] = type(error).__name__
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
if sys.argv[3] == "held":
    held.__exit__(None, None, None)
told["seen"] = there()
add("second")
told["then"] = there()
print(json.dumps(told), flush=True)
os._exit(0)
"""


@pytest.mark.parametrize("held", ["held", "free"])
@pytest.mark.parametrize("spare", [0, 5_000, 20_000])
def test_after_a_commit_that_failed_it_shows_what_the_next_start_would(
    room: Path, path: Path, held: str, spare: int
) -> None:
    """The disk is full, anywhere in the log, while somebody looks or looked."""
    command = [sys.executable, "-c", FULL, str(path), str(room), held, str(spare)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["error"] == "CommitUnknown"
    assert told["seen"] == ["born; ", "first"] and told["then"] == ["born; ", "first", "second"]
    file = SqliteFile(path, room)
    with file.snapshot() as connection:
        assert [text[:6] for (text,) in file.sql.texts(connection)] == told["then"]
    file.close()
