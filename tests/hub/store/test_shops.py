"""Who is seen where, and what a shop's tills are told, is the same on every database."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

from hub.audit.verify import verify
from hub.build import build_programmes
from hub.hub import Hub
from hub.importing import import_members
from hub.members import NewMember
from hub.store.records import SeenRow, StoreRow
from hub.store.seam import Store
from hub.stores import keep_store, see
from loyalty.bodies import Accrued, CouponUse, MemberMerged, OperationRef, Return, Sale, SaleNumber
from sync.protocol import CHAIN, SHOP, ChangesPage, MemberRequest
from tests.hub.conftest import AA, DAY, NOW
from tests.hub.test_stores import ShopPen

KEPT = timedelta(days=60)


class Town:
    """A hub on the ledger of this test, with three members and a shop."""

    def __init__(self, store: Store) -> None:
        self.now = NOW
        self.hub = Hub(store, now=lambda: self.now, programmes=build_programmes())
        self.pen, self.other = ShopPen("t1", "s1"), ShopPen("t2", "s2")
        self.numbers = itertools.count(1)
        fields: dict[str, Any] = {"line": 2, "phone": None, "registered": True, "birthday": None, "favourites": ()}
        for name in ("anna", "boris", "clara"):
            row = NewMember(member=name, card=f"card{name}", points=100, programme="alenka", **fields)
            assert list(import_members(self.hub, [row])) == [1]
        self.keep(StoreRow("s1", members="shop"))
        self.keep(StoreRow("s2", members="shop"))

    def keep(self, row: StoreRow) -> None:
        self.hub.within(lambda writer: keep_store(writer, row))

    def number(self) -> SaleNumber:
        return SaleNumber(day=DAY, number=str(next(self.numbers)))

    def sale(self, member: str | None, earned: int = 0, coupons: tuple[str, ...] = ()) -> Sale:
        return Sale(
            sale=self.number(),
            member=member,
            card=None,
            link="online",
            lines=(),
            total_kopecks=1_000,
            paid_kopecks=1_000,
            accrued=Accrued(points=earned),
            coupons=tuple(CouponUse(serial=serial, campaign="c", discount_kopecks=1) for serial in coupons),
        )

    def take(self, pen: ShopPen, *bodies: Any) -> None:
        taken = self.hub.take(pen.till, [pen.write(body) for body in bodies])
        assert [answer.reason for answer in taken.answers] == [None] * len(bodies)

    def page(self, store: str = "s1", after: str = "", scope: str | None = None) -> ChangesPage:
        asked: dict[str, Any] = {"till": "t1", "programme": "alenka", "after": after, "limit": 100}
        return self.hub.changes(store=store, scope=SHOP + store if scope is None else scope, **asked)

    def told(self, store: str = "s1", after: str = "") -> list[str]:
        return sorted(one.member for one in self.page(store, after).members)


def test_a_shop_s_feed_on_every_database(store: Store) -> None:
    town = Town(store)
    town.take(town.pen, town.sale("anna", earned=3), town.sale(None, coupons=(AA,)))
    town.take(town.other, town.sale("boris", earned=3))
    page = town.page()
    assert page.members == (town.hub.snapshot("anna"),) and page.used_coupons == (AA,) and town.told("s2") == ["boris"]
    of = OperationRef(chain="t1", generation=1, sequence=2)
    back: dict[str, Any] = {"sold_at": "2026-03-02T12:00:00.000000+00:00", "refund_kopecks": 0, "lines": ()}
    town.take(town.other, Return(sale=town.number(), of=of, member=None, card=None, coupons=(AA,), **back))
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
    town.take(town.pen, town.sale("boris"))
    town.keep(StoreRow("s1", members="shop", keep_days=30))
    assert town.told(after=end) == ["anna", "clara"]
    town.now = NOW + KEPT
    assert town.page(after=end).gone and town.told(after=end) == []
