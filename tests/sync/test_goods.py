"""Goods come down from a real hub over HTTP: whatever happens on the way, the till ends with what the hub has."""

from __future__ import annotations

import random
import socket
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.build import build_hub
from hub.goods import NewGoods, Price, take, told, withdraw
from hub.hub import Hub
from hub.store.office_records import StoreRow
from hub.stores import keep_store
from loyalty.goods_snapshot import GoodsSnapshot
from loyalty.operation import Store
from offline_cache.cache import Cache
from sync.goods_page import PulledGoods, read_goods
from sync.hub_port import HubUnreachable
from sync.protocol import BUSY, GoodsPage, Watermark
from sync.retry import GOODS_POLL_S, POLL_S
from sync.worker import SyncWorker
from tests.hub_here import HubHere
from tests.sync.conftest import NOW, Open, Reply, Shop

TODAY = NOW.date()
YESTERDAY = date(2026, 3, 1)  # it is that day somewhere still


def takes(hub: Hub, *some: NewGoods) -> None:
    hub.within(lambda writer: take(writer, some, TODAY))


def at_hub(hub: Hub, store: str = "", format: str = "") -> list[GoodsSnapshot]:
    """What a till of that store must come to know."""
    with hub.store.reading() as reader:
        rows = sorted(reader.all_goods())
    return [one for row in rows if (one := told(row, store, format, YESTERDAY)) is not None]


def rest(worker: SyncWorker, now_s: float) -> None:
    """Until there is nothing more to hear."""
    while worker.step(now_s) <= now_s:
        pass


def test_goods_come_down_after_members_and_are_asked_for_now_and_then(shop: Shop) -> None:
    takes(shop.hub, NewGoods("1", {"name": "Чай"}), NewGoods("2", {}))
    worker = shop.worker()
    assert worker.step(50.0) == 50.0 + POLL_S
    assert shop.cache.goods.all() == at_hub(shop.hub) and worker.state.online
    takes(shop.hub, NewGoods("3", {}))
    rest(worker, 50.0 + GOODS_POLL_S - 1)
    assert shop.cache.goods.count() == 2
    rest(worker, 50.0 + GOODS_POLL_S)
    assert shop.cache.goods.all() == at_hub(shop.hub)


def test_a_till_on_which_people_practise_knows_goods_too(tmp_path: Path, shop: Shop) -> None:
    takes(shop.hub, NewGoods("1", {"category": "tobacco"}))
    cache = Cache(tmp_path / "training.db", "t1", training=True)
    rest(SyncWorker(cache, shop.client(), programme="alenka", jitter=lambda: 0, clock=lambda: NOW), 0.0)
    assert [item.category for item in cache.goods.find("1", None)] == ["tobacco"]
    cache.close()


def test_a_ledger_in_place_of_another_is_read_from_its_beginning(tmp_path: Path, shop: Shop) -> None:
    """Its cursors are none of the other's."""
    takes(shop.hub, NewGoods("1", {}), NewGoods("2", {}))
    rest(shop.worker(), 0.0)
    scope = shop.cache.goods.feed().scope
    shop.cache.goods.keep((), ["2"], cursor="none-of-its", scope=scope)
    worker = shop.worker()
    rest(worker, 0.0)
    assert worker.state.online and shop.cache.goods.all() == at_hub(shop.hub)


