"""A JPEG as we draw it, read by its marks alone: nothing of it is unpacked.

Whoever keeps or shows a picture looks at it so: it begins and ends as a JPEG does, has one frame of a size that we
allow, and nothing besides that a picture needs: no EXIF, no words, no other file behind it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

SIDE_MAX: Final = 2_000  # pixels
BYTES_MAX: Final = 600_000
_START: Final = b"\xff\xd8\xff"
_END: Final = b"\xff\xd9"
_SCAN: Final = 0xDA
_FRAMES: Final = frozenset((0xC0, 0xC1, 0xC2))
_NEEDED: Final = _FRAMES | {0xE0, 0xC4, 0xDB, 0xDD}  # JFIF, Huffman tables, quantising tables, restart interval
_RESTARTS: Final = frozenset((0x00, *range(0xD0, 0xD8)))  # within a scan


class NoJpeg(ValueError):
    """Why it is none of ours."""


def check_jpeg(data: bytes) -> tuple[int, int]:
    """Width and height in pixels. Raises NoJpeg."""
    if len(data) > BYTES_MAX:
        raise NoJpeg(f"{len(data)} bytes are more than {BYTES_MAX}")
    if not data.startswith(_START) or not data.endswith(_END):
        raise NoJpeg("it does not begin and end as a JPEG")
    sizes = [_size(data, place) for mark, place in _segments(data) if mark in _FRAMES]
    if len(sizes) != 1:
        raise NoJpeg(f"{len(sizes)} frames")
    if not all(0 < side <= SIDE_MAX for side in sizes[0]):
        raise NoJpeg(f"{sizes[0]} is no size of ours")
    return sizes[0]


def _segments(data: bytes) -> Iterator[tuple[int, int]]:
    """Each mark with the place of its length, up to the end's, which nothing follows. Raises NoJpeg."""
    at = 2
    while data[at : at + 2] != _END:
        if at + 4 > len(data) or data[at] != 0xFF or data[at + 1] not in _NEEDED | {_SCAN}:
            raise NoJpeg(f"what stands at {at} is nothing that a picture needs")
        mark, place = data[at + 1], at + 2
        yield mark, place
        at = place + max(2, int.from_bytes(data[place : place + 2]))
        if mark == _SCAN:
            at = _behind_scan(data, at)
    if at + 2 != len(data):
        raise NoJpeg("something stands behind its end")


def _behind_scan(data: bytes, at: int) -> int:
    """Where the next mark stands. Raises NoJpeg."""
    while (at := data.find(b"\xff", at)) >= 0 and at + 1 < len(data):
        if data[at + 1] not in _RESTARTS:
            return at
        at += 2
    raise NoJpeg("its scan has no end")


def _size(data: bytes, place: int) -> tuple[int, int]:
    frame = data[place + 3 : place + 7]
    return int.from_bytes(frame[2:]), int.from_bytes(frame[:2])
