"""Migrations in a process of their own, so that what applies them is never loaded into the agent's."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from storage import migrating
from storage.migrating import is_behind, migrate_apart
from storage.sqlite_file import SqliteFile


def test_a_new_file_is_made_and_one_behind_is_brought_up_to_date(room: Path, path: Path) -> None:
    assert is_behind(path, room)
    migrate_apart({path: room})
    assert path.exists() and not is_behind(path, room)
    (room / "migrations" / "9999_more.sql").write_text("CREATE TABLE more (a TEXT) STRICT;")
    assert is_behind(path, room)
    migrate_apart({path: room})
    assert not is_behind(path, room)
    SqliteFile(path, room).close()


def test_nothing_is_started_where_nothing_is_to_be_done(
    room: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    SqliteFile(path, room).close()
    monkeypatch.setattr(migrating, "subprocess", None)
    migrate_apart({path: room})


def test_what_fails_apart_is_left_to_the_opening(room: Path, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(room / "no-python"))
    migrate_apart({path: room})
    assert not path.exists()
    SqliteFile(path, room).close()
    assert not is_behind(path, room)


def test_a_file_that_is_no_database_is_left_to_the_opening(room: Path, path: Path) -> None:
    path.write_bytes(b"a diary" * 1_000)
    assert not is_behind(path, room)
    migrate_apart({path: room})
    assert path.read_bytes() == b"a diary" * 1_000


def test_the_program_says_in_one_line_what_it_could_not_do(room: Path, path: Path) -> None:
    path.write_bytes(b"a diary" * 1_000)
    command = [sys.executable, "-P", "-m", "storage.migrating", str(path), str(room), "shelf"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1 and str(path) in done.stderr
