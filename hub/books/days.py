"""What an operation adds to its member's day: what he redeemed, and what counts for tiers, by the clock of the store
where it happened."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple
from zoneinfo import ZoneInfo

from loyalty.bodies import Return, ReturnCompleted, Sale, SaleClaimed, TurnoverBrought
from loyalty.operation import Operation
from loyalty.standing import day_of, shop_day


class DaySums(NamedTuple):
    """`offline`: of what was redeemed, without a connection."""

    day: str
    redeemed: int
    offline: int
    spent_kopecks: int


def day_sums(operation: Operation, zone_of: Callable[[str], ZoneInfo]) -> DaySums | None:
    """What an applied sale or return adds, or purchases that were brought; None: it is of another kind, or adds
    nothing. A sale that is undone takes nothing of its own day's limits."""
    body = operation.body
    if isinstance(body, TurnoverBrought):
        return DaySums(body.until, 0, 0, body.kopecks)
    if isinstance(body, ReturnCompleted):
        return DaySums(body.day, -body.redeemed, -body.redeemed if body.sold_offline else 0, 0)
    if isinstance(body, Sale):
        points, kopecks, offline = body.redeemed.points, body.qualifying_kopecks, body.link == "offline"
    elif isinstance(body, Return):
        points, kopecks, offline = -body.restored.points, -body.qualifying_kopecks, body.sold_offline
    elif isinstance(body, SaleClaimed):
        points, kopecks, offline = 0, body.qualifying_kopecks, False
    else:
        return None
    if not (points or kopecks):
        return None
    zone = zone_of(operation.programme)
    day = shop_day(operation, zone) if isinstance(body, Sale) else day_of(body.sold_at, operation, zone)
    return DaySums(day, points, points if offline else 0, kopecks)
