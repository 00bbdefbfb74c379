"""A whole answer has a time, its head too: what drips a byte now and then holds nobody up for ever.

A socket's own timeout is of one read. So connections tell of themselves when they are opened, and a watch shuts the
one that is in use when the call's time is over.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


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
        timer = threading.Timer(total_s, self._shut, (over,))
        timer.daemon = True
        timer.start()
        failed: Exception | None = None
        try:
            yield
        except Exception as error:
            failed = error
        finally:
            timer.cancel()
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
