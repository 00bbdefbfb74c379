"""A month of a little chain as an independent model has it: what each operation comes to, and who owes whom. It knows
lots and days, and nothing of entries, closings or the books."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from hub.accounting.sheet import RowKey
from loyalty.bodies import (
    Accrued,
    Adjustment,
    Body,
    ClawedBack,
    CouponUse,
    Grant,
    OperationRef,
    Redeemed,
    Restored,
    Return,
    ReturnedLine,
    Sale,
    SaleNumber,
    SoldLine,
)
from loyalty.operation import FIRST_HASH, VERSION, Operation, Store, hash_operation, utc_text, write_operation

NEVER = datetime.max.replace(tzinfo=UTC)
KOPECKS = 100  # a point of alenka
RATES = ("20", "10", None)


class Shop(NamedTuple):
    id: str
    entity: str
    timezone: str | None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone or "Europe/Moscow")


SHOPS = (
    Shop("omsk", "OOO East", "Asia/Omsk"),
    Shop("kant", "OOO West", "Europe/Kaliningrad"),
    Shop("msk", "OOO West", None),
    Shop("kiosk", "", None),
)
NOWHERE = Shop("", "", None)


@dataclass
class Parcel:
    id: str
    shop: Shop
    left: int
    starts: datetime
    ends: datetime | None
    booked: int = 0  # of what is left, as expired

    @property
    def entity(self) -> str:
        return self.shop.entity

    def take(self, part: int) -> int:
        """How many of them had been booked as expired: living ones go first."""
        again = max(0, part - (self.left - self.booked))
        self.left -= part
        self.booked -= again
        return again

    def lives(self, at: datetime) -> bool:
        return self.starts <= at < (self.ends or NEVER)


@dataclass
class Person:
    id: str
    parcels: list[Parcel] = field(default_factory=list)
    debt: int = 0

    def in_order(self) -> list[Parcel]:
        return sorted(self.parcels, key=lambda one: (one.ends or NEVER, one.starts, one.id))


class What(NamedTuple):
    """One row's share of one operation."""

    store: str
    what: str
    kind: str
    tax: str
    points: int
    kopecks: int


class Happened(NamedTuple):
    day: str
    rows: tuple[What, ...]
    claims: tuple[tuple[str, str, int], ...]  # debtor, creditor, points


@dataclass
class Sold:
    ref: OperationRef
    sale: Sale
    shop: Shop
    at: datetime
    person: Person
    lot: str
    taken: list[tuple[Parcel, int]]


class Till:
    """Writes a chain; what it wrote and nobody has yet lies in `unsent`."""

    def __init__(self, name: str, shop: Shop) -> None:
        self.name = name
        self.shop = shop
        self.sequence = 0
        self.last = FIRST_HASH
        self.unsent: list[tuple[str, datetime, Body]] = []

    def write(self, body: Body, at: datetime) -> None:
        operation = Operation(
            v=VERSION,
            chain=self.name,
            generation=1,
            sequence=self.sequence + 1,
            previous_hash=self.last,
            at=utc_text(at),
            store=Store(id=self.shop.id, timezone=self.shop.timezone),
            programme="alenka",
            programme_hash="a" * 64,
            body=body,
        )
        text = write_operation(operation)
        self.sequence, self.last = operation.sequence, hash_operation(text)
        self.unsent.append((text, at, body))


def lot_of(chain: str, sequence: int) -> str:
    return f"{chain}/1/{sequence:012}"


