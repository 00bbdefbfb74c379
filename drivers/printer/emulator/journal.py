"""The command log: every command with the offset of its first byte, runs of text as one line, and what was odd."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import IO

from drivers.printer.emulator.commands import Command

ARGS_MAX_BYTES = 24  # of a command; a picture's dots say nothing
TEXT_MAX_LETTERS = 200  # in one line
LOG_MAX_LINES = 10_000  # in one run: a client that sends noise must not fill the disk


class Journal:
    """`write` gets each line. `commands`: all of them, not only what is odd."""

    def __init__(self, write: Callable[[str], None], *, commands: bool) -> None:
        self._write = write
        self._commands = commands
        self._text: list[str] = []
        self._text_offset = 0

    def token(self, offset: int, token: Command | str) -> None:
        if not self._commands:
            return
        if isinstance(token, str):
            if not self._text:
                self._text_offset = offset
            self._text.append(token)
            if len(self._text) >= TEXT_MAX_LETTERS:
                self.end()
        else:
            self.end()
            self._write(f"{offset:7d}  {shown(token)}".rstrip())

    def note(self, text: str) -> None:
        self.end()
        self._write(f"         {text}" if self._commands else text)

    def end(self) -> None:
        """The run of text is over."""
        if self._text:
            self._write(f"{self._text_offset:7d}  text {''.join(self._text)!r}")
            self._text.clear()


class CommandLog:
    """commands.log: opened when there is something to write."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines = 0
        self._file: IO[str] | None = None

    def write(self, line: str) -> None:
        if self._lines < LOG_MAX_LINES:
            self._lines += 1
            if self._file is None:
                self._file = self._path.open("a", encoding="utf-8")
            self._file.write(line + "\n")

    def flush(self) -> None:
        if self._file is not None:
            self._file.flush()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


def shown(command: Command) -> str:
    more = f" ... {len(command.args)} bytes" if len(command.args) > ARGS_MAX_BYTES else ""
    return f"{command.name:8}{command.args[:ARGS_MAX_BYTES].hex(' ')}{more}"
