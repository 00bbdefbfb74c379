"""A hub that makes coupons and tills that take them, in one process: each till's errands are done by the hub's own
desk, when the test lets them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from config.programmes import load_programme, load_source, read_source
from hub.build import build_hub
from hub.coupons.making import Wanted, mint
from hub.coupons.token import told_coupon
from hub.desk.act import ActRefused, Asked
from hub.desk.acts import ACTS
from hub.importing import import_members
from hub.members import NewMember
from hub.people.orders import Order
from hub.store.office_records import StoreRow
from hub.stores import keep_store
from loyalty.operation import Store
from offline_cache.cache import Cache
from pos_agent.agent import Agent, Event
from pos_agent.answers import Reply
from pos_agent.checkout import Checkout
from pos_agent.errands import Errand, HubSaid
from pos_agent.parts import hash_of_source
from pos_agent.protocol import BasketLine, Code, Command, Pay, SetBasket
from sync.coupons import CouponToken
from sync.hub_port import HubUnreachable
from sync.worker import SyncWorker
from tests.hub_here import HubHere

NOW = datetime(2026, 12, 3, 12, 0, tzinfo=UTC)
DAY = "2026-12-03"
MORE = """
[[coupons]]
id = "plain"
kind = "amount_off"
amount = "50.00"
[[coupons]]
id = "thrice"
kind = "amount_off"
amount = "50.00"
terms = { uses = 3 }
[[coupons]]
id = "strict"
kind = "amount_off"
amount = "50.00"
terms = { offline = "deny" }
[[coupons]]
id = "large"
kind = "percent_off"
percent_bp = 2000
terms = { online_over = "100.00" }
[[coupons]]
id = "once"
kind = "amount_off"
amount = "50.00"
terms = { per_member = 1 }
[[coupons]]
id = "two"
kind = "amount_off"
amount = "50.00"
terms = { in_all = 2 }
[[coupons]]
id = "poor"
kind = "percent_off"
percent_bp = 1000
terms = { budget = "60.00" }
[[coupons]]
id = "least"
kind = "amount_off"
amount = "50.00"
min_basket = "1000.00"
"""


def programme_source() -> str:
    return load_source("perekrestok").rstrip() + MORE


SOURCE = programme_source()
PROGRAMME = read_source(SOURCE)


class Here:
    """The chain: its hub, its clock, its tills."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now = folder, NOW
        programmes = {"perekrestok": PROGRAMME, "alenka": load_programme("alenka")}
        self.hub = build_hub(folder / "hub.db", programmes, serving=True, now=lambda: self.now)
        for store in ("s1", "s2"):
            self.hub.within(lambda writer, store=store: keep_store(writer, StoreRow(store)))  # type: ignore[misc]
        self.tills: list[Till] = []

    def join(self, member: str, card: str) -> None:
        row = NewMember(
            line=2,
            programme="perekrestok",
            card=card,
            phone=None,
            points=1_000,
            registered=True,
            birthday=None,
            favourites=(),
            member=member,
        )
        assert list(import_members(self.hub, [row])) == [1]

    def coupon(self, campaign: str, **more: Any) -> CouponToken:
        (row,) = mint(self.hub, Wanted(programme="perekrestok", campaign=campaign, **more), Order(by="office"))
        return told_coupon(self.hub, row)

    def till(self, name: str = "t1", **more: Any) -> Till:
        self.tills.append(Till(self, name, **more))
        return self.tills[-1]

    def cases(self) -> list[tuple[str, int]]:
        with self.hub.store.reading() as reader:
            return [(case.kind, case.cost_kopecks) for case in reader.all_cases()]

    def held(self) -> int:
        with self.hub.store.reading() as reader:
            return sum(row.until > self.now for row in reader.all_coupon_holds())

    def close(self) -> None:
        for till in self.tills:
            till.cache.close()
        self.hub.close()


