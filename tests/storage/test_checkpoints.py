"""The log is taken into the main file beside whoever writes, and stays short."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.checkpoints import LOG_GROWS_MAX
from storage.sqlite_file import SqliteFile

PAGES_FEW = 8
FRAME_BYTES = 4_096 + 24
LONG = "x" * 3_000  # a page of its own


@pytest.fixture
def file(path: Path, room: Path) -> Iterator[SqliteFile]:
    opened = SqliteFile(path, room, checkpoint_pages=PAGES_FEW, checked=True)
    yield opened
    opened.close()


def add(file: SqliteFile, number: int, *, synced: bool = True) -> None:
    with file.transaction(synced=synced) as connection:
        file.sql.add(connection, text=f"{number} {LONG}")


def head(path: Path) -> bytes:
    return path.with_name(f"{path.name}-wal").read_bytes()[:32]


def log_bytes(path: Path) -> int:
    return path.with_name(f"{path.name}-wal").stat().st_size


def test_c7_it_is_taken_in_while_somebody_writes(open_file: Callable[[], SqliteFile], path: Path) -> None:
    file = open_file()
    add(file, 0)
    assert b"0 xxx" not in path.read_bytes()
    with file.transaction() as connection:
        file.sql.add(connection, text=f"not yet {LONG}")
        file._checkpoints.begin()
        file._checkpoints.wait()
        taken = path.read_bytes()
        assert b"0 xxx" in taken and b"not yet" not in taken


def test_a_log_that_has_grown_is_taken_in(file: SqliteFile, path: Path) -> None:
    for number in range(3):  # far from what makes anybody wait
        add(file, number)
    file._checkpoints.wait()
    assert b"0 xxx" in path.read_bytes()


def test_c7_a_log_is_begun_anew_before_a_sale_has_to(open_file: Callable[[], SqliteFile], path: Path) -> None:
    """That costs a sync of its own."""
    file = open_file()
    add(file, 0)
    before = head(path)
    file._checkpoints.begin()
    file._checkpoints.wait()
    assert head(path) != before, "its salts are others"


def test_a_log_stays_short_however_quickly_the_hub_tells(file: SqliteFile, path: Path) -> None:
    """What needs no sync waits for whoever takes it in."""
    for number in range(20 * LOG_GROWS_MAX * PAGES_FEW // 2):
        add(file, number, synced=False)
    assert log_bytes(path) <= 2 * LOG_GROWS_MAX * PAGES_FEW * FRAME_BYTES, "of more than twenty times as much"


def test_whoever_looks_meanwhile_sees_one_moment(file: SqliteFile) -> None:
    add(file, 0)
    with file.reading() as connection:
        before = len(list(file.sql.texts(connection)))
        for number in range(1, 2 * PAGES_FEW):
            add(file, number)
        file._checkpoints.wait()
        assert len(list(file.sql.texts(connection))) == before
    with file.reading() as connection:
        assert len(list(file.sql.texts(connection))) == before + 2 * PAGES_FEW - 1


def test_a_file_that_is_closed_meanwhile_is_whole(file: SqliteFile, path: Path, room: Path) -> None:
    for number in range(3 * PAGES_FEW):
        add(file, number, synced=False)
    file.close()
    assert not path.with_name(f"{path.name}-wal").exists()
    again = SqliteFile(path, room, checked=True)
    with again.reading() as connection:
        assert len(list(file.sql.texts(connection))) == 1 + 3 * PAGES_FEW
        assert connection.execute("PRAGMA integrity_check").get == "ok"
    again.close()
