"""The random life of fifty members at two tills and a hub, in one process, under a clock that is an argument.

Sales with and without a network, returns, gifts, corrections, cards, merges; points of all lives, and the hub's job
that lets them die, late or early. The network loses answers. At every sync till and hub must agree on each member.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.programmes import load_source, read_source
from config.shelf import Shelf
from hub.audit.verify import verify
from hub.build import build_hub
from hub.hub import Hub
from hub.importing import import_members
from hub.members import NewMember
from hub.store.seam import Reader
from loyalty.bodies import (
    Adjustment,
    Body,
    CardBlocked,
    CardUnblocked,
    Expiry,
    Grant,
    LotPoints,
    MemberMerged,
    Return,
    Sale,
    SaleNumber,
)
from loyalty.lots import Account, balance
from loyalty.operation import Operation, utc_text
from loyalty.programme import Activation, Life, Programme
from loyalty.returns import LineReturn, reverse
from loyalty.snapshot import LAST_LOT, LOTS_MAX
from loyalty.sold import return_of
from offline_cache.cache import Cache, Rules
from offline_cache.packed import read_kept
from pos_agent.checkout import Checkout
from pos_agent.protocol import BasketLine, Cancel, Code, Pay, Redeem, SetBasket
from sync.pages import PulledPage
from tests.life.shop import Net, ShopTill, by_the_rules, two_tills

STEPS = int(os.environ.get("LIFE_STEPS", "500"))
MEMBERS = 50
BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LIVES = (  # how long bought points live, and from when on: the programme changes now and then
    (Life(kind="never"), Activation()),
    (Life(kind="days", count=1), Activation()),
    (Life(kind="days", count=3), Activation(days=1)),
    (Life(kind="days", count=2), Activation(minutes=90)),
    (Life(kind="month_end", count=1), Activation()),
    (Life(kind="months", count=1), Activation(days=2)),
)
CATEGORIES = ("chocolate", "sweets", "tea", "tobacco", "gift_certificate")
Groups = Counter[tuple[str, str]]


class WatchedNet(Net):
    """A network that is looked at. `alive`: what the hub's tables
    held of a member (start, end, points) when the till last heard of him, and how far its own operations were in it."""

    def __init__(self, hub: Hub, chance: random.Random) -> None:
        super().__init__(hub, chance)
        self.alive: dict[tuple[str, str], tuple[int, list[tuple[str, str | None, int]]]] = {}

    def changes(self, **asked: Any) -> PulledPage:
        page = super().changes(**asked | {"limit": 7})
        till = asked["till"]
        with self.hub.store.reading() as reader:
            for member in page.members:
                rows = [
                    (utc_text(lot.active_from), utc_text(lot.expires_at) if lot.expires_at else None, lot.remaining)
                    for lot in reader.lots_of([member.member])
                    if lot.remaining
                ]
                self.alive[till, member.member] = (page.watermark.sequence, rows)
        return page


class LifeOfMembers:
    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.now = BEGIN
        self.sources = [_source(number) for number in range(len(LIVES))]
        self.programmes = [_programme(source) for source in self.sources]
        self.hub = build_hub(folder / "hub.db", {"alenka": self.programmes[0]}, serving=True, now=lambda: self.now)
        self.net = WatchedNet(self.hub, self.chance)
        self.tills = two_tills(folder, self.net, zip(self.programmes, self.sources, strict=True), lambda: self.now)
        self.members = [f"m{number:02}" for number in range(MEMBERS)]
        self.cards = [f"26{number:02}" for number in range(MEMBERS)]
        self.numbers = 0
        self.sold: list[tuple[ShopTill, Operation]] = []
        self.returned: dict[tuple[str, int], list[Return]] = {}
        self.counts: Counter[str] = Counter()
        self._join()

    def _join(self) -> None:
        rows = [
            NewMember(
                line=number,
                programme="alenka",
                card=card,
                phone=None,
                points=self.chance.choice((0, 10, 500)),
                registered=True,
                birthday=None,
                favourites=(),
                member=member,
            )
            for number, (member, card) in enumerate(zip(self.members, self.cards, strict=True))
        ]
        assert len(list(import_members(self.hub, rows))) == MEMBERS
        for _ in range(2 * LOTS_MAX):  # one has more lots than a till is told one by one
            self._grant(self.members[0])

    def close(self) -> None:
        for till in self.tills:
            till.close()
        self.hub.close()

    # what happens

    def step(self) -> None:
        self.now += timedelta(minutes=self.chance.choice((0, 1, 7, 45, 240)))
        if self.chance.random() < 0.02:
            self.now += timedelta(days=self.chance.randint(1, 20))
        till = self.chance.choice(self.tills)
        if self.chance.random() < 0.15:
            till.online = not till.online
        happening = self.chance.choices(
            (self.sale, self.give_back, self.sync, self.grant, self.let_die, self.correct, self.block, self.merge),
            (50, 12, 25, 6, 4, 2, 2, 0.5),
        )[0]
        happening(till)
        self.counts[happening.__name__] += 1

    def sale(self, till: ShopTill) -> None:
        """A receipt, told by the clock of the till as it corrects it."""
        index = self.chance.randrange(MEMBERS)
        checkout = Checkout(
            till.cache,
            self.chance.choice(self.programmes),
            language="en",
            receipt_language="ru",
            is_online=lambda: till.online,
        )
        off_s = till.cache.clock_off_s()
        at = self.now + till.off + timedelta(seconds=off_s)
        lines = tuple(self._line(number) for number in range(self.chance.randint(1, 3)))
        checkout.handle(SetBasket(lines=lines), at, off_s)
        known = checkout.handle(Code(text=self.cards[index]), at, off_s).ok
        if self.chance.random() < 0.6:
            checkout.handle(Redeem(points=self.chance.choice((None, 5, 100))), at, off_s)
        self.numbers += 1
        number = SaleNumber(day=at.date().isoformat(), number=str(self.numbers))
        assert checkout.handle(Pay(sale=number.number, day=number.day), at, off_s).ok or not known
        stored = till.cache.sale(number)
        assert stored is not None
        (sold,) = stored.operations
        self.sold.append((till, sold))
        self._only_living_points(till, sold)
        checkout.handle(Cancel(), at, off_s)

    def _line(self, number: int) -> BasketLine:
        price = f"{self.chance.choice((9, 350, 1900))}.{self.chance.randint(0, 99):02}"
        return BasketLine(id=str(number), name="Товар", price=price, category=self.chance.choice(CATEGORIES))

    def _only_living_points(self, till: ShopTill, sold: Operation) -> None:
        """No till sells a point that is not alive at its moment: looked at beside the program, in the hub's tables as
        they were when the till last heard of them, and in what the till earned for the member since."""
        sale = sold.body
        assert isinstance(sale, Sale)
        if not sale.redeemed.points:
            return
        assert sum(lot.points for lot in sale.redeemed.lots) == sale.redeemed.points
        assert all(lot.expires_at is None or lot.expires_at > sold.at for lot in sale.redeemed.lots)
        watermark, told = self.net.alive[till.cache.till, sale.member or ""]
        alive = list(told)
        for operation in since(till.cache, watermark):
            body = operation.body
            if isinstance(body, Sale) and body.member == sale.member and operation.sequence < sold.sequence:
                alive.append((body.accrued.active_from or operation.at, body.accrued.expires_at, body.accrued.points))
            if isinstance(body, Return) and body.member == sale.member:
                alive.append((operation.at, None, body.restored.points))
        most = sum(points for start, end, points in alive if start <= sold.at and (end is None or end > sold.at))
        assert sale.redeemed.points <= most, (sold.at, sale.member, alive)
        self.counts["redeemed"] += 1

    def give_back(self, till: ShopTill) -> None:
        """Some of the goods of a sale come back, where they were sold, under the rules of that day."""
        ours = [sold for where, sold in self.sold[-60:] if where is till]
        if not ours:
            return
        sold = self.chance.choice(ours)
        sale, key = sold.body, (sold.chain, sold.sequence)
        assert isinstance(sale, Sale)
        before = self.returned.setdefault(key, [])
        gone = {line.id for back in before for line in back.lines}
        left = [line for line in sale.lines if line.id not in gone]
        if not left:
            return
        programme = Shelf(till.cache.programmes.source).programme(sold.programme_hash)
        assert programme is not None
        steps = [[LineReturn(id=line.id, quantity_m=line.quantity_m) for line in back.lines] for back in before]
        steps.append([LineReturn(id=left[0].id, quantity_m=left[0].quantity_m)])
        step = reverse(programme, sold, steps)[-1]
        off_s = till.cache.clock_off_s()
        at = self.now + till.off + timedelta(seconds=off_s)
        body = return_of(programme, sold, step, at, before=before)
        rules = Rules(programme="alenka", programme_hash=programme.content_hash)
        till.cache.record([body], sale=None, rules=rules, papers=lambda made: [], at=at, clock_off_s=off_s)
        before.append(body)

    def grant(self, till: ShopTill) -> None:
        self._grant(self.chance.choice(self.members))

    def _grant(self, member: str) -> None:
        begin = self.now + timedelta(hours=self.chance.choice((0, 0, 5, 30)))
        life = self.chance.choice((None, 1, 2, 3, 10, 60))
        self._born(
            Grant(
                member=member,
                points=self.chance.randint(1, 90),
                reason="gift",
                active_from=utc_text(begin),
                expires_at=utc_text(begin + timedelta(days=life)) if life else None,
            )
        )

    def let_die(self, till: ShopTill) -> None:
        """The hub's job: what has died is booked, member by member."""
        dead: dict[str, list[LotPoints]] = {}
        with self.hub.store.reading() as reader:
            for lot in reader.all_lots():
                if lot.remaining and lot.expires_at and lot.expires_at <= self.now:
                    dead.setdefault(lot.member, []).append(LotPoints(lot=lot.lot, points=lot.remaining))
        for member, lots in dead.items():
            assert self._born(Expiry(member=member, lots=tuple(lots))) == "applied"

    def correct(self, till: ShopTill) -> None:
        points = self.chance.choice((-30, -3, 5, 40))
        self._born(Adjustment(member=self.chance.choice(self.members), points=points, reason="r"), "office")

    def block(self, till: ShopTill) -> None:
        index = self.chance.randrange(MEMBERS)
        kind = self.chance.choice((CardBlocked, CardUnblocked))
        self._born(kind(member=self.members[index], card=self.cards[index]), "office")

    def merge(self, till: ShopTill) -> None:
        one, other = self.chance.sample(self.members, 2)
        self._born(MemberMerged(member=one, into=other), "office")

    def _born(self, body: Body, chain: str = "hub") -> str:
        (answer,) = self.hub.bear("alenka", body, chain=chain)
        return answer.reason or answer.result

    # what must hold

    def sync(self, till: ShopTill) -> None:
        if not till.online:
            return
        self.net.losses = self.chance.choice((0.0, 0.0, 0.3))
        for _ in range(400):
            if till.worker.step(0.0) > 0.0:
                break
        if till.worker.state.online:
            self.agree(till)

    def agree(self, till: ShopTill) -> None:
        """The till has nothing more to say and the hub nothing more to tell: they believe the same of everybody."""
        assert till.cache.outbox_length() == 0
        with self.hub.store.reading() as reader:
            assert sum(entry.points for entry in reader.all_entries()) == 0, "points are conserved"
            for member in self.members:
                books = self.hub.account(member, self.now)
                record = till.cache.members.member(member)
                assert record is not None and record.own == ()
                stands = record.standing(self.programmes[0])
                assert balance(stands.account, self.now) == balance(books, self.now), member
                assert stands.account.debt == books.debt
                if LAST_LOT not in {lot.id for lot in stands.account.lots}:  # told one by one, all of them
                    assert _groups(stands.account, self.now) == _groups(books, self.now), member
                    self.counts["agreed to the lot"] += 1
                self._same_days(reader, member, stands.redeemed, stands.spent)
        self.counts["agreed"] += 1

    def _same_days(self, reader: Reader, member: str, redeemed: Mapping[str, int], spent: Mapping[str, int]) -> None:
        """What was redeemed lately at any till, and what counts for tiers."""
        since = (self.now - timedelta(days=1)).date().isoformat()
        days = {row.day: row.redeemed for row in reader.days_of([member], since) if row.redeemed}
        assert {day: points for day, points in redeemed.items() if day >= since and points} == days
        bought = sum(row.spent_kopecks for row in reader.days_of([member], ""))
        assert sum(spent.values()) == bought

    def finish(self) -> None:
        """The network heals, everything drains, twice: what one told is news to the other."""
        self.chance.random()
        for till in self.tills * 2:
            till.online = True
            self.net.losses = 0.0
            while till.worker.step(0.0) == 0.0:
                pass
            self.agree(till)
            assert till.cache.refused() == []
        by_the_rules(self.hub, self.now)
        self.right()

    def right(self) -> None:
        assert verify(self.hub.store, self.hub.zone_of).faults == ()


