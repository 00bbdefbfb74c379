"""The points at which a fault may come: which call, how it fails, and which of them it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Literal, NamedTuple

from tests.faults.living import HIT_AT

Mode = Literal["kill", "EIO once", "EIO for ever", "ENOSPC once", "ENOSPC for ever"]

_DISK: Final[tuple[Mode, ...]] = ("kill", "EIO once", "EIO for ever")
_SPACE: Final[tuple[Mode, ...]] = (*_DISK, "ENOSPC once", "ENOSPC for ever")
CALLS: Final[Mapping[str, tuple[Mode, ...]]] = {
    "pwrite64": _SPACE,
    "write": _SPACE,
    "pread64": ("EIO once", "EIO for ever"),  # to be killed before a read is to be killed before the next write
    "fdatasync": _DISK,
    "fsync": _DISK,
    "ftruncate": _DISK,
    "openat": _SPACE,
    "rename": _DISK,
    "link": _DISK,
    "unlink": _DISK,
    "mkdir": ("kill", "ENOSPC once"),
    "sendto": ("kill", "EIO once"),  # the answer to whoever asked
}
FAULTS: Final[Mapping[Mode, str]] = {
    "kill": f"signal=SIGKILL:when={HIT_AT}",
    "EIO once": f"error=EIO:when={HIT_AT}",
    "EIO for ever": f"error=EIO:when={HIT_AT}+",
    "ENOSPC once": f"error=ENOSPC:when={HIT_AT}",
    "ENOSPC for ever": f"error=ENOSPC:when={HIT_AT}+",
}


class Point(NamedTuple):
    """The `number`-th `call` of the deeds of a `kind`."""

    kind: str
    call: str
    mode: Mode
    number: int


def points(kind: str, counts: Mapping[str, int]) -> Iterator[Point]:
    """All of a kind whose deeds make so many calls."""
    for call, modes in CALLS.items():
        for mode in modes:
            yield from (Point(kind, call, mode, number) for number in range(1, counts.get(call, 0) + 1))


def faults_of(mode: Mode) -> dict[str, str]:
    """What strace does to each call."""
    return {call: FAULTS[mode] for call, modes in CALLS.items() if mode in modes}
