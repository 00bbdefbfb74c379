"""The basket as the POS has it, and how many points the customer wants to spend."""

from __future__ import annotations

from msgspec.structs import replace

from pos_agent.counter import Counter, Done
from pos_agent.priced import told_lines
from pos_agent.protocol import Redeem, SetBasket
from pos_agent.refused import Refused
from pos_agent.telling import retell, tell, told_json
from pos_agent.visit import Visit, VisitEvent, allow


def basket(counter: Counter, visit: Visit, command: SetBasket) -> Done:
    """It replaces the one before; without a line it is empty, and the card stays."""
    allow(visit, VisitEvent.BASKET_SET)
    changed = replace(visit, lines=command.lines, redemption_forbidden=command.redemption_forbidden)
    told_lines(changed)
    fresh, told = retell(counter, changed)
    if told is None:
        return Done(visit=fresh, code="basket_empty")
    total = counter.amount(told.sale.total_kopecks)
    if fresh.who is None:
        return Done(visit=fresh, code="basket_without_member", facts={"total": total}, told=told_json(told))
    facts = {"total": total, "limit": told.limit_text}
    wish, gets = visit.requested_points, told.sale.redeemed.points
    if wish and gets < wish:
        facts |= {"asked": counter.points(wish), "points": counter.points(gets)}
        return Done(visit=fresh, code="basket_bounds_wish", facts=facts, told=told_json(told))
    return Done(visit=fresh, code="basket_taken", facts=facts, told=told_json(told))


def redeem(counter: Counter, visit: Visit, command: Redeem) -> Done:
    if command.points is not None and command.points < 0:
        raise Refused("bad_points")
    allow(visit, VisitEvent.REDEEM_ASKED)
    fresh, told = tell(counter, replace(visit, requested_points=command.points))
    sale = told.sale
    facts = {
        "points": counter.points(sale.redeemed.points),
        "amount": counter.amount(sale.redeemed.kopecks),
        "to_pay": counter.amount(sale.paid_kopecks),
        "limit": told.limit_text,
    }
    return Done(visit=fresh, code="redeem_set", facts=facts, told=told_json(told))
