"""What tests of several rooms share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.one_port import Server


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


ON_SERVERS = ("tests/hub/store/", "tests/hub/test_database_commands.py", "tests/hub/test_storm.py")


@pytest.fixture(autouse=True)
def keys_beside_the_ledger(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """But for ledgers on a test's server, which lives as long as the worker and names their folder (hub/store/servers)."""
    if not request.node.nodeid.startswith(ON_SERVERS):
        monkeypatch.delenv("POS_HUB_KEYS", raising=False)
