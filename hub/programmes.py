"""Programmes: what ships with this hub, and what its chain has published since, each in force from its own moment.

What ships is in force until something of its id is published. Of an id that ships nowhere the first one is known before
it begins: members may be there already.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from hub.store.office_records import PublishedRow
from hub.store.seam import Reader, Store
from loyalty.programme import Programme
from loyalty.utc import utc_text
from sync.protocol import ToldProgramme

LOOKED_EVERY: Final = timedelta(seconds=1)  # another process publishes while this one serves
UTC: Final = ZoneInfo("UTC")
ZONE: Final = "zone:"  # the ledger's setting: days of an id that was sold under before anybody said by which clock
WAITING_MAX: Final = 12  # of one programme that are still to begin: each page of the feed tells of them

log = logging.getLogger(__name__)


class Programmes:
    """`read` gives the programme in a file's text, None for what is none."""

    def __init__(self, shipped: Mapping[str, Programme], read: Callable[[str], Programme | None]) -> None:
        self.shipped = shipped
        self._read = read
        self._published: Mapping[str, Sequence[PublishedRow]] = {}  # by id, in the order of their moments
        self._by_hash: dict[str, Programme] = {}
        self._unreadable: set[str] = set()  # hashes
        self._looked_at: datetime | None = None
        self._zones = {id: programme.timezone for id, programme in shipped.items()}

    def look(self, store: Store, now: datetime) -> None:
        """At what is published, unless that was done just now."""
        if self._looked_at is None or abs(now - self._looked_at) >= LOOKED_EVERY:
            with store.reading() as reader:
                self.take(reader)
            self._looked_at = now

    def take(self, reader: Reader) -> None:
        """All that is published, as it is now."""
        rows = reader.published()
        unread = {row.hash for row in rows} - self._by_hash.keys() - self._unreadable
        for hash, source in reader.programmes(unread).items():
            self._take_file(hash, source)
        self._published = {id: list(some) for id, some in groupby(rows, key=lambda row: row.programme)}
        for id, of_it in self._published.items():
            if id not in self._zones and (good := self._good(of_it)):
                first = self._by_hash[good[0].hash]
                self._zones[id] = ZoneInfo(reader.setting(ZONE + id) or first.timezone.key)

    def _take_file(self, hash: str, source: str) -> None:
        known = self._read(source)
        if known is not None:
            self._by_hash[hash] = known
        else:
            self._unreadable.add(hash)
            log.error("The published programme %s cannot be read here; the one before it stays in force.", hash)

    def _good(self, rows: Iterable[PublishedRow]) -> list[PublishedRow]:
        """Those whose files can be read here."""
        return [row for row in rows if row.hash in self._by_hash]

    def zone_of(self, id: str) -> ZoneInfo:
        """By which days of its members are counted: for ever the same."""
        return self._zones.get(id, UTC)

    def at(self, moment: datetime) -> Mapping[str, Programme]:
        """By id, what is in force then."""
        if not self._published:
            return self.shipped
        found = dict(self.shipped)
        for id, rows in self._published.items():
            good = self._good(rows)
            begun = rows_begun(good, moment)
            if begun:
                found[id] = self._by_hash[begun[-1].hash]
            elif good and id not in found:
                found[id] = self._by_hash[good[0].hash]
        return found

    def published(self, hash: str) -> bool:
        return any(row.hash == hash for rows in self._published.values() for row in rows)

    def is_ours(self, hash: str) -> bool:
        """Published, or shipped."""
        return self.published(hash) or any(one.content_hash == hash for one in self.shipped.values())

    def told(self, id: str, now: datetime) -> tuple[ToldProgramme, ...]:
        """What tills of a programme are told: the one in force, and those to come. One that only ships is named, so
        that a till can compare; it is not published, and begins nowhere."""
        rows = self._published.get(id, ())
        begun = rows_begun(rows, now)
        own = self.shipped.get(id)
        told = [*map(_told, begun[-1:]), *map(_told, rows_ahead(rows, now))]
        if own is not None and not begun:
            return (ToldProgramme(id=id, version=own.version, hash=own.content_hash), *told)
        return tuple(told)

    def other_hash(self, programme: Programme) -> str | None:
        """Of the same id and version with other content, if there is any here."""
        published = self._published.get(programme.id, ())
        known = [row.hash for row in published if row.version == programme.version]
        own = self.shipped.get(programme.id)
        if own is not None and own.version == programme.version:
            known.append(own.content_hash)
        return next((hash for hash in known if hash != programme.content_hash), None)


def rows_begun(rows: Iterable[PublishedRow], at: datetime) -> list[PublishedRow]:
    return [row for row in rows if row.begins_at <= at]


def rows_ahead(rows: Iterable[PublishedRow], at: datetime) -> list[PublishedRow]:
    return [row for row in rows if row.begins_at > at]


def _told(row: PublishedRow) -> ToldProgramme:
    return ToldProgramme(id=row.programme, version=row.version, hash=row.hash, begins_at=utc_text(row.begins_at))


def of_programme(rows: Sequence[PublishedRow], id: str) -> list[PublishedRow]:
    return [row for row in rows if row.programme == id]


def zone_of(programmes: Mapping[str, Programme], id: str) -> ZoneInfo:
    """The time zone of a programme; UTC for one that is not known here."""
    known = programmes.get(id)
    return known.timezone if known else UTC


class _RulesOf(msgspec.Struct, frozen=True):
    programme_hash: str = ""


_rules = msgspec.json.Decoder(_RulesOf)


def rules_of(text: str) -> str:
    """Under which rules an operation was made; of one that cannot be read, nothing."""
    try:
        return _rules.decode(text).programme_hash
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return ""
