"""The cable between till and hub: it carries bytes until it is cut."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

CHUNK_BYTES = 65_536


class Link:
    def __init__(self, hub_port: int) -> None:
        self._hub_port = hub_port
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._listener = self._listen(0)
        self.port = int(self._listener.getsockname()[1])

    def _listen(self, port: int) -> socket.socket:
        listener = socket.create_server(("127.0.0.1", port), reuse_port=False)
        threading.Thread(target=self._take, args=(listener,), daemon=True).start()
        return listener

    def _take(self, listener: socket.socket) -> None:
        with suppress(OSError):  # cut
            while True:
                self._join(listener.accept()[0])

    def _join(self, till: socket.socket) -> None:
        try:
            hub = socket.create_connection(("127.0.0.1", self._hub_port))
        except OSError:
            till.close()
            return
        with self._lock:
            self._open |= {till, hub}
        for source, sink in ((till, hub), (hub, till)):
            threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(CHUNK_BYTES):
                sink.sendall(piece)
        for end in (source, sink):
            _drop(end)
        with self._lock:
            self._open -= {source, sink}

    def cut(self) -> None:
        _drop(self._listener)
        with self._lock:
            broken, self._open = self._open, set()
        for end in broken:
            _drop(end)

    def mend(self) -> None:
        self._listener = self._listen(self.port)


def _drop(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)  # wakes whoever waits on it
    end.close()