class Model:
    """Books operations in the order in which they come, each as of its own moment."""

    def __init__(self, people: list[Person]) -> None:
        self.people = {one.id: one for one in people}
        self.sold: dict[OperationRef, Sold] = {}
        self.happened: list[Happened] = []
        self._again: list[tuple[Parcel, int]] = []

    def sale(self, ref: OperationRef, sale: Sale, shop: Shop, at: datetime) -> None:
        person = self.people[sale.member or ""]
        lot = lot_of(ref.chain, ref.sequence)
        rows = [*self._money(shop, sale)]
        claims: list[tuple[str, str, int]] = []
        debt = person.debt
        taken = self._spend(person, sale.redeemed.points, at)
        claims += [(one.entity, shop.entity, part) for one, part in taken]
        uncovered = sale.redeemed.points - sum(part for _, part in taken)
        person.debt += uncovered
        claims.append(("", shop.entity, uncovered))
        ends = datetime.fromisoformat(sale.accrued.expires_at) if sale.accrued.expires_at else None
        paid = self._earn(person, lot, shop, sale.accrued.points, at, ends)
        claims.append((shop.entity, "", paid))
        rows.append(What(shop.id, "redeemed", "sale", "", sale.redeemed.points, sale.redeemed.kopecks))
        rows.append(What(shop.id, "issued", "sale", "", sale.accrued.points, sale.accrued.points * KOPECKS))
        rows += self._reopened("sale", taken)
        self._done(shop.zone, at, shop.id, "sale", rows, claims, person.debt - debt)
        self.sold[ref] = Sold(ref, sale, shop, at, person, lot, taken)

    def back(self, back: Return, lot: str, shop: Shop, at: datetime) -> None:
        """At any shop; the points are the sale's shop's matter."""
        sold = self.sold[back.of]
        person, home, debt = sold.person, sold.shop.entity, sold.person.debt
        claims: list[tuple[str, str, int]] = []
        left = back.restored.points
        dead = 0
        while left:
            one, had = sold.taken.pop()
            part = min(left, had)
            left -= part
            if had > part:
                sold.taken.append((one, had - part))
            if (one.ends or NEVER) <= at:
                dead += part
                continue
            paid = min(person.debt, part)
            person.debt -= paid
            one.left += part - paid
            claims += [(one.entity, home, paid - part), ("", home, -paid)]
        if dead:
            assert back.restored.dead_until is not None
            paid = self._earn(person, lot, sold.shop, dead, at, datetime.fromisoformat(back.restored.dead_until))
            claims.append((home, "", paid))
        clawed = self._claw(person, back.clawed_back.points, at, sold.lot)
        claims += [(one.entity, home, part) for one, part in clawed]
        beyond = back.clawed_back.points - sum(part for _, part in clawed)
        person.debt += beyond
        claims.append(("", home, beyond))
        rows = [
            What(shop.id, "redeemed", "return", "", -back.restored.points, -back.restored.points * KOPECKS),
            What(shop.id, "issued", "return", "", -back.clawed_back.points, -back.clawed_back.points * KOPECKS),
        ]
        rates = {line.id: line.tax or "" for line in sold.sale.lines}
        rows += [What(shop.id, "refund", "return", rates[one.id], 0, one.refund_kopecks) for one in back.lines]
        for line in sold.sale.lines:
            rows += [row._replace(kind="return", kopecks=-row.kopecks) for row in self._off(shop, line)]
        rows += self._reopened("return", clawed)
        self._done(shop.zone, at, shop.id, "return", rows, claims, person.debt - debt)

    def grant(self, grant: Grant, lot: str, at: datetime) -> None:
        person = self.people[grant.member]
        debt = person.debt
        self._earn(person, lot, NOWHERE, grant.points, at, None)
        rows = [What("", "issued", "grant", "", grant.points, grant.points * KOPECKS)]
        self._done(ZoneInfo("Europe/Moscow"), at, "", "grant", rows, [], person.debt - debt)

    def adjust(self, change: Adjustment, lot: str, at: datetime) -> None:
        person = self.people[change.member]
        debt, points = person.debt, change.points
        rows = [What("", "adjusted", "adjustment", "", points, points * KOPECKS)]
        if points > 0:
            self._earn(person, lot, NOWHERE, points, at, None)
        else:
            taken = self._claw(person, -points, at, "")
            person.debt += -points - sum(part for _, part in taken)
            rows += self._reopened("adjustment", taken)
        self._done(ZoneInfo("Europe/Moscow"), at, "", "adjustment", rows, [], person.debt - debt)

    def expire(self, at: datetime) -> None:
        """Of each member whose points died unspent."""
        for person in self.people.values():
            dead = [one for one in person.parcels if one.ends is not None and one.ends <= at]
            rows = [self._expired("expiry", one, one.left - one.booked) for one in dead]
            for one in dead:
                one.booked = one.left
            self._done(ZoneInfo("Europe/Moscow"), at, "", "expiry", rows, [], 0)

    def _done(
        self,
        zone: ZoneInfo,
        at: datetime,
        store: str,
        kind: str,
        rows: list[What],
        claims: list[tuple[str, str, int]],
        debt: int,
    ) -> None:
        rows.append(What(store, "debt", kind, "", debt, debt * KOPECKS))
        day = at.astimezone(zone).date().isoformat()
        kept = tuple(row for row in rows if row.points or row.kopecks)
        self.happened.append(Happened(day, kept, tuple(one for one in claims if one[2] and one[0] != one[1])))

    def _money(self, shop: Shop, sale: Sale) -> list[What]:
        rows = []
        for line in sale.lines:
            rows += [What(shop.id, "sold", "sale", line.tax or "", 0, line.net_kopecks), *self._off(shop, line)]
        for extra in sale.extras:
            rows.append(What(shop.id, "fee", "sale", extra.tax or "", 0, extra.net_kopecks))
        return rows

    def _off(self, shop: Shop, line: SoldLine) -> list[What]:
        """There are coupons alone, each for all that is off."""
        off = line.price_kopecks * line.quantity_m // 1000 - line.pos_discount_kopecks - line.net_before_kopecks
        sums = {"discount_points": line.discount_kopecks, "discount_offers": off, "of_it_coupons": off}
        return [What(shop.id, what, "sale", line.tax or "", 0, kopecks) for what, kopecks in sums.items()]

    def _spend(self, person: Person, points: int, at: datetime) -> list[tuple[Parcel, int]]:
        taken = []
        for one in person.in_order():
            part = min(points, one.left) if one.lives(at) else 0
            if part:
                points -= part
                taken.append((one, part))
        return self._out(taken)

    def _claw(self, person: Person, points: int, at: datetime, own: str) -> list[tuple[Parcel, int]]:
        """From the sale's own lot though it is dead, then as one spends, then of what begins later."""
        taken = []
        for one in sorted(person.in_order(), key=lambda one: (one.id != own, not one.lives(at))):
            later = one.left - one.booked if one.starts > at else 0
            part = min(points, one.left if one.id == own or one.lives(at) else later)
            if part:
                taken.append((one, part))
                points -= part
        return self._out(taken)

    def _out(self, taken: list[tuple[Parcel, int]]) -> list[tuple[Parcel, int]]:
        self._again = [(one, one.take(part)) for one, part in taken]
        return taken

    def _reopened(self, kind: str, taken: list[tuple[Parcel, int]]) -> list[What]:
        """What had been booked as expired, and was spent before it died."""
        return [self._expired(kind, one, -again) for one, again in self._again if taken]

    def _expired(self, kind: str, parcel: Parcel, points: int) -> What:
        """It is the shop's that had given them."""
        return What(parcel.shop.id, "expired", kind, "", points, points * KOPECKS)

    def _earn(self, person: Person, lot: str, shop: Shop, points: int, at: datetime, ends: datetime | None) -> int:
        """How many of them paid a debt."""
        paid = min(person.debt, points)
        person.debt -= paid
        if points:
            person.parcels.append(Parcel(lot, shop, points - paid, at, ends))
        return paid


