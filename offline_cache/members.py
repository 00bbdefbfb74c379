"""Members and cards as the till knows them. The hub's word comes in pages; the till adds only what it issues itself."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from loyalty.operation import Operation, read_operation
from loyalty.snapshot import ExpiringPoints, MemberSnapshot
from offline_cache.records import CardRecord, MemberRecord
from storage.sqlite_file import SqliteFile


class Members:
    def __init__(self, file: SqliteFile) -> None:
        self._file = file
        self._sql: Any = file.sql

    def card(self, number: str) -> CardRecord | None:
        with self._file.reading() as connection:
            row = self._sql.find_card(connection, number=number)
        return CardRecord(number=row[0], member=row[1], status=row[2]) if row else None

    def cards(self, member: str) -> list[CardRecord]:
        """All cards of a member, the usable ones first."""
        with self._file.reading() as connection:
            rows = list(self._sql.cards_of_member(connection, member=member))
        return [CardRecord(number=number, member=member, status=status) for number, status in rows]

    def by_phone(self, phone_key: bytes) -> list[str]:
        """Members with this keyed phone hash: none, one, or several who share a number."""
        with self._file.reading() as connection:
            rows = list(self._sql.members_by_phone(connection, phone_key=phone_key))
        return [member for (member,) in rows]

    def member(self, member: str) -> MemberRecord | None:
        with self._file.reading() as connection:
            row = self._sql.find_member(connection, member=member)
            if row is None:
                return None
            own = self._sql.own_operations(connection, member=member, after=row[2])
        return MemberRecord(
            member=row[0],
            points_snapshot=row[1],
            points_own=own[0],
            redeemed_unsynced=own[1],
            accumulated_kopecks=row[3],
            birthday=row[4],
            favourites=tuple(json.loads(row[5])),
        )

    def expiring(self, member: str) -> tuple[ExpiringPoints | None, tuple[Operation, ...]]:
        """The hub's word on what dies next, and our own sales since then that it does not know of."""
        with self._file.reading() as connection:
            row = self._sql.expiring_points(connection, member=member)
            if row is None or row[0] is None:
                return None, ()
            own = list(self._sql.own_sales(connection, member=member, after=row[2]))
        return ExpiringPoints(points=row[0], at=row[1]), tuple(read_operation(text) for (text,) in own)

    def redeemed_on(self, member: str, day: str) -> tuple[int, int]:
        """Points this till redeemed for the member on a shop day: in all, and of that without a connection."""
        with self._file.reading() as connection:
            total, offline = self._sql.redeemed_on_day(connection, member=member, day=day)
        return total, offline


def save_snapshot(sql: Any, connection: sqlite3.Connection, snapshot: MemberSnapshot, watermark: int) -> None:
    """Inside the caller's transaction: the member as the hub knows it, our operations up to `watermark` included."""
    sql.save_member(
        connection,
        member=snapshot.member,
        points=snapshot.points,
        snapshot_sequence=watermark,
        accumulated_kopecks=snapshot.accumulated_kopecks,
        birthday=snapshot.birthday,
        favourites=json.dumps(snapshot.favourites, ensure_ascii=False),
        phone_key=bytes.fromhex(snapshot.phone_key) if snapshot.phone_key else None,
        expiring_points=snapshot.expires_next.points if snapshot.expires_next else None,
        expiring_at=snapshot.expires_next.at if snapshot.expires_next else None,
    )
    for card in snapshot.cards:
        sql.save_card(connection, number=card.number, member=snapshot.member, status=card.status)
