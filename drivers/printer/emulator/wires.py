"""Where the printer's cable ends: a TCP port or a pseudo-terminal. Nothing here waits; the server does."""

from __future__ import annotations

import os
import selectors
import socket
import tty
from contextlib import suppress
from pathlib import Path
from typing import Protocol

BACKLOG = 8
UNSENT_MAX_BYTES = 65536  # a host that never reads its answers
XON, XOFF = b"\x11", b"\x13"
XOFF_ROOM_BYTES = 128  # a printer says stop while some bytes may still be on the way
XON_ROOM_BYTES = 256


class Wire(Protocol):
    @property
    def url(self) -> str:
        """For the host's settings."""

    @property
    def plugged(self) -> bool: ...

    def wanted(self, room: int) -> dict[socket.socket | int, int]:
        """What to wait for now, and for what (selectors' events). No bytes are wanted where there is no room."""

    def take(self, source: object, limit: int) -> bytes:
        """What came from there, at most `limit` bytes; also sends answers that had to wait."""

    def send(self, data: bytes) -> None: ...

    def pace(self, room: int) -> None:
        """Tell the host to stop or to go on, where the wire has a way to."""

    def drop(self) -> None:
        """End the connection; the next one is taken."""

    def unplug(self) -> None: ...

    def plug(self) -> None: ...


class TcpWire:
    """One client at a time, as most network printers do it; the next one waits in the queue.

    A full buffer is shown by not reading: the window closes. What stands behind it in the queue, a real-time
    command too, is not heard before there is room.
    """

    def __init__(self, host: str, port: int) -> None:
        self._listener: socket.socket | None = listen(host, port)
        address = self._listener.getsockname()
        self.host, self.port = str(address[0]), int(address[1])
        self._client: socket.socket | None = None
        self._unsent = bytearray()

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"tcp://{host}:{self.port}"

    @property
    def plugged(self) -> bool:
        return self._listener is not None

    def wanted(self, room: int) -> dict[socket.socket | int, int]:
        if self._client is None:
            return {self._listener: selectors.EVENT_READ} if self._listener is not None else {}
        events = (selectors.EVENT_READ if room else 0) | (selectors.EVENT_WRITE if self._unsent else 0)
        return {self._client: events} if events else {}

    def take(self, source: object, limit: int) -> bytes:
        if source is self._listener and self._client is None:
            self._accept()
        elif source is self._client and self._client is not None:
            return self._read(self._client, limit)
        return b""

    def _accept(self) -> None:
        assert self._listener is not None
        with suppress(OSError):
            self._client, _ = self._listener.accept()
            self._client.setblocking(False)
            # A second answer must not wait for the host's word of the first: 40 ms a receipt.
            self._client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _read(self, client: socket.socket, limit: int) -> bytes:
        try:
            self._flush()
            if not limit:
                return b""
            data = client.recv(limit)
        except BlockingIOError:
            return b""
        except OSError:
            data = b""
        if not data:
            self.drop()
        return data

    def send(self, data: bytes) -> None:
        if self._client is not None and len(self._unsent) < UNSENT_MAX_BYTES:
            self._unsent += data
            with suppress(OSError):
                self._flush()

    def _flush(self) -> None:
        if self._client is not None and self._unsent:
            with suppress(BlockingIOError):
                del self._unsent[: self._client.send(self._unsent)]

    def pace(self, room: int) -> None:
        pass

    def drop(self) -> None:
        if self._client is not None:
            self._client.close()
        self._client = None
        self._unsent.clear()

    def unplug(self) -> None:
        """The connection breaks, new ones are refused."""
        self.drop()
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def plug(self) -> None:
        if self._listener is None:
            self._listener = listen(self.host, self.port)


class PtyWire:
    """A serial port. XOFF and XON are sent as the buffer fills and empties; off line alone sends none, as with
    the usual setting "BUSY: receive buffer full". The speed is the server's business: a pty has none."""

    def __init__(self, link: Path | None = None) -> None:
        self.link = link.absolute() if link is not None else None
        self._master = self._slave = -1
        self._unsent = bytearray()
        self._stopped = False
        self._name = ""
        self.plug()

    @property
    def url(self) -> str:
        return f"serial://{self.link or self._name}"

    @property
    def plugged(self) -> bool:
        return self._master >= 0

    def plug(self) -> None:
        if self._master >= 0:
            return
        self._master, self._slave = os.openpty()
        self._name = os.ttyname(self._slave)
        # Our own raw slave keeps the terminal alive and unechoed while hosts open and close it.
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        if self.link is not None:
            try:
                if self.link.is_symlink():
                    self.link.unlink()  # of an emulator that was killed
                self.link.symlink_to(self._name)
            except OSError:
                self._close()
                raise

    def unplug(self) -> None:
        if self._master >= 0:
            if self.link is not None:
                self.link.unlink(missing_ok=True)
            self._close()

    def _close(self) -> None:
        os.close(self._slave)
        os.close(self._master)
        self._master = self._slave = -1
        self._unsent.clear()
        self._stopped = False

    def wanted(self, room: int) -> dict[socket.socket | int, int]:
        events = (selectors.EVENT_READ if room else 0) | (selectors.EVENT_WRITE if self._unsent else 0)
        return {self._master: events} if events and self._master >= 0 else {}

    def take(self, source: object, limit: int) -> bytes:
        if source != self._master:
            return b""
        self._flush()
        if not limit:
            return b""
        try:
            return os.read(self._master, limit)
        except OSError:  # nothing there now
            return b""

    def send(self, data: bytes) -> None:
        if self._master >= 0 and len(self._unsent) < UNSENT_MAX_BYTES:
            self._unsent += data
            self._flush()

    def _flush(self) -> None:
        if self._unsent:
            with suppress(OSError):  # some 20 KB that nobody reads
                del self._unsent[: os.write(self._master, self._unsent)]

    def pace(self, room: int) -> None:
        if not self._stopped and room <= XOFF_ROOM_BYTES:
            self._stopped = True
            self.send(XOFF)
        elif self._stopped and room >= XON_ROOM_BYTES:
            self._stopped = False
            self.send(XON)

    def drop(self) -> None:
        """A power cycle: a serial line has no connection to lose, only what was to be said."""
        self._unsent.clear()


def listen(host: str, port: int) -> socket.socket:
    """OSError tells that the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    listener.setblocking(False)
    return listener
