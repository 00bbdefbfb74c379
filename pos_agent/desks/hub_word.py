"""The hub's word of a member, when it comes while nobody waits for it: what it changes of the receipt in front.

A receipt that is frozen, told again, or being asked for changes nothing: the word is in the till's file by then.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from msgspec.structs import replace

from loyalty.lots import active_points
from pos_agent.counter import Counter, Done, Remarks, remark
from pos_agent.desks import account
from pos_agent.desks.cards import without_taken_card
from pos_agent.desks.identify import card_heard, identified, in_force, of_another, who_of
from pos_agent.desks.phone_code import still_proved
from pos_agent.inquiry import Heard
from pos_agent.receipt import masked
from pos_agent.refused import Refused
from pos_agent.telling import Told, find, retell, sums, told_quote, work_out
from pos_agent.visit import HeldElsewhere, Visit, Who
from sync.protocol import MemberNow


class Came(NamedTuple):
    """What the customer has been told: of a receipt with lines their sums and the limit, else the account alone."""

    limit: tuple[int, str | None] | None
    sums: tuple[Any, ...] | None
    account: tuple[int, int] | None  # balance, and of that held by others


def came_to(counter: Counter, visit: Visit) -> Came | None:
    """As it was told last; None where no member stands there."""
    who = visit.who
    if who is None or who.member is None:
        return None
    told = find(counter, visit.quote)
    if told is not None:
        return _of_quote(told)
    return Came(None, None, (counter.balance(who), visit.held.points if visit.held else 0))


def _of_quote(told: Told) -> Came:
    return Came((told.limit_points, told.limit_reason), sums(told.sale), None)


def answered(counter: Counter, visit: Visit, heard: Heard, was: Came | None) -> tuple[Visit, Done | None]:
    """`counter`: with what was heard in the till's file; `was`: what the receipt in front came to before. Without Done
    there is nothing to say. Raises Refused: then the receipt stays, too."""
    done: Done | None
    if heard.inquiry.balance:
        return visit, account.answered(counter, visit, heard)
    if visit.prepared or visit.retold is not None or visit.reserving is not None:
        return visit, None
    if heard.inquiry.card is not None:
        done = _of_card(counter, visit, heard, heard.inquiry.card)
    elif heard.inquiry.phone is not None:
        done = _of_phone(counter, visit, heard)
    else:
        return _of_member(counter, visit, heard, was)
    if done is None and visit.strange is not None and visit.strange == _nobodys(heard):
        return replace(visit, strange=None), None
    return (visit if done is None else done.visit), done


def _nobodys(heard: Heard) -> str | None:
    """The card that nobody has, by the hub's word."""
    return heard.inquiry.card if heard.now is not None and heard.now.member is None else None


def _of_card(counter: Counter, visit: Visit, heard: Heard, number: str) -> Done | None:
    """A stranger's, while it stands there: he stays one where no answer came. And one that was taken for blank."""
    who, now = visit.who, heard.now
    if number in (visit.issue, visit.reissue.new_card if visit.reissue else None):
        return _not_blank(counter, visit)
    if who is None or not who.stranger or who.card != number or now is None:
        return None
    if now.member is None:
        return _off(counter, visit, Refused("unknown_card", card=masked(number)))
    card = counter.card(number)
    if card is None:
        return None
    try:
        known = still_proved(counter, who_of(in_force(card), "card"), who)
    except Refused as refused:
        return _off(counter, visit, refused)
    return identified(counter, visit, known, "member_found", _held(counter, known, now))


def _not_blank(counter: Counter, visit: Visit) -> Done | None:
    """Where the hub has told of somebody who has it."""
    without, taken = without_taken_card(counter, visit)
    if taken is None:
        return None
    fresh, told = retell(counter, of_another(visit, without.who))
    facts = {"card": masked(taken)}
    return Done(visit=fresh, code="card_not_blank", facts=facts, told=told_quote(told) if told else None, ok=False)


def _off(counter: Counter, visit: Visit, why: Refused) -> Done:
    """The card is nobody's, or no good any more: the goods stay."""
    fresh, told = retell(counter, replace(of_another(visit, None), strange=None))
    return Done(visit=fresh, code=why.code, facts=why.facts, told=told_quote(told) if told else None, ok=False)


def _of_phone(counter: Counter, visit: Visit, heard: Heard) -> Done | None:
    """For the receipt at which it was said, while nobody else stands there."""
    name = heard.inquiry.receipt
    if visit.who is not None or (name is not None and name != visit.receipt):
        return None
    card, now = card_heard(counter, heard.now)
    who = who_of(card, "phone")
    return identified(counter, visit, who, "member_found_by_phone", _held(counter, who, now))


def _of_member(counter: Counter, visit: Visit, heard: Heard, was: Came | None) -> tuple[Visit, Done | None]:
    """Of one who was known already: whether what he has been told is still so."""
    who, now = visit.who, heard.now
    if was is None or who is None or who.member != heard.inquiry.member or now is None or now.member is None:
        return visit, None
    who = replace(who, member=now.member.member)  # he may have gone into another
    if not counter.is_known(who):
        return visit, None
    visit = replace(visit, who=who, held=_held(counter, who, now))
    if _same(counter, visit, was):
        return visit, None
    fresh, told = retell(counter, visit)
    return fresh, _news(counter, fresh, told, who)


def _same(counter: Counter, visit: Visit, was: Came) -> bool:
    if visit.quote is None:
        return came_to(counter, visit) == was
    return _of_quote(work_out(counter, visit, visit.quote)) == was


def _held(counter: Counter, who: Who, now: MemberNow) -> HeldElsewhere | None:
    if not now.held or who.member is None:
        return None
    return HeldElsewhere(points=now.held, active=active_points(counter.account(who), counter.latest))


def _news(counter: Counter, visit: Visit, told: Told | None, who: Who) -> Done:
    points = counter.balance(who)
    facts = {"balance": counter.points(points), "owed": counter.owed(points)}
    more: Remarks = (remark("points_held", held=counter.points(visit.held.points)),) if visit.held else ()
    if points < 0:
        more = (*more, remark("owed_why"))
    quote = told_quote(told) if told else None
    if counter.is_blocked(visit):
        blocked = {"card": masked(who.card)}
        return Done(visit=visit, code="balance_news", words="blocked_card", facts=blocked, told=quote)
    if told is None:
        words = "balance_news" if points >= 0 else "owing_news"
        return Done(visit=visit, code="balance_news", words=words, facts=facts, more=more)
    facts |= {
        "limit": told.limit_text,
        "may": counter.points(told.limit_points),
        "to_pay": counter.amount(told.sale.paid_kopecks),
    }
    words = "balance_news_limit" if points >= 0 else "owing_news"
    return Done(visit=visit, code="balance_news", words=words, facts=facts, more=more, told=quote)
