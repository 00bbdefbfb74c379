"""The till forgets all members: whoever has stolen it shall not have them for ever. What it did itself stays, above all
what the hub has not answered.

Begun, it is gone through some members at a time, for no sale waits for more; a process that ends meanwhile goes on with
it after its start. In the end the file is written anew, so that nothing of them is left between its rows.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple, cast

from loyalty.operation import utc_text
from offline_cache.scope import FORGOTTEN_AT_ONCE

UNDER_WAY: Final = "forgetting"  # a setting
FORGOTTEN: Final = "forgotten"  # a setting: why and when, until the hub tells of members again
OF_THE_FEED: Final = ("cursor", "pulled_at", "met_at", "begun_at", "forgotten_to")

Why = Literal["revoked", "lease"]  # the office has sent the till away; the hub was not there for too long


class Forgotten(NamedTuple):
    why: Why
    at: datetime


def begin_forgetting(sql: Any, connection: sqlite3.Connection, why: Why, at: datetime) -> None:
    for name in OF_THE_FEED:
        sql.drop_setting(connection, name=name)
    sql.forget_all_set_aside(connection)
    sql.set_setting(connection, name=UNDER_WAY, value=why)
    sql.set_setting(connection, name=FORGOTTEN, value=f"{why} {utc_text(at)}")


def forget_more(sql: Any, connection: sqlite3.Connection) -> bool:
    """Some of those who are left. Whether there may be more."""
    gone = sql.drop_cards(connection, most=FORGOTTEN_AT_ONCE) + sql.drop_members(connection, most=FORGOTTEN_AT_ONCE)
    if gone:
        return True
    sql.drop_leaving(connection)
    sql.drop_setting(connection, name=UNDER_WAY)
    return False


def is_under_way(sql: Any, connection: sqlite3.Connection) -> bool:
    return sql.setting(connection, name=UNDER_WAY) is not None


def forgotten(sql: Any, connection: sqlite3.Connection) -> Forgotten | None:
    said = sql.setting(connection, name=FORGOTTEN)
    if said is None:
        return None
    why, _, at = said.partition(" ")
    return Forgotten(cast(Why, why), datetime.fromisoformat(at))
