"""A small room of its own for the file: one table, one counter, migrations that a test may add to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage import engine
from storage.sqlite_file import SqliteFile

QUERIES = """
-- name: add(text)!
INSERT INTO notes (text) VALUES (:text);

-- name: texts()
SELECT text FROM notes ORDER BY note;

-- name: counter()$
SELECT value FROM counter;

-- name: set_counter(value)!
UPDATE counter SET value = :value;
"""
FIRST = """
-- two tables; the semicolon in the text must not end the statement
CREATE TABLE notes (
  note   INTEGER PRIMARY KEY,
  text   TEXT NOT NULL UNIQUE,
  parent INTEGER REFERENCES notes DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE TABLE counter (value INTEGER NOT NULL CHECK (value >= 0)) STRICT;
INSERT INTO counter VALUES (0);
INSERT INTO notes (text) VALUES ('born; here');
"""


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """The folder of a file's owner."""
    folder = tmp_path / "shelf"
    (folder / "migrations").mkdir(parents=True)
    (folder / "queries.sql").write_text(QUERIES, encoding="utf-8")
    (folder / "migrations" / "0001_initial.sql").write_text(FIRST, encoding="utf-8")
    return folder


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "shelf.db"


@pytest.fixture
def open_file(room: Path, path: Path) -> Iterator[Callable[[], SqliteFile]]:
    """Opens the file; all are closed at the end."""
    opened: list[SqliteFile] = []

    def make() -> SqliteFile:
        opened.append(SqliteFile(path, room))
        return opened[-1]

    yield make
    for file in opened:
        file.close()


@pytest.fixture
def texts() -> Callable[[Path], list[str]]:
    """What the notes say, read without our code."""

    def read(path: Path) -> list[str]:
        connection = engine.connect(path)
        rows = connection.execute("SELECT text FROM notes ORDER BY note").fetchall()
        connection.close()
        return [text for (text,) in rows]

    return read
