"""Who is seen where, and what a shop's tills are told, is the same on every database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hub.audit.verify import verify
from hub.store.office_records import SeenRow, StoreRow
from hub.store.seam import Store
from hub.stores import keep_store, see
from loyalty.bodies import MemberMerged, OperationRef, Return
from sync.protocol import CHAIN, SHOP, ChangesPage, MemberRequest
from tests.hub.conftest import AA, NOW, Pen
from tests.hub.held import Held

KEPT = timedelta(days=60)


class Town(Held):
    """A hub on the ledger of this test, with three members and two shops."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.pen, self.other = Pen("t1", store="s1"), Pen("t2", store="s2")
        for name in ("anna", "boris", "clara"):
            self.join(name, points=100)
        self.keep(StoreRow("s1", members="shop"))
        self.keep(StoreRow("s2", members="shop"))

    def keep(self, row: StoreRow) -> None:
        self.hub.within(lambda writer: keep_store(writer, row))

    def page(self, store: str = "s1", after: str = "", scope: str | None = None) -> ChangesPage:
        asked: dict[str, Any] = {"till": "t1", "programme": "alenka", "after": after, "limit": 100}
        return self.hub.changes(store=store, scope=SHOP + store if scope is None else scope, **asked)

    def told(self, store: str = "s1", after: str = "") -> list[str]:
        return sorted(one.member for one in self.page(store, after).members)


def test_a_shop_s_feed_on_every_database(store: Store) -> None:
    town = Town(store)
    assert town.take(town.sale("anna", earned=3), town.sale(None, coupons=(AA,))) == ["applied"] * 2
    assert town.take(town.sale("boris", earned=3), pen=town.other) == ["applied"]
    page = town.page()
    assert page.members == (town.hub.snapshot("anna"),) and page.used_coupons == (AA,) and town.told("s2") == ["boris"]
    of = OperationRef(chain="t1", generation=1, sequence=2)
    back: dict[str, Any] = {"sold_at": "2026-03-02T12:00:00.000000+00:00", "refund_kopecks": 0, "lines": ()}
    returned = Return(sale=town.number(), of=of, member=None, card=None, coupons=(AA,), **back)
    assert town.take(returned, pen=town.other) == ["applied"]
    asked = MemberRequest(till="t1", generation=1, programme="alenka", card="cardclara", store="s1")
    assert town.hub.member_now(asked).member == town.hub.snapshot("clara")
    later = town.page(after=page.cursor)
    assert later.members == (town.hub.snapshot("clara"),) and later.returned_coupons == (AA,)
    town.hub.bear("alenka", MemberMerged(member="anna", into="boris"), chain="office")
    assert town.told(after=later.cursor) == ["anna", "boris"]
    with store.reading() as reader:
        seen = [
            SeenRow(*key, NOW + KEPT) for key in (("anna", "s1"), ("boris", "s1"), ("boris", "s2"), ("clara", "s1"))
        ]
        assert list(reader.all_seen()) == seen
    assert verify(store, town.hub.zone_of).faults == ()


def test_a_store_changes_its_mode_on_every_database(store: Store) -> None:
    town = Town(store)
    assert town.hub.within(lambda writer: see(writer, "s1", ["anna", "clara", "nobody"], NOW)) == 2
    end = town.page().cursor
    town.keep(StoreRow("s1"))
    assert town.page(after=end).scope == CHAIN and len(town.page(after=end).members) == 3
    assert town.take(town.sale("boris")) == ["applied"]
    town.keep(StoreRow("s1", members="shop", keep_days=30))
    assert town.told(after=end) == ["anna", "clara"]
    town.now = NOW + KEPT
    assert town.page(after=end).gone and town.told(after=end) == []
