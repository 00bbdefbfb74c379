"""A quote that the agent does not know any more, for the power went between saying and paying: what the POS printed is
recorded as it says, and marked."""

from __future__ import annotations

from functools import partial

from msgspec.structs import replace

from loyalty.basket import BadBasket, Basket, Line
from loyalty.bodies import Accrued, Redeemed, Sale, SoldLine
from loyalty.effects import believed
from loyalty.member import POINTS_MAX
from loyalty.money import BadNumber, parse_kopecks, shown
from loyalty.points_life import bought_points_times
from loyalty.positions import positions
from loyalty.quote import QuotedLine
from loyalty.sold import sold_line
from loyalty.utc import utc_text
from pos_agent.counter import Counter
from pos_agent.desks.identify import stranger_by, who_of
from pos_agent.desks.said_rights import said_coupons, said_tenders
from pos_agent.priced import known
from pos_agent.protocol import BasketLine, Said
from pos_agent.telling import NO_NUMBER, Told, under
from pos_agent.visit import Visit, Who


def as_said(counter: Counter, visit: Visit, quote: str, said: Said) -> Told:
    """The quote as the POS printed it. Raises BadBasket naming the field."""
    lines = _lines(counter, said)
    who = visit.who or _who(counter, said)
    points, worth = said.redeemed_points, sum(line.discount_kopecks for line in lines)
    for field, value in (("redeemed_points", points), ("accrued_points", said.accrued_points)):
        if not 0 <= value <= POINTS_MAX:
            raise BadBasket(f"said.{field}", "must be a whole number, zero or more")
        if value and who is None:
            raise BadBasket("said.card", "must say whose points {points} are", points=field)
    if points * counter.programme.currency.kop_per_point != worth:
        raise BadBasket("said.redeemed_points", "are not worth what said.discounts take off")
    times = bought_points_times(counter.programme, counter.now)
    total = sum(line.net_kopecks for line in lines)
    by_certificates, unnamed = said_tenders(counter, visit, said, lines, total)
    coupons, unnamed_coupons = said_coupons(counter, visit, said)
    sale = Sale(
        sale=NO_NUMBER,
        member=who.member if who else None,
        card=who.card if who and who.identified_by == "card" else None,
        link=counter.link_of(visit),
        lines=lines,
        total_kopecks=total,
        paid_kopecks=total - sum(tender.kopecks for tender in by_certificates),
        tenders=by_certificates,
        coupons=coupons,
        deviations=(*unnamed, *unnamed_coupons),
        qualifying_kopecks=sum(line.net_before_kopecks for line in lines if _earns(counter, line)),
        redeemed=under(
            visit,
            Redeemed(
                points=points,
                kopecks=worth,
                lots=believed(counter.account(who), points, counter.now) if who and points else (),
            ),
        ),
        accrued=Accrued(
            points=said.accrued_points,
            active_from=utc_text(times.active_from),
            expires_at=utc_text(times.expires_at) if times.expires_at else None,
        )
        if who
        else Accrued(),
        quote=quote,
    )
    return Told(
        id=quote,
        told_at=utc_text(counter.now),
        pos=counter.pos,
        visit=replace(visit, who=who),
        sale=sale,
        limit_points=points,
        limit_reason=None,
        limit_text="",
        store=counter.cache.store,
        channel=counter.channel or visit.channel,
        witnessed=False,
    )


def _who(counter: Counter, said: Said) -> Who | None:
    if said.card is None:
        return None
    card = counter.find_card(said.card)
    who = who_of(card, "card") if card is not None else stranger_by(counter, said.card)
    if who is None:
        raise BadBasket("said.card", "is not known here")
    return who


def _earns(counter: Counter, line: SoldLine) -> bool:
    return counter.programme.category(line.category).earn


def _lines(counter: Counter, said: Said) -> tuple[SoldLine, ...]:
    if unknown := set(said.discounts) - {line.id for line in said.lines}:
        raise BadBasket("said.discounts", "has a line that is not told: {line}", line=shown(min(unknown)))
    lines = tuple(_known(counter, index, line) for index, line in enumerate(said.lines))
    try:
        Basket(lines=lines)  # as many as a receipt may have, each with an id of its own
    except BadBasket as error:
        raise error.within("said") from None
    return tuple(map(partial(_sold, said), lines))


def _known(counter: Counter, index: int, told: BasketLine) -> Line:
    try:
        return known(counter, told.line())
    except BadBasket as error:
        raise error.within(f"said.lines[{index}]") from None


def _sold(said: Said, line: Line) -> SoldLine:
    try:
        off = parse_kopecks(said.discounts.get(line.id, "0"))
    except BadNumber as error:
        raise BadBasket.of(f"said.discounts.{line.id}", error) from None
    before = line.gross_kopecks - line.discount_kopecks
    if off > before:
        raise BadBasket(f"said.discounts.{line.id}", "is more than the line")
    quoted = QuotedLine(
        id=line.id,
        net_before_kopecks=before,
        discount_kopecks=off,
        net_kopecks=before - off,
        positions=positions(line, before - off),
        excluded=None,
    )
    return sold_line(line, quoted)
