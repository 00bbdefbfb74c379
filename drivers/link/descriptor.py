"""Whatever the operating system gives a descriptor for: a device's node, a plain file, a pipe, our own socket."""

from __future__ import annotations

import os
import select
import stat
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from drivers.link.link import RECEIVE_BYTES, Clock, Pace
from drivers.link.lost import ERRORS, Hints, lost
from drivers.sharing.local import connect


class DescriptorLink:
    """One that does not block. `answers` False: it takes everything and says nothing."""

    def __init__(
        self,
        fd: int,
        url: str,
        clock: Clock,
        pace: Pace,
        hints: Hints,
        *,
        close: Callable[[], None],
        answers: bool = True,
        bytes_max: int = RECEIVE_BYTES,
    ) -> None:
        self.accepted = 0
        self.fd = fd
        self._url, self._clock, self._pace, self._hints = url, clock, pace, hints
        self._close, self._answers, self._bytes_max = close, answers, bytes_max

    def send(self, data: bytes) -> None:
        deadline = self._pace.until(self._clock(), data)
        view = memoryview(data)
        try:
            while view:
                if not self._wait([], [self.fd], self._pace.patience(deadline - self._clock())):
                    raise TimeoutError("timed out")
                with suppress(BlockingIOError):
                    sent = os.write(self.fd, view)
                    self.accepted += sent
                    view = view[sent:]
        except OSError as error:
            raise lost("send", self._url, error, self._hints) from None

    def receive(self, timeout_s: float) -> bytes:
        if not self._answers:
            time.sleep(max(timeout_s, 0.0))  # who asks again until his time is over must not do so a million times
            return b""
        try:
            if not self._wait([self.fd], [], max(timeout_s, 0.0)):
                return b""
            data = os.read(self.fd, self._bytes_max)
        except BlockingIOError:
            return b""
        except (OSError, ValueError) as error:
            raise lost("receive", self._url, error, self._hints) from None
        if not data:  # readable without data: the device is gone, or the pipe's writer
            raise lost("receive", self._url, ConnectionError("the device is gone"), self._hints)
        return data

    def detach(self) -> int:
        """A plain descriptor that never blocks; the link is over."""
        fd = os.dup(self.fd)
        os.set_blocking(fd, False)
        self.close()
        return fd

    def close(self) -> None:
        with suppress(*ERRORS):
            self._close()

    def _wait(self, readers: list[int], writers: list[int], timeout_s: float) -> bool:
        readable, writable, _ = select.select(readers, writers, [], timeout_s)
        return bool(readable or writable)


def open_file(path: str, url: str, clock: Clock, pace: Pace, hints: Hints) -> DescriptorLink:
    """A device's node, or a plain file."""
    try:
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NONBLOCK, 0o644)
        answers = not stat.S_ISREG(os.fstat(fd).st_mode)
    except OSError as error:
        raise lost("open", url, error, hints) from None
    return DescriptorLink(fd, url, clock, pace, hints, close=lambda: os.close(fd), answers=answers)


def open_shared(path: str, url: str, clock: Clock, pace: Pace, hints: Hints) -> DescriptorLink:
    """Our end of a device that another process of ours holds."""
    try:
        sock = connect(Path(path), stream=True)
    except OSError as error:
        raise lost("connect", url, error, hints) from None
    sock.setblocking(False)
    return DescriptorLink(sock.fileno(), url, clock, pace, hints, close=sock.close)
