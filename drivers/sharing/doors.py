"""Where the shop's POS finds a shared device: a pty, a TCP port or a serial port. Nothing here waits.

pty:/run/pos/scanner               the POS opens it as a serial port; the name stays
tcp:9200, tcp:192.168.0.5:9200     the POS connects; without a host, on this machine alone
serial:///dev/ttyS1?baud=9600      a cable to the POS's own machine; also `&flow=rtscts|xonxoff|none`
"""

from __future__ import annotations

import os
import re
import select
import socket
import tty
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from drivers.errors import DeviceError
from drivers.link.address import Address
from drivers.link.lost import ERRORS
from drivers.link.serial import PORT, serial_port

READ_BYTES = 4096
TRY_AGAIN_S = 1.0  # a cable to the POS that is not there; opening it costs nothing
TCP = re.compile(r"tcp:(?:(?P<host>[^:\s]+):)?(?P<port>[0-9]{1,5})")
TRIED = "opening the POS's end"
HINT = "Write it like pty:/tmp/pos-scanner, tcp:9200 or serial:///dev/ttyS1?baud=9600."


class Door(Protocol):
    """Descriptors under `kept` outlive the process; one found in `found` at the start is taken up again."""

    def kept(self) -> dict[str, int]: ...

    def reads(self) -> list[int]:
        """What may bring something of the POS, or a POS."""

    def there(self) -> bool:
        """Whether a POS holds the other end."""

    def hear(self, ready: set[int], now_s: float) -> bytes:
        """What the POS said; lets a POS in."""

    def tell(self, data: bytes) -> int:
        """How many bytes went; 0 when the POS takes none now. Only while it is there."""

    def writes(self) -> list[int]: ...

    def close(self) -> None: ...


def open_door(spec: str, found: dict[str, int]) -> Door:
    """Raises DeviceError for what is none, or cannot be made."""
    if spec.startswith("pty:/"):
        return PtyDoor(Path(spec.removeprefix("pty:")), found)
    if (match := TCP.fullmatch(spec)) is not None:
        return TcpDoor(match["host"] or "127.0.0.1", int(match["port"]), found)
    if spec.startswith("serial:///"):
        return SerialDoor(spec, found)
    raise _wrong(spec, "it is no way to a POS")


def _wrong(spec: str, cause: str, hint: str = HINT) -> DeviceError:
    return DeviceError(tried=TRIED, device=spec, cause=cause, hint=hint)


class PtyDoor:
    """We keep no end of the POS's side open: so the system tells when nobody has it, and what is sent then is lost, as
    on a cable that leads nowhere, and not read out to the next customer."""

    def __init__(self, path: Path, found: dict[str, int]) -> None:
        self.path = path
        self._master = found["pty"] if "pty" in found else self._made()
        self._had_pos = False
        os.set_blocking(self._master, False)

    def _made(self) -> int:
        master, slave = os.openpty()
        tty.setraw(slave)  # kept by the pty for as long as we have its master
        name = os.ttyname(slave)
        os.close(slave)
        try:
            if self.path.is_symlink():
                self.path.unlink()  # of one who was killed
            self.path.symlink_to(name)
        except OSError as error:
            os.close(master)
            hint = "Give it a path that is free, in a folder that is there and ours."
            raise _wrong(f"pty:{self.path}", error.strerror or str(error), hint) from None
        return master

    def kept(self) -> dict[str, int]:
        return {"pty": self._master}

    def there(self) -> bool:
        looking = select.poll()
        looking.register(self._master, select.POLLIN)
        return not any(event & select.POLLHUP for _, event in looking.poll(0))

    def reads(self) -> list[int]:
        return [self._master] if self.there() else []

    def hear(self, ready: set[int], now_s: float) -> bytes:
        there = self.there()
        if self._had_pos and not there:
            tty.setraw(self._master)  # whatever it had set is not for whoever comes next: an echo would be an order
        self._had_pos = there
        with suppress(OSError):
            if self._master in ready:
                return os.read(self._master, READ_BYTES)
        return b""

    def tell(self, data: bytes) -> int:
        try:
            return os.write(self._master, data)
        except OSError:
            return 0

    def writes(self) -> list[int]:
        return [self._master]

    def close(self) -> None:
        with suppress(OSError):
            self.path.unlink()
        os.close(self._master)


