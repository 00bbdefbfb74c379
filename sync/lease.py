"""For how long a till may know members without having met its hub.

Its clock may be wrong: it only counts where the hub cannot be asked, corrected as the hub said last, and never as
earlier than the latest moment that the till has seen.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from offline_cache.forgetting import Why
from offline_cache.records import Feed

LEASE: Final = timedelta(days=45)  # a shop that is closed for a season's repairs opens with its members
TOLD_BEFORE: Final = timedelta(days=7)
SENT_AWAY: Final = "revoked"  # the hub's own word for it


def ends_at(feed: Feed, lease: timedelta) -> datetime | None:
    """None: the till knows nobody."""
    return feed.met_at + lease if feed.met_at is not None else None


def ends_soon(feed: Feed, lease: timedelta, now: datetime) -> datetime | None:
    """When it ends, where a person should hear of it."""
    end = ends_at(feed, lease)
    return end if end is not None and now >= end - TOLD_BEFORE else None


def why_forget(feed: Feed, code: str, now: datetime, lease: timedelta) -> Why | None:
    """After the hub was asked in vain. `code`: why in vain."""
    end = ends_at(feed, lease)
    if end is None:
        return None
    if code == SENT_AWAY:
        return "revoked"
    return "lease" if max(now, feed.latest_at or now) >= end else None
