"""Whom the hub tells this till of, and how those are forgotten of whom it tells no more. Inside the caller's
transaction.

They go a day later, and a few at a time: a receipt that is open or laid aside may be theirs, and no sale waits while a
chain's members leave the file. Whoever has operations here that the hub has not answered stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from loyalty.operation import utc_text
from offline_cache.records import CHAIN
from storage import engine

FORGOTTEN_AFTER: Final = timedelta(days=1)  # nobody's receipt is laid aside for longer
FORGOTTEN_AT_ONCE: Final = 500  # members: some 20 ms, for which a sale may have to wait
OWN_SALES_LOOKED_AT: Final = 5_000  # weeks of a till: longer than most coupons live


def scope_of(sql: Any, connection: engine.Connection) -> str:
    return sql.setting(connection, name="scope") or CHAIN


def feed_of(sql: Any, connection: engine.Connection) -> int:
    """The number of the feed's beginning."""
    return int(sql.setting(connection, name="feed") or 0)


def begin_scope(sql: Any, connection: engine.Connection, scope: str, at: datetime) -> None:
    """What was told before is of another feed. Coupons that were used here are known still; of the others this feed
    would not say that they came back."""
    feed = feed_of(sql, connection) + 1
    for name, value in (("scope", scope), ("feed", str(feed)), ("begun_at", utc_text(at)), ("forgotten_to", "")):
        sql.set_setting(connection, name=name, value=value)
    sql.forget_coupons(connection, sales=OWN_SALES_LOOKED_AT)


def note_leaving(sql: Any, connection: engine.Connection, members: Sequence[str], at: datetime) -> None:
    for member in members:
        sql.let_leave(connection, member=member, at=utc_text(at))


def is_anybody_due(sql: Any, connection: engine.Connection, at: datetime) -> bool:
    """Is anybody to be forgotten by then, the hub's time?"""
    left = sql.due_leaving(connection, at=_before(at), most=1)
    return bool(list(left)) or _feed_is_due(sql, connection, at)


def forget_some(sql: Any, connection: engine.Connection, at: datetime) -> bool:
    """Whether there may be more."""
    left = [member for (member,) in sql.due_leaving(connection, at=_before(at), most=FORGOTTEN_AT_ONCE)]
    _forget(sql, connection, left, at)
    if left or not _feed_is_due(sql, connection, at):
        return bool(left)
    after = sql.setting(connection, name="forgotten_to")
    told_before = list(sql.told_before(connection, after=after, most=FORGOTTEN_AT_ONCE))
    _forget(sql, connection, [member for member, is_old in told_before if is_old], at)
    if told_before:
        sql.set_setting(connection, name="forgotten_to", value=told_before[-1][0])
    else:
        sql.drop_setting(connection, name="begun_at")
    return bool(told_before)


def _forget(sql: Any, connection: engine.Connection, members: Sequence[str], at: datetime) -> None:
    """Those for whom something waits to be sent, when that is answered."""
    for member in members:
        if sql.waits_for(connection, member=member):
            sql.let_leave(connection, member=member, at=_before(at))
        else:
            sql.forget_cards(connection, member=member)
            sql.forget_member(connection, member=member)
            sql.stays(connection, member=member)
            sql.forget_set_aside(connection, kind="member", key=member)


def _feed_is_due(sql: Any, connection: engine.Connection, at: datetime) -> bool:
    begun = sql.setting(connection, name="begun_at")
    return begun is not None and begun <= _before(at)


def _before(at: datetime) -> str:
    return utc_text(at - FORGOTTEN_AFTER)
