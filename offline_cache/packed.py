"""Texts of operations and documents of papers, as they stand in the till's file: packed, so that ten goods are less
than a kilobyte and not four. What is unpacked is what was said, to the byte: hashes are of that.

Each is small by itself and much like the one before, so they are packed with a dictionary: texts of before, as they
are written. Its number is the first byte. A dictionary is never edited once shipped; a better one has the next number.
"""

from __future__ import annotations

import zlib
from functools import cache
from pathlib import Path
from typing import Final

from loyalty.operation import Operation, read_operation

DICTIONARY: Final = 1  # with which is packed now
LEVEL: Final = 5  # a tenth of a millisecond; 9 takes twice as long to save one byte of ten goods more
RAW: Final = -zlib.MAX_WBITS  # without a frame: pages carry checksums, and operations hashes
DICTIONARIES: Final = frozenset({1})  # that there are
LEFT_AS_IS: Final = b"{"  # how a document begins that was stored before they were packed


class BadPacked(ValueError):
    """It is not what was packed."""


def pack(said: bytes) -> bytes:
    packer = _packer().copy()
    return bytes([DICTIONARY]) + packer.compress(said) + packer.flush()


def unpack(kept: bytes) -> bytes:
    """Raises BadPacked."""
    if kept.startswith(LEFT_AS_IS):
        return kept
    if not kept or kept[0] not in DICTIONARIES:
        raise BadPacked(f"nothing of ours begins like {kept[:1]!r}")
    try:
        unpacker = zlib.decompressobj(RAW, _dictionary(kept[0]))
        said = unpacker.decompress(kept[1:])
    except zlib.error as error:
        raise BadPacked(f"what is packed cannot be read: {error}") from error
    if not unpacker.eof or unpacker.unused_data:
        raise BadPacked("what is packed has another end")
    return said


def pack_text(text: str) -> bytes:
    return pack(text.encode())


def unpack_text(kept: str | bytes) -> str:
    """As it was told. A text that was stored before they were packed stands as it is; of a damaged one comes what
    cannot be read as an operation, as of a damaged text."""
    if isinstance(kept, str):
        return kept
    try:
        return unpack(kept).decode()
    except ValueError:
        return ""


def read_kept(kept: str | bytes) -> Operation:
    """Raises BadOperation."""
    return read_operation(unpack_text(kept))


@cache
def _packer() -> zlib._Compress:
    return zlib.compressobj(
        LEVEL, zlib.DEFLATED, RAW, zlib.DEF_MEM_LEVEL, zlib.Z_DEFAULT_STRATEGY, _dictionary(DICTIONARY)
    )


@cache
def _dictionary(number: int) -> bytes:
    return (Path(__file__).parent / f"dictionary_{number}.txt").read_bytes()
