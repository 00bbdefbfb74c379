"""A node of the kernel's that delivers a scanner's keys or reports, or a named pipe with what one delivered."""

from __future__ import annotations

import os
import stat

from drivers.errors import DeviceError
from drivers.link.descriptor import DescriptorLink
from drivers.link.link import RECEIVE_BYTES, Terms
from drivers.link.lost import Hints
from drivers.scanner.link import PACE


class NodeLink(DescriptorLink):
    """An open node. Whoever derives from it says what is asked of it first, and why it takes no orders."""

    no_orders = "it takes no orders"

    def __init__(self, url: str, *, path: str, hints: Hints, bytes_max: int = RECEIVE_BYTES) -> None:
        """Closing it also ends a grab."""
        terms = Terms(url=url, pace=PACE, hints=hints)
        try:
            node = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        except OSError as error:
            raise terms.lost("open", error) from error
        super().__init__(node, terms, close=lambda: os.close(node), bytes_max=bytes_max)
        try:
            mode = os.fstat(node).st_mode
            self.is_device = stat.S_ISCHR(mode)
            if not (self.is_device or stat.S_ISFIFO(mode)):  # a plain file would deliver anything
                raise OSError("it is no device")
            self._claim()
        except OSError as error:
            self.close()
            raise terms.lost("open", error) from error

    def _claim(self) -> None:
        """What is to be asked of the node, or taken of it, before the first read. Raises OSError."""

    def send(self, data: bytes) -> None:
        raise DeviceError(
            tried=f"sending {len(data)} bytes",
            device=self._terms.url,
            cause=self.no_orders,
            hint="Scan the setting's barcode from the scanner's manual.",
        )
