"""The basket as the POS has it, and how many points the customer wants to spend."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace as replace_done

from msgspec.structs import replace

from loyalty.bodies import Sale, SoldLine
from loyalty.goods import TOO_LOW
from loyalty.lawful import is_price_itself, unlawful_discounts
from loyalty.member import POINTS_MAX
from loyalty.programme import UNKNOWN
from pos_agent.counter import Counter, Done, Remarks, remark
from pos_agent.desks.certificates import not_for_certificate
from pos_agent.desks.certificates_sold import remarks_of_basket
from pos_agent.desks.purchase import without_card_too_dear
from pos_agent.holds import Reserve
from pos_agent.keyed import is_keyed
from pos_agent.priced import keyed_in, named, told_lines
from pos_agent.protocol import Redeem, SetBasket
from pos_agent.refused import Refused
from pos_agent.reserving import asked_first, renewed, silence, would_be
from pos_agent.staff.caller import Step
from pos_agent.telling import Told, find, retell, tell, told_quote, work_out
from pos_agent.visit import MANAGER, Visit, VisitEvent, Who, allow
from pos_agent.words import as_typed

NAMES_SHOWN_MAX = 3  # a queue does not listen to more

log = logging.getLogger(__name__)


def basket(counter: Counter, visit: Visit, command: SetBasket) -> Done:
    """It replaces the one before; without a line it is empty, and the card stays."""
    _log_unfamiliar(counter, command)
    allow(visit, VisitEvent.BASKET_SET)
    changed = replace(
        visit,
        lines=keyed_in(counter, command.lines) if is_keyed(visit) else named(counter, command.lines),
        redemption_forbidden=command.redemption_forbidden,
        channel=counter.channel or visit.channel,
    )
    told_lines(changed)
    changed, of_card = without_card_too_dear(counter, changed)
    done = _basket(counter, changed)
    told = find(counter, done.visit.quote)
    of_goods = _remarks(counter, told.sale) if told is not None else ()
    of_hold = _of_hold(counter, done.visit, told) if told is not None else ()
    of_certificates = remarks_of_basket(counter, done.visit)
    unused = not_for_certificate(done.visit, told.sale) if told is not None else ()
    return replace_done(done, more=(*of_card, *of_goods, *of_hold, *of_certificates, *unused))


def _of_hold(counter: Counter, visit: Visit, told: Told) -> Remarks:
    """The basket grew, and more was wished for than is reserved."""
    wish, held = visit.requested_points, counter.requested(visit)
    if held == wish or held is None or told.limit_points <= held or held == 0:
        return ()
    return (remark("hold_bounds", held=counter.points(held)),)


def _remarks(counter: Counter, sale: Sale) -> Remarks:
    """What the cashier must hear of the goods besides."""
    remarks = []
    unlawful = [line for line in sale.lines if unlawful_discounts([line])]
    if cheap := [line for line in unlawful if is_price_itself(line)]:
        remarks.append(remark("unlawful_price", names=_names(cheap)))
    if discounted := [line for line in unlawful if line not in cheap]:
        remarks.append(remark("unlawful_discount", names=_names(discounted)))
    unlikely = [line for line in sale.lines if TOO_LOW in dict(line.told) and line.least_price_kopecks is None]
    if unlikely and counter.house.first_today("least_price_unlikely", counter.today):
        remarks.append(remark("least_price_unlikely", names=_names(unlikely)))
    unknown = next((line for line in sale.lines if line.category == UNKNOWN), None)
    if unknown is not None and counter.house.first_today("goods_unknown", counter.today):
        remarks.append(remark("goods_unknown", name=as_typed(unknown.name)))
    return tuple(remarks)


def _names(lines: Iterable[SoldLine]) -> str:
    """The first few, each once."""
    names = list(dict.fromkeys(line.name for line in lines))
    return ", ".join(map(as_typed, names[:NAMES_SHOWN_MAX]))


def _log_unfamiliar(counter: Counter, command: SetBasket) -> None:
    """R31: once for each POS; nothing is refused, and the values are kept with the line."""
    names = {name for line in command.lines for name, _ in line.besides}
    if fresh := counter.house.newly_unfamiliar(counter.pos, names):
        log.warning("POS %r tells fields of lines that are not known here: %s", counter.pos, sorted(fresh))


def _basket(counter: Counter, visit: Visit) -> Done:
    fresh, told = retell(counter, visit)
    if told is None:
        return Done(visit=fresh, code="basket_empty")
    total = counter.amount(told.sale.total_kopecks)
    if fresh.who is None:
        return Done(visit=fresh, code="basket_without_member", facts={"total": total}, told=told_quote(told))
    wish, gets = visit.requested_points, told.sale.redeemed.points
    facts = {
        "total": total,
        "limit": told.limit_text,
        "to_pay": counter.amount(told.sale.paid_kopecks),
        "points": counter.points(gets),
        "may": counter.points(told.limit_points),
        "accrued": counter.points(told.sale.accrued.points),
    }
    if wish and gets < wish:
        facts["asked"] = counter.points(wish)
        return Done(visit=fresh, code="basket_bounds_wish", facts=facts, told=told_quote(told))
    return Done(visit=fresh, code="basket_taken", facts=facts, told=told_quote(told), short=_short(told))


def _short(told: Told) -> str:
    """What matters now: what is redeemed, else what may be, else what is earned."""
    if told.sale.redeemed.points:
        return "basket_taken_redeems"
    if told.limit_points:
        return "basket_taken"
    return "basket_taken_accrues" if told.sale.accrued.points else "basket_taken_plain"


def redeem(counter: Counter, visit: Visit, command: Redeem) -> Done:
    if command.points is not None and not 0 <= command.points <= POINTS_MAX:
        raise Refused("bad_points", most=str(POINTS_MAX))
    allow(visit, VisitEvent.REDEEM_ASKED)
    wished = replace(visit, requested_points=command.points, decided=True, who=_vouched(counter, visit.who, command))
    if command.preview:
        asked = work_out(counter, would_be(counter, wished), "", as_reserved=True)
        return _redeemed(counter, visit, asked, "redeem_would_be", command.points)
    inside = renewed(counter, wished)
    if isinstance(inside, Reserve):
        return asked_first(visit, inside)
    silent = silence(counter, inside)
    fresh, told = tell(counter, inside)
    done = _redeemed(counter, fresh, told, "redeem_set", command.points)
    short = done.short or ("redeem_set_silent" if silent else "")
    return replace_done(done, short=short, more=silent)


def _vouched(counter: Counter, who: Who | None, command: Redeem) -> Who | None:
    """A manager's word holds for the receipt, also when its points are changed afterwards."""
    if who is None or not command.manager:
        return who
    answers = counter.one_who_may("vouch", Step("vouch"))
    return replace(who, vouched=True, vouched_by=(answers and answers.name) or command.by or MANAGER)


