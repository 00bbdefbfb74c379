"""The hub's changes as the till keeps them: pages of its feed, and single members that it told of beside them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from loyalty.cases import CaseSnapshot
from loyalty.operation import Key
from loyalty.snapshot import MemberSnapshot
from loyalty.utc import moment, utc_text
from offline_cache.cases import Cases
from offline_cache.coupons import keep_stopped, keep_told
from offline_cache.forgetting import FORGOTTEN
from offline_cache.lease import Leases
from offline_cache.pages import keep_if_newer, keep_members, note_set_aside
from offline_cache.phone_keys import PhoneKeys, after_page
from offline_cache.programmes import Programmes
from offline_cache.records import CHAIN, Feed, Page, SetAside
from offline_cache.scope import begin_scope, forget_some, is_anybody_due, note_leaving, scope_of
from offline_cache.seen import Seen
from offline_cache.trimming import cover
from storage import engine
from storage.sqlite_file import SqliteFile

SEEN_AT: Final = "seen_at"
COUPON_KEY: Final = "coupon_key:"  # settings: the public key of that id
ROTATING_KEY: Final = "rotating_key:"  # settings: and the key's id
NOTED_EVERY: Final = timedelta(minutes=10)  # what a clock set back can win; a write of the disk each time


class BadPage(ValueError):
    """The hub's page says something that cannot be kept; nothing of it was."""


