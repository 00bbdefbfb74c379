"""B6: a server was killed, its log lies there, and what lies beside the log is its own file, or another by now."""

from __future__ import annotations

import os
import random
import shutil
import signal
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage import engine
from storage.copying import copy_whole
from storage.remembered import name_of, recall
from storage.same_file import PAGES_COMPARED
from storage.schema import Room
from storage.sqlite_file import FileError, SqliteFile
from storage.unserved import check_log_left

Texts = Callable[[Path], list[str]]
PAGE = 4_096
FEW, MANY = 3, PAGES_COMPARED * 2
MOMENTS = 12
ALL = ("", "-wal", "-shm", ".seen")
SERVER = """
import itertools, sys
from pathlib import Path
from storage.sqlite_file import SqliteFile
file = SqliteFile(Path(sys.argv[1]), Path(sys.argv[2]), checkpoint_pages=int(sys.argv[3]), watched=True)
for number in itertools.count():
    word = sys.stdin.readline().strip() if sys.argv[4] == "asked" else f"{number}"
    with file.transaction() as connection:
        file.sql.add(connection, text=word + "x" * 2_000)
    print(word, flush=True)
"""


class Server:
    """Writes what it is asked to, or all the time; says what is written."""

    def __init__(self, path: Path, room: Path, *, checkpoint_pages: int = 10_000, asked: bool = True) -> None:
        command = [sys.executable, "-c", SERVER, str(path), str(room), str(checkpoint_pages), "asked" if asked else ""]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.count = 0

    def write(self, many: int, prefix: str = "") -> None:
        assert self.process.stdin is not None and self.process.stdout is not None
        for number in range(many):
            print(f"{prefix}{number}", file=self.process.stdin, flush=True)
            assert self.process.stdout.readline().strip() == f"{prefix}{number}"

    def read_one(self) -> None:
        assert self.process.stdout is not None
        assert self.process.stdout.readline()
        self.count += 1

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=30)


@pytest.fixture
def server(room: Path, path: Path) -> Iterator[Callable[..., Server]]:
    started: list[Server] = []

    def start(**how: int | bool) -> Server:
        started.append(Server(path, room, **how))  # type: ignore[arg-type]
        return started[-1]

    yield start
    for one in started:
        one.kill()


@pytest.fixture
def other(room: Path, tmp_path: Path) -> Path:
    """Another file of the same kind."""
    path = tmp_path / "other.db"
    with closing(SqliteFile(path, room)) as file, file.transaction() as connection:
        file.sql.add(connection, text="another's")
    return path


def opened(path: Path, room: Path) -> SqliteFile:
    return SqliteFile(path, room, watched=True)


def grow(path: Path, room: Path) -> None:
    """It counts more changes than another, which grew at once."""
    for number in range(FEW):
        with closing(opened(path, room)) as file, file.transaction() as connection:
            for more in range(FEW):
                file.sql.add(connection, text=f"before {number} {more}" + "x" * 2_000)


def contents(path: Path) -> dict[str, bytes]:
    return {end: Path(f"{path}{end}").read_bytes() for end in ALL if os.path.exists(f"{path}{end}")}


def backed_up(path: Path, to: Path, how: str) -> None:
    if how == "cp":
        shutil.copyfile(path, to)
        return
    with closing(engine.connect(path)) as source, closing(engine.connect(to)) as target:
        list(engine.copy_pages(source, target))


