"""How far this machine's clock is from the hub's, in whole seconds: a pure decision.

A page of changes says when the hub made it: some moment between our asking and its coming. So it allows a span of
corrections; the one we have is kept while it is allowed, else the least whole second that is. With it our corrected
clock is never before a moment that the hub has told us, and at most a second and the journey ahead of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

SECOND = timedelta(seconds=1)


def clock_off_s(before_s: int, hub_at: datetime, asked_at: datetime, answered_at: datetime) -> int:
    """The correction after a page: `hub_at` is the hub's clock, the other two are ours, uncorrected. A clock that was
    put back between asking and answering says nothing new."""
    if answered_at < asked_at:
        return before_s
    least, most = hub_at - answered_at, hub_at - asked_at + SECOND
    if least <= timedelta(seconds=before_s) <= most:
        return before_s
    return -(-least // SECOND)  # rounded up
