"""A receipt of before that the member in front has with him: its points are given to him by the hub, once.

Without the hub nothing is given, for nobody here knows whether somebody has them already: the paper is good for days.
"""

from __future__ import annotations

from datetime import date

from pos_agent.claim_codes import CLAIM_CODES, GIVES
from pos_agent.counter import Counter, Done
from pos_agent.errands import SILENT
from pos_agent.receipt import masked
from pos_agent.refused import Refused
from pos_agent.visit import Visit, Who
from sync.receipts import BroughtHere, ToldClaim

ACT = "bring_receipt"


def bring(counter: Counter, visit: Visit, code: str) -> Done:
    """`visit` stays as it is. Raises Errand, Refused."""
    who = visit.who
    if who is None or not counter.programme.claims.days:
        raise Refused("receipt", words="receipt" if who is not None else "receipt_or_claim")
    told = _told(counter, who, code)
    facts = {
        "number": told.number,
        "day": told.day,
        "member": told.member or masked(who.card),
        "points": counter.points(told.points),
        "card": told.card,
        "last": _day(told.last_day),
        "why": "",
    }
    code = CLAIM_CODES[told.state]
    words = "claim_of_another_card" if told.state == "of_another" and told.card else CLAIM_CODES[told.state]
    return Done(visit=visit, code=code, words=words, facts=facts, ok=told.state in GIVES)


def _told(counter: Counter, who: Who, code: str) -> ToldClaim:
    """For whom it was asked first, whoever stands in front when the answer comes."""
    whom = counter.asked_of(ACT) or who.member or who.card or ""
    try:
        return counter.ask_hub(ACT, BroughtHere(who=whom, code=code), ToldClaim, of=whom)
    except Refused as refused:
        if refused.code == SILENT:
            raise Refused(SILENT, words="claim_needs_hub") from None
        raise


def _day(text: str) -> str:
    return f"{date.fromisoformat(text):%d.%m.%Y}" if text else ""
