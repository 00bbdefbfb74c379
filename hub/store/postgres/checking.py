"""What must be true of a PostgreSQL server before a ledger is trusted to it, asked of the server itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

import psycopg
from psycopg.rows import dict_row

OLDEST_VERSION: Final = 15
CONNECTIONS_WANTED: Final = 10  # of one hub, and an office command beside it
LONGEST_WRITE_S: Final = 60  # a feed shows nothing that is newer than the oldest transaction that writes to the ledger


class Found(NamedTuple):
    """One thing that was looked at. `helps`: None when it is as it should be."""

    what: str
    found: str
    helps: str | None = None


def check(connection: psycopg.Connection[Any]) -> Iterator[Found]:
    """All of it, one by one."""
    facts = _facts(connection)
    for look in LOOKS:
        yield look(facts)


def _facts(connection: psycopg.Connection[Any]) -> Mapping[str, Any]:
    with connection.cursor(row_factory=dict_row) as cursor:
        facts = cursor.execute(FACTS, {"longest": LONGEST_WRITE_S}).fetchone()
    assert facts is not None
    return facts


FACTS: Final = """
WITH ours AS MATERIALIZED (  -- those that hold the feed back (unfinished.py)
  SELECT pid, virtualtransaction FROM pg_locks
  WHERE locktype = 'relation' AND relation = to_regclass('changes') AND mode = 'RowExclusiveLock' AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
)
SELECT current_setting('server_version') AS version,
       current_setting('server_version_num')::int / 10000 AS major,
       current_setting('server_encoding') AS encoding,
       current_setting('fsync') AS fsync,
       current_setting('full_page_writes') AS full_page_writes,
       current_setting('synchronous_commit') AS synchronous_commit,
       current_setting('synchronous_standby_names') AS standbys,
       current_setting('data_checksums') AS checksums,
       current_setting('transaction_read_only') AS read_only,
       pg_is_in_recovery() AS is_standby,
       (SELECT count(*) FROM pg_stat_replication
         WHERE coalesce(sync_state, 'sync') IN ('sync', 'quorum')) AS standing_by,
       current_user AS me,
       current_schema() AS schema,
       has_schema_privilege(current_schema(), 'CREATE') AS may_create,
       (SELECT coalesce(array_agg(relname::text ORDER BY relname), '{}') FROM pg_class
         WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
           AND NOT (has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT')
                    AND has_table_privilege(oid, 'UPDATE') AND has_table_privilege(oid, 'DELETE'))) AS forbidden,
       least(
         current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
           - (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
         (SELECT nullif(rolconnlimit, -1) - (SELECT count(*) FROM pg_stat_activity WHERE usename = current_user)
            FROM pg_roles WHERE rolname = current_user),
         (SELECT nullif(datconnlimit, -1) - (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database())
            FROM pg_database WHERE datname = current_database())
       ) AS free,
       (SELECT count(*) FROM pg_stat_activity
         WHERE now() - xact_start > make_interval(secs => %(longest)s)
           AND pid IN (SELECT pid FROM ours)) AS writing,
       (SELECT count(*) FROM pg_prepared_xacts
         WHERE now() - prepared > make_interval(secs => %(longest)s)
           AND transaction IN (SELECT transactionid FROM pg_locks
                                WHERE virtualtransaction IN (SELECT virtualtransaction FROM ours))) AS prepared,
       (SELECT extversion FROM pg_extension WHERE extname = 'citus') AS citus
"""


def _version(facts: Mapping[str, Any]) -> Found:
    helps = f"The hub needs PostgreSQL {OLDEST_VERSION} or newer." if facts["major"] < OLDEST_VERSION else None
    return Found("version", facts["version"], helps)


def _encoding(facts: Mapping[str, Any]) -> Found:
    helps = "Make the database anew: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0."
    return Found("encoding", facts["encoding"], None if facts["encoding"] == "UTF8" else helps)


def _must_be_on(name: str, why: str) -> Callable[[Mapping[str, Any]], Found]:
    def look(facts: Mapping[str, Any]) -> Found:
        helps = f"{why} ALTER SYSTEM SET {name} = on; SELECT pg_reload_conf();"
        return Found(name, facts[name], None if facts[name] == "on" else helps)

    return look


def _synchronous_commit(facts: Mapping[str, Any]) -> Found:
    """`local` and `remote_write` promise less than a standby is there for."""
    value = facts["synchronous_commit"]
    enough = ("on", "remote_apply") if facts["standbys"] else ("on", "remote_apply", "remote_write", "local")
    helps = (
        "What tills were told is safe may be lost. ALTER SYSTEM SET synchronous_commit = on; SELECT pg_reload_conf();"
        " and see that no role or database is set otherwise (\\drds in psql)."
    )
    return Found("synchronous_commit", value, None if value in enough else helps)


def _standby(facts: Mapping[str, Any]) -> Found:
    if not facts["standbys"]:
        return Found("synchronous standby", "none: what the disk of this one server loses is lost")
    helps = "None of them is connected, and every write waits for one. Start it, or see docs/scaling.md."
    found = f"{facts['standing_by']} connected of {facts['standbys']}"
    return Found("synchronous standby", found, None if facts["standing_by"] else helps)


def _writable(facts: Mapping[str, Any]) -> Found:
    if facts["is_standby"]:
        return Found("writable", "no, it is a standby", "Name the server that it follows, or promote this one.")
    helps = "Somebody set default_transaction_read_only for this server, database or role: take it back."
    return Found(
        "writable", "no" if facts["read_only"] == "on" else "yes", helps if facts["read_only"] == "on" else None
    )


def _rights(facts: Mapping[str, Any]) -> Found:
    me = facts["me"]
    if facts["schema"] is None:
        return Found("rights", f"{me} has no schema", "CREATE SCHEMA …, and set it in the role's search_path.")
    if not facts["may_create"]:
        helps = f"GRANT CREATE ON SCHEMA {facts['schema']} TO {me}; or let another role run `init` and `migrate`."
        return Found("rights", f"{me} may not make tables in {facts['schema']}", helps)
    if facts["forbidden"]:
        names = ", ".join(facts["forbidden"])
        helps = f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {facts['schema']} TO {me};"
        return Found("rights", f"{me} may not read and write {names}", helps)
    return Found("rights", f"{me} may do what the hub does in {facts['schema']}")


def _connections(facts: Mapping[str, Any]) -> Found:
    helps = f"A hub takes up to {CONNECTIONS_WANTED}. Raise max_connections, or end what is not needed."
    return Found("free connections", str(facts["free"]), None if facts["free"] >= CONNECTIONS_WANTED else helps)


def _long_writes(facts: Mapping[str, Any]) -> Found:
    """A reader of the feed waits for whoever writes to the ledger and drew an earlier number."""
    helps = (
        "They write to the ledger, and tills hear of no change while they last. Look at pg_stat_activity (xact_start)"
        " and pg_prepared_xacts, and end them."
    )
    found = f"{facts['writing'] + facts['prepared']} longer than {LONGEST_WRITE_S} s"
    return Found("open transactions", found, helps if facts["writing"] + facts["prepared"] else None)


def _checksums(facts: Mapping[str, Any]) -> Found:
    return Found("data checksums", facts["checksums"])


def _citus(facts: Mapping[str, Any]) -> Found:
    return Found("Citus", facts["citus"] or "no: one server holds all of it")


LOOKS: Final[tuple[Callable[[Mapping[str, Any]], Found], ...]] = (
    _version,
    _encoding,
    _writable,
    _must_be_on("fsync", "A crash of the machine may damage the whole database."),
    _must_be_on("full_page_writes", "A page half written at a crash stays damaged."),
    _synchronous_commit,
    _standby,
    _checksums,
    _rights,
    _connections,
    _long_writes,
    _citus,
)
