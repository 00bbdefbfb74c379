"""The office's desk on a real port and a real ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from hub.office.app import office_app
from tests.hub.conftest import Office
from tests.hub.office.desk import Desk, KnownDoor
from tests.one_port import Server


class Clock:
    """Of sessions and pauses."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def door() -> KnownDoor:
    return KnownDoor()


@pytest.fixture(scope="session")
def desk_server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def desk(office: Office, door: KnownDoor, clock: Clock, desk_server: Server) -> Callable[[], Desk]:
    """A browser, one for each who looks."""
    desk_server.app = office_app(office.hub, door, names=("desk.example",), now_s=clock)
    return lambda: Desk(desk_server.url)
