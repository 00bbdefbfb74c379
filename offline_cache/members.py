"""Members and cards as the till knows them. The hub's word comes in pages; the till adds only what it issues itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

from loyalty.many import Told
from loyalty.operation import Key, Operation
from loyalty.snapshot import MemberSnapshot
from loyalty.standing import concerns
from loyalty.utc import moment
from offline_cache.packed import read_kept
from offline_cache.records import AT_HAND_MAX, CardRecord, MemberRecord, standing_of
from offline_cache.seen import Seen
from storage import engine
from storage.sqlite_file import SqliteFile

NEVER_TOLD = Key(0, 0)  # a member whom the hub has not told of yet: all our operations count

_decoder = msgspec.json.Decoder(MemberSnapshot)


class Members:
    def __init__(self, file: SqliteFile) -> None:
        self._file = file
        self._sql: Any = file.sql
        self._seen = Seen(file)

    def card(self, number: str) -> CardRecord | None:
        return self._seen.of(("card", number), lambda: self._card(number))

    def _card(self, number: str) -> CardRecord | None:
        with self._file.reading() as connection:
            row = self._sql.find_card(connection, number=number)
        return _card(*row) if row else None

    def cards(self, member: str) -> list[CardRecord]:
        """All cards of a member, the usable ones first."""
        with self._file.reading() as connection:
            rows = list(self._sql.cards_of_member(connection, member=member))
        return [_card(number, member, status, active_from) for number, status, active_from in rows]

    def some(self, most: int) -> list[str]:
        """All of them, or as many."""
        with self._file.reading() as connection:
            return [member for (member,) in self._sql.some_members(connection, most=most)]

    def is_registered(self, member: str) -> bool:
        """Whether a card of his was active when it was blocked here; else the hub knows."""
        with self._file.reading() as connection:
            return self._sql.is_registered(connection, member=member) is not None

    def by_phone(self, phone_key: bytes) -> list[str]:
        """Members with this keyed phone hash: none, one, or several who share a number."""
        with self._file.reading() as connection:
            rows = list(self._sql.members_by_phone(connection, phone_key=phone_key))
        return [member for (member,) in rows]

    def member(self, member: str) -> MemberRecord | None:
        return self._seen.of(("member", member), lambda: self._member(member))

    def _member(self, member: str) -> MemberRecord | None:
        with self._file.reading() as connection:
            row = self._sql.find_member(connection, member=member)
            return None if row is None else self._record(connection, member, *row)

    def word_of(self, member: str) -> tuple[MemberRecord, datetime | None] | None:
        """With the hub's time for which its word is good; None: it never told of him. Both are of one moment."""
        with self._file.reading() as connection:
            row = self._sql.word_of(connection, member=member)
            if row is None:
                return None
            *found, told_at, pulled_at = row
            record = self._record(connection, member, *found)
        return record, moment(max(filter(None, (told_at, pulled_at)), default=None))

    def _record(
        self, connection: engine.Connection, member: str, told: str, generation: int, sequence: int
    ) -> MemberRecord:
        own = list(self._sql.own_operations(connection, member=member, generation=generation, sequence=sequence))
        return _record_of(told, tuple(kept for (kept,) in own))


@lru_cache(maxsize=AT_HAND_MAX)
def _record_of(told: str, own: tuple[str | bytes, ...]) -> MemberRecord:
    """By the texts themselves, which say the same for ever: whoever stands at a counter is asked for with each
    command."""
    return MemberRecord(told=_decoder.decode(told), own=tuple(concerns(map(read_kept, own))))


def forget_read() -> None:
    """What was read of members is in this process no more."""
    _record_of.cache_clear()
    standing_of.cache_clear()


def own_operations(sql: Any, connection: engine.Connection, member: str, after: Key) -> list[Operation]:
    """Inside the caller's transaction: ours that are not in what the hub told."""
    return _read(sql.own_operations(connection, member=member, generation=after.generation, sequence=after.sequence))


def add_member(sql: Any, connection: engine.Connection, member: str) -> None:
    """Inside the caller's transaction: a member born at this till, of whom the hub has not heard."""
    _save(sql, connection, MemberSnapshot(member=member, cards=()), NEVER_TOLD, None)


def save_snapshot(sql: Any, connection: engine.Connection, told: Told, watermark: Key, at: str | None) -> None:
    """Inside the caller's transaction: the member as the hub knows it, our operations up to `watermark` included. `at`:
    the hub's time."""
    _save(sql, connection, told, watermark, at)
    sql.stays(connection, member=told.member)
    for card in told.cards:
        sql.save_card(
            connection, number=card.number, member=told.member, status=card.status, active_from=card.active_from
        )


def told_rows(
    members: Sequence[Told], watermark: Key, at: str, feed: int
) -> list[tuple[str, int, int, bytes | None, str, str, int]]:
    """For many at once, as `save_snapshot` would write each. `feed`: the number of its beginning."""
    return [(told.member, *watermark, _phone_of(told), _text_of(told), at, feed) for told in members]


def card_rows(members: Sequence[Told]) -> list[tuple[str, str, str, str | None]]:
    return [(card.number, told.member, card.status, card.active_from) for told in members for card in told.cards]


def _phone_of(told: Told) -> bytes | None:
    return bytes.fromhex(told.phone_key) if told.phone_key else None


def _text_of(told: Told) -> str:
    """Its cards and its phone stand beside it."""
    return msgspec.json.encode(msgspec.structs.replace(told, cards=(), phone_key=None)).decode()


def _save(sql: Any, connection: engine.Connection, told: Told, watermark: Key, at: str | None) -> None:
    sql.save_member(
        connection,
        member=told.member,
        generation=watermark.generation,
        sequence=watermark.sequence,
        phone_key=_phone_of(told),
        told=_text_of(told),
        told_at=at,
    )


def _read(rows: Any) -> list[Operation]:
    return [read_kept(kept) for (kept,) in rows]


def _card(number: str, member: str, status: str, active_from: str | None) -> CardRecord:
    return CardRecord(number=number, member=member, status=status, active_from=moment(active_from))
