"""When points are reserved for a receipt, how many, and what becomes of a hold that its receipt needs no more.

The id is made here, before anybody is asked; whatever becomes of the question, the receipt knows what it asked for.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Literal

from msgspec.structs import replace

from loyalty.bodies import HoldVoided, Sale
from loyalty.lots import active_points, balance
from loyalty.utc import utc_text
from pos_agent.counter import Counter, Done, Remarks, remark
from pos_agent.holds import OUTLIVES_QUOTE, HoldAnswer, Reserve
from pos_agent.protocol import Cancel, OfReceipt, Pay, Redeem
from pos_agent.receipts import Receipts, is_idle
from pos_agent.recording import write
from pos_agent.telling import find, work_out
from pos_agent.visit import HoldsAt, Visit, VisitHold, hold_of
from storage.sqlite_file import CommitUnknown, FileError
from sync.protocol import HOLD_LASTS_MAX_S, UNSENT_MAX, HoldRequest, Unsent

Reason = Literal["cancelled", "dropped", "unanswered", "not_spent"]

log = logging.getLogger(__name__)


def asked_first(visit: Visit, asked: Reserve) -> Done:
    """Nothing is answered yet: points are being reserved, and until then the receipt is what it was."""
    request = asked.request
    hold = VisitHold(
        id=request.hold, member=request.member, points=request.points, until=request.until, state="asked", by=asked.at
    )
    return Done(visit=replace(visit, reserving=hold), code="reserving", reserve=asked)


def renewed(counter: Counter, visit: Visit) -> Visit | Reserve:
    """For this wish to redeem: what was reserved for the one before gives way. The visit in which it is told, or what
    must be asked first."""
    if counter.answer is not None:
        return visit
    bare, at = replace(visit, hold=None), counter.reserves_at
    if visit.requested_points == 0:
        return bare
    if at != "hub" and _of_hub(counter, visit, at):
        return visit
    return bare if at is None else _reserve(counter, bare, at, visit.hold)


def _of_hub(counter: Counter, visit: Visit, at: HoldsAt | None) -> bool:
    """What the hub holds is better than anything that is to be had without it; that it was silent is known already."""
    hold = hold_of(visit, counter.now)
    return hold is not None and hold.by == "hub" and (hold.state == "held" or at is None)


def would_be(counter: Counter, visit: Visit) -> Visit:
    """The visit in which this wish would be told, were it more than a question: outside a hold that gave all that was
    asked, for more might be had."""
    hold = hold_of(visit, counter.now)
    whole = hold is not None and hold.state == "held" and hold.bound is None
    return replace(visit, hold=None) if whole and counter.link == "online" else visit


def reserved(counter: Counter, visit: Visit) -> Visit | Reserve:
    """For a receipt that is about to be paid: what is reserved already covers it, and so does that nobody answered."""
    hold, at = hold_of(visit, counter.now), counter.reserves_at
    covered = hold is not None and (hold.by == "hub" or at == "shop")
    if covered or counter.answer is not None or at is None or visit.requested_points == 0:
        return visit
    wanted = _reserve(counter, replace(visit, hold=None), at, visit.hold)
    return visit if isinstance(wanted, Visit) else wanted


def _reserve(counter: Counter, visit: Visit, at: HoldsAt, before: VisitHold | None) -> Visit | Reserve:
    """As many points as the receipt would redeem; and no fewer than were told last: until this is told, that stands,
    and may be paid by a process that comes after this one."""
    who = visit.who
    wish = replace(visit, held=None)  # what others hold is about to be heard anew
    points = work_out(counter, wish, "", as_reserved=True).sale.redeemed.points if who and who.member else 0
    if not points or who is None or who.member is None:
        return visit
    house = counter.house
    gives_way = before if before is not None and before.by == at and before.state == "held" else None
    told = find(counter, visit.quote) if gives_way is not None else None
    lasts = min(house.quote_max_age + OUTLIVES_QUOTE, timedelta(seconds=HOLD_LASTS_MAX_S))
    request = HoldRequest(
        till=counter.cache.till,
        programme=counter.programme.id,
        member=who.member,
        hold=house.new_hold(),
        points=max(points, told.sale.redeemed.points if told is not None else 0),
        until=utc_text(counter.now + lasts),
        replaces=gives_way.id if gives_way is not None else None,
        unsent=_unsent(counter, who.member),
    )
    return Reserve(request, at)


def _unsent(counter: Counter, member: str) -> tuple[Unsent, ...]:
    """Of the sales here that the hub's word does not know yet."""
    found = [
        Unsent(
            generation=operation.generation,
            sequence=operation.sequence,
            points=operation.body.redeemed.points,
            hold=operation.body.redeemed.hold,
        )
        for operation in counter.member(member)[0].own
        if isinstance(operation.body, Sale) and operation.body.redeemed.points
    ]
    return tuple(found[-UNSENT_MAX:])


