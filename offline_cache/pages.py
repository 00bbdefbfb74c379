"""The members of a page, kept one by one: one that cannot be is set aside, and what was known of him stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from loyalty.kinds import row_for
from loyalty.many import Told
from loyalty.operation import Key
from loyalty.snapshot import MemberSnapshot
from loyalty.utc import utc_text
from offline_cache.deeds import DEEDS
from offline_cache.members import card_rows, own_operations, save_snapshot, told_rows
from offline_cache.records import SetAside
from offline_cache.scope import feed_of
from storage import engine


def keep_members(
    sql: Any, connection: engine.Connection, members: Sequence[Told], watermark: Key, at: datetime | None
) -> list[SetAside]:
    """Inside the caller's transaction; those that could not be kept. `at`: the hub's time."""
    told_at = utc_text(at) if at is not None else None
    aside = []
    for member in members:
        sql.begin_row(connection)
        try:
            _keep_member(sql, connection, member, watermark, told_at)
        except (ValueError, OverflowError, engine.ConstraintError):
            sql.undo_row(connection)
            aside.append(SetAside(kind="member", key=member.member, reason="not_kept"))
        sql.end_row(connection)
    return aside


def keep_if_newer(
    sql: Any, connection: engine.Connection, member: MemberSnapshot, watermark: Key, at: datetime
) -> bool:
    """Inside the caller's transaction: one member as the hub told of him beside its feed. What a page told later
    stands: the feed would not tell it again. (A page that was under way meanwhile may be older: then the next one,
    which goes on behind it, tells of him.) Whether it stands now."""
    known = sql.how_told(connection, member=member.member)
    if known is not None and (Key(*known[:2]) > watermark or (known[2] or "") > utc_text(at)):
        return False
    if keep_members(sql, connection, [member], watermark, at):
        return False
    sql.forget_set_aside(connection, kind="member", key=member.member)
    return True


class NotTogether(Exception):
    """These members cannot be kept at once: of one of them something is known already, or he cannot be kept."""


def keep_at_once(
    sql: Any, connection: engine.Connection, members: Sequence[Told], watermark: Key, at: datetime
) -> None:
    """Inside the caller's transaction: members of whom nothing is known here. Raises NotTogether, and then the
    transaction is to be undone: a savepoint for each time would cost as much as half of the writing."""
    if _are_touched(sql, connection, members, watermark):
        raise NotTogether
    try:
        kept = sql.add_members(connection, told_rows(members, watermark, utc_text(at), feed_of(sql, connection)))
        sql.add_cards(connection, card_rows(members))
    except (ValueError, OverflowError, engine.ConstraintError) as error:
        raise NotTogether from error
    if kept != len(members):
        raise NotTogether


def _are_touched(sql: Any, connection: engine.Connection, members: Sequence[Told], watermark: Key) -> bool:
    """Have we done anything with one of them that the hub's word does not know yet?"""
    after = sql.touched_after(connection, generation=watermark.generation, sequence=watermark.sequence)
    touched = {id for row in after for id in row}
    return bool(touched) and any(
        member.member in touched or any(card.number in touched for card in member.cards) for member in members
    )


def keep_if_not_later(
    sql: Any, connection: engine.Connection, members: Sequence[Told], watermark: Key, at: datetime
) -> list[SetAside]:
    """Inside the caller's transaction: one by one, but those of whom the hub told after that moment. Those that could
    not be kept."""
    told_at = utc_text(at)
    older = [member for member in members if not _is_told_after(sql, connection, member.member, told_at)]
    return keep_members(sql, connection, older, watermark, at)


def _is_told_after(sql: Any, connection: engine.Connection, member: str, at: str) -> bool:
    known = sql.how_told(connection, member=member)
    return known is not None and (known[2] or "") > at


def _keep_member(sql: Any, connection: engine.Connection, member: Told, watermark: Key, told_at: str | None) -> None:
    """The hub's word, and over it what we did to cards and the hub has not heard of."""
    save_snapshot(sql, connection, member, watermark, told_at)
    for operation in own_operations(sql, connection, member.member, watermark):
        deed = row_for("cache", DEEDS, operation.body)
        if deed.kept is not None:
            deed.kept(sql, connection, operation, operation.body)


def note_set_aside(
    sql: Any,
    connection: engine.Connection,
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
