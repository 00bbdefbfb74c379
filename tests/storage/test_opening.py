"""What may be opened, what must be refused and left alone, and how the schema is brought up to date."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from storage import engine
from storage.schema import statements
from storage.sqlite_file import FileError, SqliteFile

Open = Callable[[], SqliteFile]
Texts = Callable[[Path], list[str]]


def migration(room: Path, name: str, sql: str) -> None:
    (room / "migrations" / name).write_text(sql, encoding="utf-8")


def version(path: Path) -> int:
    connection = engine.connect(path)
    (number,) = connection.execute("PRAGMA user_version").fetchone()
    connection.close()
    return int(number)


def refused(path: Path, room: Path) -> str:
    """The one line that a person reads; whatever SQLite said is only its cause."""
    with pytest.raises(FileError) as caught:
        SqliteFile(path, room)
    line = str(caught.value)
    assert "\n" not in line and str(path) in line
    return line


def test_commits_are_logged_ahead_and_synced(open_file: Open) -> None:
    pragmas = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "wal_autocheckpoint": 0}
    with open_file().transaction() as connection:
        for name, value in pragmas.items():
            assert connection.execute(f"PRAGMA {name}").fetchone() == (value,), name


def test_an_office_command_never_checkpoints(room: Path, path: Path) -> None:
    file = SqliteFile(path, room, checkpoints=False)
    assert file.connection.execute("PRAGMA wal_autocheckpoint").fetchone() == (0,)
    file.close()


def test_migrations_are_applied_once(open_file: Open, room: Path, path: Path, texts: Texts) -> None:
    for _ in range(3):
        open_file().close()
    assert texts(path) == ["born; here"] and version(path) == 1
    migration(room, "0002_more.sql", "INSERT INTO notes (text) VALUES ('grown');\nCREATE TABLE more (x INTEGER);")
    for _ in range(3):
        open_file().close()
    assert texts(path) == ["born; here", "grown"] and version(path) == 2


def test_a_migration_that_fails_leaves_the_file_as_it_was(room: Path, path: Path, texts: Texts) -> None:
    SqliteFile(path, room).close()
    migration(room, "0002_more.sql", "INSERT INTO notes (text) VALUES ('grown');")
    migration(room, "0003_bad.sql", "INSERT INTO notes (text) VALUES ('half');\nINSERT INTO nowhere VALUES (1);")
    assert "nowhere" in refused(path, room)
    assert texts(path) == ["born; here"] and version(path) == 1
    migration(room, "0003_bad.sql", "INSERT INTO notes (text) VALUES ('whole');")
    SqliteFile(path, room).close()
    assert texts(path) == ["born; here", "grown", "whole"] and version(path) == 3


def test_a_file_that_never_came_to_be_is_no_obstacle(room: Path, path: Path) -> None:
    migration(room, "0001_initial.sql", "CREATE TABLE notes (x INTEGER);\nINSERT INTO nowhere VALUES (1);")
    refused(path, room)
    migration(room, "0001_initial.sql", "CREATE TABLE notes (x INTEGER);")
    SqliteFile(path, room).close()
    assert version(path) == 1


def test_a_newer_schema_is_refused_by_name(open_file: Open, room: Path, path: Path) -> None:
    open_file().close()
    connection = engine.connect(path)
    connection.execute("PRAGMA user_version = 7")
    connection.close()
    assert "newer pos-agent (schema 7, this one knows 1)" in refused(path, room)
    assert version(path) == 7


def test_the_file_of_another_room_is_refused_and_left_alone(open_file: Open, room: Path, path: Path) -> None:
    open_file().close()
    other = room.rename(room.with_name("cupboard"))
    before = path.read_bytes()
    assert "not a file of cupboard" in refused(path, other)
    assert path.read_bytes() == before


@pytest.mark.parametrize("pragma", ["", "PRAGMA user_version = 1"])
def test_the_database_of_another_program_is_refused_and_left_alone(room: Path, path: Path, pragma: str) -> None:
    connection = engine.connect(path)
    connection.execute("CREATE TABLE cookies (host TEXT)")
    connection.execute(pragma)
    connection.close()
    assert "not a file of shelf" in refused(path, room)
    connection = engine.connect(path)
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("cookies",)]
    connection.close()


@pytest.mark.parametrize(
    "content",
    [
        b"points,card\n1,2\n" * 100,
        random.Random(1).randbytes(20_000),
        b"SQLite format 3\x00" + b"\xff" * 4_000,
        b"\x00" * 8_192,
    ],
    ids=["text", "noise", "header", "zeros"],
)
def test_a_file_that_is_no_database_is_refused_and_left_alone(room: Path, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    refused(path, room)
    assert path.read_bytes() == content


def test_an_empty_file_is_a_new_one(open_file: Open, path: Path, texts: Texts) -> None:
    path.write_bytes(b"")
    open_file().close()
    assert texts(path) == ["born; here"]


def test_a_folder_and_a_missing_folder_are_refused(room: Path, tmp_path: Path) -> None:
    refused(tmp_path, room)
    refused(tmp_path / "nowhere" / "shelf.db", room)


def test_a_damaged_page_is_a_file_error_when_it_is_read(open_file: Open, path: Path) -> None:
    file = open_file()
    with file.transaction() as connection:
        for number in range(300):
            file.sql.add(connection, text=f"{number:0100}")
    file.close()
    data = path.read_bytes()
    path.write_bytes(data[:8_192] + b"\xaa" * (len(data) - 8_192))
    with pytest.raises(FileError, match="malformed"):
        damaged = open_file()
        with damaged.reading() as connection:
            list(damaged.sql.texts(connection))


OPENS = """
import sys
from pathlib import Path
from storage.sqlite_file import SqliteFile
print("ready", flush=True)
sys.stdin.readline()
SqliteFile(Path(sys.argv[1]), Path(sys.argv[2])).close()
"""


def test_processes_that_open_a_new_file_at_once_make_it_once(
    room: Path, path: Path, tmp_path: Path, texts: Texts
) -> None:
    """`pos-hub serve` and `pos-hub import` in one start script."""
    for round in range(2):
        path = tmp_path / f"{round}.db"
        command = [sys.executable, "-c", OPENS, str(path), str(room)]
        openers = [
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            for _ in range(4)
        ]
        for opener in openers:
            assert opener.stdout is not None and opener.stdout.readline() == "ready\n"
        for opener in openers:
            assert opener.stdin is not None
            opener.stdin.write("go\n")
            opener.stdin.flush()
        for opener in openers:
            _, errors = opener.communicate(timeout=30)
            assert (opener.returncode, errors) == (0, "")
        assert texts(path) == ["born; here"] and version(path) == 1


def test_a_script_is_cut_at_whole_statements() -> None:
    script = "-- a; comment\nCREATE TABLE a (x TEXT DEFAULT ';');\n\nINSERT INTO a\nVALUES ('b;');\n"
    assert [part.strip() for part in statements(script)] == [
        "-- a; comment\nCREATE TABLE a (x TEXT DEFAULT ';');",
        "INSERT INTO a\nVALUES ('b;');",
    ]


@pytest.mark.parametrize("bit", range(8))
def test_f7_a_header_that_denies_the_checksums_is_damage_and_nothing_is_written(
    room: Path, path: Path, bit: int
) -> None:
    """SQLite would read the pages unchecked, and give whatever they hold checksums of its own."""
    SqliteFile(path, room, checked=True).close()
    content = bytearray(path.read_bytes())
    content[engine.RESERVED_AT] ^= 1 << bit
    path.write_bytes(content)
    with pytest.raises(FileError) as refused:
        SqliteFile(path, room, checked=True)
    assert refused.value.trouble == "damaged" and path.read_bytes() == content
