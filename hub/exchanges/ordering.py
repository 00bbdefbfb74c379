"""A member exchanges points at a partner: looked at whole, and held in the same transaction."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Final, NamedTuple

from hub import feed
from hub.account.card_acts import prove
from hub.errands.errand import errand_id, errands_of
from hub.exchanges.exchange import GONE, KIND, Kept, kept_of, state_of, with_kept
from hub.hub import Hub
from hub.people.orders import NotDone, check_not_erased
from hub.people.who import Person, people
from hub.store.errand_records import ErrandRow
from hub.store.records import HoldRow
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from loyalty.lots import active_points
from loyalty.operation import ACCOUNT_CHAIN
from loyalty.partners import Exchange as Rate
from loyalty.partners import TooFewPoints, exchange
from loyalty.programme import Partner, Programme
from loyalty.utc import utc_text

HELD_UNTIL: Final = datetime(2999, 12, 31, tzinfo=UTC)  # it ends with its exchange, and by no time


class Wanted(NamedTuple):
    partner: str
    number: str
    points: int
    proof: str = ""


def exchange_points(hub: Hub, member: str, programme: str, wanted: Wanted, key: str) -> ErrandRow:
    """The same key is the same exchange. Raises NotDone, ActRefused (of the code)."""
    rules = hub.programmes[programme]
    id = errand_id(KIND, member, key)

    def work(writer: Writer) -> ErrandRow:
        writer.locked_members([member])
        known = writer.errands([id]).get(id)
        if known is not None:
            return known
        (person,) = people(writer, [member])
        partner = offered(hub, rules, wanted.partner)
        number = "".join(wanted.number.split())
        _check_number(partner, number)
        rate = checked_rate(partner, wanted.points)
        check_may(hub, writer, person, wanted.points)
        _check_often(hub, writer, person, partner, wanted)
        row = _new(hub, id, person, partner, number, rate)
        hold = HoldRow(person.member, id, ACCOUNT_CHAIN, rate.points, HELD_UNTIL)
        writer.write(Rows(errands=[row], new_holds=[hold]))
        return row

    return hub.within(work)


def is_offered(hub: Hub, partner: Partner) -> bool:
    """There is somebody who can be asked."""
    return partner.number is not None and partner.id in hub.services.partners


def offered(hub: Hub, rules: Programme, id: str) -> Partner:
    """Raises NotDone."""
    partner = rules.partner(id)
    if partner is None or not is_offered(hub, partner):
        raise NotDone(f"{rules.id} exchanges nothing at {id!r}.", code="unknown_partner")
    return partner


def _check_number(partner: Partner, number: str) -> None:
    """Raises NotDone."""
    if partner.number is None or re.fullmatch(partner.number.pattern, number) is None:
        raise NotDone(f"That is no number of {partner.id}.", code="partner_number")


def checked_rate(partner: Partner, points: int) -> Rate:
    """Raises NotDone."""
    try:
        return exchange(partner, points)
    except TooFewPoints as error:
        raise NotDone(str(error), code="partner_points") from error


def check_may(hub: Hub, reader: Reader, person: Person, points: int) -> None:
    """Raises NotDone."""
    check_not_erased(reader, person)
    if not person.row.registered:
        raise NotDone("Nobody has filled a form in for him yet.", code="partner_not_registered")
    if free_points(hub, reader, person.member) < points:
        raise NotDone(f"Member {person.member} has not so many points.", code="partner_no_points")


def free_points(hub: Hub, reader: Reader, member: str) -> int:
    """What he may give away now."""
    now = hub.now()
    held = sum(hold.holds_at(now) for hold in reader.holds_of([member]))
    return active_points(feed.accounts(reader, [member], now)[member], now, held)


def _check_often(hub: Hub, writer: Writer, person: Person, partner: Partner, wanted: Wanted) -> None:
    """Several small ones are one large one, also for the code. Raises NotDone, ActRefused."""
    rules, today = hub.programmes[person.row.programme], hub.programmes[person.row.programme].day(hub.now())
    days = [
        (rules.day(datetime.fromisoformat(kept.made_at)), kept.points)
        for kept in map(kept_of, _counted(writer, person.member))
        if kept.partner == partner.id
    ]
    of_day = wanted.points + sum(points for day, points in days if day == today)
    of_month = wanted.points + sum(points for day, points in days if _is_month(day, today))
    if partner.day_max is not None and of_day > partner.day_max:
        raise NotDone(f"{partner.id} takes {partner.day_max} points a day.", code="partner_day")
    if partner.month_max is not None and of_month > partner.month_max:
        raise NotDone(f"{partner.id} takes {partner.month_max} points a month.", code="partner_month")
    check_proof(hub, writer, person, partner, of_day, wanted.proof)


def _counted(reader: Reader, member: str) -> list[ErrandRow]:
    return [row for row in errands_of(reader, KIND, member) if state_of(row) not in GONE]


def _is_month(day: date, today: date) -> bool:
    return (day.year, day.month) == (today.year, today.month)


def check_proof(hub: Hub, writer: Writer, person: Person, partner: Partner, points: int, proof: str) -> None:
    """Raises NotDone, ActRefused."""
    if partner.code_from is None or points < partner.code_from:
        return
    if not proof:
        raise NotDone(f"From {partner.code_from} points on a code is asked for.", code="partner_code")
    prove(hub, writer, proof, person)


def _new(hub: Hub, id: str, person: Person, partner: Partner, number: str, rate: Rate) -> ErrandRow:
    now = hub.now()
    kept = Kept(
        programme=person.row.programme,
        partner=partner.id,
        number=number,
        points=rate.points,
        units=rate.units,
        unit=partner.unit,
        made_at=utc_text(now),
    )
    return with_kept(ErrandRow(id, KIND, person.member, "", "new", now, now, ""), kept)
