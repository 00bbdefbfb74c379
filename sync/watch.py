"""A whole answer has a time, its head too: what drips a byte now and then holds nobody up for ever.

A socket's own timeout is of one read. So connections tell of themselves when they are opened, and a watch shuts the
one that is in use when the call's time is over.
"""

from __future__ import annotations

import heapq
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class _Call:
    """One that is under way. `end`: what is done when its time is over."""

    def __init__(self, at_s: float, end: Callable[[], None]) -> None:
        self.at_s = at_s
        self._end: Callable[[], None] | None = end
        self._lock = threading.Lock()

    def __lt__(self, other: _Call) -> bool:
        return self.at_s < other.at_s

    def cancel(self) -> None:
        with self._lock:
            self._end = None

    def end(self) -> None:
        """Not after it was cancelled: its connection may be another call's by then."""
        with self._lock:
            if self._end is not None:
                self._end()


class _Calls:
    """One thread for all calls of the process: to start one for each takes longer than many of them."""

    def __init__(self) -> None:
        self._waiting: list[_Call] = []  # a heap
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def end_after(self, total_s: float, end: Callable[[], None]) -> _Call:
        call = _Call(time.monotonic() + total_s, end)
        with self._changed:
            heapq.heappush(self._waiting, call)
            if self._thread is None or not self._thread.is_alive():  # as in a process that was forked
                self._thread = threading.Thread(target=self._run, name="calls", daemon=True)
                self._thread.start()
            if self._waiting[0] is call:
                self._changed.notify()
        return call

    def _run(self) -> None:
        while True:
            self._next().end()

    def _next(self) -> _Call:
        """The first whose time is over."""
        with self._changed:
            while True:
                left_s = self._waiting[0].at_s - time.monotonic() if self._waiting else None
                if left_s is not None and left_s <= 0:
                    return heapq.heappop(self._waiting)
                self._changed.wait(left_s)


_CALLS: Final = _Calls()


class Watch:
    """Of one session, which one thread uses at a time."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None

    def mount(self, session: requests.Session) -> None:
        adapter = _Telling(self._opened)
        session.mount("http://", adapter)
        session.mount("https://", adapter)

    @contextmanager
    def over_after(self, total_s: float) -> Iterator[None]:
        """Raises requests.Timeout where the call took longer, whatever it came to."""
        over = threading.Event()
        call = _CALLS.end_after(total_s, lambda: self._shut(over))
        failed: Exception | None = None
        try:
            yield
        except Exception as error:
            failed = error
        finally:
            call.cancel()
        if over.is_set():  # half of a head reads like a whole one
            raise requests.Timeout(f"its answer took longer than {total_s:g} s") from failed
        if failed is not None:
            raise failed

    def _opened(self, opened: socket.socket) -> None:
        self._socket = opened

    def _shut(self, over: threading.Event) -> None:
        over.set()
        if self._socket is not None:
            with suppress(OSError):  # it is closed already
                self._socket.shutdown(socket.SHUT_RDWR)


class _Telling(HTTPAdapter):
    """Its connections tell of their sockets."""

    def __init__(self, opened: Callable[[socket.socket], None]) -> None:
        self._opened = opened
        super().__init__()

    def init_poolmanager(self, *args: Any, **more: Any) -> None:
        super().init_poolmanager(*args, **more)
        self.poolmanager.pool_classes_by_scheme = _pools(self._opened)


def _pools(opened: Callable[[socket.socket], None]) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(HTTPConnection):
        def connect(self) -> None:
            super().connect()
            opened(self.sock)

    class Secure(HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            opened(self.sock)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
