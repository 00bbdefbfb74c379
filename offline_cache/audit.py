"""The till's audit log: a file for each month, a row of JSON a line, the chain going on from one file to the next.

Beside the till's file and not in it: it outlives a till's file that is damaged, people read it with any program, and
a month is put away by moving a file. What can't be written stops nobody (the till says so in its log); what was half
written when the power went was not kept, and goes.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Final

from loyalty.audit import AuditRow, Fault, Head, faults, head_of, next_row, read_row, write_row

AUDIT: Final = "audit"  # the folder beside the till's file
ENDING: Final = ".ndjson"
TAIL_BYTES: Final = 65_536  # a row has some 400
OWNER_ONLY: Final = 0o600

log = logging.getLogger(__name__)


class AuditLog:
    """May be written by several threads and processes: each row takes the file for itself."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def note(self, at: datetime, who: str, act: str, code: str, fields: Mapping[str, str]) -> AuditRow | None:
        """None: it could not be written."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with (self.folder / "lock").open("a", encoding="ascii") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                return self._append(at, who, act, code, fields)
        except OSError as error:
            log.error("The audit log in %s cannot be written: %s. What was done: %s %s.", self.folder, error, act, code)
            return None

    def _append(self, at: datetime, who: str, act: str, code: str, fields: Mapping[str, str]) -> AuditRow:
        row = next_row(self.head(), at, who, act, code, fields)
        newest = max((path.stem for path in self._months()), default="")
        path = self.folder / f"{max(f'{at:%Y-%m}', newest)}{ENDING}"  # a clock that was set back begins no older month
        with open(os.open(path, os.O_RDWR | os.O_CREAT, OWNER_ONLY), "r+b") as file:
            _cut_torn(file)
            file.write(write_row(row) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        return row

    def head(self) -> Head:
        """Of the last row that can be read; a log that is not there begins."""
        for path in reversed(self._months()):
            for line in reversed(_tail(path)):
                try:
                    return head_of(read_row(line))
                except ValueError:
                    continue
        return Head()

    def rows(self) -> Iterator[AuditRow | None]:
        """All, oldest first; None: one that cannot be read."""
        for path in self._months():
            with path.open("rb") as file:
                for line in file:
                    if line.endswith(b"\n"):  # else it is being written, or was when the power went
                        yield _read(line)

    def newest(self, most: int) -> list[AuditRow]:
        """The newest first."""
        found: list[AuditRow] = []
        for path in reversed(self._months()):
            lines = _lines(path)
            found += [row for line in reversed(lines[-most:]) if (row := _read(line)) is not None]
            if len(found) >= most:
                break
        return found[:most]

    def hash_at(self, number: int) -> str:
        """Of a row; "": there is none."""
        if number == 0:
            return Head().hash
        return next((row.hash for row in self.rows() if row is not None and row.number == number), "")

    def faults(self, anchor: Head | None = None) -> list[Fault]:
        return list(faults(self.rows(), anchor))

    def _months(self) -> list[Path]:
        return sorted(self.folder.glob(f"????-??{ENDING}"))


def _read(line: bytes) -> AuditRow | None:
    try:
        return read_row(line)
    except ValueError:
        return None


def _lines(path: Path) -> list[bytes]:
    return [line for line in path.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]


def _tail(path: Path) -> list[bytes]:
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - TAIL_BYTES))
        return [line for line in file.read().splitlines(keepends=True) if line.endswith(b"\n")]


def _cut_torn(file: IO[bytes]) -> None:
    """What stands behind the last end of a line; the file is behind it then."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - TAIL_BYTES))
    rest = file.read()
    torn = len(rest) - (rest.rfind(b"\n") + 1)
    if torn:
        log.warning("The last row of %s was half written, and goes.", file.name)
        file.truncate(size - torn)
    file.seek(0, os.SEEK_END)
