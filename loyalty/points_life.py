"""When points begin to live and when they die: whole days of the programme's time zone, as moments in UTC."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from loyalty.accrual import birthday_window_end
from loyalty.months import months_on
from loyalty.programme import Activation, Grant, Life, Programme


class LotTimes(NamedTuple):
    """From `active_from` on until just before `expires_at`; None = for ever. UTC."""

    active_from: datetime
    expires_at: datetime | None


def bought_points_times(programme: Programme, at: datetime) -> LotTimes:
    """Times of the points that a purchase at this moment earns."""
    return lot_times(programme, programme.points.life, programme.points.activation, at, None)


def grant_times(programme: Programme, grant: Grant, at: datetime, birthday: date | None = None) -> LotTimes:
    """Times of a grant. One that lives with the birthday needs the birthday, else it dies with the day."""
    return lot_times(programme, grant.life, grant.activation, at, birthday)


def lot_times(
    programme: Programme, life: Life, activation: Activation, at: datetime, birthday: date | None
) -> LotTimes:
    day = programme.day(at)
    last_day = _last_day(programme, life, day, birthday)
    return LotTimes(
        active_from=_active_from(programme, activation, at, day),
        expires_at=None if last_day is None else end_of(programme, last_day),
    )


def end_of(programme: Programme, day: date) -> datetime:
    """The moment after the last of this day: midnight of the next in the programme's time zone, in UTC."""
    return beginning_of(programme, day + timedelta(days=1))


def last_day_of(programme: Programme, expires_at: datetime) -> date:
    """The day that people are told: the last on which the points live."""
    return programme.day(expires_at - timedelta(microseconds=1))


def beginning_of(programme: Programme, day: date) -> datetime:
    """Its midnight in the programme's time zone, in UTC."""
    return datetime.combine(day, time(), programme.timezone).astimezone(UTC)


def _active_from(programme: Programme, activation: Activation, at: datetime, day: date) -> datetime:
    if activation.days:
        return beginning_of(programme, day + timedelta(days=activation.days))
    return at.astimezone(UTC) + timedelta(minutes=activation.minutes)


def _last_day(programme: Programme, life: Life, day: date, birthday: date | None) -> date | None:
    if life.kind == "days":
        return day + timedelta(days=life.count)
    if life.kind == "months":
        return months_on(day, life.count)
    if life.kind == "month_end":
        return _month_end(months_on(day.replace(day=1), life.count - 1))
    if life.kind == "birthday" and birthday is not None and programme.birthday is not None:
        return birthday_window_end(programme.birthday, birthday, day)
    return {"date": life.day, "birthday": day}.get(life.kind)


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
