"""The device that a share holds: a descriptor, which outlives its process on the keeper's shelf, and its life."""

from __future__ import annotations

import os
from collections.abc import Callable

from drivers.errors import DeviceError
from drivers.life import DeviceEvent, DeviceLife


class HeldDevice:
    """`fd` is None while it is not there. `open` gives one that never blocks; `gone`: what its end means."""

    def __init__(self, fd: int | None, open: Callable[[], int], gone: str) -> None:
        self.fd = fd
        self.life = DeviceLife()
        self._open, self._gone = open, gone
        if fd is not None:
            self.life.happened(DeviceEvent.TRIED, 0.0)
            self.life.happened(DeviceEvent.OPENED, 0.0)

    def kept(self, name: str) -> dict[str, int]:
        return {} if self.fd is None else {name: self.fd}

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
