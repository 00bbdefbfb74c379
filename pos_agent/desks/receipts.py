"""Purchases of before at the manager's desk: a member's, for goods without a receipt; and one that earned nothing, for
he had not shown his card. All of it is the hub's to know."""

from __future__ import annotations

from typing import Final

from loyalty.money import BadNumber, format_kopecks, format_quantity_m, parse_kopecks
from loyalty.staff import Right
from pos_agent.answers_receipts import ToldClaimed, ToldPurchase, ToldPurchaseLine, ToldPurchases
from pos_agent.claim_codes import CLAIM_CODES, GIVES
from pos_agent.counter import Counter, Done
from pos_agent.protocol_receipts import ClaimSale, LookAtClaim, MemberPurchases
from pos_agent.refused import Refused
from pos_agent.shop_day import shop_day
from pos_agent.sold_anywhere import sought_receipt
from pos_agent.visit import Visit
from pos_agent.words import as_typed, say
from sync.receipts import MemberSales, SoughtClaim, SoughtMember, ToldClaim, ToldSaleOf

WHO_MAX: Final = 200  # letters
REASON_MAX: Final = 200


def member_purchases(counter: Counter, visit: Visit, command: MemberPurchases) -> Done:
    """`visit` is the receipt in front, and stays as it is."""
    sought = SoughtMember(who=_who(command.who), day=_day(counter, command.day), kopecks=_kopecks(command.total))
    told = counter.ask_hub("member_sales", sought, MemberSales, person=_person(counter, "take_back_without_receipt"))
    purchases = ToldPurchases(member=told.member, sales=tuple(map(_purchase, told.sales)))
    code = "purchases_told" if told.sales else "no_purchases"
    facts = {"count": str(len(told.sales)), "member": told.member or as_typed(command.who)}
    return Done(visit=visit, code=code, facts=facts, purchases=purchases)


def look_at_claim(counter: Counter, visit: Visit, command: LookAtClaim) -> Done:
    return _claim(counter, visit, command, "look_at_claim", "")


def claim_sale(counter: Counter, visit: Visit, command: ClaimSale) -> Done:
    reason = command.reason.strip()
    if not reason or len(reason) > REASON_MAX or not reason.isprintable():
        raise Refused("claim_needs_reason", most=str(REASON_MAX))
    return _claim(counter, visit, command, "claim_sale", reason)


def _claim(counter: Counter, visit: Visit, command: LookAtClaim | ClaimSale, act: str, reason: str) -> Done:
    sought = SoughtClaim(
        who=_who(command.who),
        receipt=sought_receipt(counter, command.of) if command.of is not None else None,
        day=_day(counter, command.day),
        kopecks=_kopecks(command.total),
        reason=reason,
    )
    told = counter.ask_hub(act, sought, ToldClaim, person=_person(counter, "claim_sales"))
    code = CLAIM_CODES[told.state]
    facts = {
        "number": told.number,
        "day": told.day,
        "member": told.member or as_typed(command.who),
        "points": counter.points(told.points),
        "why": _why(counter, told),
    }
    return Done(visit=visit, code=code, facts=facts, claimed=_claimed(told), ok=told.state in GIVES)


def _why(counter: Counter, told: ToldClaim) -> str:
    """Why it had earned nothing."""
    if told.why == "no_card":
        return say("claim_why_no_card", counter.language)
    if told.why in ("card_of_nobody", "card_taken"):
        return say("claim_why_offline" if told.offline else "claim_why_card", counter.language)
    return say("claim_why_refused", counter.language, reason=told.why) if told.why else ""


def _person(counter: Counter, right: Right) -> str:
    person = counter.need(right)
    return person.id if person is not None else ""


def _who(text: str) -> str:
    who = text.strip()
    if not who or len(who) > WHO_MAX or not who.isprintable():
        raise Refused("which_member_of_hub")
    return who


def _day(counter: Counter, day: str | None) -> str:
    return shop_day(day, counter.today) if day else ""


def _kopecks(total: str | None) -> int:
    try:
        return parse_kopecks(total) if total else 0
    except BadNumber:
        raise Refused("bad_total", field="total") from None


def _purchase(told: ToldSaleOf) -> ToldPurchase:
    return ToldPurchase(
        id=told.id,
        at=told.at,
        store=told.store,
        till=told.till,
        number=told.number,
        day=told.day,
        total=format_kopecks(told.kopecks),
        lines=tuple(
            ToldPurchaseLine(
                id=line.id,
                name=line.name,
                quantity=format_quantity_m(line.left_m),
                total=format_kopecks(line.kopecks),
            )
            for line in told.lines
        ),
    )


def _claimed(told: ToldClaim) -> ToldClaimed:
    return ToldClaimed(
        state=told.state,
        member=told.member,
        points=told.points,
        why=told.why,
        id=told.id,
        at=told.at,
        store=told.store,
        till=told.till,
        number=told.number,
        day=told.day,
        total=format_kopecks(told.kopecks),
        offline=told.offline,
    )
