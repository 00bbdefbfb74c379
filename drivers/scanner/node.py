"""A node of the kernel's that delivers a scanner's keys or reports, or a named pipe with what one delivered."""

from __future__ import annotations

import contextlib
import os
import select
import stat

from drivers.errors import DeviceError
from drivers.scanner.link import opening_failed, words_of


class NodeLink:
    """An open node. Whoever derives from it says what is read, and why it takes no orders."""

    kind = "a node"
    reads = "the node"
    silent = "no more comes"
    no_orders = "it takes no orders"
    read_bytes_max = 4096  # a step stays short; the kernel keeps the rest

    def __init__(self, url: str, *, path: str, wait_s: float) -> None:
        self._url = url
        self._wait_s = wait_s
        try:
            self._node = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        except OSError as error:
            raise self._not_opened(error, path) from error
        mode = os.fstat(self._node).st_mode
        self._is_device = stat.S_ISCHR(mode)
        try:
            if not (self._is_device or stat.S_ISFIFO(mode)):  # a plain file would deliver anything
                raise OSError("it is no device")
            self._claim()
        except OSError as error:
            os.close(self._node)
            raise self._not_opened(error, path) from error

    def _claim(self) -> None:
        """What is to be asked of the node, or taken of it, before the first read. Raises OSError."""

    def _not_opened(self, error: OSError, path: str) -> DeviceError:
        return opening_failed(self._url, error, path, kind=self.kind)

    def read(self) -> bytes:
        try:
            readable, _, _ = select.select([self._node], [], [], self._wait_s)
            data = os.read(self._node, self.read_bytes_max) if readable else None
        except BlockingIOError:
            return b""
        except (OSError, ValueError) as error:
            raise self._lost(words_of(error)) from error
        if data == b"":  # a pipe whose writer is gone; a device that is gone is EIO or ENODEV
            raise self._lost(self.silent)
        return data or b""

    def _lost(self, cause: str) -> DeviceError:
        return DeviceError(
            tried=f"reading {self.reads}", device=self._url, cause=cause, hint="Is the scanner plugged in?"
        )

    def write(self, data: bytes) -> None:
        raise DeviceError(
            tried=f"sending {len(data)} bytes",
            device=self._url,
            cause=self.no_orders,
            hint="Scan the setting's barcode from the scanner's manual.",
        )

    def close(self) -> None:
        with contextlib.suppress(OSError):
            os.close(self._node)  # which also ends a grab
