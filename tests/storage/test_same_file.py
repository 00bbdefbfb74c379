"""B6: the file is replaced, deleted or overwritten under whoever writes into it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage import engine
from storage.same_file import PAGES_COMPARED
from storage.sqlite_file import FileReplaced, SqliteFile

Note = Callable[[str], None]
Texts = Callable[[Path], list[str]]
PAGES_FEW = 40  # checkpoints come quickly
BESIDE_S = 2.0
LONG = "x" * 3_000  # nearly a page


@pytest.fixture
def file(room: Path, path: Path) -> Iterator[SqliteFile]:
    """As a server has it."""
    opened = SqliteFile(path, room, checkpoint_pages=PAGES_FEW, watched=True)
    yield opened
    opened.close()


@pytest.fixture
def note(file: SqliteFile) -> Note:
    def add(text: str) -> None:
        with file.transaction() as connection:
            file.sql.add(connection, text=text)

    return add


@pytest.fixture
def newcomer(room: Path, tmp_path: Path) -> Path:
    """Another file of the same kind."""
    path = tmp_path / "newcomer.db"
    other = SqliteFile(path, room)
    with other.transaction() as connection:
        other.sql.add(connection, text="another's")
    other.close()
    return path


def beside(path: Path) -> list[Path]:
    return sorted(path.parent.glob(path.name + ".gone-*"))


def elsewhere(script: str, *arguments: str) -> str:
    """Somebody else's process: one that closes a file here would take our locks away."""
    command = [sys.executable, "-c", "import os, shutil, sqlite3, sys\n" + script, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=True).stdout


def texts_elsewhere(path: Path) -> list[str]:
    """Read as after the server's end: as long as it has the file open, SQLite shares what it knows of it in here."""
    script = "for row in sqlite3.connect(sys.argv[1]).execute('SELECT text FROM notes ORDER BY note'): print(*row)"
    return elsewhere(script, str(path)).splitlines()


def refused(note: Note) -> str:
    """What is told, in one line, the same again and again."""
    told = set()
    for _ in range(2):
        with pytest.raises(FileReplaced) as caught:
            note("after")
        told.add(str(caught.value))
    (line,) = told
    assert "\n" not in line
    return line


@pytest.mark.parametrize("many", [3, 200], ids=["all in the log", "checkpointed"])
@pytest.mark.parametrize("gone", ["", "-wal", "-shm"], ids=["log stays", "log too", "index too"])
def test_b6_what_was_replaced_is_kept_whole_and_the_newcomer_opens_clean(
    file: SqliteFile, note: Note, newcomer: Path, texts: Texts, many: int, gone: str
) -> None:
    for number in range(many):
        note(f"{number} {LONG}")
    os.replace(newcomer, file.path)
    if gone:
        os.unlink(f"{file.path}{gone}")
    line = refused(note)
    (kept,) = beside(file.path)
    assert "was replaced by another file" in line and str(kept) in line
    assert texts(file.path) == ["born; here", "another's"]
    assert texts(kept) == ["born; here", *(f"{number} {LONG}" for number in range(many))]


def test_b6_a_deleted_file_is_kept_whole(file: SqliteFile, note: Note, texts: Texts) -> None:
    note("one")
    os.unlink(file.path)
    assert "was deleted or moved away" in refused(note)
    assert texts(beside(file.path)[0]) == ["born; here", "one"] and not file.path.exists()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="the system does not say where a file went")
def test_b6_the_log_follows_a_file_that_was_moved(file: SqliteFile, note: Note, texts: Texts, tmp_path: Path) -> None:
    note("one")
    moved = tmp_path / "moved.db"
    os.rename(file.path, moved)
    assert f"it is {moved} now" in refused(note)
    assert texts(moved) == ["born; here", "one"]


@pytest.mark.parametrize("many", [3, 200], ids=["all in the log", "checkpointed"])
def test_b6_another_file_copied_over_it_is_noticed(file: SqliteFile, note: Note, newcomer: Path, many: int) -> None:
    for number in range(many):
        note(f"{number} {LONG}")
    elsewhere("shutil.copyfile(*sys.argv[1:])", str(newcomer), str(file.path))
    assert "was overwritten" in refused(note)
    assert texts_elsewhere(file.path) == ["born; here", "another's"]


def test_b6_an_older_state_of_itself_copied_over_it_is_noticed(file: SqliteFile, note: Note, tmp_path: Path) -> None:
    old = tmp_path / "backup"
    for number in range(200):
        note(f"{number} {LONG}")
        if number == 100:
            elsewhere("shutil.copyfile(*sys.argv[1:])", str(file.path), str(old))
    elsewhere("shutil.copyfile(*sys.argv[1:])", str(old), str(file.path))
    assert "was overwritten" in refused(note)
    assert texts_elsewhere(file.path) == texts_elsewhere(old)


