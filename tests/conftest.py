"""What tests of several rooms share."""

from __future__ import annotations

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
