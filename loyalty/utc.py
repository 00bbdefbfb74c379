"""Moments as operations carry them: UTC, ISO 8601."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

NO_OFFSET = timedelta()


def utc_text(at: datetime) -> str:
    """Aware time → its text, to the microsecond, so that texts sort as times do."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def check_utc(*times: str | None) -> None:
    """Raises ValueError for what is no moment in UTC: hub and till must read the same time from it."""
    for text in times:
        if text is not None and datetime.fromisoformat(text).utcoffset() != NO_OFFSET:
            raise ValueError(f"{text!r} is not a time in UTC")


def moment(text: str | None) -> datetime | None:
    """The time that a text says; None stays None."""
    return None if text is None else datetime.fromisoformat(text)


NOT_EVERYWHERE = ("localtime", "Factory", "posixrules", "right/", "posix/")  # files of a machine, no names of a place


@cache
def is_zone(name: str) -> bool:
    """Is it an IANA name that this machine knows, and that means the same on every other?"""
    if name.startswith(NOT_EVERYWHERE):
        return False
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        return False
    return True
