"""A socket in the till's folder, between the agent and what shares its devices: whole messages, for our user alone."""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

PATH_MAX_BYTES = 100  # the kernel takes 107 for a socket's address, and a till's folder may lie deeper
MESSAGE_MAX_BYTES = 16_384  # a code of the longest length with its head, three times over
HEAD = struct.Struct(">cI")

# From the share: a code of ours (0 or 1, whether silence ended it, and its bytes); its state as JSON; a turn, or none.
CODE, STATE, TURN = b"C", b"S", b"U"
# To it: a code is taken; the plan is another one; end; may we print; we have.
TAKEN, RELOAD, STOP, ASK, DONE = b"T", b"R", b"Q", b"A", b"D"


@dataclass(frozen=True, slots=True)
class Message:
    """`kind` is one letter; `number` says of which code it is about, or nothing."""

    kind: bytes
    number: int = 0
    data: bytes = b""

    def packed(self) -> bytes:
        return HEAD.pack(self.kind, self.number) + self.data


def unpacked(packet: bytes) -> Message | None:
    """None for what is no message of ours."""
    if len(packet) < HEAD.size:
        return None
    kind, number = HEAD.unpack_from(packet)
    return Message(kind, number, packet[HEAD.size :])


def heard(line: socket.socket) -> Message | None:
    """The next message; None at the line's end. Raises BlockingIOError."""
    for _ in range(2):  # one who went without reading us has us told so, once, ahead of what he said before
        with suppress(ConnectionResetError):
            return unpacked(line.recv(MESSAGE_MAX_BYTES))
    return None


def listen(path: Path, *, stream: bool = False) -> socket.socket:
    """The socket of one who was killed is in nobody's way: whoever may listen here holds the lock beside it."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM if stream else socket.SOCK_SEQPACKET)
    path.unlink(missing_ok=True)
    before = os.umask(0o177)
    try:
        with _address(path) as address:
            listener.bind(address)
    finally:
        os.umask(before)
    listener.listen(4)
    listener.setblocking(False)
    return listener


def connect(path: Path, *, stream: bool = False) -> socket.socket:
    """Raises OSError."""
    asking = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM if stream else socket.SOCK_SEQPACKET)
    try:
        with _address(path) as address:
            asking.connect(address)
    except OSError:
        asking.close()
        raise
    return asking


@contextmanager
def _address(path: Path) -> Iterator[str]:
    if len(os.fsencode(path)) <= PATH_MAX_BYTES:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        with suppress(OSError):
            os.close(folder)
