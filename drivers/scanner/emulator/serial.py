"""An emulated serial scanner: a pty or a TCP port that sends codes as a real one does, byte by byte.

Written from scanners' manuals (suffixes, AIM identifiers, framing bytes), with words of its own: it never looks
at the driver. It can be unplugged in the middle of a code.
"""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
import tty
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from drivers.errors import DeviceError
from drivers.scanner.emulator.habits import Words, characters

SUFFIX_BYTES = {
    "cr": b"\r",
    "lf": b"\n",
    "crlf": b"\r\n",
    "tab": b"\t",
    "etx": b"\x03",
    "eot": b"\x04",
    "none": b"",
}
BITS_PER_BYTE = 10  # a start bit, eight of data, a stop bit
HEAR_BYTES = 4096
SEND_WAIT_S = 1.0  # a reader that takes nothing for so long has lost the code, as it would a real one


class Way(Protocol):
    """How this scanner was set up: what it makes of a code, in what pieces and at what pace it sends it."""

    @property
    def piece_bytes(self) -> int: ...

    def bytes_of(self, code: str, aim: str = "") -> bytes:
        """A code as it goes over the line; `aim` is the identifier of this one code."""

    def pace_s(self, piece: bytes) -> float:
        """How long the line is busy with a piece."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The way of a serial scanner."""

    suffix: str = "cr"
    aim: str = ""  # "]E0"; the identifier goes before every code
    words: Words = field(default_factory=Words)
    encoding: str = "utf-8"
    stx: bool = False
    baud: int = 9600
    piece_bytes: int = 16  # a USB-serial chip hands over so many at a time
    pause_s: float = 0.0  # between pieces, besides the time the bytes take at this baud

    def bytes_of(self, code: str, aim: str = "") -> bytes:
        start = b"\x02" if self.stx else b""
        end = SUFFIX_BYTES.get(self.suffix)
        said = self.words.said(code, aim or self.aim).encode(self.encoding)
        return start + said + (characters(self.suffix).encode("latin-1") if end is None else end)

    def pace_s(self, piece: bytes) -> float:
        return len(piece) * BITS_PER_BYTE / self.baud + self.pause_s


class Line(Protocol):
    """Where the emulated scanner's cable ends."""

    @property
    def url(self) -> str:
        """For the host's configuration."""

    def plug(self) -> None:
        """Appear to the host."""

    def unplug(self) -> None:
        """Vanish, with whatever was on the way."""

    def send(self, data: bytes) -> bool:
        """Put bytes on the line; False when nobody took them all."""

    def hear(self) -> bytes:
        """What the host has said since the last time; never waits."""


class ScannerEmulator:
    """A scanner in somebody's hand."""

    def __init__(self, line: Line, wording: Way | None = None) -> None:
        self.line = line
        self.wording: Way = wording or Wording()
        self.plugged = False

    def scan(self, code: str, aim: str = "") -> bool:
        """Send one code. False when it was lost because nobody listens."""
        return self.send(self.wording.bytes_of(code, aim))

    def send(self, data: bytes) -> bool:
        """Send raw bytes at the pace of the line."""
        step = self.wording.piece_bytes
        for start in range(0, len(data), step):
            piece = data[start : start + step]
            if not self.line.send(piece):
                return False
            time.sleep(self.wording.pace_s(piece))
        return True

    def unplug(self) -> None:
        self.line.unplug()
        self.plugged = False

    def plug(self) -> None:
        self.line.plug()
        self.plugged = True


class PtyLine:
    """A pseudo-terminal behind a path that stays the same, as /dev/serial/by-id does."""

    def __init__(self, link: Path, *, baud: int = 9600) -> None:
        self.link = link.absolute()
        self.url = f"serial://{self.link}?baud={baud}"
        self._master: int | None = None
        self._slave: int | None = None

    def plug(self) -> None:
        if self._master is not None:
            return
        master, slave = os.openpty()
        # Our own raw slave keeps the terminal alive and unechoed while the host opens and closes it.
        tty.setraw(slave)
        os.set_blocking(master, False)
        try:
            if self.link.is_symlink():
                self.link.unlink()  # of an emulator that was killed
            self.link.symlink_to(os.ttyname(slave))
        except OSError as error:
            os.close(master)
            os.close(slave)
            raise DeviceError(
                tried="making the port",
                device=str(self.link),
                cause=error.strerror or str(error),
                hint="Give --link a path that is free, in a folder that exists.",
            ) from error
        self._master, self._slave = master, slave

    def unplug(self) -> None:
        if self._master is None or self._slave is None:
            return
        self.link.unlink(missing_ok=True)
        os.close(self._slave)
        os.close(self._master)
        self._master = self._slave = None

    def send(self, data: bytes) -> bool:
        if self._master is None:
            return False
        try:
            return os.write(self._master, data) == len(data)
        except BlockingIOError:  # some 20 KB that nobody reads
            return False

    def hear(self) -> bytes:
        if self._master is None:
            return b""
        try:
            return os.read(self._master, HEAR_BYTES)
        except BlockingIOError:
            return b""


class TcpLine:
    """A scanner behind a serial-to-network box. Several hosts may listen; each gets every code."""

    def __init__(self, port: int = 0) -> None:
        self._port = port
        self._listener: socket.socket | None = None
        self._hosts: list[socket.socket] = []
        self._changed = threading.Condition()

    @property
    def url(self) -> str:
        return f"tcp://127.0.0.1:{self._port}"

    def plug(self) -> None:
        if self._listener is not None:
            return
        try:
            self._listener = socket.create_server(("127.0.0.1", self._port))
        except OSError as error:
            raise DeviceError(
                tried="listening",
                device=self.url,
                cause=error.strerror or str(error),
                hint="Choose another port, or 0 for any free one.",
            ) from error
        self._port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def unplug(self) -> None:
        if self._listener is None:
            return
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes accept(), which close() alone does not
        self._listener.close()
        self._listener = None
        with self._changed:
            for host in self._hosts:
                host.close()
            self._hosts.clear()

    def send(self, data: bytes) -> bool:
        with self._changed:
            for host in list(self._hosts):
                try:
                    host.sendall(data)
                except OSError:
                    self._hosts.remove(host)
                    host.close()
            return bool(self._hosts)

    def hear(self) -> bytes:
        heard = b""
        with self._changed:
            for host in self._hosts:
                with contextlib.suppress(OSError):  # a host that is gone is noticed when sending
                    heard += host.recv(HEAR_BYTES, socket.MSG_DONTWAIT)
        return heard

    def wait_for_host(self, timeout_s: float) -> bool:
        """True as soon as somebody listens."""
        with self._changed:
            return self._changed.wait_for(lambda: bool(self._hosts), timeout_s)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                host, _ = listener.accept()
            except OSError:
                return  # unplugged
            host.settimeout(SEND_WAIT_S)
            host.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._changed:
                if self._listener is not listener:
                    host.close()
                    return
                self._hosts.append(host)
                self._changed.notify_all()
