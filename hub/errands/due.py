"""When an errand is looked at again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from hub.store.errand_records import ErrandRow

TAKEN_FOR: Final = timedelta(minutes=2)  # then whoever took it is dead
SOONEST: Final = timedelta(seconds=2)  # after nobody answered
LATEST: Final = timedelta(hours=1)


def again_at(row: ErrandRow, now: datetime) -> datetime:
    """The longer it is in its state, the later: half of that time on."""
    return now + min(max(SOONEST, (now - row.at) / 2), LATEST)
