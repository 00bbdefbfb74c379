"""What tests of several rooms share."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.one_port import Server

# Hundreds of programs are started: where Python is told to keep nothing compiled, each would compile the house anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    from tests.one_port import Server  # most tests need no HTTP

    server = Server()
    yield server
    server.close()


@pytest.fixture(scope="session", autouse=True)
def private() -> Iterator[None]:
    """What a test makes in its own process is its owner's alone, as what the programs make is."""
    from storage.private import OTHERS

    before = os.umask(OTHERS)
    yield
    os.umask(before)


@pytest.fixture(scope="session", autouse=True)
def as_quick() -> Iterator[None]:
    """Commands that read much give way to tills, for good; a process that plays them has other tests to run."""
    with pytest.MonkeyPatch.context() as here:
        here.setattr("os.nice", lambda by: 0)
        yield


ON_SERVERS = ("tests/hub/store/", "tests/hub/test_database_commands.py", "tests/hub/test_storm.py")


@pytest.fixture(scope="session")
def keys_of_databases(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("databases") / "keys")


@pytest.fixture(autouse=True)
def keys_folder(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, keys_of_databases: str) -> None:
    """Of ledgers on a server it is named; a ledger in a file has its keys beside it."""
    if request.node.nodeid.startswith(ON_SERVERS):
        monkeypatch.setenv("POS_HUB_KEYS", keys_of_databases)
