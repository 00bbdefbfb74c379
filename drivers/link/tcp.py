"""A device on the network, or behind a serial-to-network box, or emulated."""

from __future__ import annotations

import socket
from contextlib import suppress
from dataclasses import dataclass

from drivers.link.link import RECEIVE_BYTES, PacedLink, Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """A device that is switched off sends no FIN: without keepalive (idle and interval in seconds, probes) its line
    would look quiet for ever, and without `user_timeout_ms` the kernel would try to send for 15 minutes. More than
    `buffer_bytes` of what is sent would hide from us what the device has not taken yet. `drain_s`: closing with unread
    answers would reset the connection, and lose what is still on its way."""

    connect_s: float
    keepalive: tuple[int, int, int]
    user_timeout_ms: int | None = None
    buffer_bytes: int | None = None
    drain_s: float = 0.0


class TcpLink(PacedLink):
    """Raises DeviceError where nobody answers."""

    def __init__(self, address: tuple[str, int], tuning: Tuning, terms: Terms) -> None:
        super().__init__(terms)
        self._drain_s = tuning.drain_s
        try:
            self._socket = socket.create_connection(address, timeout=tuning.connect_s)
        except OSError as error:
            raise terms.lost("connect", error) from None
        _tune(self._socket, tuning)

    def _give(self, view: memoryview, timeout_s: float) -> int:
        self._socket.settimeout(timeout_s)
        return self._socket.send(view)

    def receive(self, timeout_s: float) -> bytes:
        self._socket.settimeout(max(timeout_s, 0.0))
        try:
            data = self._socket.recv(RECEIVE_BYTES)
        except BlockingIOError:
            return b""
        except OSError as error:
            if isinstance(error, TimeoutError) and error.errno is None:  # with a number it is the connection's death
                return b""
            raise self._terms.lost("receive", error) from None
        if not data:
            raise self._terms.lost("receive", ConnectionError("it closed the connection"))
        return data

    def detach(self) -> int:
        """A plain descriptor that never blocks, set up as this was; the link is over."""
        self._socket.setblocking(False)
        return self._socket.detach()

    def close(self) -> None:
        with suppress(OSError):
            if self._drain_s:
                self._drain()
        self._socket.close()

    def _drain(self) -> None:
        self._socket.shutdown(socket.SHUT_WR)
        deadline = self._terms.clock() + self._drain_s
        while (left := deadline - self._terms.clock()) > 0:
            self._socket.settimeout(left)
            if not self._socket.recv(RECEIVE_BYTES):
                break


def _tune(sock: socket.socket, tuning: Tuning) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if tuning.buffer_bytes is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, tuning.buffer_bytes)
    names = ("TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT", "TCP_USER_TIMEOUT")
    for name, value in zip(names, (*tuning.keepalive, tuning.user_timeout_ms), strict=True):
        option = getattr(socket, name, None)  # Linux has them all; elsewhere what there is
        if option is not None and value is not None:
            sock.setsockopt(socket.IPPROTO_TCP, option, value)