@pytest.mark.parametrize("how", ["cp", "backup", "another"])
@pytest.mark.parametrize(
    ("more", "checkpoint_pages"), [(FEW, 10_000), (MANY, 10_000), (MANY, 20)], ids=["few", "many", "checkpointed"]
)
def test_b6_a_copy_put_beside_a_dead_servers_log_is_not_opened(
    server: Callable[..., Server],
    room: Path,
    path: Path,
    other: Path,
    tmp_path: Path,
    texts: Texts,
    how: str,
    more: int,
    checkpoint_pages: int,
) -> None:
    with closing(opened(path, room)) as file:
        for number in range(more):
            with file.transaction() as connection:
                file.sql.add(connection, text=f"before {number}" + "x" * 2_000)
    backup = tmp_path / "backup.db"
    backed_up(path, backup, how) if how != "another" else shutil.copyfile(other, backup)
    with closing(opened(path, room)) as file, file.transaction() as connection:
        for number in range(more):
            file.sql.add(connection, text=f"more {number}" + "x" * 2_000)
    served = server(checkpoint_pages=checkpoint_pages)
    served.write(more)
    served.kill()
    shutil.copyfile(backup, path)
    before = contents(path)
    for open_it in (lambda: opened(path, room), lambda: check_log_left(path, name_of(path))):
        with pytest.raises(FileError, match="was replaced while no hub ran") as caught:
            open_it()
        assert "\n" not in str(caught.value) and "pos-hub restore" in str(caught.value)
    assert contents(path) == before
    for end in ("-wal", "-shm"):
        os.rename(f"{path}{end}", tmp_path / f"away{end}")
    opened(path, room).close()
    assert texts(path) == texts(backup)


def test_b6_sqlite_itself_reads_the_old_log_into_the_copy(
    server: Callable[..., Server], room: Path, path: Path, other: Path, texts: Texts
) -> None:
    """Why all this; and so it is still where nobody remembers."""
    served = server()
    served.write(FEW)
    served.kill()
    shutil.copyfile(other, path)
    name_of(path).write_bytes(name_of(path).read_bytes()[:100])  # the power went
    assert recall(path) is None
    opened(path, room).close()
    assert texts(path) != texts(other)


def test_a_server_that_ended_at_any_moment_is_followed_by_the_next(
    server: Callable[..., Server], room: Path, path: Path, tmp_path: Path, texts: Texts
) -> None:
    """Halted, and all its files copied: as the power would leave them; also while it checkpoints."""
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    served = server(checkpoint_pages=8, asked=False)
    for moment in range(MOMENTS):
        for _ in range(chance.randrange(1, 25)):
            served.read_one()
        os.kill(served.process.pid, signal.SIGSTOP)
        os.waitpid(served.process.pid, os.WUNTRACED)
        copy = tmp_path / f"moved{moment}" / "elsewhere.db"
        copy.parent.mkdir()
        for end in ALL[: chance.choice((3, 4))] if moment else ALL:
            if os.path.exists(f"{path}{end}"):
                shutil.copyfile(f"{path}{end}", f"{copy}{end}")
        os.kill(served.process.pid, signal.SIGCONT)
        opened(copy, room).close()
        assert len(texts(copy)) >= served.count + 1


def log_pages(path: Path) -> dict[int, bytes]:
    """The newest state of each page in the log."""
    log = Path(f"{path}-wal").read_bytes()
    salts, pages = log[16:24], {}
    for at in range(32, len(log), 24 + PAGE):
        if log[at + 8 : at + 16] == salts:
            pages[struct.unpack(">I", log[at : at + 4])[0]] = log[at + 24 : at + 24 + PAGE]
    return pages


