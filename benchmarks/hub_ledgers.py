"""Ledgers that have lived, for benchmarks.hub: all their rows, made without the engine and the same every time.

Every member has joined by an operation, with a card. An empty ledger holds besides only a welcome grant for each guest
of the run. A full one holds months of sales of one line, by those who come: each earns a lot, some redeem in the
order in which lots die, most lots are spent. The sums are right: `pos-hub verify` finds nothing on one.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from benchmarks.chain import Chain
from benchmarks.hub_sales import NOW, PROGRAMME, SHOP, Guest
from hub.books.named import found_by
from hub.store.named import NamedRow
from hub.store.records import (
    Account,
    CardRow,
    ChainEnd,
    ChangeRow,
    DayRow,
    EntryRow,
    KeptOperation,
    LotRow,
    MemberRow,
    Place,
)
from hub.store.rows import Rows
from hub.store.seam import Store
from loyalty.bodies import Accrued, Body, Grant, MemberJoined, Redeemed, Sale, SaleNumber, SoldLine, SoldPosition
from loyalty.effects import lot_id
from loyalty.lots import Lot, account_of
from loyalty.operation import HUB_CHAIN
from loyalty.points_life import bought_points_times
from loyalty.utc import utc_text

VERSION_OF_LEDGERS = 2  # another one is another ledger in the cache
GUESTS_MOST = 20_000  # who come in a run
COME_OF_100 = 15  # of a million members; of few, all
WELCOME_LOTS = 6  # as many as those who have bought for months have open: an operation finds the same member everywhere
WELCOME_POINTS = 100
BATCH = 5_000  # operations that are written at once
TILLS = 40
MONTHS = timedelta(days=330)  # all lots of it are alive
REDEEM_OF_100 = {True: 30, False: 15}  # regulars with a hundred visits have fewer lots open by it
BEGIN = NOW - MONTHS


class Size(NamedTuple):
    members: int
    entries: int

    @property
    def name(self) -> str:
        return f"{_short(self.members)} members, {_short(self.entries) if self.entries else 'no'} entries"

    @property
    def regulars(self) -> bool:
        """Few members, with many visits each."""
        return self.members <= GUESTS_MOST

    def member(self, number: int) -> str:
        return f"m{number:07}"

    def card(self, number: int) -> str:
        return f"2700{number:09}"

    def comers(self) -> list[int]:
        """Members who come, all over the table."""
        count = self.members if self.regulars else self.members * COME_OF_100 // 100
        return [index * self.members // count for index in range(count)]

    def guests(self) -> list[int]:
        """Those of them who come in a run."""
        comers = self.comers()
        return comers if len(comers) <= GUESTS_MOST else sorted(random.Random(5).sample(comers, GUESTS_MOST))


def _short(number: int) -> str:
    """3000000 as 3e6."""
    zeros = len(str(number)) - len(str(number).rstrip("0"))
    return f"{number // 10**zeros}e{zeros}"


def guests(store: Store, size: Size) -> list[Guest]:
    """As tills believe them to be."""
    numbers = size.guests()
    lots: dict[str, list[Lot]] = {size.member(number): [] for number in numbers}
    with store.reading() as reader:
        for row in reader.open_lots(list(lots), NOW):
            lots[row.member].append(
                Lot(id=row.lot, points=row.remaining, active_from=row.active_from, expires_at=row.expires_at)
            )
    return [Guest(size.member(n), size.card(n), account_of(lots[size.member(n)])) for n in numbers]


def fill(store: Store, size: Size) -> None:
    for rows in rows_of(size):
        with store.writing() as writer:
            writer.write(rows)


def rows_of(size: Size) -> Iterator[Rows]:
    hub = _Chain(HUB_CHAIN)
    yield from _joined(hub, size)
    yield from _Months(size).rows() if size.entries else _welcomed(hub, size)


@dataclass(slots=True)
class _Chain(Chain):
    def add(self, rows: Rows, body: Body, at: datetime) -> Place:
        """An operation, applied; its place."""
        operation, text = self.written(body, at, SHOP, PROGRAMME)
        place = Place(self.name, 1, self.sequence)
        rows.operations.append(KeptOperation(*place, self.last_hash, text, None))
        rows.named += found_by(operation, place)
        return place

    def end(self) -> ChainEnd:
        return ChainEnd(self.name, 1, self.sequence, self.last_hash)


def _joined(hub: _Chain, size: Size) -> Iterator[Rows]:
    for start in range(0, size.members, BATCH):
        rows = Rows()
        for number in range(start, min(start + BATCH, size.members)):
            member, card = size.member(number), size.card(number)
            place = hub.add(rows, MemberJoined(member=member, card=card, registered=True), BEGIN)
            rows.named.append(NamedRow(member, *place))
            rows.new_members.append(MemberRow(member, PROGRAMME.id, True))
            rows.new_cards.append(CardRow(card, member, "active"))
            rows.changes.append(ChangeRow(PROGRAMME.id, "member", member))
        rows.chains.append(hub.end())
        yield rows


def _welcomed(hub: _Chain, size: Size) -> Iterator[Rows]:
    rows = Rows()
    for number in size.guests() * WELCOME_LOTS:
        member, until = size.member(number), NOW + MONTHS
        grant = Grant(
            member=member,
            points=WELCOME_POINTS,
            reason="welcome",
            active_from=utc_text(BEGIN),
            expires_at=utc_text(until),
        )
        place = hub.add(rows, grant, BEGIN)
        lot = lot_id(*place)
        rows.new_lots.append(LotRow(member, lot, WELCOME_POINTS, WELCOME_POINTS, 0, BEGIN, until))
        rows.entries.append(EntryRow(*place, 1, member, "member", lot, WELCOME_POINTS))
        rows.entries.append(EntryRow(*place, 2, member, "issued", None, -WELCOME_POINTS))
        rows.changes.append(ChangeRow(PROGRAMME.id, "member", member))
    rows.chains.append(hub.end())
    yield rows


@dataclass(slots=True)
class _Open:
    """A lot in the making. Lots of later sales die no earlier, so the oldest goes first."""

    lot: str
    granted: int
    remaining: int
    active_from: datetime
    expires_at: datetime | None

    def row(self, member: str) -> LotRow:
        return LotRow(member, self.lot, self.granted, self.remaining, 0, self.active_from, self.expires_at)


@dataclass(slots=True)
class _Months:
    """Sales, one after another, and what they did to the lots."""

    size: Size
    chance: random.Random = field(default_factory=lambda: random.Random(3))
    chains: list[_Chain] = field(default_factory=lambda: [_Chain(f"shop-{n:03}") for n in range(TILLS)])
    lots: dict[int, list[_Open]] = field(default_factory=dict)

    def rows(self) -> Iterator[Rows]:
        comers, entries = self.size.comers(), 0
        step = MONTHS / (self.size.entries / 2)  # an entry or two at a sale more, and they end before today
        at = BEGIN
        while entries < self.size.entries:
            rows, days = Rows(), dict[tuple[str, str], tuple[int, int]]()
            for _ in range(min(BATCH, self.size.entries - entries)):
                at += step
                self._sale(rows, days, self.chance.choice(comers), at)
            entries += len(rows.entries)
            rows.days += [DayRow(*key, redeemed, 0, spent) for key, (redeemed, spent) in days.items()]
            rows.chains += [chain.end() for chain in self.chains if chain.sequence]
            yield rows
        yield Rows(new_lots=[lot.row(self.size.member(n)) for n, lots in self.lots.items() for lot in lots])

    def _sale(self, rows: Rows, days: dict[tuple[str, str], tuple[int, int]], who: int, at: datetime) -> None:
        member, lots = self.size.member(who), self.lots.setdefault(who, [])
        points = self.chance.randrange(40, 300)
        redeemed = 0
        if lots and self.chance.randrange(100) < REDEEM_OF_100[self.size.regulars]:
            balance = sum(lot.remaining for lot in lots)
            redeemed = min(balance * self.chance.randrange(30, 101) // 100, 99 * points) // 10 * 10
        body = _sale_body(member, self.size.card(who), points, redeemed, at)
        chain = self.chance.choice(self.chains)
        place = chain.add(rows, body, at)
        moved: list[tuple[Account, str | None, int]] = [
            ("member", lot, -part) for lot, part in self._burn(rows, member, lots, redeemed)
        ]
        lots.append(_Open(lot_id(*place), points, points, at, bought_points_times(PROGRAMME, at).expires_at))
        moved.append(("member", lots[-1].lot, points))
        if redeemed:
            moved.append(("redeemed", None, redeemed))
        moved.append(("issued", None, -points))
        rows.entries += [EntryRow(*place, number, member, *one) for number, one in enumerate(moved, 1)]
        rows.changes.append(ChangeRow(PROGRAMME.id, "member", member))
        key = (member, _day(at.replace(minute=0, second=0, microsecond=0)))
        before = days.get(key, (0, 0))
        days[key] = (before[0] + redeemed, before[1] + body.qualifying_kopecks)

    def _burn(self, rows: Rows, member: str, lots: list[_Open], points: int) -> Iterator[tuple[str, int]]:
        """A lot that is empty is not touched again."""
        while points:
            lot = lots[0]
            part = min(points, lot.remaining)
            points -= part
            lot.remaining -= part
            if not lot.remaining:
                rows.new_lots.append(lots.pop(0).row(member))
            yield lot.lot, part


@lru_cache(maxsize=10_000)
def _day(hour: datetime) -> str:
    return PROGRAMME.day(hour).isoformat()


def _sale_body(member: str, card: str, points: int, redeemed: int, at: datetime) -> Sale:
    before, off = points * 1_000, redeemed * PROGRAMME.currency.kop_per_point
    line = SoldLine(
        id="1",
        name="Покупки",
        unit="pc",
        price_kopecks=before,
        quantity_m=1_000,
        net_before_kopecks=before,
        discount_kopecks=off,
        net_kopecks=before - off,
        category="grocery",
        positions=(SoldPosition(quantity_m=1_000, price_kopecks=before - off, amount_kopecks=before - off),),
    )
    times = bought_points_times(PROGRAMME, at)
    return Sale(
        sale=SaleNumber(day=_day(at.replace(minute=0, second=0, microsecond=0)), number=f"{at:%H%M%S%f}"),
        member=member,
        card=card,
        lines=(line,),
        total_kopecks=before - off,
        paid_kopecks=before - off,
        qualifying_kopecks=before,
        redeemed=Redeemed(points=redeemed, kopecks=off),
        accrued=Accrued(
            points=points,
            parts=(("base", points),),
            active_from=utc_text(times.active_from),
            expires_at=utc_text(times.expires_at) if times.expires_at else None,
        ),
    )
