"""The contract suite: every test that asks for `store` runs on each database that the hub knows.

A database joins by its name in LEDGERS and a fixture `<name>_ledger`, which opens the ledger of this test, as often as
it is asked to.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hub.store.seam import Store
from hub.store.sqlite.store import SqliteStore
from tests.hub.store.servers import named_server, opening, schema_at, server_of_its_own

LEDGERS = ["sqlite", "postgres", "named"]
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


@pytest.fixture
def postgres_ledger(postgres: str) -> Iterator[Open]:
    with schema_at(postgres) as url:
        yield opening(url)


@pytest.fixture
def named_ledger() -> Iterator[Open]:
    with schema_at(named_server()) as url:
        yield opening(url)


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
