"""Before the money the receipt is another than was told: nothing is frozen, and it is said what has changed."""

from __future__ import annotations

from typing import Literal

from msgspec.structs import replace

from pos_agent.after_sale import tail_now
from pos_agent.answers import ToldSale
from pos_agent.counter import Counter, Done, remark
from pos_agent.receipt import masked
from pos_agent.telling import Told, retell, tell, told_quote
from pos_agent.told_changes import Change, card_change
from pos_agent.visit import Visit

Why = Change | Literal["coupon_used", "age"]


def news(counter: Counter, visit: Visit, was: Told | None) -> Done:
    """The customer was told other sums: he must hear these first."""
    fresh, told = tell(counter, visit, advise=False)
    facts = {
        "to_pay": counter.amount(told.sale.paid_kopecks),
        "accrued": counter.points(told.sale.accrued.points),
    }
    if was is not None and card_change(was.sale, told.sale):
        said = prepared(counter, told)
        words = "changed_card_blocked" if _is_blocked(told) else "changed_card"
        return Done(visit=fresh, code="changed_card", words=words, facts=facts, told=said, ok=False)
    gone = was.visit.who.card if was is not None and was.visit.who is not None and visit.who is None else None
    more = (remark("card_went_off", card=masked(gone)),) if gone is not None else ()
    return Done(visit=fresh, code="changed_news", facts=facts, told=prepared(counter, told), ok=False, more=more)


def anew(counter: Counter, visit: Visit, cause: Why) -> Done:
    """Not frozen: the customer must hear the new sum first."""
    fresh, told = retell(counter, visit)
    facts = {"to_pay": counter.amount(told.sale.paid_kopecks if told else 0)}
    facts["accrued"] = counter.points(told.sale.accrued.points if told else 0)
    said = prepared(counter, told) if told else None
    code = f"changed_{cause}"
    words = "changed_card_blocked" if cause == "card" and told and _is_blocked(told) else code
    return Done(visit=fresh, code=code, words=words, facts=facts, told=said, ok=False)


def _is_blocked(told: Told) -> bool:
    seen = told.sale.seen
    return seen is not None and seen.card_status == "blocked"


def prepared(counter: Counter, told: Told) -> ToldSale:
    """With the tail as it will be if this is paid now."""
    return replace(told_quote(told), tail=tail_now(counter, told.visit, told.sale))
