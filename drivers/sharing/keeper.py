"""Two processes that hold one device between them, so that neither's death loses a byte of it.

The worker does everything. The keeper does nothing but hold what the worker has open: the device, the POS's end, the
sockets; and a piece of memory in which the worker writes down what it has in hand. When the worker is gone the keeper
forks another, which finds all of it as it was: the POS never sees its port close, the device is not opened anew. When
the keeper is gone the worker forks another keeper.

    worker dies   → the keeper forks a worker             keeper dies → the worker forks a keeper
    either is told to stop (SIGTERM) → it tells the other, and both end
"""

from __future__ import annotations

import mmap
import os
import select
import signal
import socket
import struct
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

SLOT_BYTES = 1 << 17  # what is in hand: a few codes, or a job of the POS that waits; twice, so that one is always whole
HEAD = struct.Struct(">QII")  # number, length, CRC-32
TAG, MARK = struct.Struct(">Q"), struct.Struct(">QQ")
ROOM_BYTES = 4096  # one read takes no more
UNREAD_BYTE = b"\xff"  # in no UTF-8 text, so where it begins the line has brought no more
UNREAD = UNREAD_BYTE * ROOM_BYTES
TAG_AT = 2 * SLOT_BYTES
ROOM_AT = TAG_AT + TAG.size
MARK_AT = ROOM_AT + ROOM_BYTES
REVIVE_PAUSE_S = 0.1  # a worker that dies at once, again and again, must not eat the machine
LIVED_S = 1.0  # … and one that lived so long is started again without a pause
NAME_MAX_BYTES = 64
STOP, PUT, DROP = b".", b"+", b"-"


class Memory:
    """The last state that was saved whole; shared by whoever was forked from its maker.

    Beside it, what has happened since: bytes that were read (the kernel puts them here, so there is no moment in which
    they are nowhere), and how many of the state's bytes were being sent. Of one who is killed in the very call that
    sends, nobody can know whether it went: it counts as sent. A code that is lost is missed at the till, for it doesn't
    beep; one that comes twice is sold twice.
    """

    def __init__(self) -> None:
        self._map = mmap.mmap(-1, MARK_AT + MARK.size)
        self._room = memoryview(self._map)[ROOM_AT : ROOM_AT + ROOM_BYTES]
        self._number = 0

    def read(self, fd: int) -> bytes:
        """What a descriptor has for us; it is safe from now on. Raises OSError."""
        self._room[:] = UNREAD
        self._map[TAG_AT:ROOM_AT] = TAG.pack(self._number)
        return bytes(self._room[: os.readv(fd, [self._room])])

    def unsaved(self) -> bytes:
        """What was read after the state was saved, and by one who is dead."""
        (tag,) = TAG.unpack(self._map[TAG_AT:ROOM_AT])
        return bytes(self._room).rstrip(UNREAD_BYTE) if tag == self._number else b""

    def note_going(self, count: int) -> None:
        """So many of the state's bytes are being sent to the POS."""
        self._map[MARK_AT : MARK_AT + MARK.size] = MARK.pack(self._number, count)

    def gone(self) -> int:
        """So many were on their way when he was killed, or had gone."""
        number, count = MARK.unpack(self._map[MARK_AT : MARK_AT + MARK.size])
        return count if number == self._number else 0

    def save(self, state: bytes) -> None:
        """Into the slot of the one before the last."""
        assert len(state) <= SLOT_BYTES - HEAD.size, len(state)
        self._number += 1
        at = self._number % 2 * SLOT_BYTES
        self._map[at + HEAD.size : at + HEAD.size + len(state)] = state
        self._map[at : at + HEAD.size] = HEAD.pack(self._number, len(state), zlib.crc32(state))

    def load(self) -> bytes:
        """b"" where nothing was saved yet."""
        number, state = max((self._slot(at) for at in (0, SLOT_BYTES)), key=lambda slot: slot[0])
        self._number = number
        return state

    def _slot(self, at: int) -> tuple[int, bytes]:
        number, length, check = HEAD.unpack_from(self._map, at)
        state = self._map[at + HEAD.size : at + HEAD.size + min(length, SLOT_BYTES)]
        return (number, state) if number and zlib.crc32(state) == check else (0, b"")


class Stopped(Exception):
    """Whoever started it has no more use for it."""


class Shelf:
    """The worker's side: what is to be held, by name, and what is to be remembered."""

    def __init__(self, memory: Memory, kept: dict[str, int], line: socket.socket, work: Work) -> None:
        self.memory = memory
        self.kept = dict(kept)
        self._line = line
        self._work = work
        self._saved = b""

    def fileno(self) -> int:
        return self._line.fileno()

    def hear(self) -> None:
        """The keeper is gone, or says that it is over."""
        with suppress(ConnectionError):
            if self._line.recv(NAME_MAX_BYTES) == STOP:
                raise Stopped
        self._revive()

    def sync(self, now: dict[str, int]) -> None:
        """Hold these, and nothing else. A name means one thing for ever."""
        with suppress(OSError):  # a keeper that is gone is noticed by hear(), and the new one inherits all
            for name in [name for name in self.kept if name not in now]:
                self._line.send(DROP + name.encode())
                del self.kept[name]
            for name, fd in now.items():
                if name not in self.kept:
                    self.kept[name] = fd
                    socket.send_fds(self._line, [PUT + name.encode()], [fd])

    def save(self, state: bytes) -> None:
        if state != self._saved or self.memory.unsaved():
            self.memory.save(state)
            self._saved = state

    def stop(self) -> None:
        with suppress(OSError):
            self._line.send(STOP)

    def _revive(self) -> None:
        self._line.close()
        self._line, keepers = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        if os.fork() == 0:
            self._line.close()
            _keep(self.memory, dict(self.kept), self._work, keepers)
        keepers.close()


Work = Callable[[Shelf], None]


def live(work: Work, memory: Memory) -> NoReturn:
    """This process becomes the keeper; `work` runs in another until it returns or raises Stopped."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody is waited for: a closed line tells who is gone
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    _keep(memory, {}, work, None)


def _stop(*_: object) -> NoReturn:
    raise Stopped


def _keep(memory: Memory, kept: dict[str, int], work: Work, line: socket.socket | None) -> NoReturn:
    """`line` leads to a worker that lives already."""
    began_s = 0.0
    with suppress(Stopped):
        while line is None or not _held(line, kept):
            if line is not None:
                line.close()
                if time.monotonic() - began_s < LIVED_S:
                    time.sleep(REVIVE_PAUSE_S)
            began_s = time.monotonic()
            line = _worker(memory, kept, work)
    os._exit(0)


def _worker(memory: Memory, kept: dict[str, int], work: Work) -> socket.socket:
    ours, workers = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if os.fork():
        workers.close()
        return ours
    ours.close()
    shelf = Shelf(memory, kept, workers, work)
    with suppress(Stopped):
        work(shelf)
    shelf.stop()
    os._exit(0)


def _held(line: socket.socket, kept: dict[str, int]) -> bool:
    """Hold what the worker gives until it is gone; whether it was told to stop."""
    try:
        while True:
            select.select([line], [], [])
            said, fds, _, _ = socket.recv_fds(line, NAME_MAX_BYTES + 1, 1)
            name = said[1:].decode()
            if said[:1] == PUT and fds:
                kept[name] = fds[0]
            elif said[:1] == DROP and name in kept:
                os.close(kept.pop(name))
            else:
                return said == STOP
    except ConnectionError:
        return False
    except Stopped:
        with suppress(OSError):
            line.send(STOP)
        return True