class Chance:
    """What people do: sales and returns of a day."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.numbers = 0

    def sale(self, person: Person, at: datetime) -> Sale:
        self.numbers += 1
        spent = self.chance.choice((0, 0, self.chance.randint(1, 40)))
        lines = tuple(
            self._line(str(number), spent if number == 0 else 0) for number in range(self.chance.randint(1, 3))
        )
        fee = (self._line("card", 0, (0,)),) if self.chance.random() < 0.1 else ()
        net = sum(line.net_kopecks for line in (*lines, *fee))
        life = self.chance.choice((None, 3, 12, 200))
        off = sum(line.price_kopecks - line.net_before_kopecks for line in lines)
        return Sale(
            sale=SaleNumber(day=at.date().isoformat(), number=str(self.numbers)),
            member=person.id,
            lines=lines,
            extras=fee,
            total_kopecks=net,
            paid_kopecks=net,
            redeemed=Redeemed(points=spent, kopecks=spent * KOPECKS),
            accrued=Accrued(
                points=self.chance.randint(0, 50),
                expires_at=utc_text(at + timedelta(days=life)) if life else None,
            ),
            coupons=(CouponUse(serial=f"{self.numbers:032x}", campaign="c", discount_kopecks=off),) if off else (),
        )

    def _line(self, id: str, spent: int, offers: tuple[int, ...] = (0, 0, 500)) -> SoldLine:
        price = self.chance.randint(10_000, 50_000)
        before = price - self.chance.choice(offers)
        off = spent * KOPECKS
        return SoldLine(
            id=id,
            name="thing",
            unit="pc",
            price_kopecks=price,
            quantity_m=1000,
            net_before_kopecks=before,
            discount_kopecks=off,
            net_kopecks=before - off,
            tax=self.chance.choice(RATES),
        )

    def back(self, sold: Sold, at: datetime) -> Return:
        """All of it at once."""
        sale, covered = sold.sale, sum(part for _, part in sold.taken)
        return Return(
            of=sold.ref,
            sold_at=utc_text(sold.at),
            member=sale.member,
            lines=tuple(
                ReturnedLine(id=line.id, quantity_m=1000, refund_kopecks=line.net_kopecks) for line in sale.lines
            ),
            refund_kopecks=sum(line.net_kopecks for line in sale.lines),
            restored=Restored(points=covered, dead_until=utc_text(at + timedelta(days=30))),
            clawed_back=ClawedBack(points=sale.accrued.points),
        )


def summed(happened: list[tuple[str, str, Happened]]) -> dict[RowKey, tuple[int, int, int]]:
    """Rows of these, each with the day in whose books it stands and the day that it is late of."""
    rows: dict[RowKey, tuple[int, int, int]] = {}
    entities = {shop.id: shop.entity for shop in SHOPS}
    for day, late_of, one in happened:
        kopecks: Counter[RowKey] = Counter()
        points: Counter[RowKey] = Counter()
        for row in one.rows:
            entity = entities.get(row.store, "")
            key = RowKey(day, late_of, "alenka", entity, row.store, row.what, row.kind, row.tax)
            kopecks[key] += row.kopecks
            points[key] += row.points
        for key in kopecks:
            if kopecks[key] or points[key]:
                had = rows.get(key, (0, 0, 0))
                rows[key] = (had[0] + 1, had[1] + points[key], had[2] + kopecks[key])
    return rows
