"""Connections that never become requests, and commands that take too long: each ends, and is told why."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from starlette.types import ASGIApp, Receive, Scope, Send

from pos_agent import api, connection
from pos_agent.agent import QUEUE_EVENTS_MAX, Agent
from pos_agent.api import agent_app
from pos_agent.connection import CONNECTIONS_MAX, FaceServer
from pos_agent.protocol import Cancel
from pos_agent.status import Status
from pos_agent.tokens import Asker
from tests.one_port import Server
from tests.pos_agent.conftest import Desk
from tests.pos_agent.running import TIMEOUT_S

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Waits:
    """An app that answers when it is let: so many requests are in it."""

    def __init__(self) -> None:
        self.inside = threading.Semaphore(0)
        self.loop: asyncio.AbstractEventLoop | None = None
        self._let: asyncio.Event | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.loop = asyncio.get_running_loop()
        self._let = self._let or asyncio.Event()
        self.inside.release()
        await self._let.wait()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body"})

    def let(self) -> None:
        assert self.loop is not None and self._let is not None
        self.loop.call_soon_threadsafe(self._let.set)


@contextmanager
def served(app: ASGIApp) -> Iterator[tuple[str, int]]:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    server = FaceServer(app, "en")
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    yield listener.getsockname()
    server.should_exit = True
    thread.join()


def answered(line: socket.socket) -> bytes:
    """All that comes until the till closes."""
    answer = b""
    while piece := line.recv(65_536):
        answer += piece
    return answer


def problem(answer: bytes) -> tuple[int, str]:
    head, _, body = answer.partition(b"\r\n\r\n")
    told = json.loads(body)
    assert head.startswith(b"HTTP/1.1 %d " % told["status"]) and b"connection: close" in head.lower()
    return told["status"], told["code"]


HEAD = b"POST /v1/pay HTTP/1.1\r\nHost: till\r\n"


@pytest.mark.parametrize("begun", [b"P", HEAD, HEAD + b"Content-Length: 9\r\n\r\n{}"], ids=["letter", "header", "body"])
def test_who_does_not_send_a_whole_request_in_time_is_told_so(begun: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "WHOLE_REQUEST_S", 0.05)
    with served(Waits()) as at, socket.create_connection(at, TIMEOUT_S) as line:
        line.sendall(begun)
        assert problem(answered(line)) == (408, "too_slow")


def test_who_says_nothing_is_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """On an idle connection it would be taken for the answer to the next request."""
    monkeypatch.setattr(connection, "WHOLE_REQUEST_S", 0.05)
    with served(Waits()) as at, socket.create_connection(at, TIMEOUT_S) as line:
        assert answered(line) == b""


def test_a_request_that_is_whole_has_all_the_time_of_its_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "WHOLE_REQUEST_S", 0.05)
    app = Waits()
    with served(app) as at, ExitStack() as stack:
        line = stack.enter_context(socket.create_connection(at, TIMEOUT_S))
        line.sendall(b"GET / HTTP/1.1\r\nHost: till\r\nConnection: close\r\n\r\n")
        assert app.inside.acquire(timeout=TIMEOUT_S)
        late = stack.enter_context(socket.create_connection(at, TIMEOUT_S))
        assert answered(late) == b"", "its time came after the other's would have"
        app.let()
        assert answered(line).startswith(b"HTTP/1.1 200 ")


def test_where_all_are_being_answered_the_newest_is_busy() -> None:
    app = Waits()
    with served(app) as at, ExitStack() as stack:
        lines = [stack.enter_context(socket.create_connection(at, TIMEOUT_S)) for _ in range(CONNECTIONS_MAX)]
        for line in lines:
            line.sendall(b"GET / HTTP/1.1\r\nHost: till\r\nConnection: close\r\n\r\n")
            assert app.inside.acquire(timeout=TIMEOUT_S)
        newest = stack.enter_context(socket.create_connection(at, TIMEOUT_S))
        assert problem(answered(newest)) == (503, "busy")
        app.let()
        assert all(answered(line).startswith(b"HTTP/1.1 200 ") for line in lines)


def test_the_oldest_that_is_unfinished_goes_and_whoever_is_being_answered_stays() -> None:
    app = Waits()
    with served(app) as at, ExitStack() as stack:
        busy = stack.enter_context(socket.create_connection(at, TIMEOUT_S))
        busy.sendall(b"GET / HTTP/1.1\r\nHost: till\r\nConnection: close\r\n\r\n")
        assert app.inside.acquire(timeout=TIMEOUT_S)
        half = [stack.enter_context(socket.create_connection(at, TIMEOUT_S)) for _ in range(CONNECTIONS_MAX)]
        assert answered(half[0]) == b""
        half[1].sendall(b"GET / HTTP/1.1\r\nHost: till\r\nConnection: close\r\n\r\n")
        assert app.inside.acquire(timeout=TIMEOUT_S), "the second oldest is still served"
        app.let()
        assert answered(busy).startswith(b"HTTP/1.1 200 ")


# commands that take too long


@pytest.fixture
def agent(desk: Desk) -> Agent:
    return Agent(desk.checkout, desk.checkout.house.programme, "en", None)


@pytest.fixture
def cancel(server: Server, agent: Agent) -> Callable[..., requests.Response]:
    """A command to an agent whose loop is driven by the test."""

    def nothing() -> Status:
        raise AssertionError("nobody looks")

    server.app = agent_app(agent, nothing, lambda token: Asker(""), "en")

    def ask(**headers: str) -> requests.Response:
        return requests.post(f"{server.url}/v1/cancel", json={}, headers=headers, timeout=TIMEOUT_S)

    return ask


def step(agent: Agent) -> Any:
    event = agent.take()
    assert event is not None
    return agent.step(event, NOW)


def test_n15_a_full_queue_is_busy_and_says_when_to_come_again(cancel: Callable[..., Any], agent: Agent) -> None:
    for _ in range(QUEUE_EVENTS_MAX):
        agent.asked(Cancel())
    answer = cancel()
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (503, "busy", "1")
    while (event := agent.take()) is not None:
        agent.step(event, NOW)


def test_a_command_that_takes_too_long_is_done_all_the_same_and_its_key_finds_the_answer(
    cancel: Callable[..., Any], agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The agent's loop answers whom nobody waits for any more, and goes on."""
    monkeypatch.setattr(api, "REPLY_TIMEOUT_S", 0.05)
    assert cancel(**{"Idempotency-Key": "7"}).json()["code"] == "busy"
    assert cancel().json()["code"] == "busy"
    assert step(agent).code == step(agent).code == "cancelled"
    assert agent.handled == 2
    assert cancel(**{"Idempotency-Key": "7"}).json()["code"] == "cancelled"
    assert agent.handled == 2
