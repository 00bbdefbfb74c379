"""What a till tells its neighbours of a member, from its own file."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from loyalty.bodies import Sale
from loyalty.effects import affected
from loyalty.lots import active_points
from offline_cache.cache import Cache
from offline_cache.records import MemberRecord
from pos_agent.neighbours.wire import Spent, Word
from sync.protocol import UNSENT_MAX


class Here(NamedTuple):
    """`earned`: what is here now besides what the word and `spent` leave."""

    word: Word | None
    spent: Spent
    earned: int


NOBODY = Here(None, Spent(), 0)


def here(cache: Cache, member: str, now: datetime) -> Here:
    found = cache.members.word_of(member)
    if found is None:
        return NOBODY
    record, word_at = found
    spent, earned = _since(record, now)
    active = active_points(record.told.account, now)
    return Here(None if word_at is None else Word(at=word_at, active=active), spent, earned)


def _since(record: MemberRecord, now: datetime) -> tuple[Spent, int]:
    """The deepest fall of the account between any two of our operations: others' may be booked between those, what was
    earned after a sale does not pay for it, and a newer word than ours may know of the first and not of the second."""
    account, fall = record.told.account, 0
    told = highest = left = active_points(account, now)
    for operation in record.own:
        if isinstance(operation.body, Sale):
            fall = max(fall, highest - left + operation.body.redeemed.points)
        account = affected(account, operation).account
        left = active_points(account, now)
        highest = max(highest, left)
        fall = max(fall, highest - left)
    holds = [one.body.redeemed.hold for one in record.own if isinstance(one.body, Sale)]
    known = tuple(hold for hold in holds if hold is not None)[-UNSENT_MAX:]
    return Spent(points=fall, holds=known), left - told + fall
