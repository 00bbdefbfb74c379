"""What is looked at when a server is reached: is it new enough, does it keep what it commits, is the schema ours and of
today, is it the ledger that was opened, do the feed's cursors go on rising?
"""

from __future__ import annotations

import logging
import secrets
from typing import Final

import psycopg

from hub.store.errors import LedgerReplaced, StoreOff
from hub.store.postgres.connections import Connection
from hub.store.postgres.named import ROOM

SERVER_MIN: Final = 150000  # 15
MIGRATIONS: Final = tuple(sorted((ROOM / "migrations").glob("*.sql")))
OPENING_LOCK: Final = 0x706F732D687562  # an advisory lock: one hub at a time migrates, or raises the offset

log = logging.getLogger(__name__)


def check_server(connection: Connection, name: str) -> tuple[str, ...]:
    """Raises StoreOff; says what is dangerous there."""
    row = connection.execute(
        b"SELECT current_setting('server_version_num')::int, current_setting('server_version'),"
        b" current_setting('fsync'), current_setting('synchronous_commit')"
    ).fetchone()
    assert row is not None
    number, version, fsync, commits = row
    if number < SERVER_MIN:
        raise StoreOff(f"{name} is PostgreSQL {version}; the hub needs {SERVER_MIN // 10_000} or newer.")
    said = []
    if fsync == "off":
        said.append(f"{name} has fsync = off: a power cut there can destroy the ledger. Turn it on.")
    if commits == "off":
        connection.execute(b"SET synchronous_commit = on")
        said.append(f"{name} has synchronous_commit = off: the hub turned it on for itself.")
    return tuple(said)


# Asked of the catalogue's rows: to_regclass remembers that there was nothing, also after a wait for whoever made it.
THERE: Final = b"""
SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relname = 'settings' AND nspname = ANY(current_schemas(false))
"""


STRANGE: Final = b"""
SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind IN ('r', 'p') AND nspname = current_schema()
  AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')  -- an extension's
ORDER BY relname LIMIT 1
"""


def schema_version(connection: Connection) -> int:
    """0: none yet."""
    if _one(connection, THERE) is None:
        return 0
    return int(_one(connection, b"SELECT value FROM settings WHERE name = 'schema'") or 0)


def migrate(connection: Connection, name: str) -> None:
    """Bring the schema up to date, each step a transaction. Raises StoreOff for one of a newer program."""
    if _known(schema_version(connection), name) == len(MIGRATIONS):
        return
    with connection.transaction():
        connection.execute(b"SELECT pg_advisory_xact_lock(%s)", (OPENING_LOCK,))
        connection.execute(b"SET LOCAL statement_timeout = 0")
        there = _known(schema_version(connection), name)
        if there == 0:
            _must_be_empty(connection, name)
        for number, path in enumerate(MIGRATIONS[there:], start=there + 1):
            try:
                connection.execute(path.read_bytes())
            except psycopg.errors.DuplicateTable as error:
                raise StoreOff(
                    f"{name} holds tables of somebody else's ({error.diag.message_primary}). Give the hub a database"
                    " of its own."
                ) from error
            connection.execute(
                b"INSERT INTO settings (name, value) VALUES ('schema', %s)"
                b" ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (str(number),),
            )


def _must_be_empty(connection: Connection, name: str) -> None:
    """A mistyped name must not put our tables among somebody else's."""
    strange = _one(connection, STRANGE)
    if strange is not None:
        raise StoreOff(f"{name} holds tables of another program ({strange}, …). Give the hub a database of its own.")


def _known(version: int, name: str) -> int:
    if version > len(MIGRATIONS):
        raise StoreOff(
            f"The ledger in {name} has schema {version}, and this program knows {len(MIGRATIONS)}: a newer one has"
            " opened it. Use that one."
        )
    return version


def identity(connection: Connection) -> str:
    """The ledger's own name, given to it once: another ledger under the same URL has another."""
    connection.execute(
        b"INSERT INTO settings (name, value) VALUES ('ledger', %s) ON CONFLICT (name) DO NOTHING",
        (secrets.token_hex(16),),
    )
    return str(_one(connection, b"SELECT value FROM settings WHERE name = 'ledger'"))


def check_identity(connection: Connection, name: str, ledger: str) -> None:
    try:
        found = _one(connection, b"SELECT value FROM settings WHERE name = 'ledger'")
    except psycopg.errors.UndefinedTable:
        found = None
    if found != ledger:
        raise LedgerReplaced(f"{name} is another ledger than the one that was opened. Stop, and look who changed it.")


# A cursor is made of its transaction's number, and a new server counts transactions from the beginning: after a dump
# was restored into one, an offset keeps new cursors above the old ones. Partitions are few: one look for each.
CURSORS: Final = b"""
WITH RECURSIVE partitions AS (
  (SELECT partition FROM changes ORDER BY partition LIMIT 1)
  UNION ALL
  SELECT (SELECT changes.partition FROM changes WHERE changes.partition > partitions.partition
          ORDER BY changes.partition LIMIT 1)
  FROM partitions WHERE partitions.partition IS NOT NULL
)
SELECT
  coalesce(max((SELECT cursor FROM changes WHERE changes.partition = partitions.partition
                ORDER BY cursor DESC LIMIT 1)), 0) >> 20,
  pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
  coalesce((SELECT value::bigint FROM settings WHERE name = 'feed_offset'), 0)
FROM partitions
"""


def keep_cursors_rising(connection: Connection) -> None:
    """Whoever writes next gets a higher cursor than any that is there."""
    if _offset_needed(connection) is None:
        return
    with connection.transaction():
        connection.execute(b"SELECT pg_advisory_xact_lock(%s)", (OPENING_LOCK,))
        offset = _offset_needed(connection)
        if offset is None:  # another hub has raised it meanwhile
            return
        connection.execute(
            b"INSERT INTO settings (name, value) VALUES ('feed_offset', %s)"
            b" ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (str(offset),),
        )
    log.warning("the feed's cursors were above this server's transactions: raised by an offset of %d", offset)


def _offset_needed(connection: Connection) -> int | None:
    row = connection.execute(CURSORS).fetchone()
    assert row is not None
    highest, upcoming, offset = row
    return None if highest < upcoming + offset else int(highest + 1 - upcoming)


def _one(connection: Connection, statement: bytes) -> str | None:
    row = connection.execute(statement).fetchone()
    return None if row is None else row[0]
