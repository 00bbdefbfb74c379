"""What is on a member's account, for who only asks: no visit is touched and nothing is recorded."""

from __future__ import annotations

from typing import Literal

from loyalty.lots import Account, active_points, balance, coming_points, next_expiry
from loyalty.utc import utc_text
from offline_cache.records import CardRecord
from pos_agent.answers import ToldBalance, ToldPoints
from pos_agent.counter import Counter, Done, Remarks, remark
from pos_agent.desks.identify import card_by_code, card_by_phone
from pos_agent.paper_words import PaperWords
from pos_agent.protocol import Balance
from pos_agent.receipt import masked
from pos_agent.refused import Refused
from pos_agent.visit import Visit


def tell_balance(counter: Counter, visit: Visit, command: Balance) -> Done:
    """By a spoken phone alone it is nobody's business how much there is (`balance_by_phone`)."""
    if (command.text is None) == (command.phone is None):
        raise Refused("which_member")
    if command.text is not None:
        card = card_by_code(counter, command.text, command.scanner)
        return _told(counter, visit, card, "card")
    card = card_by_phone(counter, command.phone or "")
    if counter.house.balance_by_phone:
        return _told(counter, visit, card, "phone")
    told = ToldBalance(card=masked(card.number), status=card.status_at(counter.now), identified_by="phone")
    return Done(visit=visit, code="member_known", facts={"card": told.card}, balance=told)


def _told(counter: Counter, visit: Visit, card: CardRecord, by: Literal["card", "phone"]) -> Done:
    account = counter.member(card.member)[1].account
    points = balance(account, counter.now)
    pulled_at = counter.feed.pulled_at
    told = ToldBalance(
        card=masked(card.number),
        status=card.status_at(counter.now),
        identified_by=by,
        balance=points,
        active=active_points(account, counter.now),
        coming=_coming(counter, account),
        expiring=_expiring(counter, account),
        as_of=utc_text(pulled_at) if pulled_at else None,
    )
    facts = {"card": told.card, "balance": counter.points(points), "owed": counter.owed(points)}
    more = remarks_of(counter, account)
    if points < 0:
        return Done(visit=visit, code="balance_told", facts=facts, words="owing_told", more=more, balance=told)
    return Done(visit=visit, code="balance_told", facts=facts, more=more, balance=told)


def _coming(counter: Counter, account: Account) -> ToldPoints | None:
    coming = coming_points(account, counter.now)
    return ToldPoints(points=coming[0], at=utc_text(coming[1])) if coming else None


def _expiring(counter: Counter, account: Account) -> ToldPoints | None:
    """Whoever is in debt has no points that could die."""
    dying = None if account.debt else next_expiry(account, counter.now)
    return ToldPoints(points=dying[0], at=utc_text(dying[1])) if dying else None


def remarks_of(counter: Counter, account: Account) -> Remarks:
    """Why points are owed; what comes and what dies next, by the clock of the store."""
    words = PaperWords(counter.programme, counter.language, counter.cache.store)
    remarks = [remark("owed_why")] if balance(account, counter.now) < 0 else []
    if coming := coming_points(account, counter.now):
        remarks.append(remark("points_come", points=counter.points(coming[0]), at=words.start(coming[1], counter.now)))
    dying = None if account.debt else next_expiry(account, counter.now)
    if dying:
        remarks.append(remark("points_die", points=counter.points(dying[0]), day=words.last_day(dying[1])))
    return tuple(remarks)