def inside(counter: Counter, visit: Visit, answer: HoldAnswer) -> Visit:
    """The visit with what came of its question."""
    asked = visit.reserving
    assert asked is not None and asked.id == answer.hold, "whose answer it is was looked up by it"
    if answer.points is None:
        return replace(visit, hold=replace(asked, points=0, state="unanswered"), reserving=None)
    held = replace(
        asked,
        points=min(answer.points, asked.points),
        state="held",
        bound=answer.bound,
        leaves=_leaves(counter, visit, answer),
        elsewhere=answer.held,
    )
    return replace(visit, hold=held, reserving=None)


def _leaves(counter: Counter, visit: Visit, answer: HoldAnswer) -> int | None:
    """Of the member's balance; None: the answer says nothing of it."""
    if answer.free is None or visit.who is None:
        return None
    account = counter.account(visit.who)
    return balance(account, counter.now) - max(0, active_points(account, counter.now) - answer.free)


def silence(counter: Counter, visit: Visit) -> Remarks:
    """What the cashier hears when nobody answered, or not all tills of the shop."""
    answer, hold = counter.answer, visit.hold
    if answer is None or hold is None or (answer.points is not None and not answer.silent):
        return ()
    if hold.by == "hub":
        return (remark("hub_silent"),)
    return (remark("tills_silent", tills=", ".join(answer.silent)),)


# the end of holds


def end_holds(
    counter: Counter,
    command: OfReceipt | None,
    before: Receipts,
    after: Receipts,
    spent: str | None = None,
) -> None:
    """What no receipt needs any more is free at once: each hold that was there before, is not there now, and that no
    recorded sale names (`spent`). A receipt that was idle for long is not looked at: its holds end by themselves."""
    kept = {hold.id for visit in after.visits for hold in _open(visit)} | _replaced(counter, before) | {spent}
    idle = counter.house.idle
    for visit in before.visits:
        ended = [hold for hold in _open(visit) if hold.id not in kept]
        if ended and not is_idle(visit, counter.now, idle):
            _end(counter, visit, ended, _reason(counter, command))


def _open(visit: Visit) -> list[VisitHold]:
    """That block points somewhere, or may do so soon."""
    holds = (*_with_besides(visit.hold), visit.reserving)
    return [hold for hold in holds if hold is not None and hold.state != "unanswered" and hold.points]


def _with_besides(hold: VisitHold | None) -> Iterator[VisitHold]:
    while hold is not None:
        yield hold
        hold = hold.besides


def _replaced(counter: Counter, before: Receipts) -> set[str]:
    """What ended with the request that was answered, or never was there."""
    answer = counter.answer
    visit = before.waiting_for(answer.hold) if answer is not None else None
    if answer is None or answer.points is None or visit is None or visit.reserving is None:
        return set()
    gave_way = {visit.hold.id} if visit.hold is not None and visit.hold.by == visit.reserving.by else set()
    return gave_way if answer.points else {*gave_way, answer.hold}


def _reason(counter: Counter, command: OfReceipt | None) -> Reason:
    if command is None or (counter.answer is not None and counter.answer.points is None):
        return "unanswered"
    if isinstance(command, Cancel):
        return "cancelled"
    return "not_spent" if isinstance(command, Pay | Redeem) else "dropped"


def _end(counter: Counter, visit: Visit, holds: list[VisitHold], reason: Reason) -> None:
    """A disk that cannot be written stops nothing: they end by themselves."""
    at_hub = [hold for hold in holds if hold.by == "hub"]
    if not at_hub:
        return
    body = HoldVoided(member=at_hub[0].member, holds=tuple(hold.id for hold in at_hub), reason=reason)
    try:
        write(counter, [body], None, channel=visit.channel)
    except FileError as error:
        log.warning("%s", error)
        if isinstance(error, CommitUnknown):
            with suppress(FileError):
                counter.cache.reopen()
