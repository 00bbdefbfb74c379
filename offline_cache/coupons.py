"""What this till knows of coupons: how often each was used, here and elsewhere, and which campaigns are stopped.

The hub's word of a coupon says how many of our operations are in it; what was done here behind that is counted besides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from loyalty.bodies import SaleNumber
from loyalty.operation import Key
from storage import engine
from storage.sqlite_file import SqliteFile


class CouponUses(NamedTuple):
    """`left`: so many uses are known to be left. `here`: of those that were used up, how many at this till; `last`: the
    last of its sales that did, as far as it is still kept."""

    left: int
    here: int = 0
    last: SaleNumber | None = None


class Coupons:
    """The till's file of them."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file
        self._sql: Any = file.sql

    def uses(self, serial: str, uses: int = 1) -> CouponUses:
        """Of a coupon that has so many."""
        with self._file.reading() as connection:
            here = self._sql.coupon_uses_after(connection, serial=serial, generation=0, sequence=0) or 0
            row = self._sql.last_coupon_use(connection, serial=serial) if here > 0 else None
            left = left_of(self._sql, connection, serial, uses)
        last = None if row is None else SaleNumber(day=row[0], number=row[1], pos=row[2], shift=row[3], again=row[4])
        return CouponUses(left, max(0, here), last)

    def is_used_up(self, serial: str, uses: int = 1) -> bool:
        with self._file.reading() as connection:
            return left_of(self._sql, connection, serial, uses) < 1

    def is_stopped(self, campaign: str) -> bool:
        with self._file.reading() as connection:
            return self._sql.is_campaign_stopped(connection, campaign=campaign) is not None


def left_of(sql: Any, connection: engine.Connection, serial: str, uses: int) -> int:
    """So many of a coupon's uses are left, as far as anybody has said."""
    told, generation, sequence = sql.told_coupon(connection, serial=serial) or (None, 0, 0)
    since = sql.coupon_uses_after(connection, serial=serial, generation=generation, sequence=sequence) or 0
    return min(uses, max(0, (uses if told is None else told) - since))


def use_here(sql: Any, connection: engine.Connection, serial: str, sale: Key) -> bool:
    """False: this very sale has used it already."""
    return bool(_change(sql, connection, serial, sale, 1) == 1)


def give_back(sql: Any, connection: engine.Connection, serial: str, by: Key) -> None:
    _change(sql, connection, serial, by, -1)


def _change(sql: Any, connection: engine.Connection, serial: str, by: Key, change: int) -> int:
    named = {"generation": by.generation, "sequence": by.sequence}
    count: int = sql.add_coupon_use(connection, serial=serial, change=change, **named)
    return count


def keep_told(
    sql: Any,
    connection: engine.Connection,
    used_up: Iterable[str],
    returned: Iterable[str],
    left: Mapping[str, int],
    included: Key,
) -> None:
    """Inside the caller's transaction: the hub's word. `used_up`: nothing is left of these; of those that are
    `returned` all is, or as many uses as `left` says. Our operations up to `included` are in it."""
    named = {"generation": included.generation, "sequence": included.sequence}
    for serial in used_up:
        sql.tell_coupon(connection, serial=serial, uses_left=0, **named)
    for serial in returned:
        sql.tell_coupon(connection, serial=serial, uses_left=left.get(serial), **named)


def keep_stopped(sql: Any, connection: engine.Connection, campaigns: Iterable[str]) -> None:
    """Inside the caller's transaction: these are all that are stopped."""
    now = set(campaigns)
    before = {campaign for (campaign,) in sql.stopped_campaigns(connection)}
    for campaign in before - now:
        sql.campaign_goes_on(connection, campaign=campaign)
    for campaign in now - before:
        sql.stop_campaign(connection, campaign=campaign)