class HubChanges:
    """`training`: the hub speaks of the shop's own operations, which are numbered like those of people who practise."""

    def __init__(
        self,
        file: SqliteFile,
        leases: Leases,
        cases: Cases,
        phones: PhoneKeys,
        programmes: Programmes,
        *,
        training: bool,
    ) -> None:
        self._file = file
        self._sql: Any = file.sql
        self._leases = leases
        self._cases = cases
        self._phones = phones
        self._programmes = programmes
        self._training = training
        self._seen = Seen(file)

    def feed(self) -> Feed:
        return self._seen.of("feed", self._feed)

    def _feed(self) -> Feed:
        with self._file.reading() as connection:
            cursor, scope, *times = self._sql.feed(connection)
        pulled_at, met_at, *seen = map(moment, times)
        moments = [at for at in (met_at or pulled_at, *seen) if at is not None]
        return Feed(
            cursor=cursor or "",
            pulled_at=pulled_at,
            latest_at=max(moments, default=None),
            met_at=met_at or pulled_at,
            scope=scope or CHAIN,
        )

    def note_moment(self, now: datetime) -> None:
        """The till is there at this moment, though nobody buys: a clock that is set back later is found by it. The
        hub's next word is of its own clock, and takes the place of this."""
        latest = self.feed().latest_at
        if latest is None or now - latest >= NOTED_EVERY:
            with self._file.transaction() as connection:
                self._sql.set_setting(connection, name=SEEN_AT, value=utc_text(now))

    def apply(self, page: Page) -> None:
        """All of it, or nothing. Raises BadPage."""
        at = page.at or page.pulled_at
        all_told = page.pulled_at is not None and not page.phones_change
        phone_keys = after_page(self._phones.keys, page.phone_hash_key, all_told=all_told)
        try:
            with self._file.transaction(synced=False) as connection:
                from_beginning = self._begins(connection, page, at)
                self._cases.keep(connection, self._own_cases(page), from_beginning=from_beginning)
                self._keep_rows(connection, page, at, from_beginning=from_beginning)
                published = self._programmes.after_page(connection, page.programmes, at)
                self._keep_coupons(connection, page)
                self._keep_rotating_keys(connection, page)
                if phone_keys != self._phones.keys:
                    self._phones.keep(self._sql, connection, phone_keys)
                self._read_to(connection, page, at)
        except (ValueError, OverflowError, engine.ConstraintError) as error:
            raise BadPage(str(error)) from error
        self._programmes.published = published
        self._phones.keys = phone_keys

    def _begins(self, connection: engine.Connection, page: Page, at: datetime | None) -> bool:
        """Is the page the beginning of a feed?"""
        if page.scope is not None and at is not None and page.scope != scope_of(self._sql, connection):
            begin_scope(self._sql, connection, page.scope, at)
            return True
        return not self._sql.setting(connection, name="cursor")

    def _own_cases(self, page: Page) -> Sequence[CaseSnapshot]:
        return () if self._training else page.cases

    def _included(self, watermark: Key) -> Key:
        """Up to which of our operations the hub's word goes."""
        return Key(self._leases.generation, 0) if self._training else watermark

    def _keep_rows(
        self, connection: engine.Connection, page: Page, at: datetime | None, *, from_beginning: bool
    ) -> None:
        """Its members one by one, and what of it is not taken."""
        not_kept = keep_members(self._sql, connection, page.members, self._included(page.watermark), at)
        note_set_aside(
            self._sql,
            connection,
            [*page.set_aside, *not_kept],
            members=page.members,
            coupons=[*page.used_coupons, *page.returned_coupons],
            from_beginning=from_beginning,
        )

    def _keep_coupons(self, connection: engine.Connection, page: Page) -> None:
        included = self._included(page.watermark)
        keep_told(self._sql, connection, page.used_coupons, page.returned_coupons, page.coupon_uses_left, included)
        keep_stopped(self._sql, connection, page.stopped_campaigns)
        told = {f"{COUPON_KEY}{id}": key.hex() for id, key in page.coupon_keys.items()}
        unread = {f"{COUPON_KEY}{row.key}" for row in page.set_aside if row.kind == "coupon_key"}
        for name, _ in list(self._sql.settings_like(connection, pattern=f"{COUPON_KEY}%")):
            if name not in told and name not in unread:
                self._sql.drop_setting(connection, name=name)
        for name, key in told.items():
            self._sql.set_setting(connection, name=name, value=key)

    def _keep_rotating_keys(self, connection: engine.Connection, page: Page) -> None:
        """All of them: one that the hub does not tell any more certifies nobody."""
        known = self._rotating_keys(connection)
        for key_id in known.keys() - page.rotating_keys.keys():
            self._sql.drop_setting(connection, name=f"{ROTATING_KEY}{key_id}")
        for key_id, key in page.rotating_keys.items():
            if known.get(key_id) != key:
                self._sql.set_setting(connection, name=f"{ROTATING_KEY}{key_id}", value=key.hex())

    def _rotating_keys(self, connection: engine.Connection) -> dict[int, bytes]:
        rows = list(self._sql.settings_like(connection, pattern=f"{ROTATING_KEY}%"))
        return {int(name.removeprefix(ROTATING_KEY)): bytes.fromhex(value) for name, value in rows}

    def _read_to(self, connection: engine.Connection, page: Page, at: datetime | None) -> None:
        if at is not None:
            note_leaving(self._sql, connection, page.gone, at)
            self._sql.set_setting(connection, name="met_at", value=utc_text(at))
            self._sql.drop_setting(connection, name=SEEN_AT)
        if not self._training:
            cover(self._sql, connection, page.covered)
        self._sql.drop_setting(connection, name=FORGOTTEN)
        self._sql.set_setting(connection, name="cursor", value=page.cursor)
        if page.pulled_at is not None:
            self._sql.set_setting(connection, name="pulled_at", value=utc_text(page.pulled_at))

    def keep_member(self, member: MemberSnapshot, *, watermark: Key, at: datetime) -> bool:
        """One member as the hub told of him beside its feed, at that moment of its clock; never in the place of what it
        told later. Our operations up to the watermark are in it. Whether it stands now."""
        with self._file.transaction(synced=False) as connection:
            return keep_if_newer(self._sql, connection, member, self._included(watermark), at)

    def forget_some(self, at: datetime) -> bool:
        """Members of whom the feed tells no more, some of them; `at` is the hub's time. Whether there may be more."""
        with self._file.reading() as connection:
            if not is_anybody_due(self._sql, connection, at):
                return False
        with self._file.transaction(synced=False) as connection:
            return forget_some(self._sql, connection, at)

    def set_aside(self, most: int) -> list[SetAside]:
        """Rows of the hub's pages that were not taken. A person settles them, at the hub."""
        with self._file.reading() as connection:
            rows = list(self._sql.set_aside(connection, most=most))
        return [SetAside(kind=kind, key=key, reason=reason) for kind, key, reason in rows]

    def set_aside_count(self) -> int:
        with self._file.reading() as connection:
            count: int = self._sql.set_aside_count(connection)
        return count

    def coupon_keys(self) -> dict[int, bytes]:
        """The hub's public keys by key id, as it told them last: one that is told no more is revoked."""
        with self._file.reading() as connection:
            rows = list(self._sql.settings_like(connection, pattern=f"{COUPON_KEY}%"))
        return {int(name.removeprefix(COUPON_KEY)): bytes.fromhex(value) for name, value in rows}

    def rotating_keys(self) -> dict[int, bytes]:
        """Those that phones are certified with, by key id."""
        with self._file.reading() as connection:
            return self._rotating_keys(connection)
