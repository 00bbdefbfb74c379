"""A ready file on the hub's disk: blocks, packed, in the order of their places. It has no name there: nobody else opens
it, and it is gone with the process."""

from __future__ import annotations

import os
import tempfile
import threading
import zlib
from bisect import bisect_right
from typing import IO, Final, NamedTuple

import msgspec

from sync.protocol import ReadyBlock

PACKING: Final = 1  # of zlib's 1 to 9: a seventh of the bytes is left; a little less would take three times as long
FILE_BYTES_MAX: Final = 1_000_000_000  # 20 million members; whoever has more reads the feed


class TooLarge(Exception):
    """It would be longer than a hub keeps."""


class LetGo(Exception):
    """It is there no more."""


class _Piece(NamedTuple):
    at: int
    length: int


class BlockFile:
    """One thread writes it, others read what is there already."""

    def __init__(self, bytes_max: int = FILE_BYTES_MAX) -> None:
        self._bytes_max = bytes_max
        self._file: IO[bytes] | None = None
        self._lock = threading.Lock()
        self._places: list[str] = []
        self._pieces: list[_Piece] = []
        self._length = 0
        self.whole = False

    def begin(self) -> None:
        """Raises OSError."""
        with self._lock:
            self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115  # it is open for as long as it is kept

    def add(self, block: ReadyBlock) -> None:
        """Raises OSError, TooLarge, LetGo."""
        packed = zlib.compress(msgspec.json.encode(block), PACKING)
        if self._length + len(packed) > self._bytes_max:
            raise TooLarge(f"it would be longer than {self._bytes_max} bytes")
        with self._lock:
            self._write(packed)
            self._places.append(block.to)
            self._pieces.append(_Piece(self._length, len(packed)))
            self._length += len(packed)

    def _write(self, packed: bytes) -> None:
        number, written = self._number(), 0
        while written < len(packed):
            written += os.pwrite(number, packed[written:], self._length + written)

    def behind(self, place: str) -> bytes | None:
        """The block that has what comes next; nothing behind the last one; None: it is not there yet. Raises OSError,
        LetGo."""
        with self._lock:
            number = bisect_right(self._places, place)
            if number == len(self._pieces):
                return b"" if self.whole else None
            piece = self._pieces[number]
            return os.pread(self._number(), piece.length, piece.at)

    def _number(self) -> int:
        if self._file is None or self._file.closed:
            raise LetGo
        return self._file.fileno()

    def close(self) -> None:
        with self._lock:
            if self._file is not None:
                self._file.close()
