"""Ten-line sales as a till writes them, for benchmarks.hub: quoted by the rules, with positions, offers, lots believed
and what was seen of the member, in chains, about 2.8 KB each."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import msgspec

from benchmarks.chain import Chain
from config.programmes import load_programme
from loyalty.basket import Basket, Line, Unit
from loyalty.bodies import Sale, SaleNumber
from loyalty.effects import affected
from loyalty.lots import Account, active_points
from loyalty.member import MemberView
from loyalty.operation import Store
from loyalty.programme import Offer
from loyalty.quote import quote
from loyalty.sold import Right, sale_of

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
SHOP = Store(id="shop-0417")
LINES = 10
REDEEM_OF_100 = 30
SALE_EVERY = timedelta(seconds=40)
PROGRAMME = load_programme("perekrestok")
RULES = replace(
    PROGRAMME,
    promotions=(
        Offer(
            id="dairy-days",
            ru="Молочные дни",
            en="Dairy days",
            kind="percent_off",
            percent_bp=1500,
            categories=("dairy",),
        ),
    ),
)
FAVOURITES = ("dairy", "bread", "vegetables")
TEN_PERCENT = next(offer for offer in PROGRAMME.coupons if offer.id == "ten-percent")
GOODS: tuple[tuple[str, str, int, Unit], ...] = (  # name, category, rubles, unit
    ("Молоко", "dairy", 89, "pc"),
    ("Кефир", "dairy", 84, "pc"),
    ("Творог 5 %", "dairy", 149, "pc"),
    ("Сыр", "dairy", 790, "kg"),
    ("Хлеб", "bread", 52, "pc"),
    ("Батон", "bread", 47, "pc"),
    ("Бананы", "vegetables", 139, "kg"),
    ("Яблоки", "vegetables", 119, "kg"),
    ("Картофель", "vegetables", 49, "kg"),
    ("Огурцы", "vegetables", 229, "kg"),
    ("Филе куриное", "meat", 419, "kg"),
    ("Фарш", "meat", 249, "pc"),
    ("Гречка", "grocery", 94, "pc"),
    ("Макароны", "grocery", 76, "pc"),
    ("Масло", "grocery", 134, "pc"),
    ("Кофе", "grocery", 379, "pc"),
    ("Шоколад", "snacks", 99, "pc"),
    ("Чипсы", "snacks", 129, "pc"),
    ("Губки", "household", 69, "pc"),
    ("Сигареты", "tobacco", 219, "pc"),
)


@dataclass(slots=True)
class Guest:
    """A member who comes in the run, as the till believes him to be."""

    member: str
    card: str
    account: Account = field(default_factory=Account)


@dataclass(slots=True)
class Till(Chain):
    chance: random.Random
    at: datetime = NOW

    def sale(self, guest: Guest) -> tuple[Sale, str]:
        """The guest's next sale: its body and its canonical text."""
        self.at += SALE_EVERY
        redeems = self.chance.randrange(100) < REDEEM_OF_100
        body = sale(self.chance, guest, self.at, f"{self.sequence + 1:06}", redeems=redeems)
        asked = f"pos-7:{self.at.date()}:{self.sequence + 1}"
        operation, text = self.written(body, self.at, SHOP, PROGRAMME, clock_off_s=-2, asked=asked)
        guest.account = affected(guest.account, operation).account
        return body, text

    def texts(self, guests: Sequence[Guest], count: int) -> list[str]:
        return [self.sale(self.chance.choice(guests))[1] for _ in range(count)]


def sale(chance: random.Random, guest: Guest, at: datetime, number: str, *, redeems: bool) -> Sale:
    """A promotion runs on dairy, and one of twenty uses a coupon up."""
    points = active_points(guest.account, at)
    view = MemberView(points_active=points, favourites=FAVOURITES, snapshot_at=at - timedelta(seconds=3))
    coupon = chance.randrange(20) == 0
    basket = Basket(lines=tuple(_lines(chance)), coupons=(TEN_PERCENT,) if coupon else ())
    wanted = min(points, chance.randrange(100, 2_000)) if redeems else 0
    told = quote(RULES, basket, view, at=at, requested_points=wanted)
    body = sale_of(
        RULES,
        basket,
        view,
        told,
        at,
        number=SaleNumber(day=at.date().isoformat(), number=number, pos="pos-7", shift="214"),
        member=guest.member,
        card=guest.card,
        account=guest.account,
        rights={TEN_PERCENT.id: Right(chance.randbytes(16).hex())},
    )
    return msgspec.structs.replace(body, quote=chance.randbytes(8).hex())


def _lines(chance: random.Random) -> Iterator[Line]:
    for number, (name, category, rubles, unit) in enumerate(chance.sample(GOODS, LINES), 1):
        yield Line(
            id=str(number),
            name=name,
            price_kopecks=rubles * 100 - chance.randrange(100),
            quantity_m=chance.randrange(150, 1_800) if unit == "kg" else 1000 * chance.choice((1, 1, 1, 2, 3)),
            unit=unit,
            category=category,
        )
