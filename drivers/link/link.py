"""A link to a device, whatever it is made of: bytes to it and from it, every wait bounded, every foreign error
translated (lost.py). Each kind has a file of its own in this folder; which URLs there are, a device's own folder says.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from drivers.errors import DeviceError
from drivers.link.lost import Hints, lost

RECEIVE_BYTES: Final = 4096  # one look takes no more, so that a step stays short however mad the line

Clock = Callable[[], float]


class Link(Protocol):
    """`accepted` counts the bytes the operating system took: none taken means none printed. Raises DeviceError."""

    @property
    def accepted(self) -> int: ...

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what terms a link is opened: how long its device may take, and what helps where it fails."""

    url: str
    pace: Pace
    hints: Hints
    clock: Clock = time.monotonic

    def lost(self, tried: str, error: BaseException) -> DeviceError:
        return lost(tried, self.url, error, self.hints)


class PacedLink(ABC):
    """What is sent leaves whole within the device's pace, a piece at a time, or the link is lost."""

    def __init__(self, terms: Terms) -> None:
        self.accepted = 0
        self._terms = terms

    def send(self, data: bytes) -> None:
        pace, clock, view = self._terms.pace, self._terms.clock, memoryview(data)
        deadline = clock() + pace.send_s + pace.slowest_s(data)
        try:
            while view:
                if (left := deadline - clock()) <= 0:
                    raise TimeoutError("timed out")
                sent = self._give(view, min(left, pace.stall_s))
                self.accepted += sent
                view = view[sent:]
        except OSError as error:
            raise self._terms.lost("send", error) from None

    @abstractmethod
    def _give(self, view: memoryview, timeout_s: float) -> int:
        """Some of it; how many bytes were taken. Raises OSError, TimeoutError if none was."""
