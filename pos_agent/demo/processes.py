"""The demo's real processes: hub, agent and emulated devices, each started, watched and started again by name."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from queue import Empty, Queue
from typing import Any

START_TRIES_MAX = 10  # whoever kills a starting process more often than this means it
READY_TIMEOUT_S = 60.0  # a cold start on a busy machine; one second is usual
STOP_TIMEOUT_S = 5.0
PR_SET_PDEATHSIG = 1  # linux/prctl.h


class ProcessFailed(Exception):
    """A process did not become ready; the message has its last words. `killed`: somebody ended it, not itself."""

    def __init__(self, message: str, *, killed: bool) -> None:
        super().__init__(message)
        self.killed = killed


_LIBC = ctypes.CDLL(None)  # loaded before any fork: in the child there is no safe time for it


def _die_with_parent() -> None:
    """In the child: when the demo is killed without a word, nothing of it stays behind (Linux)."""
    with contextlib.suppress(OSError, AttributeError):
        _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Process:
    """One child with a name. It says a line of JSON when it is ready, or more: `told` are those behind the first."""

    def __init__(self, name: str, command: list[str], log: Path) -> None:
        self.name = name
        self.ready: dict[str, Any] = {}
        self.told: list[dict[str, Any]] = []
        self._errors = log.open("ab")
        self._log = log
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-m", *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            preexec_fn=_die_with_parent,
        )
        self._lines: Queue[str] = Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._child.stdout is not None
        for line in self._child.stdout:
            self._lines.put(line)

    @property
    def pid(self) -> int:
        return self._child.pid

    def wait_ready(self, lines: int = 1) -> None:
        """Wait for as many lines that say so. Raises ProcessFailed."""
        waited, heard = 0.0, []
        while waited < READY_TIMEOUT_S:
            with contextlib.suppress(Empty, ValueError):
                heard.append(json.loads(self._lines.get(timeout=0.1)))
            if len(heard) == lines:
                self.ready, *self.told = heard
                return
            if not self.alive():
                break
            waited += 0.1
        words = self._log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        last = words[-1] if words else "it said nothing"
        raise ProcessFailed(f"{self.name} did not start: {last}", killed=self._child.poll() == -signal.SIGKILL)

    def alive(self) -> bool:
        return self._child.poll() is None

    def why_gone(self) -> str:
        """How it ended: the signal's name, or its exit code."""
        code = self._child.poll()
        if code is not None and code < 0:
            return signal.Signals(-code).name
        return str(code)

    def type_line(self, text: str) -> bool:
        """A line on its standard input; False when it is gone."""
        assert self._child.stdin is not None
        try:
            self._child.stdin.write(text + "\n")
            self._child.stdin.flush()
        except OSError:
            return False
        return True

    def kill(self) -> None:
        """SIGKILL: no farewell."""
        self._child.kill()
        self._child.wait()

    def stop(self) -> None:
        if self.alive():
            self._child.terminate()
            try:
                self._child.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self.kill()
        for pipe in (self._child.stdin, self._child.stdout, self._errors):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


def start(name: str, command: list[str], log: Path, *, lines: int = 1) -> Process:
    """A process that is ready, and has said so in as many lines; started again when somebody kills it while it starts.
    Raises ProcessFailed."""
    for tries_left in reversed(range(START_TRIES_MAX)):
        process = Process(name, command, log)
        try:
            process.wait_ready(lines)
            return process
        except ProcessFailed as failed:
            process.stop()
            if not failed.killed or not tries_left:
                raise
    raise AssertionError("the last try returns or raises")