@dataclass
class Line:
    """`up`: whether anything arrives; `open`: whether it is answered at once, else when the test says."""

    here: Here
    till: str
    store: str
    up: bool = True
    open: bool = True

    def __post_init__(self) -> None:
        self.waiting: list[tuple[Errand, Callable[[HubSaid], None]]] = []
        self.asked: list[str] = []

    def look(self) -> None:
        if not self.up:
            raise HubUnreachable("The line is down.")

    def run(self, errand: Errand, answered: Callable[[HubSaid], None]) -> None:
        self.asked.append(errand.act)
        self.waiting.append((errand, answered))
        if self.open:
            self.answer()

    def answer(self) -> None:
        waiting, self.waiting = self.waiting, []
        for errand, answered in waiting:
            answered(self._said(errand))

    def _said(self, errand: Errand) -> HubSaid:
        if not self.up:
            return HubSaid(errand.act, sent=False)
        act = ACTS[errand.act]
        asked = Asked(errand.person, "", self.till, self.store, "perekrestok", f"{self.till}/{errand.key}")
        try:
            told = act.do(self.here.hub, asked, msgspec.json.decode(errand.body, type=act.takes))
        except ActRefused as refused:
            return HubSaid(errand.act, code=refused.code, tries_left=refused.tries_left or 0)
        return HubSaid(errand.act, msgspec.json.encode(told))


class Till:
    def __init__(self, here: Here, name: str, store: str = "s1", *, training: bool = False) -> None:
        self.here, self.number = here, 0
        self.line = Line(here, name, store)
        self.cache = Cache(here.folder / f"{name}.db", name, Store(id=store), training=training)
        self.cache.programmes.keep(PROGRAMME.content_hash, SOURCE)
        self.worker = SyncWorker(
            self.cache,
            HubHere(here.hub, self.line.look),
            programme="perekrestok",
            jitter=lambda: 0.0,
            clock=lambda: here.now,
            hash_of_source=hash_of_source,
        )
        self.checkout = Checkout(
            self.cache,
            PROGRAMME,
            language="en",
            receipt_language="ru",
            is_online=lambda: self.line.up,
            tells_hub=lambda errand: self.line.run(errand, lambda said: None),
        )
        self.agent = Agent(self.checkout, PROGRAMME, "en", None, errands=self.line.run)
        self.sync()

    def sync(self) -> None:
        for _ in range(200):
            if self.worker.step(0.0) > 0.0:
                return
        raise AssertionError("the till and the hub never come to rest")

    def ask(self, command: Command, **more: Any) -> Any:
        """As far as it goes now; its reply may come later."""
        reply = self.agent.asked(command, **more)
        self.run()
        return reply

    def run(self) -> None:
        while (event := self._next()) is not None:
            self.agent.step(event, self.here.now)

    def _next(self) -> Event | None:
        return self.agent.take(0.0)

    def do(self, command: Command) -> Reply:
        reply: Reply = self.ask(command).result(timeout=0)
        return reply

    def scan(self, text: str) -> Reply:
        return self.do(Code(text=text, scanner="scanner-1"))

    def basket(self, rubles: int = 600, **more: Any) -> Reply:
        """Of the next receipt."""
        self.number += 1
        return self.again(rubles, **more)

    def again(self, rubles: int, **more: Any) -> Reply:
        lines = (BasketLine(id="1", name="Чай", price=f"{rubles}.00", category="grocery"),)
        return self.do(SetBasket(lines=lines, sale=str(self.number), day=DAY, **more))

    def pay(self, **more: Any) -> Reply:
        return self.do(Pay(sale=str(self.number), day=DAY, **more))

    def sells(self, coupon: CouponToken, rubles: int = 600) -> Reply:
        """With this coupon: what is said of it."""
        self.basket(rubles)
        said = self.scan(coupon.token)
        assert self.pay().ok
        return said


def later(here: Here, **how_much: float) -> None:
    here.now += timedelta(**how_much)
