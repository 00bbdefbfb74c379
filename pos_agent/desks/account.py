"""What is on a member's account, for who only asks: no visit is touched and nothing is recorded."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from loyalty.lots import Account, active_points, balance, coming_points, next_expiry
from loyalty.paper.words import PaperWords
from loyalty.stickers import collection_of
from loyalty.utc import utc_text
from offline_cache.records import CardRecord
from pos_agent.answers import ToldBalance, ToldPoints
from pos_agent.counter import Counter, Done, Remarks, remark
from pos_agent.desks.identify import card_by_code, card_by_phone, card_heard, in_force
from pos_agent.inquiry import Heard, Inquiry
from pos_agent.protocol import Balance
from pos_agent.receipt import masked
from pos_agent.refused import Refused
from pos_agent.stickers import collection_now
from pos_agent.visit import Visit
from sync.protocol import MemberNow


def tell_balance(counter: Counter, visit: Visit, command: Balance) -> Done:
    """By a spoken phone alone it is nobody's business how much there is (`balance_by_phone`)."""
    if (command.text is None) == (command.phone is None):
        raise Refused("which_member")
    if command.text is not None:
        card = card_by_code(counter, command.text, command.scanner)
        return _asked_besides(_told(counter, visit, card, "card"), card)
    card = card_by_phone(counter, command.phone or "", balance=True)
    done = _by_phone(counter, visit, card)
    return _asked_besides(done, card) if counter.house.balance_by_phone else done


def _asked_besides(done: Done, card: CardRecord) -> Done:
    """The hub may know better; not of a blocked card, of which nothing is told."""
    told = done.balance.balance if done.balance else None
    if done.words == "blocked_card":
        return done
    return replace(done, inquiry=Inquiry(member=card.member, balance=True, told=told))


def _by_phone(counter: Counter, visit: Visit, card: CardRecord) -> Done:
    if counter.house.balance_by_phone:
        return _told(counter, visit, card, "phone")
    told = ToldBalance(card=masked(card.number), status=card.status_at(counter.now), identified_by="phone")
    return Done(visit=visit, code="member_known", facts={"card": told.card}, balance=told)


def answered(counter: Counter, visit: Visit, heard: Heard) -> Done | None:
    """What the hub said to who only asked; None: it is what he was told. Raises Refused."""
    asked, now = heard.inquiry, heard.now
    if asked.told is not None:
        return _fresher(counter, visit, asked.told, now) if now is not None else None
    if asked.card is not None:
        return _of_card(counter, visit, asked.card, now)
    card, now = card_heard(counter, now)
    return _with_held(counter, _by_phone(counter, visit, card), now)


def _of_card(counter: Counter, visit: Visit, number: str, now: MemberNow | None) -> Done:
    if now is None:
        raise Refused("unknown_card", words="unknown_card_unasked", card=masked(number))
    card = counter.card(number) if now.member is not None else None
    if card is None:
        raise Refused("unknown_card", card=masked(number))
    return _with_held(counter, _told(counter, visit, in_force(card), "card"), now)


def _fresher(counter: Counter, visit: Visit, told: int, now: MemberNow) -> Done | None:
    """Of one who was known already."""
    cards = counter.cache.members.cards(now.member.member) if now.member is not None else []
    if not cards:
        return None
    done = _told(counter, visit, cards[0], "card")
    if done.balance is None or done.words == "blocked_card":
        return done
    if done.balance.balance == told and not now.held:
        return None
    owes = done.balance.balance is not None and done.balance.balance < 0
    return _with_held(counter, replace(done, words="owing_news" if owes else "balance_news"), now)


def _with_held(counter: Counter, done: Done, now: MemberNow) -> Done:
    """And what receipts at other tills have reserved of it, where the balance is told."""
    if not now.held or done.balance is None or done.balance.balance is None:
        return done
    return replace(done, more=(*done.more, remark("points_held", held=counter.points(now.held))))


def _told(counter: Counter, visit: Visit, card: CardRecord, by: Literal["card", "phone"]) -> Done:
    if card.status_at(counter.now) == "blocked":
        return _of_blocked(visit, card, by)
    account = counter.member(card.member)[1].account
    points = balance(account, counter.latest)
    pulled_at = counter.feed.pulled_at
    told = ToldBalance(
        card=masked(card.number),
        status=card.status_at(counter.now),
        identified_by=by,
        balance=points,
        active=active_points(account, counter.latest),
        coming=_coming(counter, account),
        expiring=_expiring(counter, account),
        as_of=utc_text(pulled_at) if pulled_at else None,
        stickers=stickers_of(counter, card.member),
    )
    facts = {"card": told.card, "balance": counter.points(points), "owed": counter.owed(points)}
    more = (*remarks_of(counter, account), *stickers_said(counter, told.stickers))
    if points < 0:
        return Done(visit=visit, code="balance_told", facts=facts, words="owing_told", more=more, balance=told)
    return Done(visit=visit, code="balance_told", facts=facts, more=more, balance=told)


def _of_blocked(visit: Visit, card: CardRecord, by: Literal["card", "phone"]) -> Done:
    """Whoever has it may be its finder."""
    told = ToldBalance(card=masked(card.number), status="blocked", identified_by=by)
    return Done(visit=visit, code="balance_told", words="blocked_card", facts={"card": told.card}, balance=told)


def stickers_of(counter: Counter, member: str) -> int | None:
    """Of the collection that runs; None: none does, or he has none of it."""
    rule = collection_now(counter)
    return counter.member(member)[1].stickers.get(collection_of(rule)) if rule is not None else None


def stickers_said(counter: Counter, count: int | None) -> Remarks:
    return (remark("balance_stickers", count=str(count)),) if count else ()


def _coming(counter: Counter, account: Account) -> ToldPoints | None:
    coming = coming_points(account, counter.latest)
    return ToldPoints(points=coming[0], at=utc_text(coming[1])) if coming else None


def _expiring(counter: Counter, account: Account) -> ToldPoints | None:
    """Whoever is in debt has no points that could die."""
    dying = None if account.debt else next_expiry(account, counter.latest)
    return ToldPoints(points=dying[0], at=utc_text(dying[1])) if dying else None


def remarks_of(counter: Counter, account: Account) -> Remarks:
    """Why points are owed; what comes and what dies next, by the clock of the store."""
    words = PaperWords(counter.programme, counter.language, counter.cache.store)
    remarks = [remark("owed_why")] if balance(account, counter.latest) < 0 else []
    if coming := coming_points(account, counter.latest):
        remarks.append(remark("points_come", points=counter.points(coming[0]), at=words.start(coming[1], counter.now)))
    dying = None if account.debt else next_expiry(account, counter.latest)
    if dying:
        remarks.append(remark("points_die", points=counter.points(dying[0]), day=words.last_day(dying[1])))
    return tuple(remarks)
