"""Ctrl-C at the end of the demo: nobody but the demo hears it, and the terminal is again as it was."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pos_agent.running import TIMEOUT_S

STAYS = """
import signal
from pos_agent.demo.keys import ended_by_key
try:
    with ended_by_key():
        print("open", flush=True)
        BODY
except KeyboardInterrupt:
    print("closing")
"""
WAITS = "while True: signal.pause()"


class Terminal:
    def __init__(self, folder: Path) -> None:
        self.master, self.slave = pty.openpty()
        self.before = termios.tcgetattr(self.slave)
        self._folder = folder

    def start(self, body: str = WAITS, *, make: bool = False) -> subprocess.Popen[bytes]:
        """A process before the terminal, alone or under `make`, that is open when this returns."""
        program, makefile = self._folder / "stays.py", self._folder / "Makefile"
        program.write_text(STAYS.replace("BODY", body), encoding="utf-8")
        makefile.write_text(f"demo:\n\t@{sys.executable} {program}\n", encoding="utf-8")
        child = subprocess.Popen(
            ["make", "--no-print-directory", "-f", str(makefile)] if make else [sys.executable, str(program)],
            stdin=self.slave,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(Path.cwd())},
            start_new_session=True,
            preexec_fn=lambda: _before(self.slave),
        )
        assert child.stdout is not None and child.stdout.readline() == b"open\n"
        return child

    def is_as_before(self) -> bool:
        return termios.tcgetattr(self.slave) == self.before


def _before(slave: int) -> None:
    import fcntl

    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path)
    yield terminal
    os.close(terminal.master)
    os.close(terminal.slave)


@pytest.mark.parametrize("key", [b"\x03", b"\x04", b"q", b"xyz\x03"])
def test_a_key_ends_it_and_make_calls_that_no_failure(terminal: Terminal, key: bytes) -> None:
    child = terminal.start(make=True)
    assert not terminal.is_as_before()
    os.write(terminal.master, key)
    out, errors = child.communicate(timeout=TIMEOUT_S)
    assert (child.returncode, out, errors) == (0, b"closing\n", b"")
    assert terminal.is_as_before()


def test_a_real_sigint_ends_it_as_well(terminal: Terminal) -> None:
    child = terminal.start()
    child.send_signal(signal.SIGINT)
    assert child.wait(TIMEOUT_S) == 0 and terminal.is_as_before()


def test_sigterm_leaves_the_terminal_as_it_was(terminal: Terminal) -> None:
    child = terminal.start()
    child.terminate()
    assert child.wait(TIMEOUT_S) == 128 + signal.SIGTERM and terminal.is_as_before()


def test_so_does_a_fault(terminal: Terminal) -> None:
    child = terminal.start("raise OSError('disk')")
    assert child.wait(TIMEOUT_S) == 1 and terminal.is_as_before()
