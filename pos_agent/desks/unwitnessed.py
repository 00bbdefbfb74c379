"""A quote that the agent does not know any more, for the power went between saying and paying: what the POS printed is
recorded as it says, and marked."""

from __future__ import annotations

from loyalty.basket import BadBasket
from loyalty.bodies import AMOUNT_MAX, Accrued, Redeemed, Sale, SoldLine
from loyalty.effects import believed
from loyalty.money import parse_kopecks
from loyalty.points_life import bought_points_times
from loyalty.utc import utc_text
from pos_agent.counter import Counter
from pos_agent.events import BasketLine, Said
from pos_agent.telling import NO_NUMBER, Told
from pos_agent.visit import Visit

UNWITNESSED = "unwitnessed"  # a deviation; `note` is the quote that nobody here remembers


def as_said(counter: Counter, visit: Visit, quote: str, said: Said) -> Told:
    """The quote as the POS printed it. Raises BadBasket naming the field."""
    lines = tuple(_line(index, line, said) for index, line in enumerate(said.lines))
    points, worth = said.redeemed_points, sum(line.discount_kopecks for line in lines)
    for field, value in (("redeemed_points", points), ("accrued_points", said.accrued_points)):
        if not 0 <= value <= AMOUNT_MAX:
            raise BadBasket(f"said.{field}", "must be a whole number, zero or more")
    who = visit.who
    times = bought_points_times(counter.programme, counter.now)
    total = sum(line.net_kopecks for line in lines)
    sale = Sale(
        sale=NO_NUMBER,
        member=who.member if who else None,
        card=who.card if who else None,
        link=counter.link,
        lines=lines,
        total_kopecks=total,
        paid_kopecks=total,
        redeemed=Redeemed(
            points=points if who else 0,
            kopecks=worth,
            lots=believed(counter.account(who), points, counter.now) if who and points else (),
        ),
        accrued=Accrued(
            points=said.accrued_points if who else 0,
            active_from=utc_text(times.active_from),
            expires_at=utc_text(times.expires_at) if times.expires_at else None,
        ),
        quote=quote,
    )
    return Told(
        id=quote,
        told_at=utc_text(counter.now),
        pos=counter.pos,
        visit=visit,
        sale=sale,
        limit_points=points,
        limit_reason=None,
        limit_text="",
        store=counter.cache.store,
        witnessed=False,
    )


def _line(index: int, told: BasketLine, said: Said) -> SoldLine:
    try:
        line = told.line()
        off = parse_kopecks(said.discounts.get(told.id, "0"))
    except BadBasket as error:
        raise error.within(f"said.lines[{index}]") from None
    except ValueError as error:
        raise BadBasket(f"said.discounts.{told.id}", str(error)) from None
    before = line.gross_kopecks - line.discount_kopecks
    if off > before:
        raise BadBasket(f"said.discounts.{told.id}", "is more than the line")
    return SoldLine(
        id=line.id,
        name=line.name,
        unit=line.unit,
        price_kopecks=line.price_kopecks,
        quantity_m=line.quantity_m,
        net_before_kopecks=before,
        discount_kopecks=off,
        net_kopecks=before - off,
        category=line.category,
        pos_discount_kopecks=line.discount_kopecks,
    )
