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
