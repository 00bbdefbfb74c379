"""Pages carry checksums: what a disk has changed is an error when it is read, and never another text."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import apsw
import pytest

from storage import engine
from storage.copying import copy_whole
from storage.schema import Room
from storage.sqlite_file import FileError, SqliteFile

FLIPS = 150
NOTES = [f"note {number}: {'x' * 90}" for number in range(400)]


def filled(path: Path, room: Path, *, checked: bool = True) -> Path:
    with closing(SqliteFile(path, room, checked=checked)) as file, file.transaction() as connection:
        for text in NOTES:
            file.sql.add(connection, text=text)
    return path


def read(path: Path, room: Path) -> list[str]:
    """By the table and by its index: all pages but those of the other table."""
    with closing(SqliteFile(path, room, checked=True)) as file, file.reading() as connection:
        texts = [text for (text,) in file.sql.texts(connection)]
        indexed = [text for (text,) in connection.execute("SELECT text FROM notes INDEXED BY sqlite_autoindex_notes_1")]
    assert sorted(texts) == sorted(indexed)
    return texts


def flipped(data: bytes, chance: random.Random) -> bytes:
    changed, bit = bytearray(data), chance.randrange(len(data) * 8)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def seeded() -> random.Random:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    return random.Random(seed)


def test_f7_a_flipped_bit_is_an_error_and_never_another_text(path: Path, room: Path) -> None:
    data, chance = filled(path, room).read_bytes(), seeded()
    whole, found = read(path, room), 0
    for _ in range(FLIPS):
        path.write_bytes(flipped(data, chance))
        try:
            assert read(path, room) == whole
        except FileError:
            found += 1
    assert found > FLIPS * 0.7, "the rest fell on pages of the other tables, or on what nobody looks at of a header"


def test_without_checksums_it_would_be_another_text(path: Path, room: Path) -> None:
    """Why all this."""
    data, chance = filled(path, room, checked=False).read_bytes(), seeded()
    silent = 0
    for _ in range(FLIPS):
        path.write_bytes(flipped(data, chance))
        try:
            with closing(engine.connect(path)) as connection:
                silent += [text for (text,) in connection.execute("SELECT text FROM notes")][1:] != NOTES
        except (engine.Error, UnicodeDecodeError):
            pass
    assert silent > FLIPS / 3


def test_a_damaged_page_is_called_damaged(path: Path, room: Path) -> None:
    data = bytearray(filled(path, room).read_bytes())
    data[data.index(b"note 200")] ^= 1
    path.write_bytes(data)
    with pytest.raises(FileError, match="a page of it is not as it was written") as caught:
        read(path, room)
    assert caught.value.trouble == "damaged"


def test_a_file_of_before_gets_its_checksums_and_keeps_all(path: Path, room: Path) -> None:
    """Of an older version, with its log still beside it."""
    connection = sqlite3.connect(filled(path, room, checked=False))
    connection.execute("INSERT INTO notes (text) VALUES ('in the log')")
    connection.commit()
    log = path.with_name(path.name + "-wal").read_bytes()
    connection.close()
    path.with_name(path.name + "-wal").write_bytes(log)
    assert path.read_bytes()[engine.RESERVED_AT] == 0
    assert read(path, room)[-1] == "in the log"
    assert path.read_bytes()[engine.RESERVED_AT] == engine.CHECKSUM_BYTES
    data = bytearray(path.read_bytes())
    data[data.index(b"note 200")] ^= 1
    path.write_bytes(data)
    with pytest.raises(FileError):
        read(path, room)


def test_a_copy_is_checked_too(path: Path, room: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy_whole(filled(path, room), copy, Room(room, room.name))
    assert read(copy, room)[1:] == NOTES
    data = bytearray(copy.read_bytes())
    data[data.index(b"note 200")] ^= 1
    copy.write_bytes(data)
    with pytest.raises(FileError):
        read(copy, room)


def test_a_damaged_file_is_not_copied(path: Path, room: Path, tmp_path: Path) -> None:
    data = bytearray(filled(path, room).read_bytes())
    data[data.index(b"note 200")] ^= 1
    path.write_bytes(data)
    with pytest.raises(FileError, match="There is no copy"):
        copy_whole(path, tmp_path / "copy.db", Room(room, room.name))
    assert not (tmp_path / "copy.db").exists()


@pytest.mark.parametrize(
    ("version", "is_good"),
    [("3.40.1", False), ("3.51.2", False), ("3.51.3", True), ("3.52.0", False), ("3.52.1", True), ("3.54.1", True)],
)
def test_an_engine_that_can_lose_commits_is_refused(version: str, is_good: bool) -> None:
    """3.52.0 was withdrawn."""
    if is_good:
        engine.check_version(version)
    else:
        with pytest.raises(engine.EngineTooOld, match=version):
            engine.check_version(version)


def test_this_one_is_not(path: Path) -> None:
    engine.check_version(apsw.sqlite_lib_version())


def test_statements_that_change_rows_say_how_many(path: Path, room: Path, open_file: Callable[[], SqliteFile]) -> None:
    file = open_file()
    with file.transaction() as connection:
        assert file.sql.add(connection, text="one") == 1
        assert file.sql.set_counter(connection, value=3) == 1


@pytest.mark.parametrize("checked", [True, False])
def test_anothers_file_is_left_as_it_is(path: Path, room: Path, checked: bool) -> None:
    """To the byte, and nothing is put beside it."""
    with closing(engine.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    before = path.read_bytes()
    with pytest.raises(FileError, match="it is not a file of shelf"):
        SqliteFile(path, room, checked=checked)
    assert path.read_bytes() == before and [file.name for file in path.parent.glob("shelf.db*")] == ["shelf.db"]


def test_a_text_that_is_none_is_damage(path: Path, room: Path) -> None:
    """Written by somebody, or left by a disk where pages carry no checksums."""
    filled(path, room)
    with closing(engine.connect(path)) as connection:
        connection.execute("UPDATE notes SET text = CAST(x'ad' AS TEXT) WHERE note = 3")
    with closing(SqliteFile(path, room)) as file:
        with pytest.raises(FileError, match="a text in it is none") as caught, file.reading() as looking:
            list(file.sql.texts(looking))
        assert caught.value.trouble == "damaged"
