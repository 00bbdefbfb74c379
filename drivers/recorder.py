"""Writes a recording (recording.py) while it happens: each line whole, in one write; bounded; card numbers masked.

It owns the file and nothing else. Whoever listens to a device tells it what happened.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from drivers.errors import DeviceError
from drivers.masking import ByteDigits, Masker
from drivers.masking_keys import KeyDigits
from drivers.recording import Entry, Kind, What, head_lines, line_of

BYTES_MAX = 64_000_000  # ten minutes of a camera, months of a scanner; a mail of it is still possible
KEY_BYTES = 16
PRIVATE = 0o600  # what a shop's scanner read is nobody else's on this machine
KEPT_EVERY_S = 1.0  # a power cut takes no more than this


class RecordingEnded(Exception):
    """The file takes no more; what is in it is whole. No DeviceError: the device did nothing wrong."""


class Recorder:
    """`told` says that something happened. Raises DeviceError where there can be no file, RecordingEnded at its end."""

    def __init__(
        self,
        path: Path,
        kind: Kind,
        url: str,
        *,
        mask: bool = True,
        bytes_max: int = BYTES_MAX,
        clock: Callable[[], float] = time.monotonic,
        key: bytes | None = None,
    ) -> None:
        self._path = path
        self._clock = clock
        self._bytes_max = bytes_max
        self._written = 0
        self._closed = False
        self.entries = 0
        self._file = self._new_file()
        self._started_s = self._kept_s = clock()
        # Thrown away with this object: nobody can turn a masked number back, and two recordings cannot be compared.
        key = key or secrets.token_bytes(KEY_BYTES)
        self._masks: dict[What, Masker] = (
            {"in": Masker(key, ByteDigits()), "out": Masker(key, ByteDigits()), "keys": Masker(key, KeyDigits())}
            if mask
            else {}
        )
        facts = {"of": url, "from": datetime.now(UTC).isoformat(timespec="seconds"), "masked": "yes" if mask else "no"}
        for line in head_lines(kind, facts):
            self._write(line)

    def told(self, what: What, **about: Any) -> None:
        """`data`, `events` or `text`, as Entry has them. What comes after the end is not told any more."""
        if self._closed:
            return
        entry = Entry(at_ms=self._now_ms(), what=what, **about)
        mask = self._masks.get(what)
        if mask is None:
            self._keep(self._settled(flush=True))  # in the order in which it happened
            self._keep([entry])
        else:
            others = [held for name, other in self._masks.items() if name != what for held in other.flush()]
            self._keep([*others, *mask.take(entry)])

    def quiet(self) -> None:
        """Nothing happened for a while: what is held is written, and the disk has it."""
        if self._closed:
            return
        self._keep(self._settled(flush=False))
        if (now := self._clock()) - self._kept_s >= KEPT_EVERY_S:
            self._kept_s = now
            os.fsync(self._file)

    def close(self, why: str = "") -> None:
        """Once; a second time it does nothing."""
        if self._closed:
            return
        try:
            self.told("end", text=why)
            os.fsync(self._file)
        except (OSError, RecordingEnded):
            pass  # the lines that are there are whole
        finally:
            self._closed = True
            os.close(self._file)

    def _now_ms(self) -> int:
        return round((self._clock() - self._started_s) * 1000)

    def _settled(self, *, flush: bool) -> list[Entry]:
        masks = self._masks.values()
        return [entry for mask in masks for entry in (mask.flush() if flush else mask.quiet(self._now_ms()))]

    def _keep(self, entries: list[Entry]) -> None:
        for entry in entries:
            self._write(line_of(entry))
            self.entries += 1

    def _write(self, line: str) -> None:
        data = line.encode("ascii") + b"\n"
        if self._written + len(data) > self._bytes_max:
            raise RecordingEnded(f"it has its most bytes, {self._bytes_max}")
        try:
            while data:  # nearly always once; a disk that is nearly full takes a part, and then says so
                done = os.write(self._file, data)
                self._written, data = self._written + done, data[done:]
        except OSError as error:
            raise RecordingEnded(f"it cannot be written any more: {error.strerror or error}") from error

    def _new_file(self) -> int:
        try:
            return os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, PRIVATE)
        except OSError as error:
            hint = "Is the folder there, and may this user write in it?"
            if isinstance(error, FileExistsError):
                hint = "Give another name: a recording is never written over."
            cause = error.strerror or str(error)
            raise DeviceError(tried="making the file", device=str(self._path), cause=cause, hint=hint) from error
