"""The one translation of what sockets, pyserial, pyusb and the operating system raise.

pyserial raises SerialException, plain OSError and (on a pty whose other end is gone) termios.error, and a TypeError
when its handle has just gone: `ERRORS` has them all.
"""

from __future__ import annotations

import errno
import os
import socket
import termios
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from drivers.errors import DeviceError

ERRORS: Final = (OSError, termios.error, ValueError, TypeError)
DENIED: Final = frozenset({errno.EACCES, errno.EPERM})
HELD: Final = frozenset({errno.EBUSY, errno.EAGAIN})  # when it is opened: a serial port that is locked gives EAGAIN
MISSING: Final = frozenset(
    {errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH}
)
OPENING: Final = frozenset({"open", "connect", "find", "look for"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What helps: against what the system says (`by_errno`), else when it is not there (`missing`), else by what was
    `tried`, else `otherwise`."""

    denied: str
    held: str
    otherwise: str
    missing: str = ""
    by_errno: Mapping[int, str] = field(default_factory=dict)
    tried: Mapping[str, str] = field(default_factory=dict)


def lost(tried: str, url: str, error: BaseException, hints: Hints) -> DeviceError:
    """The system's error as ours."""
    number, opening = number_of(error), tried in OPENING
    held = opening and number in HELD
    missing = opening and (number in MISSING or isinstance(error, TimeoutError | socket.gaierror))
    if number in hints.by_errno:
        hint = hints.by_errno[number]
    elif number in DENIED:
        hint = hints.denied
    elif held:
        hint = hints.held
    else:
        hint = (missing and hints.missing) or hints.tried.get(tried, hints.otherwise)
    return DeviceError(tried=tried, device=url, cause=cause_of(error), hint=hint, held=held, missing=missing)


def number_of(error: BaseException) -> int:
    """0: it has none."""
    number = error.args[0] if isinstance(error, termios.error) and error.args else getattr(error, "errno", None)
    return number if isinstance(number, int) and number > 0 else 0


def cause_of(error: BaseException) -> str:
    """Without pyserial's repetitions."""
    text = getattr(error, "strerror", None)
    number = number_of(error)
    if number and (not text or type(error).__module__.startswith("serial")):
        return os.strerror(number)
    return str(text or error) or type(error).__name__
