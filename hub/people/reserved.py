"""Points that receipts hold now, as the office is told of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from hub.hub import Hub
from hub.store.records import HoldRow
from hub.store.seam import Reader
from loyalty.operation import ACCOUNT_CHAIN


def points_words(hub: Hub, member: str, points: int) -> str:
    """A balance, and who has how much of it for a receipt that is not paid yet: «2000 points, of them 1500 reserved at
    till-a until 14:40 MSK»."""
    now = hub.now()
    with hub.store.reading() as reader:
        row = reader.members([member]).get(member)
        holds = holding(reader, member, now)
    return told_points(points, holds, now, hub.zone_of(row.programme if row else ""))


def holding(reader: Reader, member: str, at: datetime) -> list[HoldRow]:
    """Those that hold points then, the one that ends first before the others."""
    holds = [hold for hold in reader.holds_of([member]) if hold.holds_at(at)]
    return sorted(holds, key=lambda hold: (hold.until, hold.hold))


def told_points(points: int, holds: Sequence[HoldRow], at: datetime, zone: tzinfo) -> str:
    """More may be reserved than there is: points died meanwhile, or a sale without a connection spent them."""
    if not holds:
        return f"{points} points"
    held = ", ".join(_held_words(one, at, zone) for one in holds)
    return f"{points} points, {'of them ' if sum(one.points for one in holds) <= points else ''}{held}"


def _held_words(hold: HoldRow, at: datetime, zone: tzinfo) -> str:
    if hold.till == ACCOUNT_CHAIN:
        return f"{hold.points} reserved for an exchange at a partner"
    return f"{hold.points} reserved at {hold.till} until {until_words(hold.until, at, zone)}"


def until_words(until: datetime, at: datetime, zone: tzinfo) -> str:
    """An hour of the same day; else with the day."""
    try:
        then = until.astimezone(zone)
    except OverflowError:  # the last day of all
        then = until
    return f"{then:%H:%M %Z}" if then.date() == at.astimezone(zone).date() else f"{then:%Y-%m-%d %H:%M %Z}"
