"""What may be lost with the power, and never with the process."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from storage.sqlite_file import SqliteFile

Open = Callable[[], SqliteFile]
Texts = Callable[[Path], list[str]]

KILLED = """
import os, signal, sys
from pathlib import Path
from storage.sqlite_file import SqliteFile

file = SqliteFile(Path(sys.argv[1]), Path(sys.argv[2]))
for text in ("one", "two"):
    with file.transaction(synced=False) as connection:
        file.sql.add(connection, text=text)
os.kill(os.getpid(), signal.SIGKILL)
"""
BROKEN = """
import ctypes, errno, json, os, platform, struct, sys
from pathlib import Path
from storage.sqlite_file import CommitUnknown, FileError, SqliteFile

file = SqliteFile(Path(sys.argv[1]), Path(sys.argv[2]))
told = []

def add(text, synced):
    with file.transaction(synced=synced) as connection:
        file.sql.add(connection, text=text)

def attempt(act, *more):
    try:
        act(*more)
        told.append("done")
    except FileError as error:
        told.append(type(error).__name__)

add("one", False)
numbers = {"x86_64": (74, 75), "aarch64": (82, 83)}[platform.machine()]  # fsync, fdatasync
program = [
    (0x20, 0, 0, 0), (0x15, 1, 0, numbers[0]), (0x15, 0, 1, numbers[1]),
    (0x06, 0, 0, 0x0005_0000 | errno.EIO), (0x06, 0, 0, 0x7FFF_0000),
]
code = b"".join(struct.pack("HBBI", *step) for step in program)
class Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_char_p)]
libc = ctypes.CDLL(None)
assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.prctl(22, 2, ctypes.byref(Filter(len(program), code))) == 0
attempt(file.sync)
attempt(add, "two", False)
attempt(add, "three", True)
print(json.dumps(told), flush=True)
os._exit(0)
"""


def add(file: SqliteFile, text: str) -> None:
    with file.transaction(synced=False) as connection:
        file.sql.add(connection, text=text)


def test_a_process_that_is_killed_loses_nothing(open_file: Open, room: Path, path: Path, texts: Texts) -> None:
    open_file().close()
    done = subprocess.run([sys.executable, "-c", KILLED, str(path), str(room)], timeout=60)
    assert done.returncode == -9
    assert texts(path) == ["born; here", "one", "two"]


@pytest.mark.skipif(platform.machine() not in ("x86_64", "aarch64"), reason="knows no other kernel's call numbers")
def test_f4_after_a_sync_that_failed_nothing_is_written_on_top(room: Path, path: Path) -> None:
    """The kernel holds what it could not write for written: the next sync would say that all is well."""
    done = subprocess.run(
        [sys.executable, "-c", BROKEN, str(path), str(room)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ["CommitUnknown", "FileError", "FileError"]


def test_c7_whoever_looks_does_not_wait_for_whoever_writes(open_file: Open) -> None:
    """From another thread: a lock that one thread may take twice would hide it."""
    file = open_file()

    def look() -> int:
        with file.reading() as connection:
            return int(file.sql.counter(connection))

    with ThreadPoolExecutor(1) as other:
        with file.transaction() as connection:
            file.sql.set_counter(connection, value=1)
            assert other.submit(look).result(timeout=10) == 0
            assert other.submit(lambda: file.changes).result(timeout=10) is not None
        assert other.submit(look).result(timeout=10) == 1


def test_c7_a_sync_that_others_need_holds_no_writer_up(open_file: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk answers only when the sale that came meanwhile is written."""
    file, synced, written = open_file(), threading.Event(), threading.Event()
    real = os.fdatasync

    def slow(descriptor: int) -> None:
        synced.set()
        assert written.wait(timeout=10)
        real(descriptor)

    add(file, "one")
    monkeypatch.setattr("os.fdatasync", slow)
    with ThreadPoolExecutor(1) as other:
        syncing = other.submit(file.sync)
        assert synced.wait(timeout=10)
        with file.transaction() as connection:
            file.sql.add(connection, text="two")
        written.set()
        syncing.result(timeout=10)


def test_c7_a_transaction_that_wrote_nothing_has_synced_nothing(
    open_file: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, real, calls = open_file(), os.fdatasync, list[int]()

    def counted(descriptor: int) -> None:
        calls.append(descriptor)
        real(descriptor)

    monkeypatch.setattr("os.fdatasync", counted)
    add(file, "one")
    with file.transaction() as connection:
        assert file.sql.counter(connection) == 0
    file.sync()
    assert len(calls) == 1
    file.sync()
    with file.transaction() as connection:
        file.sql.add(connection, text="two")
    file.sync()
    assert len(calls) == 1, "all was there"


def test_to_look_inside_a_transaction_of_ones_own_is_our_mistake(open_file: Open, path: Path, texts: Texts) -> None:
    """What it has written so far would not be seen."""
    file = open_file()
    with file.transaction() as connection:
        file.sql.add(connection, text="one")
        with pytest.raises(AssertionError), file.reading():
            raise RuntimeError("never reached")
    assert texts(path) == ["born; here", "one"]
    with file.reading() as connection:
        assert file.sql.counter(connection) == 0


def test_changes_tell_whether_anything_was_written(open_file: Open) -> None:
    file = open_file()
    before = file.changes
    with file.transaction(), file.snapshot():
        pass
    assert file.changes == before
    add(file, "one")
    after = file.changes
    file.reopen()
    with file.transaction() as connection:
        file.sql.set_counter(connection, value=1)
    assert len({before, after, file.changes}) == 3
