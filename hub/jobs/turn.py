"""What a job gets when it is its turn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hub.hub import Hub


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Do what became due up to `until`. `since`: all that was due up to there is done; None: nothing was done yet."""

    hub: Hub
    since: datetime | None
    until: datetime
    page: int  # members at a time, in one transaction for which a till's push may have to wait
