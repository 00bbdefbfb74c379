"""Waiting for the till's news: the whole state as events, and long looks; however many wait, nobody holds a thread."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from msgspec.structs import replace

from pos_agent import events as events_module
from pos_agent.agent import Agent
from pos_agent.client import AgentClient
from pos_agent.events import HEARTBEAT, WholeState, events
from pos_agent.listening import WAITING_MAX
from pos_agent.news import News
from pos_agent.protocol import BasketLine, Cancel, SetBasket
from pos_agent.state import state_now
from pos_agent.status import HubStatus, State, Status
from tests.pos_agent.conftest import Desk
from tests.pos_agent.running import TIMEOUT_S, running
from tests.there import there

RELOADED_TABS = 60
FOR_EVER_S = 3_600.0  # longer than any test may take
TEA = BasketLine(id="1", name="Tea", price="100.00")


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[tuple[str, str]]:
    with running(tmp_path) as (url, token):
        yield url, token


def headers(token: str, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} | more


@contextmanager
def listening(url: str, token: str, **more: str) -> Iterator[Iterator[tuple[str, Any]]]:
    """Events as they come: id and state."""
    with requests.get(f"{url}/v1/events", headers=headers(token, **more), stream=True, timeout=TIMEOUT_S) as answer:
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
        yield _events(answer.iter_lines(chunk_size=1, decode_unicode=True))


def _events(lines: Iterator[str]) -> Iterator[tuple[str, Any]]:
    event: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if line:
            event[name] = value
        elif "data" in event:
            yield event["id"], json.loads(event["data"])
            event = {}


def test_the_whole_state_comes_first_and_again_at_every_change(agent: tuple[str, str]) -> None:
    client = AgentClient(*agent)
    with listening(*agent) as heard:
        id, state = next(heard)
        assert state["revision"] == id
        assert set(state) == {"revision", "handled", "visit", "status", "reply", "question", "done", "guest_types"}
        assert (state["visit"]["state"], state["reply"], state["question"]) == ("idle", None, None)
        client.do(SetBasket(lines=(TEA,), sale="7"))
        id, state = next((id, state) for id, state in heard if state["handled"] == 1)
        assert (state["visit"]["state"], state["visit"]["receipt"]) == ("basket", "7")
        assert state["reply"]["told"]["to_pay"] == state["visit"]["told"]["to_pay"] == "100.00"
        assert state["status"]["visit"] == state["visit"]


def test_what_no_command_changes_is_told_too(tmp_path: Path) -> None:
    """A scanner is plugged in while a page listens."""
    with socket.socket() as plug:
        plug.bind(("127.0.0.1", 0))
        scanner = f'[[scanners]]\nname = "counter"\nurl = "tcp://127.0.0.1:{plug.getsockname()[1]}"\n'
        with running(tmp_path, more=scanner) as agent:
            client = AgentClient(*agent)
            while client.status().hub.code == "not_asked":  # the last change of the beginning
                pass
            with listening(*agent) as heard:
                states = (state["status"]["scanners"][0]["state"] for _, state in heard)
                assert next(states) != "ready"
                plug.listen()
                assert next(state for state in states if state == "ready")


def test_who_has_the_newest_is_told_nothing_until_it_changes(agent: tuple[str, str]) -> None:
    client = AgentClient(*agent)
    while client.status().hub.code == "not_asked":
        pass
    with listening(*agent) as heard:
        id, before = next(heard)
    with listening(*agent, **{"Last-Event-ID": id}) as heard:
        client.do(Cancel())
        changed, state = next(heard)
        assert state["handled"] == before["handled"] + 1 and changed != id
    with listening(*agent, **{"Last-Event-ID": "of-another-run-1"}) as heard:
        assert next(heard)[0] == changed


def test_60_requests_that_wait_do_not_keep_the_pos_out(agent: tuple[str, str]) -> None:
    """A browser with reloaded tabs: those over the cap are told so at once, and the POS is served meanwhile."""
    url, token = agent
    client = AgentClient(*agent)
    answers: list[requests.Response] = []
    refused = threading.Semaphore(0)

    def look() -> None:
        with suppress(requests.ConnectionError):  # more than the till keeps connections
            path = f"{url}/v1/visit?after={handled}&wait_s=30"
            answer = requests.get(path, headers=headers(token), timeout=2 * TIMEOUT_S)
            answers.append(answer)
        refused.release()

    handled = client.visit().handled
    tabs = [threading.Thread(target=look) for _ in range(RELOADED_TABS)]
    for tab in tabs:
        tab.start()
    for _ in range(RELOADED_TABS - WAITING_MAX):
        assert refused.acquire(timeout=TIMEOUT_S)
    assert client.status().till == "till-1"
    client.do(Cancel())
    for tab in tabs:
        tab.join(TIMEOUT_S)
    woken = [answer.json()["handled"] for answer in answers if answer.status_code == 200]
    assert woken == [handled + 1] * WAITING_MAX
    others = [answer for answer in answers if answer.status_code != 200]
    assert {answer.json()["code"] for answer in others} <= {"too_many", "busy"}
    assert all(answer.headers.get("retry-after") for answer in others if answer.status_code == 429)


@pytest.mark.timeout(25)  # less than they would have waited
@pytest.mark.parametrize("path", ["/v1/events", "/v1/visit?after=99&wait_s=30"])
def test_who_went_away_waits_for_nothing(agent: tuple[str, str], path: str) -> None:
    url, token = agent
    at = urlsplit(url)
    asked = f"GET {path} HTTP/1.1\r\nHost: {at.netloc}\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
    lines = [socket.create_connection((at.hostname, at.port), TIMEOUT_S) for _ in range(WAITING_MAX)]
    for line in lines:
        line.sendall(asked)
    while requests.get(f"{url}/v1/events", headers=headers(token), stream=True, timeout=TIMEOUT_S).status_code == 200:
        pass  # until all of them wait
    for line in lines:
        line.close()
    while requests.get(f"{url}/v1/events", headers=headers(token), stream=True, timeout=TIMEOUT_S).status_code == 429:
        pass  # until the till has seen that they are gone


# without a process


def status_of(agent: Agent) -> Status:
    hub = HubStatus(url="", online=True, cause="", code="", pulled_at=None, clock_off_s=0)
    look = agent.view()
    return Status(
        till="till-1",
        store=None,
        programme="alenka",
        programme_version="1",
        training=False,
        hub=hub,
        outbox=0,
        refused=(),
        papers={},
        proofs={},
        visit=look.visit,
        last_reply=look.reply,
        question=None,
        asked=None,
        printer=None,
        scanners=(),
    )


@pytest.fixture
def quiet(desk: Desk) -> tuple[Agent, WholeState]:
    agent = Agent(desk.checkout, desk.checkout.house.programme, "en", None)
    return agent, WholeState(lambda: state_now(agent, status_of(agent), None), agent.news)


def test_a_heart_beats_while_nothing_changes(quiet: tuple[Agent, WholeState], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events_module, "HEARTBEAT_S", 0.001)
    agent, whole = quiet

    async def listen() -> list[bytes]:
        told = events(whole, agent.news, "")
        return [await anext(told) for _ in range(3)]

    state, *beats = asyncio.run(listen())
    assert state.startswith(b"id: ") and beats == [HEARTBEAT, HEARTBEAT]


def test_news_that_change_nothing_make_no_event(quiet: tuple[Agent, WholeState]) -> None:
    agent, whole = quiet

    async def look_twice() -> tuple[str, str]:
        await whole.look()
        first = whole.revision
        agent.news.ring()
        await whole.look()
        return first, whole.revision

    first, second = asyncio.run(look_twice())
    assert first == second


def test_what_the_clock_alone_changes_is_told_with_the_next_heartbeat(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thanks for a purchase end, and nothing happens then."""
    monkeypatch.setattr(events_module, "HEARTBEAT_S", 0.001)
    agent = Agent(desk.checkout, desk.checkout.house.programme, "en", None)
    late = [False]

    def now() -> State:
        return state_now(agent, replace(status_of(agent), training=late[0]), None)

    async def listen() -> list[bytes]:
        whole = WholeState(now, agent.news, lambda state: late[0] and state != now())
        told = events(whole, agent.news, "")
        heard = [await anext(told), await anext(told)]
        late[0] = True
        return [*heard, await anext(told), await anext(told)]

    first, beat, second, beat_again = asyncio.run(listen())
    assert beat == beat_again == HEARTBEAT
    assert b'"training":false' in first and b'"training":true' in second


