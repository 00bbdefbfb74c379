"""The shop's day: the one that was said, or today by the clock of the store."""

from __future__ import annotations

from datetime import date, timedelta

from pos_agent.refused import Refused
from pos_agent.words import as_typed

NEAR = timedelta(days=1)  # a sale is of yesterday, today or tomorrow: a shift may pass midnight


def shop_day(said: str | None, today: date) -> str:
    """YYYY-MM-DD, any day. Raises Refused for what is none."""
    return _day(said, today).isoformat()


def receipt_day(said: str | None, today: date) -> str:
    """The day of a receipt that is being made; empty when none was said. Raises Refused for one that is far away."""
    if not said:
        return ""
    day = _day(said, today)
    if abs(day - today) > NEAR:
        raise Refused("bad_sale", words="day_far_away", day=said, today=today.isoformat())
    return day.isoformat()


def _day(said: str | None, today: date) -> date:
    if not said:
        return today
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise Refused("bad_sale", words="bad_day", day=as_typed(said), today=today.isoformat()) from None
