"""The points at which a fault may come: which call, how it fails, and which of them it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal, NamedTuple

Mode = Literal["kill", "EIO once", "EIO for ever", "ENOSPC once", "ENOSPC for ever"]

_DISK: Final[tuple[Mode, ...]] = ("kill", "EIO once", "EIO for ever")
_SPACE: Final[tuple[Mode, ...]] = (*_DISK, "ENOSPC once", "ENOSPC for ever")
CALLS: Final[Mapping[str, tuple[Mode, ...]]] = {
    "pwrite64": _SPACE,
    "write": _SPACE,
    "pread64": ("EIO once", "EIO for ever"),  # to be killed here is to be killed before the next write
    "fdatasync": _DISK,
    "fsync": _DISK,
    "ftruncate": _DISK,
    "fallocate": _SPACE,
    "openat": ("EIO once", "ENOSPC once"),  # likewise
    "rename": _DISK,
    "link": _DISK,
    "unlink": _DISK,
    "mkdir": ("kill", "ENOSPC once"),
    "sendto": ("kill",),  # the answer to whoever asked; what a database is asked
    "recvfrom": ("kill", "EIO once"),  # what a database says, also that something is committed
}
FAULTS: Final[Mapping[Mode, str]] = {
    "kill": "signal=SIGKILL:when={at}",
    "EIO once": "error=EIO:when={at}",
    "EIO for ever": "error=EIO:when={at}+",
    "ENOSPC once": "error=ENOSPC:when={at}",
    "ENOSPC for ever": "error=ENOSPC:when={at}+",
}
HIT_AT: Final = 300  # the call of a thread that the fault comes at: beginning and going on make fewer
HIT_AT_OF: Final = {"pwrite64": 4_000, "pread64": 4_000, "openat": 10_000}  # a program opens what it imports


class Point(NamedTuple):
    """The `number`-th `call` of the deeds of a `kind`."""

    kind: str
    call: str
    mode: Mode
    number: int

    @property
    def before(self) -> int:
        """How many calls come before those that count."""
        return hit_at(self.call) - self.number


def hit_at(call: str) -> int:
    return HIT_AT_OF.get(call, HIT_AT)


def points(kind: str, made: Iterable[tuple[str, str]], folder: str) -> Iterator[Point]:
    """All of a kind whose deeds made these calls, each with its arguments. Files are opened in the folder: those of the
    program itself are not at stake."""
    numbers = dict.fromkeys(CALLS, 0)
    for call, arguments in made:
        numbers[call] += 1
        if call != "openat" or folder in arguments:
            yield from (Point(kind, call, mode, numbers[call]) for mode in CALLS[call])


def faults_of(mode: Mode) -> dict[str, str]:
    """What strace does to each call."""
    return {call: FAULTS[mode].format(at=hit_at(call)) for call, modes in CALLS.items() if mode in modes}