def since(cache: Cache, watermark: int) -> list[Operation]:
    """The till's operations that the hub's word does not know."""
    with cache.file.reading() as connection:
        rows = connection.execute("SELECT text FROM operations WHERE sequence > ?", (watermark,)).fetchall()
    return [read_kept(kept) for (kept,) in rows]


def _groups(account: Account, at: datetime) -> Groups:
    """Points by start and end: two lots with the same are one to everybody."""
    groups: Groups = Counter()
    for lot in account.lots:
        if lot.points and not lot.dead(at):
            groups[utc_text(lot.active_from), utc_text(lot.expires_at) if lot.expires_at else "-"] += lot.points
    return groups


def _source(number: int) -> str:
    """The shipped programme with points of another life: a version of its own on the shelf."""
    life, activation = LIVES[number]
    told = {"never": '{ kind = "never" }'}.get(life.kind, f'{{ kind = "{life.kind}", count = {life.count} }}')
    source = load_source("alenka").replace('life = { kind = "months", count = 12 }', f"life = {told}")
    source = source.replace("activation = { days = 0 }", f"activation = {_activation(activation)}")
    return source.replace('version = "2026-12-01"', f'version = "life-{number}"')


def _activation(activation: Activation) -> str:
    return f"{{ minutes = {activation.minutes} }}" if activation.minutes else f"{{ days = {activation.days} }}"


def _programme(source: str) -> Programme:
    programme = read_source(source)
    number = int(programme.version.removeprefix("life-"))
    assert (programme.points.life, programme.points.activation) == LIVES[number], "the file says what it should"
    return replace(programme)


@pytest.fixture
def life(tmp_path: Path) -> Iterator[LifeOfMembers]:
    seed = int(os.environ.get("POS_TEST_SEED") or random.SystemRandom().randrange(10**9))
    print(f"POS_TEST_SEED={seed}")
    life = LifeOfMembers(tmp_path, seed)
    yield life
    life.close()


@pytest.mark.timeout(7200 if STEPS > 1_000 else 120)
def test_till_and_hub_agree_on_every_member_whatever_happens(life: LifeOfMembers) -> None:
    for till in life.tills:
        life.sync(till)
    for number in range(STEPS):
        life.step()
        if number % 250 == 249:
            life.right()
    life.finish()
    print(dict(life.counts))
    assert life.counts["redeemed"] > STEPS / 20 and life.counts["agreed"] > STEPS / 20
    assert life.counts["agreed to the lot"] > 30 * life.counts["agreed"]
