"""All or nothing, one at a time, and an honest word when the disk or another program is in the way."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from storage import engine
from storage.sqlite_file import CommitUnknown, FileError, SqliteFile

Open = Callable[[], SqliteFile]
Texts = Callable[[Path], list[str]]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit, engine.ConstraintError])
def test_what_is_raised_inside_rolls_everything_back(
    open_file: Open, path: Path, texts: Texts, error: type[BaseException]
) -> None:
    file = open_file()
    with pytest.raises(error), file.transaction() as connection:
        file.sql.add(connection, text="one")
        file.sql.set_counter(connection, value=5)
        raise error
    assert texts(path) == ["born; here"]
    with file.transaction() as connection:
        assert file.sql.counter(connection) == 0
        file.sql.add(connection, text="two")
    assert texts(path) == ["born; here", "two"]


def test_a_broken_rule_of_the_schema_rolls_everything_back(open_file: Open, path: Path, texts: Texts) -> None:
    file = open_file()
    with pytest.raises(engine.ConstraintError), file.transaction() as connection:
        file.sql.add(connection, text="one")
        file.sql.set_counter(connection, value=-1)
    assert texts(path) == ["born; here"]


def test_a_rule_that_is_checked_at_the_commit_is_no_doubtful_commit(open_file: Open, path: Path, texts: Texts) -> None:
    file = open_file()
    with pytest.raises(engine.ConstraintError, match="FOREIGN KEY"), file.transaction() as connection:
        connection.execute("INSERT INTO notes (text, parent) VALUES ('orphan', 99)")
    with file.transaction() as connection:
        file.sql.add(connection, text="next")
    assert texts(path) == ["born; here", "next"]


def test_what_is_left_is_on_disk_for_any_other_reader(open_file: Open, path: Path, texts: Texts) -> None:
    file = open_file()
    with file.transaction() as connection:
        file.sql.add(connection, text="one")
        assert texts(path) == ["born; here"]
    assert texts(path) == ["born; here", "one"]


def test_threads_take_turns(open_file: Open) -> None:
    file = open_file()

    def count() -> None:
        for _ in range(20):
            with file.transaction() as connection:
                file.sql.set_counter(connection, value=file.sql.counter(connection) + 1)

    threads = [threading.Thread(target=count) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with file.reading() as connection:
        assert file.sql.counter(connection) == 100


def test_a_file_that_another_program_holds_is_told_and_taken_later(
    monkeypatch: pytest.MonkeyPatch, open_file: Open, path: Path, texts: Texts
) -> None:
    monkeypatch.setattr("storage.sqlite_file.BUSY_TIMEOUT_MS", 20)
    file = open_file()
    holder = engine.connect(path)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(FileError, match=r"Nothing was written to .*: database is locked") as caught, file.transaction():
        raise AssertionError("never reached")
    assert not isinstance(caught.value, CommitUnknown)
    with file.reading() as connection:
        assert file.sql.counter(connection) == 0  # looking is still possible
    holder.execute("ROLLBACK")
    holder.close()
    with file.transaction() as connection:
        file.sql.add(connection, text="two")
    assert texts(path) == ["born; here", "two"]


def test_a_closed_file_says_so(open_file: Open) -> None:
    file = open_file()
    file.close()
    file.close()
    with pytest.raises(FileError, match=r"shelf\.db is closed"), file.transaction():
        raise AssertionError("never reached")
    with pytest.raises(FileError, match=r"shelf\.db is closed"), file.reading():
        raise AssertionError("never reached")


def test_a_transaction_inside_another_is_our_mistake_and_harms_neither(
    open_file: Open, path: Path, texts: Texts
) -> None:
    file = open_file()
    with file.transaction() as connection:
        file.sql.add(connection, text="one")
        with pytest.raises(AssertionError), file.transaction():
            raise AssertionError("never reached")
    assert texts(path) == ["born; here", "one"]


def test_reopening_keeps_what_was_committed(open_file: Open) -> None:
    file = open_file()
    with file.transaction() as connection:
        file.sql.set_counter(connection, value=3)
    file.reopen()
    with file.reading() as connection:
        assert file.sql.counter(connection) == 3
