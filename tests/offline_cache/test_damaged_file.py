"""F7: what can still be read of a damaged file, and what is told of the rest."""

from __future__ import annotations

import random
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from loyalty.operation import Key
from offline_cache.damaged_file import HEADER, MISSES_MAX, read
from storage import engine
from tests.offline_cache.conftest import Till

SALES = 12
HEADER_BYTES = 100


@pytest.fixture
def file(till: Till) -> Path:
    """Of a till that is off; all of it in the main file."""
    for number in range(SALES):
        till.sell(number, earned=number)
    till.close()
    return till.path


def keys(*sequences: int) -> list[Key]:
    return [Key(1, sequence) for sequence in sequences]


def test_a_whole_file_is_read_whole(file: Path) -> None:
    found, unread = read(file, "t1", None)
    assert [one.operation.key for one in found] == keys(*range(1, SALES + 1)) and not unread
    assert {one.result for one in found} == {None}


def test_what_the_log_alone_has_is_read_too_and_the_log_stays(till: Till, tmp_path: Path) -> None:
    till.sell(1)
    for ending in ("", "-wal"):
        shutil.copyfile(f"{till.path}{ending}", tmp_path / f"copy.db{ending}")
    before = (tmp_path / "copy.db-wal").read_bytes()
    found, _ = read(tmp_path / "copy.db", "t1", None)
    assert len(found) == 1 and (tmp_path / "copy.db-wal").read_bytes() == before


@pytest.mark.parametrize("offset", range(HEADER_BYTES))
def test_no_byte_of_the_header_costs_more_than_the_header(file: Path, offset: int, chance: random.Random) -> None:
    content = bytearray(file.read_bytes())
    content[offset] ^= 1 << chance.randrange(8)
    file.write_bytes(content)
    found, unread = read(file, "t1", None)
    assert len(found) == SALES and not unread


def test_another_tills_operations_are_not_taken(file: Path) -> None:
    found, unread = read(file, "t2", None)
    assert not found and unread == keys(*range(1, SALES + 1))


def test_what_another_file_knows_of_and_is_not_there_is_named(file: Path) -> None:
    """In the midst of the file, behind its end, and in a generation that it has not heard of."""
    with closing(engine.connect(file)) as connection:
        connection.execute("DELETE FROM outbox WHERE sequence IN (3, 12)")
        connection.execute("DELETE FROM print_jobs WHERE sequence IN (3, 12)")
        connection.execute("DELETE FROM operations WHERE sequence IN (3, 12)")
    assert read(file, "t1", None).unread == keys(3)
    assert read(file, "t1", Key(1, SALES + 2)).unread == keys(3, SALES, SALES + 1, SALES + 2)


def test_operations_behind_a_long_hole_are_found(file: Path) -> None:
    """Where the page that says how many there are cannot be read, one key leads to the next."""
    assert MISSES_MAX > SALES
    with closing(engine.connect(file)) as connection:
        connection.execute("UPDATE operations SET text = 'x' WHERE sequence BETWEEN 2 AND 11")
    found, unread = read(file, "t1", None)
    assert [one.operation.key for one in found] == keys(1, SALES) and unread == keys(*range(2, SALES))


def test_a_file_of_nothing_gives_nothing(tmp_path: Path) -> None:
    path = tmp_path / "till.db"
    path.write_bytes(b"\xff" * 50_000)
    assert read(path, "t1", None) == ([], [])
    assert [said.name for said in tmp_path.iterdir()] == ["till.db"]


def test_the_header_is_what_files_of_ours_say(file: Path) -> None:
    content = file.read_bytes()
    for offset, said in HEADER:
        assert content[offset : offset + len(said)] == said