def test_b6_what_is_overwritten_in_the_middle_of_a_transaction_is_not_told_to_be_written(
    file: SqliteFile, newcomer: Path, texts: Texts
) -> None:
    with pytest.raises(FileReplaced), file.transaction() as connection:
        file.sql.add(connection, text="one")
        os.replace(newcomer, file.path)
    assert texts(file.path) == ["born; here", "another's"]


@pytest.mark.parametrize("lost", ["-wal", "-shm"])
def test_b6_a_lost_log_loses_nothing(file: SqliteFile, note: Note, texts: Texts, lost: str) -> None:
    note("one")
    os.unlink(f"{file.path}{lost}")
    assert "Nothing was lost" in refused(note)
    file.close()
    assert texts(file.path) == ["born; here", "one"]


def test_whoever_only_looks_is_told_nothing_of_the_newcomer(file: SqliteFile, newcomer: Path) -> None:
    os.replace(newcomer, file.path)
    with pytest.raises(FileReplaced), file.snapshot():
        pytest.fail("it shows what nobody opened")


HONEST = {
    "touched": "os.utime(sys.argv[1]); os.chmod(sys.argv[1], 0o600)",
    "copied": "shutil.copyfile(sys.argv[1], sys.argv[2])",
    "read": "sqlite3.connect(sys.argv[1]).execute('SELECT * FROM notes').fetchall()",
    "written by a command of ours": "sys.argv.append('0')",
    "vacuumed into another": "sqlite3.connect(sys.argv[1]).execute('VACUUM INTO ?', (sys.argv[2],))",
    "backed up": "sqlite3.connect(sys.argv[1]).backup(sqlite3.connect(sys.argv[2]))",
    "checkpointed": "sqlite3.connect(sys.argv[1]).execute('PRAGMA wal_checkpoint(PASSIVE)').fetchall()",
    "checkpointed whole": "sqlite3.connect(sys.argv[1]).execute('PRAGMA wal_checkpoint(TRUNCATE)').fetchall()",
}
OF_OURS = """
if len(sys.argv) > 3:
    connection = sqlite3.connect(sys.argv[1])
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    for number in range(60):
        connection.execute("INSERT INTO notes (text) VALUES (?)", (f"{os.getpid()} {number}",))
        connection.commit()
"""


@pytest.mark.parametrize("what", HONEST)
def test_honest_neighbours_stop_nobody(file: SqliteFile, note: Note, texts: Texts, tmp_path: Path, what: str) -> None:
    """A short file, whose pages still stand in its log alone, and a long one."""
    for number in range(PAGES_COMPARED * 2):
        note(f"{number} {LONG}")
        if number % 30 == 3:
            elsewhere(HONEST[what] + OF_OURS, str(file.path), str(tmp_path / f"copy{number}"))
            note(f"after {number}")
    assert len([text for text in texts(file.path) if LONG in text or text.startswith("after")]) > PAGES_COMPARED * 2
    assert not beside(file.path)


BUSY = """
while True:
    connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=10)
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    connection.execute("PRAGMA synchronous = OFF")
    for number in range(20):
        connection.execute("INSERT INTO notes (text) VALUES (hex(randomblob(1000)))")
    connection.close()
"""


def test_who_writes_beside_it_all_the_time_stops_nobody(room: Path, path: Path) -> None:
    """In the moment after a checkpoint they begin the log anew: then nothing says what was copied out of it."""
    file = SqliteFile(path, room, checkpoint_pages=3, watched=True)
    command = [sys.executable, "-c", "import sqlite3, sys" + BUSY, str(path)]
    others = [subprocess.Popen(command) for _ in range(2)]
    try:
        until = time.monotonic() + BESIDE_S
        while time.monotonic() < until:
            with file.transaction() as connection:
                file.sql.add(connection, text=f"{time.monotonic_ns()}")
    finally:
        for other in others:
            other.kill()
            other.wait()
    file.close()
    assert not beside(path)


def test_a_file_that_is_closed_and_opened_again_after_a_failed_commit_is_the_same(file: SqliteFile, note: Note) -> None:
    for number in range(PAGES_FEW * 3):
        note(f"{number} {LONG}")
        if number % 10 == 0:
            file.reopen()


def test_a_copy_in_its_place_between_closing_and_opening_is_noticed(
    file: SqliteFile, note: Note, newcomer: Path
) -> None:
    note("one")
    with file.lock:
        file._let_go()
        os.replace(newcomer, file.path)
    assert "was replaced" in refused(note)


def test_sqlite_itself_notices_nothing(room: Path, path: Path, newcomer: Path) -> None:
    """Why all this: it writes on into a file that has no name, and its log is read as the newcomer's."""
    file = SqliteFile(path, room)
    with file.transaction() as connection:
        file.sql.add(connection, text="one")
    os.replace(newcomer, path)
    with file.transaction() as connection:
        file.sql.add(connection, text="two")
    file.close()
    with closing(engine.connect(path)) as after:
        assert after.execute("SELECT text FROM notes WHERE text = 'another''s'").fetchall() == []
