"""A till of a shop ends with exactly those who are seen there, as the hub knows them, whatever happened."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.build import build_hub, build_programmes
from hub.hub import Hub
from hub.importing import import_members
from hub.jobs.running import Running
from hub.jobs.table import JOBS
from hub.members import NewMember
from hub.store.office_records import StoreRow
from hub.stores import is_seen, keep_store, see
from loyalty.bodies import Accrued, CouponUse, MemberMerged, Sale, SaleNumber
from loyalty.operation import Store
from loyalty.snapshot import MemberSnapshot
from offline_cache.cache import Cache, Rules
from offline_cache.scope import FORGOTTEN_AFTER
from sync.asked import keep_member
from sync.hub_port import HubUnreachable
from sync.protocol import MemberRequest
from sync.worker import SyncWorker
from tests.hub_here import HubHere
from tests.sync.conftest import ALENKA, NOW, Shop
from tests.there import there

RULES = Rules(programme="alenka", programme_hash=ALENKA.content_hash)
MEMBERS = tuple(f"m{number}" for number in range(12))
STORES = ("s1", "s2", "big")
STEPS = 200


def keep(hub: Hub, row: StoreRow) -> None:
    hub.within(lambda writer: keep_store(writer, row))


# over the wire


def test_a_till_of_a_shop_reads_its_own_feed_over_http(shop: Shop, tmp_path: Path) -> None:
    shop.join("anna", "boris")
    shop.cache.close()
    shop.cache = Cache(tmp_path / "till.db", "t1", Store(id="s1"))
    worker = shop.worker()
    shop.drain(worker)
    assert shop.cache.changes.feed().scope == "chain" and shop.cache.members.member("boris") is not None
    keep(shop.hub, StoreRow("s1", members="shop"))
    shop.sell(1, member="anna", earned=5)
    shop.drain(worker)
    assert shop.cache.changes.feed().scope == "shop:s1" and shop.till_points("anna") == 105
    asked = MemberRequest(till="t1", generation=1, programme="alenka", card="cardboris", store="s1")
    assert keep_member(shop.cache, shop.client().member(asked)) and shop.till_points("boris") == 100
    shop.drain(worker)
    nobody = MemberRequest(till="t1", generation=1, programme="alenka", card="none", store="s1")
    assert not keep_member(shop.cache, shop.client().member(nobody))


# whatever happens


class TillHere:
    """A till of a store, with its file, its worker and a network that may be down."""

    def __init__(self, path: Path, name: str, store: str, hub: Hub, clock: Callable[[], Any]) -> None:
        self.path, self.name, self.store, self.clock = path, name, store, clock
        self.down = False
        self.port = HubHere(hub, self._link)
        self.numbers = 0
        self.start()

    def start(self) -> None:
        self.cache = Cache(self.path, self.name, Store(id=self.store))
        self.worker = SyncWorker(self.cache, self.port, programme="alenka", jitter=lambda: 0.0, clock=self.clock)

    def restart(self) -> None:
        self.cache.close()
        self.start()

    def _link(self) -> None:
        if self.down:
            raise HubUnreachable("the test's network is down")

    def sell(self, member: str, coupon: str | None) -> None:
        self.numbers += 1
        number = SaleNumber(day="2026-03-02", number=str(self.numbers))
        sale = Sale(
            sale=number,
            member=member,
            card=None,
            link="offline",
            lines=(),
            total_kopecks=1_000,
            paid_kopecks=1_000,
            accrued=Accrued(points=self.numbers % 7),
            coupons=(CouponUse(serial=coupon, campaign="c", discount_kopecks=0),) if coupon else (),
        )
        self.cache.record([sale], sale=number, rules=RULES, papers=lambda made: [], at=self.clock())

    def drain(self) -> None:
        for _ in range(500):
            if self.worker.step(0.0) > 0.0:
                return
        raise AssertionError("the till and the hub never come to rest")

    def known(self) -> dict[str, tuple[Any, ...]]:
        """But for those who leave within the day."""
        query = "SELECT member FROM members WHERE member NOT IN (SELECT member FROM leaving)"
        with self.cache.file.reading() as connection:
            names = [name for (name,) in connection.execute(query).fetchall()]
        return {name: self._seen(name) for name in names}

    def _seen(self, name: str) -> tuple[Any, ...]:
        record = there(self.cache.members.member(name))
        cards = {card.number: card.status for card in self.cache.members.cards(name)}
        return lasting(record.told), record.own, cards

    def coupons(self) -> set[str]:
        with self.cache.file.reading() as connection:
            found = connection.execute(
                "SELECT serial FROM told_coupons UNION SELECT serial FROM coupon_uses"
            ).fetchall()
        return {serial for (serial,) in found if self.cache.coupon_used(serial)}


def lasting(told: MemberSnapshot) -> tuple[Any, ...]:
    """What does not depend on when he was told of."""
    return told.member, sorted(told.lots, key=lambda lot: lot.id), told.debt, told.status


class Chain:
    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.now = NOW
        self.hub = build_hub(folder / "hub.db", build_programmes(), serving=True, now=lambda: self.now)
        rows = [
            NewMember(
                line=number,
                programme="alenka",
                card=f"card{member}",
                phone=None,
                points=100,
                registered=True,
                birthday=None,
                favourites=(),
                member=member,
            )
            for number, member in enumerate(MEMBERS, start=2)
        ]
        assert len(list(import_members(self.hub, rows))) == len(MEMBERS)
        self.modes = dict.fromkeys(STORES, "chain")
        self.tills = [
            TillHere(folder / f"{store}-{number}.db", f"{store}-{number}", store, self.hub, lambda: self.now)
            for store in STORES
            for number in (1, 2)
        ]
        self.gone: set[str] = set()
        self.coupons = 0

    def close(self) -> None:
        for till in self.tills:
            till.cache.close()
        self.hub.close()

    def step(self) -> None:
        events = {
            self.sell: 8,
            self.sync: 8,
            self.pass_time: 4,
            self.ask: 3,
            self.run_jobs: 2,
            self.send: 2,
            self.cut_or_mend: 2,
            self.change_mode: 1,
            self.merge: 0.3,
            self.restart: 1,
        }
        self.chance.choices(list(events), list(events.values()))[0]()

    def till(self) -> TillHere:
        return self.chance.choice(self.tills)

    def member(self) -> str:
        return self.chance.choice(MEMBERS)

    def sell(self) -> None:
        self.coupons += 1
        coupon = f"{self.coupons:032x}" if self.chance.random() < 0.3 else None
        self.till().sell(self.member(), coupon)

    def sync(self) -> None:
        self.till().worker.step(0.0)

    def pass_time(self) -> None:
        self.now += timedelta(hours=self.chance.choice([0, 1, 10, 30, 100]))

    def ask(self) -> None:
        till = self.till()
        asked = MemberRequest(
            till=till.name, generation=1, programme="alenka", card=f"card{self.member()}", store=till.store
        )
        told = self.hub.member_now(asked)
        if self.chance.random() < 0.5:  # else the answer is lost, or comes when the feed has told more
            keep_member(till.cache, told)
        elif self.chance.random() < 0.5:
            till.worker.step(0.0)
            keep_member(till.cache, told)

    def run_jobs(self) -> None:
        running = Running(self.hub, jobs=JOBS)
        while running.step(self.now) <= self.now:
            pass

    def send(self) -> None:
        self.hub.within(lambda writer: see(writer, self.chance.choice(STORES), [self.member()], self.now))

    def cut_or_mend(self) -> None:
        till = self.till()
        till.down = not till.down

    def change_mode(self) -> None:
        store = self.chance.choice(STORES[:2])
        self.modes[store] = "chain" if self.modes[store] == "shop" else "shop"
        self.keep_modes()

    def keep_modes(self) -> None:
        for store, mode in self.modes.items():
            keep(self.hub, StoreRow(store, members="shop" if mode == "shop" else "chain", keep_days=5))

    def merge(self) -> None:
        old, into = self.chance.sample(MEMBERS, 2)
        if old not in self.gone and into not in self.gone:
            self.gone.add(old)
            self.hub.bear("alenka", MemberMerged(member=old, into=into), chain="office")

    def restart(self) -> None:
        self.till().restart()

    def rest(self, days: int) -> None:
        """The net is whole, and nothing else happens."""
        for after in (timedelta(), *[FORGOTTEN_AFTER] * days):
            self.now += after
            self.run_jobs()
            for till in self.tills:
                till.down = False
                till.drain()

    def wanted(self, store: str) -> dict[str, tuple[Any, ...]]:
        with self.hub.store.reading() as reader:
            seen = {row.member for row in reader.all_seen() if row.store == store and is_seen(row, self.now)}
        found = {}
        for member in seen if self.modes[store] == "shop" else MEMBERS:
            told = there(self.hub.snapshot(member))
            found[member] = lasting(told), (), {card.number: card.status for card in told.cards}
        return found


@pytest.mark.parametrize("seed", range(6))
def test_a_till_ends_with_exactly_those_of_its_store(tmp_path: Path, seed: int) -> None:
    chain = Chain(tmp_path, seed)
    try:
        chain.modes["s1"] = "shop"
        chain.keep_modes()
        for _ in range(STEPS):
            chain.step()
        chain.modes |= {"s1": "shop", "s2": chain.chance.choice(["shop", "chain"])}
        chain.keep_modes()
        chain.rest(days=2)
        for till in chain.tills:
            assert till.cache.outbox_length() == 0
            assert till.known() == chain.wanted(till.store), f"{till.name}, {chain.modes}, seed {seed}"
        with chain.hub.store.reading() as reader:
            uses = reader.coupon_uses([f"{number:032x}" for number in range(1, chain.coupons + 1)])
            used = {use.serial for use in uses}
        for till in chain.tills:
            assert till.coupons() <= used and (till.store != "big" or till.coupons() == used)
        chain.rest(days=7)
        for till in chain.tills:
            assert till.known().keys() == (set() if chain.modes[till.store] == "shop" else set(MEMBERS))
    finally:
        chain.close()
