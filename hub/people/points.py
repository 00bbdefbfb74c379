"""Orders for a member's points: a correction by hand."""

from __future__ import annotations

from datetime import date, datetime

from hub import feed
from hub.hub import Hub
from hub.people.orders import Deed, Done, NotDone, Order, check_not_erased, check_reason, ordered
from hub.people.who import Person
from hub.store.seam import Writer
from loyalty.bodies import Adjustment
from loyalty.lots import balance
from loyalty.member import POINTS_MAX
from loyalty.points_life import LotTimes, bought_points_times, end_of, grant_times
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
    """Points more, which live as those that a manager gives (`last_day`: until then), or less: never more than there
    are, but `into_debt`."""
    check_reason(reason)
    if not 0 < abs(points) <= POINTS_MAX:
        raise NotDone("Say how many points are added, or taken with a minus: --points N.")

    def decide(writer: Writer, person: Person, now: datetime) -> Deed:
        check_not_erased(writer, person)
        has = balance(feed.accounts(writer, [person.member], now)[person.member], now)
        if points < 0 and has + points < 0 and not into_debt:
            raise NotDone(f"Member {person.member} has {has} points. What is missing becomes a debt with --into-debt.")
        times = given_times(hub.programmes[person.row.programme], now, last_day)
        body = Adjustment(member=person.member, points=points, reason=reason)
        if points > 0:
            ends = utc_text(times.expires_at) if times.expires_at else None
            body = Adjustment(member=person.member, points=points, reason=reason, expires_at=ends)
        return Deed(f"Member {person.member}: {points:+} points, {has + points} now.", [body])

    return ordered(hub, whom, order, decide)


def given_times(programme: Programme, now: datetime, last_day: date | None) -> LotTimes:
    """When points live that the office gives. Raises NotDone for a day that is over."""
    manual = programme.grants.manual
    times = grant_times(programme, manual, now) if manual else bought_points_times(programme, now)
    if last_day is None:
        return times
    if last_day < programme.day(now):
        raise NotDone(f"{last_day} is over: points that end then are none.")
    return times._replace(expires_at=end_of(programme, last_day))
