"""An online shop over the hub of a test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.hub.conftest import Office
from tests.hub.conftest import office as office
from tests.hub.shop.online import Online
from tests.one_port import Server


@pytest.fixture(scope="session")
def shop_server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def online(office: Office, shop_server: Server) -> Online:
    office.join("anna", points=1_000, phone="+79161234567", card="2600000000017")
    made = Online(office, shop_server)
    made.stock()
    return made
