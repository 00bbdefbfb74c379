"""A device on the network, or behind a serial-to-network box, or emulated."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from functools import partial

from drivers.link.descriptor import DescriptorLink
from drivers.link.link import RECEIVE_BYTES, Clock, Terms


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


def open_tcp(address: tuple[str, int], tuning: Tuning, terms: Terms) -> DescriptorLink:
    """Raises DeviceError where nobody answers."""
    try:
        sock = socket.create_connection(address, timeout=tuning.connect_s)
    except OSError as error:
        raise terms.lost("connect", error) from None
    _tune(sock, tuning)
    sock.setblocking(False)
    drain = partial(_drain, sock, tuning.drain_s, terms.clock)
    return DescriptorLink(sock.fileno(), terms, close=sock.close, drain=drain, gone="it closed the connection")


def _drain(sock: socket.socket, drain_s: float, clock: Clock) -> None:
    deadline = clock() + drain_s
    if drain_s:
        sock.shutdown(socket.SHUT_WR)
    while (left := deadline - clock()) > 0:
        sock.settimeout(left)
        if not sock.recv(RECEIVE_BYTES):
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
