"""Whatever the operating system gives a descriptor for: a device's node, a plain file, a pipe, a socket."""

from __future__ import annotations

import os
import select
import stat
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from drivers.link.link import RECEIVE_BYTES, PacedLink, Terms
from drivers.link.lost import ERRORS
from drivers.sharing.local import connect


class DescriptorLink(PacedLink):
    """One that does not block. `drain` comes before `close`, but not where it is detached; `gone`: what its end means.
    `answers` False: it takes everything and says nothing."""

    def __init__(
        self,
        fd: int,
        terms: Terms,
        *,
        close: Callable[[], None],
        drain: Callable[[], None] = lambda: None,
        gone: str = "the device is gone",
        answers: bool = True,
        bytes_max: int = RECEIVE_BYTES,
    ) -> None:
        super().__init__(terms)
        self.fd = fd
        self._close, self._drain, self._gone = close, drain, gone
        self._answers, self._bytes_max = answers, bytes_max

    def _give(self, view: memoryview, timeout_s: float) -> int:
        if not self._ready(select.POLLOUT, timeout_s):
            raise TimeoutError("timed out")
        try:
            return os.write(self.fd, view)
        except BlockingIOError:
            return 0

    def receive(self, timeout_s: float) -> bytes:
        if not self._answers:
            time.sleep(max(timeout_s, 0.0))  # who asks again until his time is over must not do so a million times
            return b""
        try:
            if not self._ready(select.POLLIN, timeout_s):
                return b""
            data = os.read(self.fd, self._bytes_max)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise self._terms.lost("receive", error) from None
        if not data:  # readable without data: the device is gone, or the pipe's writer
            raise self._terms.lost("receive", ConnectionError(self._gone))
        return data

    def _ready(self, event: int, timeout_s: float) -> bool:
        poll = select.poll()  # select() knows no descriptor above 1023
        poll.register(self.fd, event)
        return bool(poll.poll(max(timeout_s, 0.0) * 1000))

    def detach(self) -> int:
        """A plain descriptor that never blocks; the link is over."""
        fd = os.dup(self.fd)
        os.set_blocking(fd, False)
        self._let_go()
        return fd

    def close(self) -> None:
        with suppress(*ERRORS):
            self._drain()
        self._let_go()

    def _let_go(self) -> None:
        with suppress(*ERRORS):
            self._close()


def open_file(path: str, terms: Terms) -> DescriptorLink:
    """A device's node, or a plain file."""
    try:
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NONBLOCK, 0o644)
        answers = not stat.S_ISREG(os.fstat(fd).st_mode)
    except OSError as error:
        raise terms.lost("open", error) from None
    return DescriptorLink(fd, terms, close=lambda: os.close(fd), answers=answers)


def open_shared(path: str, terms: Terms) -> DescriptorLink:
    """Our end of a device that another process of ours holds."""
    try:
        sock = connect(Path(path), stream=True)
    except OSError as error:
        raise terms.lost("connect", error) from None
    sock.setblocking(False)
    return DescriptorLink(sock.fileno(), terms, close=sock.close)
