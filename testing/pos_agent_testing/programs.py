"""The programs as processes: each says one line of JSON when it is ready."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from contextlib import suppress
from pathlib import Path
from queue import Empty, Queue
from typing import Any

READY_TIMEOUT_S = 60.0  # a cold start on a busy machine; one second is usual
STOP_TIMEOUT_S = 10.0


class ProgramMissing(Exception):
    """There is no such program where it was looked for."""


class ProgramFailed(Exception):
    """It ended, or said nothing; the message has its last words."""


def find(name: str, folder: str) -> str:
    """Raises ProgramMissing."""
    found = shutil.which(name, path=folder or None)
    if found is None:
        where = folder or "PATH"
        raise ProgramMissing(
            f"no {name} in {where}: set pos_agent_bin (pytest.ini) or POS_AGENT_BIN to the bin folder "
            "of an environment that has pos-agent"
        )
    return found


class Program:
    """Runs from the moment it is made until `stop`."""

    def __init__(self, command: list[str], log: Path) -> None:
        self._name = f"{Path(command[0]).name} {command[1]}"
        self._log = log
        self._errors = log.open("ab")
        self._child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"},
        )
        self._lines: Queue[str | None] = Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.ready = self._wait_ready()

    def _read(self) -> None:
        assert self._child.stdout is not None
        with suppress(ValueError):  # closed while it was read
            for line in self._child.stdout:
                self._lines.put(line)
        self._lines.put(None)

    def _wait_ready(self) -> dict[str, Any]:
        try:
            line = self._lines.get(timeout=READY_TIMEOUT_S)
        except Empty:
            line = None
        if line is None:
            self.stop()
            said = self._log.read_text(encoding="utf-8", errors="replace").strip()
            raise ProgramFailed(f"{self._name} did not start: {said or 'it said nothing'}")
        ready: dict[str, Any] = json.loads(line)
        return ready

    @property
    def port(self) -> int:
        return int(str(self.ready["url"]).rpartition(":")[2].partition("/")[0])

    def type_line(self, text: str) -> None:
        assert self._child.stdin is not None
        self._child.stdin.write(text + "\n")
        self._child.stdin.flush()

    def kill(self) -> None:
        """SIGKILL: no farewell, as when the power goes."""
        self._child.kill()
        self._child.wait()

    def stop(self) -> None:
        if self._child.poll() is None:
            self._child.terminate()
            try:
                self._child.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self.kill()
        for pipe in (self._child.stdin, self._errors):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