def _redeemed(counter: Counter, visit: Visit, told: Told, code: str, wish: int | None) -> Done:
    sale = told.sale
    gets = sale.redeemed.points
    fewer = wish is None or gets < wish
    facts = {
        "points": counter.points(sale.redeemed.points),
        "amount": counter.amount(sale.redeemed.kopecks),
        "to_pay": counter.amount(sale.paid_kopecks),
        "limit": told.limit_text,
    }
    quote = replace(told_quote(told), quote=told.id or None)
    done = Done(visit=visit, code=code, facts=facts, told=quote)
    if fewer and not gets:
        return replace_done(done, words="redeem_none", short=_short_none(told))
    return replace_done(done, short=_short_of_fewer(told, wish)) if fewer else done


def _short_none(told: Told) -> str:
    match told.limit_reason:
        case "held_elsewhere":
            return "redeem_none_held"
        case "balance_newer":
            return "redeem_none_newer"
        case "hub_silent":
            return "redeem_none_silent"
    return "redeem_none"


def _short_of_fewer(told: Told, wish: int | None) -> str:
    """Than were wished for, and some."""
    match told.limit_reason:
        case "held_elsewhere":
            return "redeem_held"
        case "balance_newer":
            return "redeem_newer"
        case "hub_silent":
            return "redeem_set_silent"
    return "" if wish is None else "basket_bounds_wish"
