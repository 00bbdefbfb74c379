"""The shop's day: the one that was said, or today by the shop's clock."""

from __future__ import annotations

from datetime import date, datetime

from loyalty.programme import Programme
from pos_agent.events import Refused


def shop_day(said: str | None, programme: Programme, now: datetime) -> str:
    """YYYY-MM-DD. Raises Refused for what is no day."""
    try:
        return (date.fromisoformat(said) if said else programme.day(now)).isoformat()
    except ValueError as error:
        raise Refused("bad_sale", why=str(error)) from None
