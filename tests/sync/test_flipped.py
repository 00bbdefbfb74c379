"""SEC3 over the wire: between the real client and the real server one bit of each byte of a message is changed. What is
heard then is what was meant, by the books of the hub and by the file of the till; everything else is refused, and the
till says why."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from hub.face.tills import hub_app
from hub.tills.joining import revoke
from loyalty.operation import utc_text
from storage import engine
from sync.client import HubClient
from sync.hub_port import HubRefused, HubUnreachable
from sync.identity import Own, OwnFile, Speaker
from sync.protocol import HoldRequest, LeaseRequest, MemberRequest, PushRequest
from sync.worker import SyncWorker
from tests.one_port import Server
from tests.speaking import joined
from tests.sync.conftest import NOW, Shop
from tests.sync.flipping import HARMLESS, Change, Side, Way, is_framing, places, seeded, what_is

SALES_MAX = 10_000  # of one test: each byte of a message, and many more
LATER_S = 60.0  # between two calls, so that the hub keeps nobody waiting who seems to be a stranger

Asks = Callable[[HubClient], Any]


class Street:
    """A till, its hub, and whoever sits between them; t3, whose name is one bit away, was sent away."""

    def __init__(self, shop: Shop, server: Server, folder: Path) -> None:
        self.shop = shop
        self.now_s = 0.0
        server.app = hub_app(shop.hub, now_s=lambda: self.now_s)
        self.way = Way(shop.url)
        shop.join("anna", points=1_000_000)
        self.own = Own(joined(shop.hub, "t1", shop.cache.file_id, shop.cache.generation))
        for other in ("t3", "t5"):
            joined(shop.hub, other)
        shop.hub.within(lambda writer: revoke(writer, "t3", NOW, by="olga", why="stolen"))
        self._ledger = folder / "hub.db"
        self.speaker = Speaker(self.own, file=self._file, run="run", new_id=lambda: secrets.token_hex(16))
        self.numbers = iter(range(1, 1_000_000))

    def _file(self) -> OwnFile:
        return OwnFile(self.shop.cache.file_id, self.shop.cache.generation)

    def client(self, url: str) -> HubClient:
        return HubClient(url, self.speaker)

    def books(self) -> list[Any]:
        """All that is in the ledger, but when tills were heard and how far they were told."""
        return rows_of(self._ledger, {"tills": "SELECT till, json_remove(body, '$.heard_at', '$.told') FROM tills"})

    def file(self) -> list[Any]:
        """All that is in the till's file, but the hub's last word against it, which the next page takes back."""
        kept = "SELECT * FROM settings WHERE name NOT IN ('stopped')"
        return rows_of(self._ledger.with_name("till.db"), {"settings": kept})

    def sell(self) -> None:
        self.shop.sell(next(self.numbers), earned=1)

    def close(self) -> None:
        self.way.close()


def rows_of(file: Path, otherwise: dict[str, str]) -> list[Any]:
    with closing(engine.connect(file, "ro")) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return [connection.execute(otherwise.get(name, f'SELECT * FROM "{name}"')).fetchall() for name in tables]


@pytest.fixture
def street(shop: Shop, server: Server, tmp_path: Path) -> Iterator[Street]:
    street = Street(shop, server, tmp_path)
    yield street
    street.close()


def push(street: Street) -> Asks:
    """One that the hub does not have, behind those that it has: else it would be refused for its place."""
    if street.shop.hub_operations() == street.shop.cache.outbox_length():
        street.sell()
    texts = tuple(text for _, text in street.shop.cache.outbox(SALES_MAX)[-1:])
    return lambda client: client.push(PushRequest(till="t1", operations=texts))


def page(street: Street) -> Asks:
    return lambda client: client.changes(till="t1", generation=1, programme="alenka", after="", limit=500)


def hold(street: Street) -> Asks:
    asked = HoldRequest(
        till="t1",
        programme="alenka",
        member="anna",
        hold=f"t1/{next(street.numbers)}",
        points=1,
        until=utc_text(NOW + timedelta(minutes=20)),
    )
    return lambda client: client.hold(asked)


def member(street: Street) -> Asks:
    asked = MemberRequest(till="t1", generation=1, programme="alenka", card="cardanna")
    return lambda client: client.member(asked)


def lease(street: Street) -> Asks:
    file, generation = street.shop.cache.file_id, street.shop.cache.generation
    return lambda client: client.lease(LeaseRequest(till="t1", file=file, generation=generation, astray=0))


class Call(NamedTuple):
    makes: Callable[[Street], Asks]
    members: int = 0  # besides anna, so that a message gets long


CALLS = {
    "a push": Call(push),
    "a page": Call(page),
    "a long page": Call(page, members=200),
    "a hold": Call(hold),
    "a question for somebody": Call(member),
    "a lease": Call(lease),
}


@pytest.mark.parametrize("side", ["request", "answer"])
@pytest.mark.parametrize("name", CALLS)
def test_sec3_of_a_changed_message_nothing_else_is_heard_than_was_meant(street: Street, name: str, side: Side) -> None:
    call, chance, found = CALLS[name], seeded(), Counter[str]()
    street.shop.join(*(f"member{number}" for number in range(call.members)), points=1)
    fresh_nonce(street)
    call.makes(street)(street.client(street.way.url))  # as it is
    for place, bit in places(street.way.first(side), chance):
        found[changed(street, call, Change(side, place, bit))] += 1
    print(name, side, dict(found))
    assert found["refused"] > 0


def changed(street: Street, call: Call, change: Change) -> str:
    """What came of it: "refused", or why it is the same."""
    asks, before = call.makes(street), street.books()
    crooked, straight = street.client(street.way.url), street.client(street.shop.url)
    fresh_nonce(street)
    street.way.begin(change)
    try:
        said = asks(crooked)
    except (HubRefused, HubUnreachable) as why:
        assert str(why)
        if change.side == "request" and is_framing("request", street.way.first("request"), change):
            asks(straight)  # the hub may have heard it, without an answer: what it has is this and nothing else
        else:
            assert change.side == "answer" or street.books() == before, change
        return "refused"
    finally:
        crooked.close()
    assert said == asks(straight), change
    straight.close()
    return harmless(street.way.first(change.side), change)


def fresh_nonce(street: Street) -> None:
    """From here on nothing is asked twice."""
    street.now_s += LATER_S
    client = street.client(street.shop.url)
    client.changes(till="t1", generation=1, programme="alenka", after="", limit=1)
    client.close()


def harmless(message: bytes, change: Change) -> str:
    """Why; nothing else may be heard at all."""
    what = what_is(change.side, message, change.place, change.bit)
    assert what in HARMLESS[change.side], (what, change, message[max(0, change.place - 20) : change.place + 20])
    assert not what.endswith("content-type") or change.side == "answer" or message.startswith(b"GET ")
    return HARMLESS[change.side][what]


# The till's file


def sells(street: Street) -> None:
    street.sell()


def hears(street: Street) -> None:
    street.shop.join(f"member{next(street.numbers)}", points=1)


@pytest.mark.parametrize("side", ["request", "answer"])
@pytest.mark.parametrize("news", [sells, hears])
def test_sec3_no_changed_message_changes_the_tills_file(
    street: Street, news: Callable[[Street], None], side: Side
) -> None:
    """By the worker: an operation stays in the outbox, a member is not heard of, and nobody is forgotten."""
    chance = seeded()
    rest(street)
    news(street)
    exchange(street)
    message = street.way.first(side)
    news(street)
    for place, bit in places(message, chance):
        before, change = street.file(), Change(side, place, bit)
        if exchange(street, change):
            harmless(street.way.first(side), change)
            rest(street)
            news(street)
        else:
            assert street.file() == before, change
    rest(street)
    assert street.shop.cache.outbox_length() == 0 and street.shop.cache.leases.stopped == ""
    assert street.shop.till_points("anna") == street.shop.hub.balances("alenka")["anna"]


def worker(street: Street, url: str) -> SyncWorker:
    client = street.client(url)
    return SyncWorker(street.shop.cache, client, programme="alenka", jitter=lambda: 0.0, clock=lambda: NOW)


def rest(street: Street) -> None:
    street.shop.drain(worker(street, street.shop.url))


def exchange(street: Street, change: Change | None = None) -> bool:
    """The next one, and whether it was heard."""
    street.now_s += LATER_S
    one = worker(street, street.way.url)
    street.way.begin(change)
    one.step(0.0)
    assert one.state.online or one.state.cause
    return one.state.online


def test_sec3_a_till_whose_name_is_changed_to_one_that_was_sent_away_forgets_nobody(street: Street) -> None:
    """The hub's word against the other is signed, and answers this request; it is no word about this till."""
    rest(street)
    hears(street)
    exchange(street)
    request = street.way.first("request").lower()
    place = request.index(b"pos-asker: till=t1&") + len(b"pos-asker: till=t")
    assert not exchange(street, Change("request", place, 1)), "t3"
    assert street.shop.cache.members.member("anna") is not None and street.shop.cache.forgetting.forgotten() is None
    rest(street)
