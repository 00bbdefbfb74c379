"""What counts for a member's tier: what was bought of goods that earn, less what came back, in the programme's window.

A day's purchases fall out of the window as a whole: at New Year, or so many days later.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from loyalty.programme import PercentAccrual, Programme
from loyalty.snapshot import SpentDay


def window_start(programme: Programme, day: date) -> date:
    """The first day whose purchases still count on `day`."""
    accrual = programme.accrual
    if isinstance(accrual, PercentAccrual) and accrual.tier_window == "year":
        return date(day.year, 1, 1)
    if isinstance(accrual, PercentAccrual) and accrual.tier_window == "rolling":
        return day - timedelta(days=accrual.tier_days - 1)
    return date.min


def accumulated(programme: Programme, spent: Iterable[SpentDay], day: date) -> int:
    """Kopecks that count for the tier on `day`; never below nothing."""
    start = window_start(programme, day).isoformat()
    return max(0, sum(one.kopecks for one in spent if one.day >= start))
