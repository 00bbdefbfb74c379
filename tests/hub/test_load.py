"""What one stranger, one address or one till may take of the hub; E: half-open connections, a page in a browser that
posts `no-cors` text, floods."""

from __future__ import annotations

import resource
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from starlette.types import ASGIApp, Receive, Scope, Send

from hub.build import build_hub, build_programmes
from hub.face import limits, serving
from hub.face.limits import STRANGE_FREE, STRANGE_WAIT_MAX_S, Strangers
from hub.face.room import Full, Room
from hub.face.speaking import Speaking
from hub.face.tills import hub_app
from hub.hub import Hub
from sync.client import AGAIN_MAX_S, HubClient
from sync.connection import BoundedServer, Limits
from sync.hub_port import HubRefused
from tests.one_port import Server
from tests.speaking import joined, speaking
from web.rates import Rates, TooMany

TIMEOUT_S = 20
LIMITS = Limits(
    connections_max=8,
    of_address_max=None,
    header_bytes_max=4_096,
    headers_s=TIMEOUT_S,
    whole_s=TIMEOUT_S,
    keep_alive_s=5,
)
BEGUN = b"POST /v3/operations HTTP/1.1\r\nHost: hub\r\n"


async def nothing(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads the whole request and answers with nothing."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


@contextmanager
def served(limits: Limits, app: ASGIApp = nothing) -> Iterator[tuple[str, int]]:
    listener = socket.create_server(("127.0.0.1", 0))
    server = BoundedServer(app, limits, serving._refusal)
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    yield listener.getsockname()
    server.should_exit = True
    thread.join()


def connected(stack: ExitStack, at: tuple[str, int], begun: bytes = b"") -> socket.socket:
    line = stack.enter_context(socket.create_connection(at, TIMEOUT_S))
    line.sendall(begun)
    return line


def heard(line: socket.socket) -> bytes:
    """All that comes until the hub closes."""
    told = b""
    while piece := line.recv(65_536):
        told += piece
    return told


@pytest.mark.parametrize(
    ("begun", "headers_s", "whole_s"),
    [(BEGUN, 0.05, TIMEOUT_S), (BEGUN + b"Content-Length: 9\r\n\r\n{}", 0.05, 0.1), (b"P", 0.05, TIMEOUT_S)],
    ids=["headers", "body", "letter"],
)
def test_e_half_a_request_is_not_waited_for(begun: bytes, headers_s: float, whole_s: float) -> None:
    limits = LIMITS._replace(headers_s=headers_s, whole_s=whole_s)
    with served(limits) as at, ExitStack() as stack:
        told = heard(connected(stack, at, begun))
        assert told.startswith(b"HTTP/1.1 408 ") and b'"too_slow"' in told


def test_a_body_has_longer_than_the_headers(monkeypatch: pytest.MonkeyPatch) -> None:
    with served(LIMITS._replace(headers_s=0.05)) as at, ExitStack() as stack:
        slow = connected(stack, at, BEGUN + b"Content-Length: 2\r\nConnection: close\r\n\r\n{")
        assert heard(connected(stack, at, BEGUN)).startswith(b"HTTP/1.1 408 "), "the time of headers is over"
        slow.sendall(b"}")
        assert heard(slow).startswith(b"HTTP/1.1 204 ")


def test_e_of_one_address_its_own_oldest_unfinished_goes() -> None:
    with served(LIMITS._replace(of_address_max=3)) as at, ExitStack() as stack:
        begun = BEGUN + b"Connection: close\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n"
        lines = [connected(stack, at, begun) for _ in range(3)]
        for line in lines:
            assert line.recv(65_536).startswith(b"HTTP/1.1 100 "), "the hub has read so far"
        connected(stack, at)
        assert b'"busy"' in heard(lines[0])
        lines[1].sendall(b"1")
        assert heard(lines[1]).startswith(b"HTTP/1.1 204 "), "the next oldest is still there"


def test_e_whoever_was_answered_before_stays_longer_than_who_never_said_anything() -> None:
    """Behind one address there are honest tills too: theirs are idle between two questions."""
    with served(LIMITS._replace(of_address_max=2)) as at, ExitStack() as stack:
        till = connected(stack, at, BEGUN + b"Content-Length: 0\r\n\r\n")
        assert till.recv(65_536).startswith(b"HTTP/1.1 204 ")
        begun = BEGUN + b"Expect: 100-continue\r\nContent-Length: 1\r\n\r\n"
        stranger = connected(stack, at, begun)
        assert stranger.recv(65_536).startswith(b"HTTP/1.1 100 "), "the hub has read so far"
        connected(stack, at)
        assert b'"busy"' in heard(stranger)
        till.sendall(BEGUN + b"Connection: close\r\nContent-Length: 0\r\n\r\n")
        assert heard(till).startswith(b"HTTP/1.1 204 ")


def test_a_proxy_speaks_for_many() -> None:
    limits = LIMITS._replace(of_address_max=1, trusted=frozenset({"127.0.0.1"}))
    with served(limits) as at, ExitStack() as stack:
        lines = [connected(stack, at, BEGUN) for _ in range(5)]
        lines[0].sendall(b"Content-Length: 0\r\nConnection: close\r\n\r\n")
        assert heard(lines[0]).startswith(b"HTTP/1.1 204 ")


def test_e_1100_half_open_connections_and_the_hub_answers(tmp_path: Path) -> None:
    """More than it takes: the oldest of them go, and whoever says a whole request is answered."""
    hub = build_hub(tmp_path / "hub.db", build_programmes(), serving=True)
    limits = serving._limits(frozenset())._replace(connections_max=64)
    with served(limits, hub_app(hub)) as (host, port), ExitStack() as stack:
        for _ in range(1_100):
            connected(stack, (host, port), BEGUN)
        answer = requests.get(f"http://{host}:{port}/v1/health", timeout=TIMEOUT_S)
        assert answer.json() == {"hub": "ready"}
    hub.close()


# requests


@pytest.fixture
def hub(tmp_path: Path, server: Server) -> Iterator[Hub]:
    hub = build_hub(tmp_path / "hub.db", build_programmes(), serving=True)
    server.app = hub_app(hub, names=["hub.example", "127.0.0.1"])
    yield hub
    hub.close()


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Content-Type": "application/json", "Origin": "http://hub.example"}, 403, "no_browsers"),
        ({"Content-Type": "application/json", "Origin": "null"}, 403, "no_browsers"),
        ({"Content-Type": "text/plain"}, 415, "not_json"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415, "not_json"),
        ({"Content-Type": "application/json", "Host": "rebound.example"}, 421, "wrong_host"),
        ({"Content-Type": "application/json", "Host": "hub.example.evil:8070"}, 421, "wrong_host"),
        ({"Content-Type": "application/json", "Host": "hub.example:8070"}, 401, "not_signed"),
    ],
)
@pytest.mark.parametrize("path", ["/v3/operations", "/v3/join"])
def test_sec3_what_a_page_in_a_browser_can_send_has_no_effect(
    hub: Hub, server: Server, path: str, headers: dict[str, str], status: int, code: str
) -> None:
    answer = requests.post(server.url + path, data=b"{}", headers=headers, timeout=TIMEOUT_S)
    if (path, status) == ("/v3/join", 401):
        status, code = 400, "bad_request"  # a stranger may ask to join, in JSON; `{}` says nothing
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_till_that_asks_too_often_is_told_when_to_come_again(hub: Hub, server: Server) -> None:
    server.app = Speaking(nothing, hub, rates=Rates(lambda: 0.0, a_second=0.01, at_once=1))
    client = HubClient(server.url, speaking(joined(hub, "t1")))
    with pytest.raises(Exception, match="not as a hub does"):  # the first is let through, to nothing
        client.goods(after="", limit=1, store="", scope="")
    with pytest.raises(HubRefused) as refused:
        client.goods(after="", limit=1, store="", scope="")
    assert (refused.value.code, refused.value.again_s) == ("too_many", AGAIN_MAX_S), "no longer than a minute"
    other = HubClient(server.url, speaking(joined(hub, "t2")))
    with pytest.raises(Exception, match="not as a hub does"):
        other.goods(after="", limit=1, store="", scope="")
    client.close()
    other.close()