@pytest.mark.parametrize("torn", ["", "one", "many"])
def test_whoever_dies_while_he_takes_the_log_in_stops_nobody(
    server: Callable[..., Server], room: Path, path: Path, texts: Texts, torn: str
) -> None:
    """An office command at its close, or the server: some pages are in the main file and others are not; the power
    may leave some half written (seed 40017 of the simulated chain)."""
    with closing(opened(path, room)) as file, file.transaction() as connection:
        for number in range(MANY):
            file.sql.add(connection, text=f"before {number}" + "x" * 2_000)
    served = server()
    served.write(MANY)
    served.kill()
    pages = log_pages(path)
    assert len(pages) > PAGES_COMPARED and 1 in pages
    there = path.read_bytes()
    for kept in (pages, sorted(pages)[::2], sorted(pages)[1::3], [1], sorted(pages)[1:]):
        with path.open("r+b") as main:
            for number in kept:
                main.seek((number - 1) * PAGE)
                main.write(pages[number])
            for number in sorted(pages)[1 : {"": 1, "one": 2, "many": None}[torn]]:  # those that were there before
                old = there[(number - 1) * PAGE : number * PAGE]
                main.seek((number - 1) * PAGE)
                main.write(pages[number][: PAGE // 2 - 512] + old[PAGE // 2 - 512 :])
        check_log_left(path, name_of(path))
        shutil.copyfile(path, f"{path}.{len(list(kept))}")
    opened(path, room).close()
    assert len(texts(path)) == 1 + 2 * MANY


def test_a_file_put_there_without_a_log_is_as_good_whoever_opens_it_first(
    server: Callable[..., Server], room: Path, path: Path, other: Path, texts: Texts
) -> None:
    """The log was moved away, a command wrote into the copy and was killed: that log is the copy's own."""
    grow(path, room)
    served = server()
    served.write(FEW)
    served.kill()
    shutil.copyfile(other, path)
    for end in ("-wal", "-shm"):
        os.unlink(f"{path}{end}")
    script = (
        "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit(); os._exit(9)"
    )
    words = [str(path), "INSERT INTO notes (text) VALUES ('by the command')"]
    assert subprocess.run([sys.executable, "-c", script, *words], check=False).returncode == 9
    assert os.path.getsize(f"{path}-wal") > 0 and name_of(path).exists()
    opened(path, room).close()
    assert texts(path) == ["born; here", "another's", "by the command"]


@pytest.mark.parametrize("knows", ["no log", "an older log"])
def test_b6_where_the_log_does_not_have_it_all_the_count_of_changes_must_do(
    server: Callable[..., Server], room: Path, path: Path, other: Path, tmp_path: Path, texts: Texts, knows: str
) -> None:
    grow(path, room)
    served = server()
    served.write(FEW)
    served.kill()
    seen = recall(path)
    assert seen is not None and seen.salts is not None
    older = None if knows == "no log" else ((seen.salts[0] - 3) % 2**32, 7)
    seen._replace(salts=older, pages={1: b"long ago"}).write(path)
    for end in ALL:
        shutil.copyfile(f"{path}{end}", f"{tmp_path / 'honest.db'}{end}")
    opened(tmp_path / "honest.db", room).close()
    assert len(texts(tmp_path / "honest.db")) == 1 + FEW * FEW + FEW
    shutil.copyfile(other, path)
    with pytest.raises(FileError, match="was replaced"):
        opened(path, room)


def test_commands_between_two_servers_stop_nobody(
    server: Callable[..., Server], room: Path, path: Path, texts: Texts
) -> None:
    for round in range(2):
        served = server()
        served.write(FEW, prefix=f"{round} ")
        served.kill()
        check_log_left(path, name_of(path))
        with closing(SqliteFile(path, room, checkpoints=False)) as command, command.transaction() as connection:
            command.sql.add(connection, text=f"by a command {round}")
    opened(path, room).close()
    assert len(texts(path)) == 1 + 2 * (FEW + 1)
    assert not name_of(path).exists(), "all is in the file: nothing to remember"


def test_a_copy_is_whole_or_not_there(room: Path, path: Path, tmp_path: Path, texts: Texts) -> None:
    owner, copy = Room(room, room.name), tmp_path / "copy.db"
    with closing(opened(path, room)) as file:
        with file.transaction() as connection:
            for number in range(MANY):
                file.sql.add(connection, text=f"{number}" + "x" * 2_000)
        copy_whole(path, copy, owner)
        assert [one.name for one in tmp_path.glob("copy.db*")] == ["copy.db"]
        with pytest.raises(FileError, match="is there already"):
            copy_whole(path, copy, owner)
    assert texts(copy) == texts(path)
    with copy.open("r+b") as damaged:
        damaged.seek(20 * PAGE)
        damaged.write(os.urandom(PAGE))
    for source, why in ((copy, "damaged|malformed"), (tmp_path / "none.db", "unable to open")):
        with pytest.raises(FileError, match=why):
            copy_whole(source, tmp_path / "second.db", owner)
        assert not list(tmp_path.glob("second.db*"))