PAGE = msgspec.json.encode(
    {
        "cursor": "",
        "more": False,
        "at": "2026-03-02T12:00:00+00:00",
        "members": [],
        "used_coupons": [],
        "watermark": Watermark(generation=1, sequence=0),
        "coupon_keys": {},
        "phone_hash_key": "00" * 32,
    }
)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        ("404 Not Found", b'{"detail":"Not Found"}'),
        ("200 OK", b"<html>"),
        ("200 OK", b'{"cursor":"1","more":true,"at":"x","scope":5}'),
        ("400 Bad Request", b'{"code":"bad_request","message":"store"}'),
        ("400 Bad Request", b'{"code":"bad_cursor","message":"none"}'),
        ("503 Service Unavailable", b'{"code":"ledger_off","message":"full"}'),
    ],
)
def test_a_hub_that_cannot_tell_of_goods_is_there_all_the_same(
    shop: Shop, network: Open, reply: Reply, status: str, body: bytes
) -> None:
    shop.cache.goods.keep([GoodsSnapshot(article="1", category="tobacco")], (), cursor="", scope="s")

    def answer(client: socket.socket, request: bytes) -> None:
        said = reply(body, status) if b"/v3/goods" in request else reply(PAGE)
        client.sendall(said.to(request))

    hub = network(answer)
    worker = shop.worker(hub.url)
    assert worker.step(0.0) == POLL_S
    assert worker.state.online and [item.category for item in shop.cache.goods.find("1", None)] == ["tobacco"]
    assert sum(b"/v3/goods" in request for request in hub.requests) == 1
    worker.step(POLL_S)
    assert sum(b"/v3/goods" in request for request in hub.requests) == 1, "not before its time"


def test_a_hub_with_a_queue_is_asked_for_goods_as_for_members(shop: Shop, network: Open, reply: Reply) -> None:
    body = b'{"code":"busy","message":"come again"}'

    def answer(client: socket.socket, request: bytes) -> None:
        said = reply(body, "503 Service Unavailable") if b"/v3/goods" in request else reply(PAGE)
        client.sendall(said.to(request))

    worker = shop.worker(network(answer).url)
    assert 0.0 < worker.step(0.0) < POLL_S and worker.state.code == BUSY


def test_a_row_that_cannot_be_is_left_out_and_the_rest_is_taken() -> None:
    good = {"article": "1", "name": "Чай", "prices": [["2026-03-02", 5]]}
    bad: list[Any] = [
        *(5, {}, {"article": ""}, {"article": "a\nb"}, {"article": "a" * 65}, {"article": "1", "name": "\u202e"}),
        *({"article": "1", "strength_bp": 0}, {"article": "1", "volume_ml": 1}, {"article": "1", "subject": 100}),
        *({"article": "1", "barcodes": ["4" * 49]}, {"article": "1", "barcodes": [str(n) for n in range(101)]}),
        *({"article": "1", "prices": [["2026-3-2", 5]]}, {"article": "1", "prices": [["2026-03-02", -1]]}),
        {"article": "1", "prices": [["2026-03-02", 5], ["2026-03-01", 5]]},
        {"article": "1", "prices": [[f"2026-03-{day:02}", 5] for day in range(1, 10)]},
    ]
    page = read_goods(msgspec.json.encode({"cursor": "1", "more": False, "goods": [*bad, good], "gone": ["2", "", 5]}))
    assert (page.goods, page.gone, page.left_out) == (
        (msgspec.convert(good, GoodsSnapshot),),
        ("2",),
        len(bad),
    )


def test_a_page_that_does_not_lead_on_is_asked_for_later(shop: Shop, network: Open, reply: Reply) -> None:
    endless = msgspec.json.encode(GoodsPage(cursor="1", more=True, at="2026-03-02T12:00:00+00:00", scope="s"))

    def answer(client: socket.socket, request: bytes) -> None:
        client.sendall(reply(endless if b"/v3/goods" in request else PAGE).to(request))

    worker = shop.worker(network(answer).url)
    assert [worker.step(0.0), worker.step(0.0)] == [0.0, POLL_S] and worker.state.online


# whatever order things come in


