"""The till forgets all members: whoever has stolen it shall not have them for ever. What it did itself stays, above all
what the hub has not answered.

Begun, it is gone through some members at a time, for no sale waits for more; a process that ends meanwhile goes on with
it after its start. In the end the file is written anew, so that nothing of them is left between its rows.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple, cast

from loyalty.operation import utc_text
from offline_cache.members import forget_read
from offline_cache.phone_keys import PhoneKeys
from offline_cache.ready import UNDER_WAY as READY
from offline_cache.scope import FORGOTTEN_AT_ONCE
from storage import engine
from storage.sqlite_file import FileError, SqliteFile

UNDER_WAY: Final = "forgetting"  # a setting
FORGOTTEN: Final = "forgotten"  # a setting: why and when, until the hub tells of members again
TO_SCRUB: Final = "to_scrub"  # a setting: what was deleted may still be read from the disk
OF_THE_FEED: Final = ("cursor", "pulled_at", "met_at", "begun_at", "forgotten_to", READY)

Why = Literal["revoked", "lease"]  # the office has sent the till away; the hub was not there for too long

log = logging.getLogger(__name__)


class Forgotten(NamedTuple):
    why: Why
    at: datetime


class Forgetting:
    def __init__(self, file: SqliteFile, phones: PhoneKeys) -> None:
        self._file = file
        self._sql: Any = file.sql
        self._phones = phones

    def begin(self, why: Why, at: datetime) -> None:
        """From now on nobody is known here, until the hub tells of members again."""
        with self._file.transaction() as connection:
            for name in OF_THE_FEED:
                self._sql.drop_setting(connection, name=name)
            self._sql.forget_all_set_aside(connection)
            self._sql.set_setting(connection, name=UNDER_WAY, value=why)
            self._sql.set_setting(connection, name=FORGOTTEN, value=f"{why} {utc_text(at)}")
            self._phones.forget(self._sql, connection)

    def more(self) -> bool:
        """Some of those who are left, where it was begun. Whether there may be more."""
        with self._file.reading() as connection:
            if self._sql.setting(connection, name=UNDER_WAY) is None:
                return False
        with self._file.transaction(synced=False) as connection:
            if self._forget_some(connection):
                return True
            self.scrub_later(connection)
        forget_read()
        self.scrub()
        return False

    def _forget_some(self, connection: engine.Connection) -> bool:
        most = FORGOTTEN_AT_ONCE
        if self._sql.drop_cards(connection, most=most) + self._sql.drop_members(connection, most=most):
            return True
        self._sql.drop_leaving(connection)
        self._sql.drop_setting(connection, name=UNDER_WAY)
        return False

    def forgotten(self) -> Forgotten | None:
        """Why and when all members were forgotten; None: they were not, or are told of again."""
        with self._file.reading() as connection:
            said = self._sql.setting(connection, name=FORGOTTEN)
        if said is None:
            return None
        why, _, at = said.partition(" ")
        return Forgotten(cast(Why, why), datetime.fromisoformat(at))

    def scrub_later(self, connection: engine.Connection) -> None:
        """Inside the caller's transaction, which deletes something for good."""
        self._sql.set_setting(connection, name=TO_SCRUB, value="1")

    def scrub(self) -> None:
        """What was deleted for good stands nowhere in the file any more; a disk that has no room for that is asked
        again at the next start."""
        with self._file.reading() as connection:
            if self._sql.setting(connection, name=TO_SCRUB) is None:
                return
        try:
            self._file.scrub()
            with self._file.transaction() as connection:
                self._sql.drop_setting(connection, name=TO_SCRUB)
        except FileError as error:
            log.warning("%s", error)
