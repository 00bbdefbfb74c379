"""A member gives points to a fund (P15): at once and for good. What the fund gets is in the operation, with what the
chain adds."""

from __future__ import annotations

from datetime import datetime

from hub.exchanges.ordering import check_may, check_proof, checked_rate
from hub.hub import Hub
from hub.people.moves import his_of, moves_of
from hub.people.orders import Deed, Done, NotDone, Order, ordered
from hub.people.who import Person
from hub.store.seam import Reader, Writer
from loyalty.bodies import PointsToCharity
from loyalty.points_life import beginning_of
from loyalty.programme import Partner, Programme
from loyalty.utc import utc_text


def fund_of(rules: Programme, id: str) -> Partner:
    """Raises NotDone."""
    fund = rules.partner(id)
    if fund is None or not fund.charity:
        raise NotDone(f"{rules.id} knows no fund {id!r}.", code="unknown_partner")
    return fund


def give_to_fund(hub: Hub, member: str, programme: str, fund: Partner, points: int, proof: str, order: Order) -> Done:
    """Raises NotDone, NotFound, ActRefused (of the code)."""
    rate = checked_rate(fund, points)
    rules = hub.programmes[programme]

    def decide(writer: Writer, person: Person, now: datetime) -> Deed:
        check_may(hub, writer, person, points)
        before = given_since(writer, person, fund.id, utc_text(beginning_of(rules, rules.day(now))))
        if fund.day_max is not None and before + points > fund.day_max:
            raise NotDone(f"{fund.id} takes {fund.day_max} points a day.", code="partner_day")
        check_proof(hub, writer, person, fund, before + points, proof)
        body = PointsToCharity(
            member=person.member,
            fund=fund.id,
            points=points,
            kopecks=rate.units,
            matched_kopecks=rate.matched,
        )
        return Deed(f"{points} points of member {person.member} go to {fund.id}.", [body])

    return ordered(hub, member, order, decide)


def given_since(reader: Reader, person: Person, fund: str, since: str) -> int:
    """Points that he has given to it from that moment on."""
    bodies = (read.operation.body for _, read in moves_of(reader, his_of(reader, person), since) if read is not None)
    return sum(body.points for body in bodies if isinstance(body, PointsToCharity) and body.fund == fund)