class TcpDoor:
    """One POS at a time, as a network box does it; the next one waits until the first is gone."""

    def __init__(self, host: str, port: int, found: dict[str, int]) -> None:
        self._listener = socket.socket(fileno=found["tcp"]) if "tcp" in found else _listening(host, port)
        self._listener.setblocking(False)
        clients = sorted(name for name in found if name.startswith("pos-"))
        self._client = socket.socket(fileno=found[clients[-1]]) if clients else None
        self._number = int(clients[-1].removeprefix("pos-")) if clients else 0
        self.port = int(self._listener.getsockname()[1])

    @property
    def visits(self) -> int:
        """How many connections there were: a new one is a new job."""
        return self._number

    def kept(self) -> dict[str, int]:
        client = {} if self._client is None else {f"pos-{self._number:09}": self._client.fileno()}
        return {"tcp": self._listener.fileno(), **client}

    def there(self) -> bool:
        return self._client is not None

    def reads(self) -> list[int]:
        return [(self._client or self._listener).fileno()]

    def hear(self, ready: set[int], now_s: float) -> bytes:
        if self._client is None:
            if self._listener.fileno() in ready:
                self._accept()
            return b""
        if self._client.fileno() not in ready:
            return b""
        try:
            data = self._client.recv(READ_BYTES)
        except BlockingIOError:
            return b""
        except OSError:
            data = b""
        if not data:
            self.drop()
        return data

    def _accept(self) -> None:
        with suppress(OSError):
            self._client, _ = self._listener.accept()
            self._client.setblocking(False)
            self._client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            self._number += 1

    def drop(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def tell(self, data: bytes) -> int:
        assert self._client is not None
        try:
            return self._client.send(data)
        except BlockingIOError:
            return 0
        except OSError:
            self.drop()
            return 0

    def writes(self) -> list[int]:
        return [] if self._client is None else [self._client.fileno()]

    def close(self) -> None:
        self.drop()
        self._listener.close()


def _listening(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port))
    except (OSError, OverflowError) as error:
        cause = getattr(error, "strerror", None) or str(error)
        raise _wrong(f"tcp:{host}:{port}", cause, "Is the port free, and is the address this machine's?") from None


class SerialDoor:
    """A cable: nobody can tell whether the POS is at its other end."""

    def __init__(self, url: str, found: dict[str, int]) -> None:
        address = Address(url, HINT, tried=TRIED)
        self.path, self.settings = address.path(), address.settings(PORT)
        self._fd: int | None = found.get("cable")
        self._try_at_s = 0.0

    def kept(self) -> dict[str, int]:
        return {} if self._fd is None else {"cable": self._fd}

    def there(self) -> bool:
        return self._fd is not None

    def reads(self) -> list[int]:
        return [] if self._fd is None else [self._fd]

    def hear(self, ready: set[int], now_s: float) -> bytes:
        if self._fd is None:
            self._open(now_s)
        elif self._fd in ready:
            with suppress(BlockingIOError):
                try:
                    data = os.read(self._fd, READ_BYTES)
                except BlockingIOError:
                    raise
                except OSError:
                    data = b""
                if not data:
                    self.close()
                return data
        return b""

    def _open(self, now_s: float) -> None:
        if now_s < self._try_at_s:
            return
        self._try_at_s = now_s + TRY_AGAIN_S
        with suppress(*ERRORS):
            port = serial_port(self.path, self.settings)
            self._fd = os.dup(port.fileno())
            os.set_blocking(self._fd, False)
            port.close()

    def tell(self, data: bytes) -> int:
        assert self._fd is not None
        try:
            return os.write(self._fd, data)
        except BlockingIOError:
            return 0
        except OSError:
            self.close()
            return 0

    def writes(self) -> list[int]:
        return self.reads()

    def close(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None
