"""Orders for a member's points: a correction by hand."""

from __future__ import annotations

from datetime import date, datetime

from hub import feed
from hub.counted import counted
from hub.files.values import POINTS_MAX as CORRECTION_MAX
from hub.hub import Hub
from hub.people.alone import too_much_alone
from hub.people.orders import Deed, Done, NotDone, Order, check_not_erased, check_reason, ordered
from hub.people.who import Person
from hub.store.seam import Writer
from loyalty.bodies import Adjustment
from loyalty.lots import balance
from loyalty.points_life import LotTimes, bought_points_times, end_of, grant_times, last_day_of
from loyalty.programme import Programme
from loyalty.utc import utc_text


def correct(
    hub: Hub,
    whom: str,
    points: int,
    order: Order,
    reason: str,
    *,
    last_day: date | None = None,
    into_debt: bool = False,
) -> Done:
    """Points more, which live as those that are bought today (`last_day`: until then) and are no more than one person
    gives alone; or less: never more than there are, but `into_debt`."""
    check_reason(reason)
    if not 0 < abs(points) <= CORRECTION_MAX:
        raise NotDone(
            f"Say how many points are added, or taken with a minus, {CORRECTION_MAX} at most: --points N.",
            code="how_many",
        )
    if points < 0 and last_day is not None:
        raise NotDone("--until is said of points more.", code="until_of_more")

    def decide(writer: Writer, person: Person, now: datetime) -> Deed:
        check_not_erased(writer, person)
        programme = hub.programmes[person.row.programme]
        if much := too_much_alone(programme, points):
            raise NotDone(much)
        has = balance(feed.accounts(writer, [person.member], now)[person.member], now)
        if points < 0 and has + points < 0 and not into_debt:
            raise NotDone(
                f"Member {person.member} has {has} points. What is missing becomes a debt with --into-debt.",
                code="too_few_points",
            )
        ends = _end(programme, now, last_day) if points > 0 else None
        until = f" until {last_day_of(programme, ends)}" if ends else ""
        body = Adjustment(
            member=person.member, points=points, reason=reason, expires_at=utc_text(ends) if ends else None
        )
        return Deed(f"Member {person.member}: {_more(points)}{until}, {has + points} now.", [body])

    return ordered(hub, whom, order, decide)


def _more(points: int) -> str:
    return f"+{counted(points, 'point')}" if points > 0 else counted(points, "point")


def _end(programme: Programme, now: datetime, last_day: date | None) -> datetime | None:
    """What is put right was bought, most of all: a month of a gift would take it away again. Raises NotDone."""
    return _until(programme, bought_points_times(programme, now), now, last_day).expires_at


def given_times(programme: Programme, now: datetime, last_day: date | None) -> LotTimes:
    """When points live that the office gives. Raises NotDone for a day that is over."""
    manual = programme.grants.manual
    times = grant_times(programme, manual, now) if manual else bought_points_times(programme, now)
    return _until(programme, times, now, last_day)


def _until(programme: Programme, times: LotTimes, now: datetime, last_day: date | None) -> LotTimes:
    if last_day is None:
        return times
    if last_day < programme.day(now):
        raise NotDone(f"{last_day} is over: points that end then are none.", code="day_over")
    return times._replace(expires_at=end_of(programme, last_day))
