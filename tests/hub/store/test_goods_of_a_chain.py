"""What tills are told of goods is the same on every database, and so is what `verify` says of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import psycopg

from hub.audit.verify import verify
from hub.build import build_programmes
from hub.goods import GoodsBody, NewGoods, Price, Took, body_of, take, withdraw
from hub.goods_feed import tell_goods
from hub.hub import Hub
from hub.store.office_records import GoodsRow, StoreRow
from hub.store.postgres.store import PostgresStore
from hub.store.rows import Rows
from hub.store.seam import Store
from hub.stores import keep_store
from sync.protocol import GoodsPage
from tests.hub.conftest import NOW
from tests.hub.store.test_jobs_at_once import waits_for_a_lock

DAY = "2026-03-01"


def test_goods_are_told_in_the_order_in_which_they_changed(store: Store) -> None:
    hub = Hub(store, now=lambda: NOW, programmes=build_programmes())
    hub.within(lambda writer: keep_store(writer, StoreRow("s1", format="kiosk")))
    some = [NewGoods(f"a{n}", {"name": f"Чай {n}"}, (Price("format:kiosk", DAY, n + 1),)) for n in range(5)]
    assert hub.within(lambda writer: take(writer, some, NOW.date())) == Took(new=5)
    first = tell_goods(hub, after="", limit=3, store="s1")
    assert [one.article for one in first.goods] == ["a0", "a1", "a2"] and first.more
    assert [one.prices[0].kopecks for one in first.goods] == [1, 2, 3]
    assert hub.within(lambda writer: take(writer, [some[0], NewGoods("a1", {"category": "tea"})], NOW.date())) == Took(
        changed=1, same=1
    )
    assert hub.within(lambda writer: withdraw(writer, ["a2", "a9"])) == Took(withdrawn=1)
    rest = tell_goods(hub, after=first.cursor, limit=100, store="s1", scope=first.scope)
    assert [one.article for one in rest.goods] == ["a3", "a4", "a1"] and rest.gone == ("a2",) and not rest.more
    at_rest = tell_goods(hub, after=rest.cursor, limit=100, store="s1", scope=rest.scope)
    assert at_rest == GoodsPage(cursor=rest.cursor, more=False, at=rest.at, scope=rest.scope)
    assert hub.changes(till="t1", programme="alenka", after="", limit=100).members == ()
    assert verify(store, hub.zone_of).faults == ()


def test_two_imports_at_a_time_lose_nothing(url: str) -> None:
    """The second waits for the first, and goes on from what that one left."""
    store = PostgresStore(url)
    with store.writing() as writer:
        take(writer, [NewGoods("a1", {})], NOW.date())

    def other() -> Took:
        with store.writing() as writer:
            return take(writer, [NewGoods("a1", {"name": "Чай"})], NOW.date())

    with ThreadPoolExecutor(1) as threads, psycopg.connect(url, autocommit=True) as server:
        with store.writing() as writer:
            assert take(writer, [NewGoods("a1", {"category": "tea"})], NOW.date()) == Took(changed=1)
            told = threads.submit(other)
            assert waits_for_a_lock(told, server)
        assert told.result() == Took(changed=1)
    with store.reading() as reader:
        assert body_of(reader.goods(["a1"])["a1"]) == GoodsBody(
            name="Чай", category="tea", since=NOW.date().isoformat()
        )
    store.close()


def test_goods_that_no_till_could_keep_are_a_fault(store: Store) -> None:
    hub = Hub(store, now=lambda: NOW, programmes=build_programmes())
    rows = [GoodsRow("1", '{"name":"Чай"}'), GoodsRow("2", "{"), GoodsRow("3", '{"volume_ml":1}')]
    hub.within(lambda writer: writer.write(Rows(goods=rows)))
    faults = verify(store, hub.zone_of).faults
    assert [fault.split(":")[0] for fault in faults] == ["goods 2", "goods 3"]
