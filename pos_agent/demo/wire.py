"""The network between till and hub: a TCP forwarder on loopback that can be cut and mended."""

from __future__ import annotations

import contextlib
import socket
import threading

CHUNK_BYTES = 65_536


class Wire:
    """Listens on a port of its own and forwards to the hub. Cut: nobody answers, open connections break."""

    def __init__(self, to_port: int) -> None:
        self._to_port = to_port
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = _listen(0)
        self.port: int = self._listener.getsockname()[1]
        self._serve()

    def _serve(self) -> None:
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
                far = socket.create_connection(("127.0.0.1", self._to_port))
            except OSError:
                return
            with self._lock:
                self._open |= {near, far}
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._forward, args=(source, sink), daemon=True).start()

    def _forward(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(CHUNK_BYTES):
                sink.sendall(piece)
        with self._lock:
            self._open -= {source, sink}
        _drop(source)
        _drop(sink)

    def cut(self) -> None:
        """As when somebody trips over the cable."""
        _drop(self._listener)
        with self._lock:
            broken, self._open = self._open, set()
        for connection in broken:
            _drop(connection)

    def mend(self) -> None:
        self._listener = _listen(self.port)
        self._serve()


def _listen(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen()
    return listener


def _drop(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)  # wakes whoever waits on it; close alone would not
    connection.close()
