"""A hub that has as much to do as it can says so at once, and takes nothing of it (R33's queue after an outage)."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec
import pytest
import requests

from hub.face.room import Full, Room
from hub.face.tills import hub_app
from sync.client import HubClient
from sync.hub_port import HubRefused
from sync.protocol import BODY_BYTES_WANTED, BUSY, PushReply, PushRequest
from tests.hub.conftest import Office, Pen
from tests.one_port import Server
from tests.speaking import asking

Push = Callable[..., requests.Response]


def test_a_room_is_left_also_by_whoever_fails() -> None:
    room = Room(1)
    with pytest.raises(ZeroDivisionError), room.of("t1"):
        with pytest.raises(Full), room.of("t2"):
            raise AssertionError("two at once")
        raise ZeroDivisionError
    with room.of("t2"):
        pass


def test_who_comes_when_the_hub_is_full_is_told_so_at_once_and_nothing_is_taken(
    office: Office, server: Server, push: Push
) -> None:
    server.app = hub_app(office.hub, pushes_max=1)
    asking.there(server.url, lambda: office.hub)
    office.join("anna")
    body = json.dumps({"till": "t1", "operations": [office.pen.write(office.sale("anna", earned=7))]}).encode()
    second = PushRequest(till="t2", operations=(Pen("t2").write(office.sale("anna", earned=7)),))
    with entered(server.url, body) as first:
        with pytest.raises(HubRefused) as refused:
            push_to(server.url, msgspec.structs.replace(second, programmes={"x": "y" * BODY_BYTES_WANTED}))
        assert refused.value.code == BUSY and not office.rows("SELECT 1 FROM operations WHERE chain = 't2'")
        first.sendall(body)
        assert b" 200 " in first.recv(65_536).partition(b"\r\n")[0]
    assert push_to(server.url, second).answers[0].result == "applied", "there is room again"


@contextmanager
def entered(url: str, body: bytes) -> Iterator[socket.socket]:
    """A till that the hub has begun to listen to, and that is slow to say the rest."""
    host, _, port = url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        _, signed = asking.speaker(url).sign("POST", "/v3/operations", body)
        fields = {
            "Host": "hub",
            "Content-Type": "application/json",
            "Content-Length": len(body),
            "Expect": "100-continue",
        } | signed
        head = ["POST /v3/operations HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items()), "", ""]
        connection.sendall("\r\n".join(head).encode())
        assert connection.recv(65_536).startswith(b"HTTP/1.1 100 ")
        yield connection


def push_to(url: str, request: PushRequest) -> PushReply:
    client = HubClient(url, asking.speaker(url, request.till))
    try:
        return client.push(request)
    finally:
        client.close()


def test_pages_have_room_of_their_own(office: Office, server: Server, push: Push) -> None:
    server.app = hub_app(office.hub, pages_max=0)
    asking.there(server.url, lambda: office.hub)
    client = HubClient(server.url, asking.speaker(server.url))
    with pytest.raises(HubRefused) as refused:
        client.changes(till="t1", generation=1, programme="alenka", after="", limit=1)
    client.close()
    assert refused.value.code == BUSY and push(server.url, "t1").status_code == 200
