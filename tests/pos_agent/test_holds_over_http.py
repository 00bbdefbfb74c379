"""Two tills and a hub over HTTP: the same points are told to nobody twice, and a hub that is slow holds nobody up.

Nothing here measures time: what is tested is which answer comes before which (benchmarks/waiting.py measures).
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from config.programmes import load_programme
from hub.audit.verify import verify
from hub.build import build_hub, build_programmes
from hub.face.tills import hub_app
from hub.hub import Hub
from hub.importing import import_members
from hub.members import NewMember
from hub.store.records import CaseRow
from offline_cache.cache import Cache
from pos_agent.agent import Agent
from pos_agent.answers import Reply
from pos_agent.checkout import Checkout
from pos_agent.holds import HoldAnswer
from pos_agent.hub_holds import OPEN_MAX, HubHolds, Silence
from pos_agent.protocol import BasketLine, Cancel, Code, Pay, PointsReport, Prepare, Redeem, SetBasket
from sync.client import HubClient, Patience
from sync.protocol import HoldRequest
from sync.worker import SyncWorker
from tests.one_port import Server
from tests.speaking import joined, speaking, speaking_as
from tests.sync.conftest import Network
from tests.there import there

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ALENKA = load_programme("alenka")
ANNA = "2600000000017"
LONG_S = 60.0  # longer than any answer here takes on the slowest machine
SHORT_S = 0.2  # of a question that gets no answer


class Gate:
    """The hub's face; questions for points get their answer once it is open."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.open = threading.Event()
        self.open.set()
        self.came = threading.Semaphore(0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/v3/holds":
            self.came.release()
            await run_in_threadpool(self.open.wait)
        await self._app(scope, receive, send)


class Shop:
    def __init__(self, folder: Path, server: Server) -> None:
        self.folder = folder
        self.now = NOW
        self.hub: Hub = build_hub(folder / "hub.db", build_programmes(), serving=True, now=lambda: self.now)
        self.gate = Gate(hub_app(self.hub))
        server.app = self.gate
        self.url = server.url
        self.tills: list[Till] = []

    def join(self, points: int) -> None:
        row = NewMember(
            line=2,
            programme="alenka",
            card=ANNA,
            phone=None,
            points=points,
            registered=True,
            birthday=None,
            favourites=(),
            member="anna",
        )
        assert len(list(import_members(self.hub, [row]))) == 1

    def till(self, name: str, url: str | None = None, wait_s: float = LONG_S) -> Till:
        self.tills.append(Till(self, name, url or self.url, wait_s))
        return self.tills[-1]

    def points(self) -> int:
        return self.hub.balances("alenka")["anna"]

    def cases(self) -> list[CaseRow]:
        with self.hub.store.reading() as reader:
            return list(reader.all_cases())

    def close(self) -> None:
        self.gate.open.set()
        for till in self.tills:
            till.cache.close()
        assert verify(self.hub.store, self.hub.zone_of).faults == ()
        self.hub.close()


class Till:
    """An agent whose loop is this test, and whose hub is asked over HTTP."""

    def __init__(self, shop: Shop, name: str, url: str, wait_s: float) -> None:
        self.shop = shop
        self.cache = Cache(shop.folder / f"{name}.db", name)
        speaker = speaking_as(shop.hub, self.cache)
        client = HubClient(shop.url, speaker)
        self.worker = SyncWorker(self.cache, client, programme="alenka", jitter=lambda: 0.0, clock=lambda: shop.now)
        self.sync()
        checkout = Checkout(
            self.cache,
            ALENKA,
            language="en",
            receipt_language="ru",
            is_online=lambda: True,
            reserves_at=lambda: "hub",
        )
        patience = Patience(wait_s, wait_s, wait_s)
        self.holds = HubHolds(partial(HubClient, url, speaker, patience), wait_s)
        self.agent = Agent(checkout, ALENKA, "en", None, reserve={"hub": self.holds.ask})

    def sync(self) -> None:
        while self.worker.step(0.0) == 0.0:
            pass
        assert self.worker.state.online, self.worker.state.cause

    def begin(self, command: Any) -> Future[Reply]:
        """Of somebody who has to wait."""
        reply = self.agent.asked(command)
        self.agent.step(there(self.agent.take()), self.shop.now)
        return reply

    def work(self, until: Callable[[], bool]) -> None:
        while not until():
            event = self.agent.take()
            if event is not None:
                self.agent.step(event, self.shop.now)

    def end(self, reply: Future[Reply]) -> Reply:
        self.work(until=reply.done)
        return reply.result(timeout=0)

    def do(self, command: Any) -> Reply:
        return self.end(self.agent.asked(command))

    def ready(self, rubles: int = 4_000, sale: str = "1") -> None:
        line = BasketLine(id="1", name="Чайник", price=f"{rubles}.00", category="chocolate")
        self.do(SetBasket(lines=(line,), sale=sale))
        assert self.do(Code(text=ANNA, sale=sale)).ok


@pytest.fixture
def shop(tmp_path: Path, server: Server) -> Iterator[Shop]:
    shop = Shop(tmp_path, server)
    yield shop
    shop.close()


def redeemed(reply: Reply) -> int:
    return there(reply.told).redeemed.points


# two tills


def test_r03_sec2_two_tills_redeem_one_balance_within_a_second(shop: Shop) -> None:
    shop.join(2_000)
    one, two = shop.till("t1"), shop.till("t2")
    one.ready()
    two.ready()
    assert redeemed(one.do(Redeem(sale="1"))) == 2_000
    shop.now += timedelta(seconds=1)
    second = two.do(Redeem(sale="1"))
    assert redeemed(second) == 0 and "reserved for another receipt now" in second.text
    for till in (one, two):
        assert till.do(Prepare(sale="1")).code == "prepared"
        assert till.do(Pay(sale="1")).code == "recorded"
        till.sync()
    assert shop.points() >= 0 and shop.cases() == []


def test_what_was_spent_meanwhile_is_known_before_the_feed_says_it(shop: Shop) -> None:
    shop.join(2_000)
    one, two = shop.till("t1"), shop.till("t2")
    one.ready()
    one.do(Redeem(points=1_500, sale="1"))
    one.do(Pay(sale="1"))
    one.sync()
    two.ready()
    reply = two.do(Redeem(sale="1"))
    assert 500 <= redeemed(reply) < 2_000 and "less on the account by now" in reply.text


def test_ex_h1_during_the_hold_the_other_till_gets_the_rest(shop: Shop) -> None:
    shop.join(500)
    one, two = shop.till("t1"), shop.till("t2")
    one.ready()
    assert redeemed(one.do(Redeem(points=300, sale="1"))) == 300
    two.ready()
    second = two.do(Redeem(sale="1"))
    assert redeemed(second) == 200 == there(there(second.told).limit).points
    two.do(Cancel(sale="1"))
    two.sync()
    one.do(SetBasket(lines=(BasketLine(id="1", name="x", price="500.00", category="chocolate"),), sale="1"))
    one.do(Pay(sale="1"))
    one.sync()
    two.ready()
    spendable = two.do(Redeem(sale="1"))
    assert redeemed(spendable) >= 250, "50 that were held and not spent are free again"


def test_points_of_a_cancelled_receipt_are_free_as_soon_as_the_hub_hears_it(shop: Shop) -> None:
    shop.join(2_000)
    one, two = shop.till("t1"), shop.till("t2")
    one.ready()
    two.ready()
    one.do(Redeem(sale="1"))
    assert redeemed(two.do(Redeem(sale="1"))) == 0
    one.do(Cancel(sale="1"))
    one.sync()
    assert redeemed(two.do(Redeem(sale="1"))) == 2_000


def test_a_hold_that_is_over_blocks_nobody_and_its_sale_posts_all_the_same(shop: Shop) -> None:
    shop.join(2_000)
    one, two = shop.till("t1"), shop.till("t2")
    one.ready()
    quote = there(one.do(Redeem(sale="1")).told).quote
    shop.now += timedelta(minutes=36)
    two.ready()
    assert redeemed(two.do(Redeem(points=500, sale="1"))) == 500
    one.do(Pay(sale="1", quote=quote))
    one.sync()
    assert shop.points() == 2_000 - 2_000 + 100, "all of it is spent, and it earned 100"
    two.do(Pay(sale="1"))
    two.sync()
    assert sorted(case.kind for case in shop.cases()) == ["debt", "deviation"], "what was told stood; it is told of"


# a hub that takes its time


def test_others_are_served_while_the_hub_thinks(shop: Shop) -> None:
    shop.join(2_000)
    till = shop.till("t1")
    till.ready()
    shop.gate.open.clear()
    redeem = till.begin(Redeem(points=700, sale="1"))
    assert shop.gate.came.acquire(timeout=LONG_S), "the hub was asked"
    assert till.do(PointsReport(show=True)).code == "report_shown"
    till.ready(sale="2")
    assert till.do(Cancel(sale="2")).ok and not redeem.done()
    shop.gate.open.set()
    assert redeemed(till.end(redeem)) == 700


def test_without_the_hubs_answer_the_redeem_is_answered_and_the_late_one_changes_nothing(shop: Shop) -> None:
    shop.join(2_000)
    till = shop.till("t1", wait_s=SHORT_S)
    till.ready()
    shop.gate.open.clear()
    reply = till.do(Redeem(sale="1"))
    assert redeemed(reply) == 300 and "The hub did not answer in time" in reply.text
    assert till.do(Prepare(sale="1")).code == "prepared"
    shop.gate.open.set()
    till.sync()
    two = shop.till("t2")
    two.ready()
    assert redeemed(two.do(Redeem(sale="1"))) == 2_000, "voided before or after the hub took it: nothing is held"


def dripping(client: socket.socket, request: bytes, closing: threading.Event) -> None:
    """Each byte comes soon, all of them together never."""
    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while not closing.wait(0.02):
        client.sendall(b" ")


def silent(client: socket.socket, request: bytes, closing: threading.Event) -> None:
    closing.wait()


def says(body: bytes, status: str = "200 OK") -> Callable[[socket.socket, bytes, threading.Event], None]:
    def answer(client: socket.socket, request: bytes, closing: threading.Event) -> None:
        client.sendall(b"HTTP/1.1 %b\r\nContent-Length: %d\r\n\r\n" % (status.encode(), len(body)) + body)

    return answer


ANOTHERS = b'{"hold":"another","points":2000,"active":2000,"at":"2026-03-02T12:00:00.000000Z"}'


@pytest.mark.parametrize(
    "hub",
    [
        silent,
        dripping,
        says(b"{}"),
        says(b"<html>"),
        says(ANOTHERS),
        says(b'{"code":"hold_over","message":"too late"}', "409 Conflict"),
        says(b"", "404 Not Found"),
        says(b"", "500 Oops"),
    ],
    ids=["silent", "dripping", "empty", "not json", "to another question", "refuses", "older", "broken"],
)
def test_whatever_the_hub_does_the_cashier_gets_an_answer(
    shop: Shop, hub: Callable[[socket.socket, bytes, threading.Event], None]
) -> None:
    shop.join(2_000)
    ill = Network(lambda client, request: hub(client, request, ill.closing))
    try:
        till = shop.till("t1", url=ill.url, wait_s=SHORT_S)
        till.ready()
        reply = till.do(Redeem(sale="1"))
        assert redeemed(reply) == 300 and "The hub did not answer in time" in reply.text
        assert till.do(Pay(sale="1")).code == "recorded"
    finally:
        ill.close()


def test_nobody_listens_where_the_hub_should_be(shop: Shop) -> None:
    shop.join(2_000)
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    till = shop.till("t1", url=f"http://127.0.0.1:{port}")
    till.ready()
    assert "The hub did not answer in time" in till.do(Redeem(sale="1")).text, "at once: there is nothing to wait for"


def test_questions_without_an_answer_are_counted_until_the_next_that_has_one(shop: Shop) -> None:
    shop.join(2_000)
    till = shop.till("t1", wait_s=SHORT_S)
    till.ready()
    shop.gate.open.clear()
    till.do(Redeem(points=10, sale="1"))
    till.do(Redeem(points=20, sale="1"))
    assert till.holds.silence.questions == 2 and till.holds.silence.at is not None
    shop.gate.open.set()
    till.holds.questions.wait_s = LONG_S
    till.do(Redeem(points=30, sale="1"))
    assert till.holds.silence == Silence()


def test_of_many_questions_that_the_hub_leaves_open_the_next_has_no_answer_at_once(shop: Shop) -> None:
    shop.gate.open.clear()
    holds = HubHolds(partial(HubClient, shop.url, speaking(joined(shop.hub, "t1"))), LONG_S)
    answers: list[HoldAnswer] = []
    for number in range(OPEN_MAX + 1):
        request = HoldRequest(
            till="t1", programme="alenka", member="anna", hold=f"h{number}", points=1, until="2026-03-02T12:30:00Z"
        )
        holds.ask(request, answers.append)
    assert answers == [HoldAnswer(f"h{OPEN_MAX}")]


def test_a_question_is_answered_once_however_the_hub_and_the_clock_race(shop: Shop) -> None:
    """So short a wait that either may be first."""
    shop.join(2_000)
    holds = HubHolds(partial(HubClient, shop.url, speaking(joined(shop.hub, "t1"))), 0.002)
    told: list[str] = []
    done = threading.Semaphore(0)

    def answered(answer: HoldAnswer) -> None:
        told.append(answer.hold)
        done.release()

    for number in range(30):
        request = HoldRequest(
            till="t1",
            programme="alenka",
            member="anna",
            hold=f"h{number}",
            points=1,
            until="2026-03-02T12:30:00.000000Z",
        )
        holds.ask(request, answered)
        assert done.acquire(timeout=LONG_S)
    assert not done.acquire(timeout=SHORT_S), "nothing more comes"
    assert told == [f"h{number}" for number in range(30)]
