"""A share as a process of its own, with whatever holds its device; ended with its keeper."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from drivers.scanner.scan import Scan
from drivers.scanner.shared import SharedScanner
from drivers.sharing.local import STOP, Message, connect
from drivers.sharing.plan import ShareFiles, SharePlan

WAIT_S = 10.0


def until(holds: Callable[[], Any], what: str | Callable[[], str]) -> None:
    """Wait for readiness, not for seconds."""
    deadline_s = time.monotonic() + WAIT_S
    while not holds():
        assert time.monotonic() < deadline_s, what if isinstance(what, str) else what()
        time.sleep(0.002)


@dataclass
class Shares:
    """Starts shares in one folder."""

    folder: Path
    started: list[ShareFiles] = field(default_factory=list)

    def start(self, plan: SharePlan) -> tuple[ShareFiles, int]:
        """Ready when this returns; the process is its keeper."""
        files = ShareFiles.of(self.folder, plan.kind, plan.name)
        files.publish(plan)
        with files.log.open("a") as log:
            child = subprocess.Popen(
                [sys.executable, "-P", "-m", "drivers.sharing", str(self.folder), plan.kind, plan.name],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert child.stdout is not None
        with child.stdout:
            assert child.stdout.readline(), files.log.read_text("utf-8")
        self.started.append(files)
        return files, child.pid

    def stop(self) -> None:
        for files in self.started:
            stop(files)
            if files.log.exists():
                assert not files.log.read_text("utf-8"), files.log.read_text("utf-8")


def stop(files: ShareFiles) -> None:
    """All that were forked from it are gone when the lock is free."""
    with suppress(OSError), connect(files.socket) as line:
        line.send(Message(STOP).packed())
    with (files.folder / f"{files.name}.lock").open("r+") as lock:
        until(lambda: free(lock), "the share did not stop")


def free(lock: Any) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


class Till:
    """The till's end of a shared scanner, in a thread; it answers each scan at once, unless told not to."""

    def __init__(self, scanner: SharedScanner) -> None:
        self.scanner = scanner
        self.texts: list[str] = []
        self.unanswered: list[Future[None]] = []
        self.answers = True
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        until(
            lambda: scanner.life.state.value == "ready",
            lambda: f"not ready: {scanner.life.__dict__}, {scanner.told}, {scanner._line}",
        )

    def _run(self) -> None:
        deliver = self.scanner.delivering(self._take)
        while not self._stop.is_set():
            scans, next_s = self.scanner.step(time.monotonic(), datetime.now(UTC))
            for scan in scans:
                deliver(scan)
            self._stop.wait(max(next_s - time.monotonic(), 0))

    def _take(self, scan: Scan, answered: Future[None]) -> bool:
        self.texts.append(scan.text)
        self.unanswered.append(answered)
        if self.answers:
            answered.set_result(None)
        return True

    @property
    def worker(self) -> int:
        return int(self.scanner.told["pid"])

    def close(self) -> None:
        self._stop.set()
        self._thread.join()
        self.scanner.close()


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def pids(folder: Path) -> list[int]:
    """The processes of the shares of this folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if b"drivers.sharing" in words and str(folder).encode() in words:
            found.append(int(path.parent.name))
    return sorted(found)


@pytest.fixture
def shares(tmp_path: Path) -> Iterator[Shares]:
    some = Shares(tmp_path)
    yield some
    some.stop()