# tables


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_a_bucket_fills_evenly_and_each_till_has_its_own() -> None:
    clock = Clock()
    rates = Rates(clock, a_second=2.0, at_once=3.0)
    for _ in range(3):
        rates.take("t1")
    with pytest.raises(TooMany):
        rates.take("t1")
    rates.take("t2")
    clock.now_s = 0.5
    rates.take("t1")
    with pytest.raises(TooMany) as many:
        rates.take("t1")
    assert many.value.again_s == 1
    clock.now_s = 1_000.0
    for _ in range(3):
        rates.take("t1")
    with pytest.raises(TooMany):
        rates.take("t1")


def test_strangers_wait_longer_each_time_and_are_forgotten_in_a_while() -> None:
    clock = Clock()
    strangers = Strangers(clock)
    waits = [strangers.wait_s("10.0.0.1") for _ in range(100)]
    assert waits[:STRANGE_FREE] == [0.0] * STRANGE_FREE and waits[STRANGE_FREE] > 0
    assert waits == sorted(waits) and waits[-1] == STRANGE_WAIT_MAX_S
    assert strangers.wait_s("10.0.0.2") == 0.0
    clock.now_s = 61.0
    assert strangers.wait_s("10.0.0.1") == 0.0


def test_one_till_has_few_of_the_places_and_leaves_them_also_when_it_fails() -> None:
    room = Room(3, of_till=2)
    with room.of("t1"), room.of("t1"):
        with pytest.raises(Full), room.of("t1"):
            raise AssertionError("three of one till")
        with room.of("t2"), pytest.raises(Full), room.of("t3"):
            raise AssertionError("four in all")
    with pytest.raises(ZeroDivisionError), room.of("t1"):
        raise ZeroDivisionError
    with room.of("t1"), room.of("t1"), room.of("t2"):
        pass


def test_the_system_s_own_bound_of_open_files_is_heeded(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    monkeypatch.setattr(resource, "getrlimit", lambda which: (256, 1_024))
    monkeypatch.setattr(resource, "setrlimit", lambda which, to: told.append(to))
    assert limits.connections_max() == 1_024 - limits.FILES_BESIDE and told == [(1_024, 1_024)]
