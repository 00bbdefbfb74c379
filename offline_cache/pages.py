"""The members of a page, kept one by one: one that cannot be is set aside, and what was known of him stands."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from loyalty.kinds import row_for
from loyalty.operation import Key
from loyalty.snapshot import MemberSnapshot
from offline_cache.deeds import DEEDS
from offline_cache.members import own_operations, save_snapshot
from offline_cache.records import SetAside


def keep_members(
    sql: Any, connection: sqlite3.Connection, members: Sequence[MemberSnapshot], watermark: Key
) -> list[SetAside]:
    """Inside the caller's transaction; those that could not be kept."""
    aside = []
    for member in members:
        sql.begin_row(connection)
        try:
            _keep_member(sql, connection, member, watermark)
        except (ValueError, OverflowError, sqlite3.IntegrityError):
            sql.undo_row(connection)
            aside.append(SetAside(kind="member", key=member.member, reason="not_kept"))
        sql.end_row(connection)
    return aside


def _keep_member(sql: Any, connection: sqlite3.Connection, member: MemberSnapshot, watermark: Key) -> None:
    """The hub's word, and over it what we did to cards and the hub has not heard of."""
    save_snapshot(sql, connection, member, watermark)
    for operation in own_operations(sql, connection, member.member, watermark):
        deed = row_for("cache", DEEDS, operation.body)
        if deed.kept is not None:
            deed.kept(sql, connection, operation, operation.body)


def note_set_aside(
    sql: Any,
    connection: sqlite3.Connection,
    aside: Sequence[SetAside],
    *,
    members: Sequence[MemberSnapshot],
    coupons: Sequence[str],
    from_beginning: bool,
) -> None:
    """Inside the caller's transaction: what came well is set aside no more; from its beginning the feed tells all
    anew."""
    if from_beginning:
        sql.forget_all_set_aside(connection)
    elif sql.set_aside_count(connection):
        for member in members:
            sql.forget_set_aside(connection, kind="member", key=member.member)
        for serial in coupons:
            sql.forget_set_aside(connection, kind="coupon", key=serial)
    for one in aside:
        sql.set_row_aside(connection, kind=one.kind, key=one.key, reason=one.reason)
