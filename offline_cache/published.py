"""The programmes that the hub told of, each in force from a moment on: what the till is to change to, and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from loyalty.utc import utc_text
from storage import engine


class Published(NamedTuple):
    """`begins_at` None: the hub only ships with it, and nobody has published it."""

    version: str
    hash: str
    begins_at: datetime | None


def read_published(sql: Any, connection: engine.Connection) -> tuple[Published, ...]:
    return tuple(
        Published(version, hash, datetime.fromisoformat(begins_at) if begins_at else None)
        for version, hash, begins_at in sql.published(connection)
    )


def with_the_one_before(
    sql: Any, connection: engine.Connection, known: Sequence[Published], told: Sequence[Published], at: datetime | None
) -> tuple[Published, ...]:
    """What is told, and of what was known the last before it whose file is here: the till stays under that one until
    the new one's file has come. `at`: the hub's time."""
    begun = [one.begins_at for one in told if one.begins_at is not None and at is not None and one.begins_at <= at]
    if not begun:  # nothing has begun, so what was known was still to come, and is withdrawn
        return tuple(told)
    before = [one for one in known if one.begins_at is not None and one.begins_at < begun[0]]
    here = [one for one in before if sql.programme(connection, hash=one.hash) is not None]
    return (*here[-1:], *told)


def keep_published(sql: Any, connection: engine.Connection, told: Iterable[Published]) -> None:
    """Inside the caller's transaction, in the place of what was told before."""
    sql.forget_published(connection)
    for one in told:
        begins_at = utc_text(one.begins_at) if one.begins_at else None
        sql.add_published(connection, version=one.version, hash=one.hash, begins_at=begins_at)
