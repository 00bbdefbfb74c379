"""Why a device could not be had, as a code with words in both languages: what the drivers say is English."""

from __future__ import annotations

import errno
import socket

from drivers.errors import DeviceError
from pos_agent.doctor.sheet import About, Finding, stopping

REASONS = {
    errno.ENOENT: "missing",
    errno.ENODEV: "missing",
    errno.ENXIO: "missing",
    errno.EACCES: "forbidden",
    errno.EPERM: "forbidden",
    errno.EBUSY: "busy",
    errno.EAGAIN: "busy",
    errno.ECONNREFUSED: "refused",
    errno.EHOSTUNREACH: "unreachable",
    errno.ENETUNREACH: "unreachable",
    errno.ETIMEDOUT: "unreachable",
}


def away(about: About, url: str, error: DeviceError) -> Finding:
    """A device that the settings name, or that somebody asked for, and is not there."""
    reason = reason_of(error)
    return stopping(about, f"away_{reason}", f"away_{reason}_help", url=url, why=error.cause)


def reason_of(error: BaseException) -> str:
    """The system's reason lies under the driver's error."""
    below: BaseException | None = error
    while below is not None:
        if isinstance(below, socket.gaierror):
            return "unknown_name"
        if isinstance(below, TimeoutError):
            return "unreachable"
        number = getattr(below, "errno", None)
        if isinstance(number, int) and number in REASONS:
            return REASONS[number]
        below = below.__cause__ or below.__context__
    return "other"
