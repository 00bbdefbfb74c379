"""The network between till and hub: a TCP forwarder on loopback that can be cut and mended."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Any

HOST = "127.0.0.1"
CHUNK_BYTES = 65_536
CONNECT_S = 5.0  # a far end that does not answer is a hub that is gone


class Wire:
    """Listens on a port of its own and forwards to the hub. Cut: nobody answers, open connections break.
    Raises OSError when its port is taken."""

    def __init__(self, to_port: int, *, host: str = HOST, port: int = 0) -> None:
        self._to = (host, to_port)
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()  # of what is open
        self._one_at_a_time = threading.Lock()  # orders come from more than one thread
        self._listener = _listen(port)
        self.port: int = self._listener.getsockname()[1]
        self.plugged = True
        self._serve()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def state(self) -> dict[str, Any]:
        return {"url": self.url, "to": f"{self._to[0]}:{self._to[1]}", "unplugged": not self.plugged}

    def obey(self, line: str) -> str:
        """Do what the line says; "" or one line of what is wrong with it."""
        orders = {"cut": self.cut, "mend": self.mend}
        order = line.strip()
        if order and order not in orders:
            return f"unknown order {order!r}; there are {' and '.join(orders)}"
        try:
            if order:
                orders[order]()
        except OSError as error:  # somebody took the port while the cable was out
            return f"cannot do that: {error.strerror or error}"
        return ""

    def cut(self) -> None:
        """As when somebody trips over the cable."""
        with self._one_at_a_time:
            self.plugged = False
            _drop(self._listener)
            with self._lock:
                broken, self._open = self._open, set()
            for connection in broken:
                _drop(connection)

    def mend(self) -> None:
        with self._one_at_a_time:
            if not self.plugged:
                self._listener = _listen(self.port)
                self.plugged = True
                self._serve()

    def _serve(self) -> None:
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return  # cut
            threading.Thread(target=self._connect, args=(listener, near), daemon=True).start()

    def _connect(self, listener: socket.socket, near: socket.socket) -> None:
        """A far end that is away for a moment ends this connection, not the cable."""
        try:
            far = socket.create_connection(self._to, CONNECT_S)
        except OSError:
            _drop(near)
            return
        far.settimeout(None)
        for end in (near, far):  # a head and its body are two pieces: the second must not wait for the first's answer
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._lock:
            is_cut = listener is not self._listener or not self.plugged
            if not is_cut:
                self._open |= {near, far}
        if is_cut:  # while we were connecting
            _drop(near)
            _drop(far)
            return
        threading.Thread(target=self._forward, args=(near, far), daemon=True).start()
        self._forward(far, near)

    def _forward(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(CHUNK_BYTES):
                sink.sendall(piece)
        with self._lock:
            self._open -= {source, sink}
        _drop(source)
        _drop(sink)


def _listen(port: int) -> socket.socket:
    listener = socket.socket()
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


def _drop(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)  # wakes whoever waits on it; close alone would not
    connection.close()
