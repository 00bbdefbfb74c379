"""A till that knows nobody begins with the hub's ready file of members, and goes on with the feed behind it.

It is taken block by block, each in transactions that no sale waits for long. How far it is stands in the till's file
with the members themselves: a till that ends meanwhile goes on where it was. Until the feed has caught up nobody says
that all are known (`pulled_at` is none, and a card that is not here is a stranger's).

A file that the hub has let go is followed by its next one, at the place that was reached: the feed goes on behind the
cursor of the first, and so tells all that changed since. What was told of a member after the moment of the file stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import msgspec

from loyalty.many import Told
from loyalty.operation import Key
from offline_cache.coupons import keep_told
from offline_cache.lease import Leases
from offline_cache.pages import NotTogether, keep_at_once, keep_if_not_later, note_set_aside
from offline_cache.records import SetAside
from offline_cache.scope import scope_of
from storage import engine, sqlite_file
from storage.sqlite_file import SqliteFile

UNDER_WAY: Final = "ready"  # a setting
ONE_BY_ONE: Final = 1_000  # members in a transaction: some 60 ms, for which a sale may have to wait
CACHE_KIB: Final = 32_000  # of the file meanwhile: phones come in no order, and touch pages everywhere


class UnderWay(msgspec.Struct, frozen=True, kw_only=True):
    """A ready file that is being taken: `file` at the hub, of the moment `at` there, as far as the place `after`.
    `cursor`: behind which the feed goes on. `generation`, `sequence`: our operations up to it are in its members.
    `done` of `members` are here."""

    file: str
    cursor: str
    at: str
    generation: int
    sequence: int
    scope: str
    epoch: str
    members: int
    after: str = ""
    done: int = 0


class Coming(NamedTuple):
    """How many members have come, of how many."""

    done: int
    members: int


class Part(NamedTuple):
    """Of a block: what can be kept of it, and what is not taken. `to`: the place that is reached with it, at a block's
    end."""

    members: Sequence[Told]
    aside: Sequence[SetAside] = ()
    used_coupons: Sequence[str] = ()
    returned_coupons: Sequence[str] = ()
    coupon_uses_left: Mapping[str, int] = MappingProxyType({})
    to: str = ""

    def pieces(self) -> Iterator[Part]:
        """So much of it as is kept in one transaction where members are kept one by one."""
        starts = range(0, len(self.members), ONE_BY_ONE)
        yield from (Part(self.members[start : start + ONE_BY_ONE]) for start in starts)
        yield self._replace(members=())


Keep = Callable[[engine.Connection, Sequence[Told], UnderWay], Sequence[SetAside]]  # gives those not kept


class ReadyMembers:
    """`training`: the hub speaks of the shop's own operations, which are numbered like those of people who practise."""

    def __init__(self, file: SqliteFile, leases: Leases, *, training: bool) -> None:
        self._file = file
        self._sql: Any = file.sql
        self._leases = leases
        self._training = training

    def under_way(self) -> UnderWay | None:
        with self._file.reading() as connection:
            return self._read(connection)

    def coming(self) -> Coming | None:
        """None: no ready file is being taken."""
        found = self.under_way()
        return Coming(found.done, found.members) if found else None

    def begin(self, new: UnderWay) -> None:
        """From its first block on; or, where another of the same members was being taken, from where that one is."""
        with self._file.transaction() as connection:
            before = self._read(connection)
            if before is not None and (before.scope, before.epoch) == (new.scope, new.epoch):
                new = msgspec.structs.replace(new, cursor=before.cursor, after=before.after, done=before.done)
            self._write(connection, new)

    def take(self, part: Part) -> None:
        """All of it at once, or what can be of it, member by member. Not synced: how far it is stands beside it, so a
        power cut takes both."""
        try:
            self._take(part, self._at_once)
        except NotTogether:
            for piece in part.pieces():
                self._take(piece, self._one_by_one)

    def _take(self, part: Part, keep: Keep) -> None:
        with self._file.transaction(synced=False) as connection:
            now = self._read(connection)
            if now is None:
                return  # everybody is being forgotten
            connection.pragma("cache_size", -CACHE_KIB)
            aside = [*part.aside, *keep(connection, part.members, now)]
            note_set_aside(self._sql, connection, aside, members=(), coupons=(), from_beginning=False)
            included = self._watermark(now)
            keep_told(self._sql, connection, part.used_coupons, part.returned_coupons, part.coupon_uses_left, included)
            done = now.done + len(part.members) + len(part.aside)
            self._write(connection, msgspec.structs.replace(now, done=done, after=part.to or now.after))

    def _at_once(self, connection: engine.Connection, members: Sequence[Told], now: UnderWay) -> Sequence[SetAside]:
        keep_at_once(self._sql, connection, members, self._watermark(now), datetime.fromisoformat(now.at))
        return ()

    def _one_by_one(self, connection: engine.Connection, members: Sequence[Told], now: UnderWay) -> Sequence[SetAside]:
        at = datetime.fromisoformat(now.at)
        return keep_if_not_later(self._sql, connection, members, self._watermark(now), at)

    def _watermark(self, now: UnderWay) -> Key:
        return Key(self._leases.generation, 0) if self._training else Key(now.generation, now.sequence)

    def end(self) -> None:
        """All of it is here: the feed goes on."""
        with self._file.transaction() as connection:
            now = self._read(connection)
            if now is not None and now.scope == scope_of(self._sql, connection):
                self._sql.set_setting(connection, name="cursor", value=now.cursor)
            self._sql.drop_setting(connection, name=UNDER_WAY)
            connection.pragma("cache_size", -sqlite_file.CACHE_KIB)

    def give_up(self) -> None:
        """The feed tells all, from its beginning; what has come is here until it tells otherwise."""
        with self._file.transaction() as connection:
            self._sql.drop_setting(connection, name=UNDER_WAY)
            connection.pragma("cache_size", -sqlite_file.CACHE_KIB)

    def _read(self, connection: engine.Connection) -> UnderWay | None:
        kept = self._sql.setting(connection, name=UNDER_WAY)
        return None if kept is None else msgspec.json.decode(kept, type=UnderWay)

    def _write(self, connection: engine.Connection, under_way: UnderWay) -> None:
        self._sql.set_setting(connection, name=UNDER_WAY, value=msgspec.json.encode(under_way).decode())