@dataclass
class Chain:
    """A hub, and tills of two stores that hear of it now and then, over a line that breaks."""

    folder: Path
    hub: Hub
    chance: random.Random
    formats: dict[str, str] = field(default_factory=lambda: {"s1": "", "s2": ""})
    breaks: float = 0.0

    def __post_init__(self) -> None:
        self.now_s = 0.0
        self.caches = {store: Cache(self.folder / f"{store}.db", store, Store(id=store)) for store in self.formats}
        self.workers = {store: self._worker(cache) for store, cache in self.caches.items()}

    def _worker(self, cache: Cache) -> SyncWorker:
        return SyncWorker(cache, _Net(self), programme="alenka", jitter=lambda: 0.0, clock=lambda: NOW)

    def import_some(self, some: list[NewGoods]) -> None:
        takes(self.hub, *{one.article: one for one in some}.values())

    def withdraw(self, articles: list[str]) -> None:
        self.hub.within(lambda writer: withdraw(writer, articles))

    def another_format(self, store: str, format: str) -> None:
        self.formats[store] = format
        self.hub.within(lambda writer: keep_store(writer, StoreRow(store, format=format)))

    def hear(self, store: str, steps: int) -> None:
        self.now_s += GOODS_POLL_S
        self.breaks = 0.3
        for _ in range(steps):
            self.workers[store].step(self.now_s)
        self.breaks = 0.0

    def start_again(self, store: str) -> None:
        self.caches[store].close()
        self.caches[store] = Cache(self.folder / f"{store}.db", store, Store(id=store))
        self.workers[store] = self._worker(self.caches[store])

    def end(self) -> None:
        for store, worker in self.workers.items():
            self.now_s += 2 * GOODS_POLL_S
            rest(worker, self.now_s)
            there = at_hub(self.hub, store, self.formats[store])
            assert self.caches[store].goods.all() == there, store
            self._check_found(self.caches[store], there)

    def _check_found(self, cache: Cache, there: list[GoodsSnapshot]) -> None:
        """By nothing that its goods had before."""
        for article in ARTICLES:
            wanted = [one.item() for one in there if one.article == article]
            assert list(cache.goods.find(article, None)) == wanted
        for barcode in CODES:
            found = {one.item() for one in there if barcode in one.barcodes}
            assert set(cache.goods.find(None, barcode)) == found


class _Net(HubHere):
    """Small pages, and a line that breaks on the way there or back."""

    def __init__(self, chain: Chain) -> None:
        super().__init__(chain.hub, self._maybe)
        self._chain = chain

    def _maybe(self) -> None:
        if self._chain.chance.random() < self._chain.breaks:
            raise HubUnreachable("The line broke.")

    def goods(self, **asked: Any) -> PulledGoods:
        page = super().goods(**asked | {"limit": 2})
        self._maybe()
        return page


ARTICLES = ("a1", "a2", "a3", "a4", "a5")
CODES = ("4600000000015", "4600000000022", "4600000000039")
PRICES = st.builds(
    Price,
    st.sampled_from(["", "store:s1", "format:kiosk"]),
    st.sampled_from(["2026-03-01", "2026-03-05", "2026-04-01"]),
    st.integers(1, 4),
    st.none() | st.just("2026-05-01"),
)
SAID = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["Чай", "Водка"]),
        "category": st.sampled_from(["tea", "tobacco"]),
        "barcodes": st.lists(st.sampled_from(CODES), unique=True).map(tuple),
    },
)
NEW = st.builds(NewGoods, st.sampled_from(ARTICLES), SAID, st.lists(PRICES, max_size=3).map(tuple))
STORE = st.sampled_from(["s1", "s2"])
DEEDS = st.one_of(
    st.tuples(st.just("import_some"), st.lists(NEW, max_size=5)),
    st.tuples(st.just("withdraw"), st.lists(st.sampled_from(ARTICLES), max_size=3)),
    st.tuples(st.just("another_format"), STORE, st.sampled_from(["", "kiosk"])),
    st.tuples(st.just("hear"), STORE, st.integers(1, 6)),
    st.tuples(st.just("start_again"), STORE),
)


@given(st.lists(DEEDS, max_size=15), st.integers(0, 2**32))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_imported_in_whatever_order_tills_end_with_the_goods_of_the_hub(
    tmp_path_factory: pytest.TempPathFactory, deeds: list[tuple[Any, ...]], seed: int
) -> None:
    folder = tmp_path_factory.mktemp("chain")
    hub = build_hub(folder / "hub.db", {}, serving=True, now=lambda: NOW)
    chain = Chain(folder, hub, random.Random(seed))
    for name, *with_what in deeds:
        getattr(chain, name)(*with_what)
    chain.end()
    for cache in chain.caches.values():
        cache.close()
    hub.close()
