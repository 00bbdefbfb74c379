"""Between a printer and whoever prints on it: a port on this machine for a program that has a printer's URL. Every byte
of both directions is told, with nothing changed."""

from __future__ import annotations

import select
import socket
from collections.abc import Callable
from contextlib import suppress

from drivers.errors import DeviceError
from drivers.link.link import Link
from drivers.link.spy import RecordedLink, Told
from drivers.printer.link import open_link

CHUNK_BYTES = 4096
LOOK_S = 0.01  # how late an answer may be by our looking at two ends in turn
SEND_S = 10.0  # a host that takes no answer for so long is gone
HOST = "127.0.0.1"  # the printer is this machine's: nobody else shall print through us


class Relay:
    """One host at a time, as a printer has it. `step` does one bounded piece of work."""

    def __init__(self, url: str, told: Told, *, port: int = 0, opened: Callable[[str], Link] = open_link) -> None:
        self._printer_url = url
        self._told = told
        self._opened = opened
        self._host: socket.socket | None = None
        self._link: RecordedLink | None = None
        try:
            self._listener = socket.create_server((HOST, port))
        except OSError as error:
            raise DeviceError(
                tried="listening",
                device=f"tcp://{HOST}:{port}",
                cause=error.strerror or str(error),
                hint="Choose another port, or 0 for any free one.",
            ) from error
        self.port: int = self._listener.getsockname()[1]

    @property
    def url(self) -> str:
        """For the settings of whoever prints, while this runs."""
        return f"tcp://{HOST}:{self.port}"

    def step(self, wait_s: float) -> None:
        """Wait for a host, or carry what there is. A printer that is gone ends the host's connection: DeviceError."""
        if self._host is None or self._link is None:
            self._wait_for_host(wait_s)
            return
        try:
            self._carry(self._host, self._link)
        except DeviceError:
            self._let_go()
            raise

    def close(self) -> None:
        self._let_go()
        self._listener.close()

    def _wait_for_host(self, wait_s: float) -> None:
        readable, _, _ = select.select([self._listener], [], [], wait_s)
        if not readable:
            return
        self._host, _ = self._listener.accept()
        self._host.settimeout(SEND_S)
        self._host.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self._link = RecordedLink(self._opened(self._printer_url), self._told)
        except DeviceError:
            self._let_go()
            raise

    def _carry(self, host: socket.socket, link: RecordedLink) -> None:
        readable, _, _ = select.select([host], [], [], LOOK_S)
        data = self._heard(host) if readable else None
        if data:
            link.send(data)
        answer = link.receive(LOOK_S if data is None else 0.0)
        if answer:
            with suppress(OSError):  # the host has just gone; the next look tells
                host.sendall(answer)
        if data == b"":
            self._let_go()

    def _heard(self, host: socket.socket) -> bytes:
        try:
            return host.recv(CHUNK_BYTES)
        except OSError:
            return b""

    def _let_go(self) -> None:
        if self._link is not None:
            self._link.close()
        if self._host is not None:
            self._host.close()
        self._host = self._link = None
