"""What a disk does to a simulated machine's files: each fault is what it says, to SQLite and to whoever starts anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from simulator.disk import Died, Disk, Strike, What
from simulator.dying import dying
from simulator.moments import Moments
from simulator.vfs import Disks
from storage import engine
from storage.reserve import NAME

Begin = Callable[[str], engine.Connection]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with Disks(tmp_path, Moments()) as disks:
        (tmp_path / "t1").mkdir()
        yield disks.of("t1")


def opened(disk: Disk, synchronous: str = "FULL") -> engine.Connection:
    connection = engine.connect(disk.folder / "till.db")
    engine.with_checksums(connection)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.pragma("synchronous", synchronous)
    connection.execute("CREATE TABLE IF NOT EXISTS sales (number)")
    return connection


def sells(connection: engine.Connection, number: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO sales VALUES (?)", (number,))
    connection.execute("COMMIT")


def sold(disk: Disk) -> list[int]:
    with closing(engine.connect(disk.folder / "till.db")) as connection:
        return [number for (number,) in connection.execute("SELECT number FROM sales ORDER BY number")]


@pytest.mark.parametrize(("what", "there"), [("refuses", [1]), ("does and refuses", [1, 2])])
def test_a_write_that_failed_may_be_there_after_a_start(disk: Disk, what: What, there: list[int]) -> None:
    connection = opened(disk)
    sells(connection, 1)
    disk.strike = Strike(what, 2, of="write")  # a page of the log is two: its head, and itself
    with pytest.raises(engine.Error, match="disk I/O error"):
        sells(connection, 2)
    disk.dies()
    assert sold(disk) == there
    assert disk.strike is None


@pytest.mark.parametrize(("what", "there"), [("dies", [1]), ("does and dies", [1, 2])])
def test_a_process_that_died_in_a_commit_writes_no_more(disk: Disk, what: What, there: list[int]) -> None:
    connection, ended = opened(disk), []
    sells(connection, 1)
    disk.strike = Strike(what, 2, of="write")
    with dying(disk, lambda: ended.append(disk.life)):
        sells(connection, 2)
    assert ended
    with pytest.raises(Died):
        sells(connection, 3)
    disk.dies()
    assert sold(disk) == there


@pytest.mark.parametrize(("synchronous", "there"), [("FULL", [1, 2]), ("NORMAL", [])])
def test_what_was_not_synced_may_go_with_the_power(disk: Disk, synchronous: str, there: list[int]) -> None:
    connection = opened(disk)
    connection.pragma("synchronous", synchronous)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    sells(connection, 1)
    sells(connection, 2)
    disk.strike = Strike("dies", 1, blackout=Nothing())
    with pytest.raises(Died):
        sells(connection, 3)
    disk.dies()
    assert sold(disk) == there


class Nothing(Random):
    """Of what is loose."""

    def choice(self, among: object) -> float:  # type: ignore[override]
        return 0.0


def test_a_full_disk_takes_no_more_until_the_reserve_is_let_go(disk: Disk) -> None:
    (disk.folder / NAME).write_bytes(bytes(100_000))
    connection = opened(disk)
    disk.fills(100)
    with pytest.raises(engine.Error, match="full"):
        sells(connection, 1)
    (disk.folder / NAME).unlink()
    sells(connection, 2)
    assert sold(disk) == [2]
    assert disk.free_bytes < 100_100
    disk.empties()
    assert disk.free_bytes > 1_000_000
