"""What the printer says, taken apart byte by byte.

One return channel carries real-time statuses (DLE EOT), automatic ones (ASB), short answers (GS r, GS I),
blocks from a header to NUL (process id, buffer cleared ...) and flow control, interleaved. The masks are
those of Epson's specification (TM-T88III, appendix G). Pure: bytes in, answers out, any split of the bytes.
"""

from __future__ import annotations

from dataclasses import dataclass

XON, XOFF = 0x11, 0x13
BLOCK_HEADERS = frozenset({0x35, 0x37, 0x3B, 0x3D, 0x5F})
BLOCK_MAX_BYTES = 128  # the longest block of the receipt set is a printer's name; more is noise
PROCESS_ID_KIND = b"\x22"
BUFFER_CLEARED_KIND = b"\x25"


@dataclass(frozen=True, slots=True)
class RealTimeStatus:
    """The answer to DLE EOT n. It does not say which n: keep one question outstanding."""

    byte: int


@dataclass(frozen=True, slots=True)
class AutoStatus:
    """Automatic status back, four bytes."""

    data: bytes


@dataclass(frozen=True, slots=True)
class ShortStatus:
    """The answer to GS r or GS I."""

    byte: int


@dataclass(frozen=True, slots=True)
class ProcessId:
    """GS ( H: all before it is printed."""

    attempt_id: str


@dataclass(frozen=True, slots=True)
class BufferCleared:
    """DLE DC4 8: nothing of earlier jobs is left in the printer."""


@dataclass(frozen=True, slots=True)
class Block:
    """Another block, header to NUL, both left out."""

    header: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Flow:
    """XON or XOFF."""

    go: bool


@dataclass(frozen=True, slots=True)
class Noise:
    """Bytes that fit nothing: a wrong speed, another device, a broken answer."""

    data: bytes


Answer = RealTimeStatus | AutoStatus | ShortStatus | ProcessId | BufferCleared | Block | Flow | Noise


class Answers:
    """The demultiplexer. It remembers an unfinished ASB or block between calls."""

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, data: bytes) -> list[Answer]:
        return [answer for byte in data for answer in self._byte(byte)]

    def _byte(self, byte: int) -> list[Answer]:
        if byte in (XON, XOFF):  # may come in the middle of anything
            return [Flow(go=byte == XON)]
        if not self._pending:
            return self._first(byte)
        if self._pending[0] in BLOCK_HEADERS:
            return self._in_block(byte)
        return self._in_auto_status(byte)

    def _first(self, byte: int) -> list[Answer]:
        if byte & 0x93 == 0x12:
            return [RealTimeStatus(byte)]
        if byte & 0x90 == 0:
            return [ShortStatus(byte)]
        if byte & 0x93 == 0x10 or byte in BLOCK_HEADERS:
            self._pending.append(byte)
            return []
        return [Noise(bytes([byte]))]

    def _in_auto_status(self, byte: int) -> list[Answer]:
        if byte & 0x90 != 0:
            return self._broken_off(byte)
        self._pending.append(byte)
        return [AutoStatus(self._take())] if len(self._pending) == 4 else []

    def _in_block(self, byte: int) -> list[Answer]:
        if byte == 0:
            return [finished_block(self._take())]
        if byte < 0x20 or len(self._pending) == BLOCK_MAX_BYTES:
            return self._broken_off(byte)
        self._pending.append(byte)
        return []

    def _broken_off(self, byte: int) -> list[Answer]:
        return [Noise(self._take()), *self._first(byte)]

    def _take(self) -> bytes:
        taken = bytes(self._pending)
        self._pending.clear()
        return taken


def finished_block(block: bytes) -> Answer:
    header, kind, rest = block[0], block[1:2], block[2:]
    if header == 0x37 and kind == PROCESS_ID_KIND and len(rest) == 4:
        return ProcessId(rest.decode("ascii", "replace"))
    if header == 0x37 and kind == BUFFER_CLEARED_KIND and not rest:
        return BufferCleared()
    return Block(header, block[1:])
