"""The contract suite: every test that asks for `store` runs on each database that the hub knows.

A database joins by its name in LEDGERS and a fixture `<name>_ledger`, which opens the ledger of this test, as often as
it is asked to.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hub.store.postgres.store import PostgresStore
from hub.store.seam import Store
from hub.store.sqlite.store import SqliteStore
from tests.hub.store.rows import plenty
from tests.hub.store.servers import (
    NAMED,
    emptied,
    named_server,
    schema_at,
    server_of_its_own,
    spread_where_it_can_be,
)

LEDGERS = ["sqlite", "postgres", *(["named"] if os.environ.get(NAMED) else [])]
Open = Callable[[], Store]


@pytest.fixture(scope="session")
def new_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that nobody has written to; making one takes longer than a test."""
    path = tmp_path_factory.mktemp("new") / "hub.db"
    SqliteStore(path).close()
    return path


@pytest.fixture
def sqlite_ledger(tmp_path: Path, new_ledger: Path) -> Open:
    path = tmp_path / "hub.db"
    shutil.copy(new_ledger, path)
    return lambda: SqliteStore(path)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    with server_of_its_own() as server:
        yield server.url


@pytest.fixture(scope="session")
def postgres_schema(postgres: str) -> Iterator[str]:
    with schema_at(postgres) as url:
        PostgresStore(url).close()
        yield url


@pytest.fixture
def postgres_ledger(postgres_schema: str) -> Open:
    emptied(postgres_schema)
    return lambda: PostgresStore(postgres_schema)


@pytest.fixture(scope="session")
def named_schema() -> Iterator[str]:
    with schema_at(named_server()) as url:
        PostgresStore(url).close()
        PostgresStore(url).close()
        spread_where_it_can_be(url)
        yield url


@pytest.fixture
def named_ledger(named_schema: str) -> Open:
    emptied(named_schema)
    return lambda: PostgresStore(named_schema)


@pytest.fixture
def url(postgres: str) -> Iterator[str]:
    """A schema of the test's own, with nothing in it yet."""
    with schema_at(postgres) as url:
        yield url


@pytest.fixture
def postgres_store(url: str) -> Iterator[PostgresStore]:
    store = PostgresStore(url)
    yield store
    store.close()


# a ledger with plenty in it, for whoever only reads: filling one takes longer than reading all of it


@pytest.fixture(scope="session")
def sqlite_plenty(tmp_path_factory: pytest.TempPathFactory, new_ledger: Path) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("plenty") / "hub.db"
    shutil.copy(new_ledger, path)
    yield from _filled(SqliteStore(path))


@pytest.fixture(scope="session")
def postgres_plenty(postgres: str) -> Iterator[Store]:
    with schema_at(postgres) as url:
        yield from _filled(PostgresStore(url))


@pytest.fixture(scope="session")
def named_plenty() -> Iterator[Store]:
    with schema_at(named_server()) as url:
        PostgresStore(url).close()
        spread_where_it_can_be(url)
        yield from _filled(PostgresStore(url))


def _filled(store: Store) -> Iterator[Store]:
    with store.writing() as writer:
        writer.write(plenty())
    yield store
    store.close()


@pytest.fixture(params=LEDGERS)
def read_only(request: pytest.FixtureRequest) -> Store:
    """With plenty in it; nobody writes."""
    store: Store = request.getfixturevalue(f"{request.param}_plenty")
    return store


@pytest.fixture(params=LEDGERS)
def open_store(request: pytest.FixtureRequest) -> Iterator[Open]:
    """Opens the ledger of this test; whatever was opened is closed at the end."""
    make: Open = request.getfixturevalue(f"{request.param}_ledger")
    opened: list[Store] = []

    def open() -> Store:
        opened.append(make())
        return opened[-1]

    yield open
    for store in opened:
        store.close()


@pytest.fixture
def store(open_store: Open) -> Store:
    return open_store()
