"""What a share holds open: its device, and the sockets on which it is spoken to. They outlive its process on the
keeper's shelf, where whoever takes its place finds them by name."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

from drivers.errors import DeviceError
from drivers.life import DeviceEvent, DeviceLife
from drivers.sharing.local import listen


class HeldDevice:
    """`fd` is None while it is not there. `open` gives one that never blocks; `gone`: what its end means."""

    def __init__(self, fd: int | None, open: Callable[[], int], gone: str) -> None:
        self.fd = fd
        self.life = DeviceLife()
        self._open, self._gone = open, gone
        if fd is not None:
            self.life.happened(DeviceEvent.TRIED, 0.0)
            self.life.happened(DeviceEvent.OPENED, 0.0)

    @property
    def fds(self) -> list[int]:
        return [] if self.fd is None else [self.fd]

    def open(self, now_s: float) -> None:
        """When it is time."""
        if not self.life.wants_try(now_s):
            return
        self.life.happened(DeviceEvent.TRIED, now_s)
        try:
            self.fd = self._open()
        except DeviceError as error:
            self.life.happened(DeviceEvent.MISSING if error.missing else DeviceEvent.FAILED, now_s, str(error))
            return
        self.life.happened(DeviceEvent.OPENED, now_s)

    def read(self, now_s: float, read: Callable[[int], bytes]) -> bytes:
        """What it has said. Its end closes it, and so does an error."""
        assert self.fd is not None
        try:
            data = read(self.fd)
        except BlockingIOError:
            return b""
        except OSError as error:
            self._lose(os.strerror(error.errno or 0), now_s)
            return b""
        if not data:
            self._lose(self._gone, now_s)
        return data

    def write(self, data: bytearray, now_s: float) -> int:
        """What it takes at once is taken from these. An error closes it."""
        assert self.fd is not None
        try:
            taken = os.write(self.fd, data)
        except BlockingIOError:
            return 0
        except OSError as error:
            self._lose(os.strerror(error.errno or 0), now_s)
            return 0
        del data[:taken]
        return taken

    def _lose(self, cause: str, now_s: float) -> None:
        assert self.fd is not None
        os.close(self.fd)
        self.fd = None
        self.life.happened(DeviceEvent.FAILED, now_s, cause)


def listener(found: dict[str, int], name: str, path: Path, *, stream: bool = False) -> socket.socket:
    """The one that was found, or a new one."""
    one = socket.socket(fileno=found[name]) if name in found else listen(path, stream=stream)
    one.setblocking(False)
    return one


def newest(found: dict[str, int], name: str) -> socket.socket | None:
    """Of those who have come under this name, each with a number of his own, the last."""
    names = [one for one in found if one.startswith(f"{name}-")]
    if not names:
        return None
    one = socket.socket(fileno=found[max(names)])
    one.setblocking(False)
    return one


def last_number(found: dict[str, int]) -> int:
    return max((int(name.rpartition("-")[2]) for name in found if "-" in name), default=0)
