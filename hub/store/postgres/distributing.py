"""Spreading the tables over the workers of a server with Citus, each by its column (distribution.py)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import psycopg

from hub.store.errors import StoreOff
from hub.store.postgres.distribution import DISTRIBUTED, REFERENCE

ASK: Final = "to_regproc('create_distributed_table') IS NOT NULL"


def distribute(connection: psycopg.Connection[Any], name: str) -> Iterator[str]:
    """Say of each table how it is kept from now on. One transaction each, since Citus moves the rows that are there;
    again after it was cut short. Raises StoreOff when the server has no Citus, or a hub uses it."""
    connection.autocommit = True  # each statement a transaction
    if not _asked(connection, f"SELECT {ASK}"):
        raise StoreOff(
            f"{name} has no Citus: this one server holds all of it, as before. Install Citus there and on its workers,"
            " put it into shared_preload_libraries, and run CREATE EXTENSION citus;"
        )
    if _asked(connection, OTHERS):
        raise StoreOff(f"{name} is in use. Stop every hub on it first: tables are locked while their rows are moved.")
    for table in sorted(REFERENCE):
        if not _asked(connection, SPREAD, table):
            connection.execute("SELECT create_reference_table(%s)", (table,))
            yield f"{table}: whole on every worker"
    first: dict[str, str] = {}
    for table, column in DISTRIBUTED.items():
        beside = first.setdefault(column, table)
        if not _asked(connection, SPREAD, table):
            connection.execute(
                "SELECT create_distributed_table(%s, %s, colocate_with => %s)",
                (table, column, "none" if beside == table else beside),
            )
            yield f"{table}: by {column}" + ("" if beside == table else f", beside {beside}")


SPREAD: Final = "SELECT EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = %s::regclass)"
OTHERS: Final = """
SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
               AND backend_type = 'client backend' AND application_name LIKE 'pos-hub%%')
"""


def _asked(connection: psycopg.Connection[Any], question: str, *values: str) -> bool:
    row = connection.execute(question, values).fetchone()
    assert row is not None
    return bool(row[0])
