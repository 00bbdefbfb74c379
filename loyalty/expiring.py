"""Points that die next, as a till can know them: the hub's word, carried on through the till's own sales since then.

Points are spent earliest end first, so those that die first pay every redemption until they are gone. Of what dies
after them the till knows nothing; it then says nothing rather than a guess.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from loyalty.operation import Operation, Sale
from loyalty.snapshot import ExpiringPoints


class Expiring(NamedTuple):
    """So many points live until just before `at` (UTC)."""

    points: int
    at: datetime


def expiring_after(told: ExpiringPoints | None, own: Iterable[Operation], now: datetime) -> Expiring | None:
    """What dies next after our own sales that the hub's word does not know yet; None when that is not certain."""
    if told is None:
        return None
    last_known = datetime.fromisoformat(told.at)
    groups = {last_known: told.points}
    for operation in own:
        if not isinstance(operation.body, Sale):
            continue
        at = datetime.fromisoformat(operation.at)
        if min(groups, default=last_known) <= at or not _spend(groups, operation.body.redeemed_points):
            return None
        if not _accrue(groups, operation.body, at, last_known):
            return None
    first = min(groups, default=now)
    return Expiring(groups[first], first) if first > now else None


def _spend(groups: dict[datetime, int], points: int) -> bool:
    """Take points in the order they die; whether the known ones were enough."""
    for end in sorted(groups):
        part = min(points, groups[end])
        points -= part
        groups[end] -= part
        if not groups[end]:
            del groups[end]
    return points == 0


def _accrue(groups: dict[datetime, int], sale: Sale, at: datetime, last_known: datetime) -> bool:
    """Add what a sale earned, if it dies among the known; whether the order of spending stays known."""
    if sale.accrued_expires_at is None or not sale.accrued_points:
        return True
    end = datetime.fromisoformat(sale.accrued_expires_at)
    if end > last_known:
        return True
    if sale.accrued_active_from is not None and datetime.fromisoformat(sale.accrued_active_from) > at:
        return False  # it cannot be spent yet, so a redemption may pass it by
    groups[end] = groups.get(end, 0) + sale.accrued_points
    return True