def test_what_changes_between_looking_and_waiting_is_not_missed() -> None:
    news = News()

    async def late() -> bool:
        seen = news.changes
        threading.Thread(target=news.ring).start()
        while news.changes == seen:
            await asyncio.sleep(0)
        return await news.after(seen, FOR_EVER_S)

    assert asyncio.run(late())
    news.ring()  # its loop is closed: nothing to wake


def test_another_thread_wakes_who_waits() -> None:
    news = News()

    async def waits() -> bool:
        waiting = asyncio.create_task(news.after(news.changes, FOR_EVER_S))
        await asyncio.sleep(0)
        thread = threading.Thread(target=news.ring)
        thread.start()
        return await waiting

    assert asyncio.run(waits())
    assert not asyncio.run(news.after(news.changes, 0.001))
    assert there(news).changes == 1


def test_who_may_listen_no_longer_hears_nothing_more(
    quiet: tuple[Agent, WholeState], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A browser that was forgotten while its page was open; the till's end."""
    monkeypatch.setattr(events_module, "HEARTBEAT_S", 0.001)
    agent, whole = quiet
    let_in = [True]

    async def listen() -> list[list[bytes]]:
        forgotten = events(whole, agent.news, "", lambda: let_in[0])
        heard = [[await anext(forgotten)]]
        let_in[0] = False
        heard[0] += [event async for event in forgotten]
        last = events(whole, agent.news, "")
        heard.append([await anext(last)])
        agent.news.end()
        heard[1] += [event async for event in last]
        return heard

    assert [len(heard) for heard in asyncio.run(listen())] == [1, 1]
