"""A link to a device, whatever it is made of: bytes to it and from it, every wait bounded, every foreign error
translated (lost.py). Each kind has a file of its own in this folder; which URLs there are, a device's own folder says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

RECEIVE_BYTES: Final = 4096  # one look takes no more, so that a step stays short however mad the line

Clock = Callable[[], float]


class Link(Protocol):
    """`accepted` counts the bytes the operating system took: none taken means none printed. Raises DeviceError."""

    accepted: int

    def send(self, data: bytes) -> None: ...

    def receive(self, timeout_s: float) -> bytes:
        """What came, at once or within the time; b"" if nothing did. A link that is gone raises."""
        ...

    def close(self) -> None:
        """Let it go; never fails."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long a device may take. `send_s`: for what is sent at once, beside the time that its bytes need on a line of
    `slowest_bytes_per_s`; `stall_s`: without one byte of it taken."""

    send_s: float
    stall_s: float
    slowest_bytes_per_s: int

    def slowest_s(self, data: bytes) -> float:
        """How long these bytes may be on their way."""
        return len(data) / self.slowest_bytes_per_s

    def until(self, now_s: float, data: bytes) -> float:
        return now_s + self.send_s + self.slowest_s(data)

    def patience(self, left_s: float) -> float:
        """For one more piece of it. Raises TimeoutError."""
        if left_s <= 0:
            raise TimeoutError("timed out")
        return min(left_s, self.stall_s)
