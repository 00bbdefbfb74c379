"""Chains of returns through two tills and a hub, under a clock that is an argument.

Each member buys once or twice and brings everything back, in any order and parts: named pieces, weighed goods, with a
coupon, online and offline, weeks later, told twice, under a programme that has changed since. In the end points, lots,
debt, coupons, limits and money are as before the sale, but for lots that died meanwhile: those live on with some grace.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from config.programmes import load_source, read_source
from hub.audit.verify import verify
from hub.build import build_hub
from hub.importing import import_members
from hub.members import NewMember
from loyalty.bodies import Grant, Sale, SaleNumber
from loyalty.coupon_token import CouponClaims, whole_minute
from loyalty.lots import balance
from loyalty.money import format_quantity_m, parse_kopecks
from loyalty.operation import Operation, utc_text
from loyalty.programme import Programme
from pos_agent.answers import Reply, ToldReturn
from pos_agent.checkout import Checkout
from pos_agent.protocol import (
    BasketLine,
    Cancel,
    Code,
    Command,
    Pay,
    Redeem,
    ReturnedGoods,
    ReturnGoods,
    SetBasket,
    SoldReceipt,
)
from tests.life.shop import Net, ShopTill, two_tills
from tests.listed import listed

CHAINS = int(os.environ.get("RETURN_CHAINS", "200"))
MEMBERS_MAX = 500  # of one world: a hub and two tills from their first day
BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LIFE = 'life = { kind = "months", count = 12 }'
RULES = (  # the programme changes now and then: life of points, and what becomes of a coupon
    (LIFE, 'coupon = "keep" '),
    ('life = { kind = "days", count = 3 }', 'coupon = "keep" '),
    ('life = { kind = "never" }', 'coupon = "recompute" '),
)


@dataclass
class Chain:
    """One sale and what has come back of it."""

    till: ShopTill
    operation: Operation
    sale: Sale
    coupon: str | None
    left: dict[str, int]
    named: dict[str, list[str]]
    refunds: list[int] = field(default_factory=list)
    last_at: datetime = BEGIN

    @property
    def is_back(self) -> bool:
        return not any(self.left.values())


class World:
    def __init__(self, folder: Path, seed: int, members: int) -> None:
        self.chance = random.Random(seed)
        self.now = BEGIN
        self.sources = [_source(number) for number in range(len(RULES))]
        self.programmes = [read_source(source) for source in self.sources]
        self.hub = build_hub(folder / "hub.db", {"alenka": self.programmes[0]}, serving=True, now=lambda: self.now)
        self.net = Net(self.hub, self.chance)
        self.tills = two_tills(folder, self.net, zip(self.programmes, self.sources, strict=True), lambda: self.now)
        self.members = [f"m{number:03}" for number in range(members)]
        self.given: dict[str, dict[str, tuple[int, str | None]]] = {}
        self.chains: list[Chain] = []
        self.numbers = 0
        self.counts: Counter[str] = Counter()
        self._join()

    def _join(self) -> None:
        rows = [
            NewMember(
                line=number,
                programme="alenka",
                card="26" + member[1:],
                phone=None,
                points=0,
                registered=True,
                birthday=None,
                favourites=(),
                member=member,
            )
            for number, member in enumerate(self.members)
        ]
        assert len(list(import_members(self.hub, rows))) == len(rows)
        gifts = [self._gift(member) for member in self.members for _ in range(self.chance.randint(0, 4))]
        assert {answer.result for answer in self.hub.bear("alenka", *gifts)} == {"applied"}
        for member in self.members:
            lots = self.hub.account(member, self.now).lots
            ends = {lot.id: (lot.points, utc_text(lot.expires_at) if lot.expires_at else None) for lot in lots}
            self.given[member] = ends

    def close(self) -> None:
        for till in self.tills:
            till.cache.close()
        self.hub.close()

    # what happens

    def live(self) -> None:
        """Sales in the first days; then everything comes back, over two months."""
        for till in self.tills:
            self.sync(till, losses=0.0)
        for member in self.members:
            self.now += timedelta(minutes=self.chance.choice((0, 1, 9)))
            for till in self.chance.sample(self.tills, self.chance.choice((1, 1, 1, 2))):
                self._sell(till, member)
            self._network()
        while open_chains := [chain for chain in self.chains if not chain.is_back]:
            self.now += timedelta(hours=self.chance.choice((0, 0, 1, 3)))
            self._give_back(self.chance.choice(open_chains))
            self._network()

    def _network(self) -> None:
        till = self.chance.choice(self.tills)
        if self.chance.random() < 0.1:
            till.online = not till.online
        if till.online and self.chance.random() < 0.1:
            self.sync(till, losses=self.chance.choice((0.0, 0.3)))

    def _desk(self, till: ShopTill) -> Callable[[Command], Reply]:
        """A till under whichever programme is in force today."""
        checkout = Checkout(
            till.cache,
            self.chance.choice(self.programmes),
            language="en",
            receipt_language="ru",
            is_online=lambda: till.online,
        )
        off_s = till.cache.clock_off_s()
        at = self.now + till.off + timedelta(seconds=off_s)
        return lambda command: listed(command, checkout.handle(command, at, off_s))

    def _day(self, till: ShopTill) -> str:
        return (self.now + till.off + timedelta(seconds=till.cache.clock_off_s())).date().isoformat()

    def _sell(self, till: ShopTill, member: str) -> None:
        desk = self._desk(till)
        lines = tuple(self._line(number) for number in range(self.chance.randint(1, 4)))
        assert desk(SetBasket(lines=lines)).ok
        assert desk(Code(text="26" + member[1:])).ok
        coupon = self._coupon() if self.chance.random() < 0.4 else None
        if coupon is not None:
            assert desk(Code(text=coupon)).ok
        if self.chance.random() < 0.8:
            desk(Redeem(points=self.chance.choice((None, None, 7, 100))))
        self.numbers += 1
        number = SaleNumber(day=self._day(till), number=str(self.numbers))
        assert desk(Pay(sale=number.number, day=number.day)).ok
        desk(Cancel())
        stored = till.cache.sale(number)
        assert stored is not None
        (operation,) = stored.operations
        sale = operation.body
        assert isinstance(sale, Sale)
        self.counts["redeemed"] += sale.redeemed.points > 0
        self.chains.append(
            Chain(
                till=till,
                operation=operation,
                sale=sale,
                coupon=sale.coupons[0].serial if sale.coupons else None,
                left={line.id: line.quantity_m for line in sale.lines},
                named={line.id: list(line.pieces) for line in sale.lines},
            )
        )

    def _line(self, number: int) -> BasketLine:
        price = f"{self.chance.choice((9, 350, 1900))}.{self.chance.randint(0, 99):02}"
        category = self.chance.choice(("chocolate", "sweets", "tea", "tobacco"))
        if self.chance.random() < 0.3:
            weight = f"{self.chance.randint(1, 2999) / 1000:.3f}"
            return BasketLine(
                id=str(number), name="Весовое", price=price, quantity=weight, unit="kg", category=category
            )
        count = self.chance.randint(1, 5)
        keys = tuple(f"k{number}{key}" for key in range(self.chance.choice((0, 0, count, count // 2))))
        return BasketLine(
            id=str(number), name="Штучное", price=price, quantity=str(count), category=category, pieces=keys
        )

    def _coupon(self) -> str:
        at = whole_minute(self.now)
        return self.hub.mint(
            CouponClaims(
                serial=self.chance.randbytes(16).hex(),
                programme="alenka",
                campaign=self.chance.choice(("ten-percent", "sweets-100", "plus-50")),
                valid_from=at - timedelta(days=100),
                valid_to=at + timedelta(days=1_000),
                zone="Europe/Moscow",
            )
        )

    def _give_back(self, chain: Chain) -> None:
        """Some of it, or all that is left; in two steps or one; now and then told twice."""
        desk = self._desk(chain.till)
        self.numbers += 1
        words = {"sale": f"R{self.numbers}", "paid": True}
        ask = ReturnGoods(of=self._name(chain), **self._goods(chain), **words)  # type: ignore[arg-type]
        if self.chance.random() < 0.5:
            told = desk(ReturnGoods(of=ask.of, lines=ask.lines, whole=ask.whole))
            assert told.ok, told
            assert isinstance(told.returned, ToldReturn)
            ask = ReturnGoods(quote=told.returned.quote, sale=ask.sale, paid=True)
        reply = desk(ask)
        assert (reply.ok, reply.code) == (True, "return_recorded"), reply
        view = reply.returned
        assert isinstance(view, ToldReturn)
        if self.chance.random() < 0.3:
            again = desk(ask)
            assert again.code == "return_recorded_before" and isinstance(again.returned, ToldReturn)
            assert msgspec.structs.replace(again.returned, balance=view.balance) == view  # which is today's
        assert sum(parse_kopecks(line.refund) for line in view.lines) == parse_kopecks(view.refund)
        for line in view.lines:
            assert sum(parse_kopecks(one.amount) for one in line.positions) == parse_kopecks(line.refund)
        chain.refunds.append(parse_kopecks(view.refund))
        chain.last_at = self.now
        if chain.coupon is not None:
            assert bool(view.coupons) == chain.is_back, "a right comes back when nothing remains, and not before"
        self.counts["returns"] += 1

    def _name(self, chain: Chain) -> SoldReceipt:
        number, operation = chain.sale.sale, chain.operation
        if self.chance.random() < 0.7:
            return SoldReceipt(sale=number.number, day=number.day)
        digest = chain.till.cache.operation_hash(operation.key)
        assert digest is not None
        return SoldReceipt(code=f"po:{operation.chain}:{operation.generation}:{operation.sequence}:{digest[:16]}")

    def _goods(self, chain: Chain) -> dict[str, object]:
        if self.chance.random() < 0.3:
            chain.left = dict.fromkeys(chain.left, 0)
            return {"whole": True}
        lines = []
        out = [line for line in chain.sale.lines if chain.left[line.id]]
        for line in self.chance.sample(out, self.chance.randint(1, len(out))):
            unit = 1000 if line.unit == "pc" else 1
            named = chain.named[line.id]
            part = unit * self.chance.randint(1, chain.left[line.id] // unit)
            unnamed = chain.left[line.id] - len(named) * 1000
            least = max(0, (part - unnamed) // 1000) if named else 0
            keys = self.chance.sample(named, self.chance.randint(least, min(part // 1000, len(named))) if named else 0)
            chain.left[line.id] -= part
            chain.named[line.id] = [key for key in named if key not in keys]
            lines.append(ReturnedGoods(id=line.id, quantity=format_quantity_m(part), pieces=tuple(keys)))
        return {"lines": tuple(lines)}

    # what must hold

    def sync(self, till: ShopTill, losses: float) -> None:
        self.net.losses = losses
        for _ in range(400):
            if till.worker.step(0.0) > 0.0:
                break

    def finish(self) -> None:
        for till in self.tills * 2:
            till.online = True
            self.net.losses = 0.0
            while till.worker.step(0.0) == 0.0:
                pass
            assert (till.cache.refused(), till.cache.outbox_length()) == ([], 0)
        assert verify(self.hub.store, self.hub.zone_of).faults == ()
        for chain in self.chains:
            assert sum(chain.refunds) == chain.sale.paid_kopecks, "all the money"
            for till in self.tills:
                assert chain.coupon is None or not till.cache.coupon_used(chain.coupon)
        with self.hub.store.reading() as reader:
            assert not [row for row in reader.all_days() if row.redeemed or row.offline or row.spent_kopecks]
            assert not list(reader.all_coupon_uses())
        for member in self.members:
            self._as_before(member, self.hub.account(member, self.now))
        for till in self.tills:
            for member in self.members:
                record = till.cache.members.member(member)
                assert record is not None and record.own == ()
                stands = record.standing(self.programmes[0])
                books = self.hub.account(member, self.now)
                assert balance(stands.account, self.now) == balance(books, self.now)

    def _as_before(self, member: str, account: object) -> None:
        """Of one sale, lot by lot; of two at once, in all."""
        given = self.given[member]
        lots = {lot.id: lot.points for lot in account.lots}  # type: ignore[attr-defined]
        chains = [chain for chain in self.chains if chain.sale.member == member]
        dead_by = max(chain.last_at for chain in chains)
        assert self._held(member) == sum(points for points, _ in given.values()), member
        if len(chains) > 1:
            self.counts["two sales"] += 1
            return
        assert account.debt == 0, member  # type: ignore[attr-defined]
        for id, (points, end) in given.items():
            alive = end is None or datetime.fromisoformat(end) > dead_by
            assert not alive or lots.get(id) == points, (member, id)
            self.counts["lots as before" if alive else "lots that died"] += 1

    def _held(self, member: str) -> int:
        """Points of all lots, those that died too, less debt, by the entries."""
        with self.hub.store.reading() as reader:
            return sum(
                entry.points
                for entry in reader.all_entries()
                if entry.member == member and entry.account in ("member", "debt")
            )

    def _gift(self, member: str) -> Grant:
        life = self.chance.choice((None, 1, 5, 20, 90))
        return Grant(
            member=member,
            points=self.chance.randint(1, 300),
            reason="gift",
            active_from=utc_text(self.now),
            expires_at=utc_text(self.now + timedelta(days=life)) if life else None,
        )


def _source(number: int) -> str:
    life, coupon = RULES[number]
    source = load_source("alenka")
    assert LIFE in source and 'coupon = "keep" ' in source
    source = source.replace(LIFE, life).replace('coupon = "keep" ', coupon)
    return source.replace('version = "2026-12-01"', f'version = "chains-{number}"')


def test_the_rules_differ() -> None:
    programmes: list[Programme] = [read_source(_source(number)) for number in range(len(RULES))]
    assert len({programme.points.life for programme in programmes}) == 3
    assert [programme.returns.coupon for programme in programmes] == ["keep", "keep", "recompute"]


@pytest.fixture
def worlds(tmp_path: Path) -> Iterator[Iterator[World]]:
    seed = int(os.environ.get("POS_TEST_SEED") or random.SystemRandom().randrange(10**9))
    opened: list[World] = []

    def one_after_another() -> Iterator[World]:
        for number, first in enumerate(range(0, CHAINS, MEMBERS_MAX)):
            folder = tmp_path / str(number)
            folder.mkdir()
            print(f"POS_TEST_SEED={seed + number}")
            opened.append(World(folder, seed + number, min(MEMBERS_MAX, CHAINS - first)))
            yield opened[-1]
            opened[-1].close()

    yield one_after_another()
    if opened:
        opened[-1].close()


@pytest.mark.timeout(7200 if CHAINS > MEMBERS_MAX else 120)
def test_after_all_is_back_everything_is_as_before(worlds: Iterator[World]) -> None:
    """R27, R28, L4, L14 and "buy, earn, return, keep the points", in any mixture."""
    for world in worlds:
        world.live()
        world.finish()
        print(dict(world.counts))
        assert world.counts["redeemed"] > len(world.members) / 4
        assert world.counts["lots as before"] and world.counts["lots that died"] and world.counts["two sales"]
