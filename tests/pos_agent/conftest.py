"""A till without threads: its real file, a programme, members as the hub would have sent them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from config.programmes import load_programme
from loyalty.bodies import SaleNumber
from loyalty.coupon_token import CouponClaims, seal_coupon
from loyalty.lots import balance
from loyalty.operation import Key, utc_text
from loyalty.phones import phone_key
from loyalty.snapshot import CardSnapshot, LotSnapshot, MemberSnapshot
from offline_cache.cache import Cache
from offline_cache.records import Page
from pos_agent.answers import Reply
from pos_agent.checkout import Checkout
from pos_agent.protocol import BasketLine, Code, Pay, SetBasket
from tests.listed import listed

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PHONE_KEY = bytes(range(32))
DAY = "2026-03-02"


ANNA, BORIS, LOST, FRESH, BLOCKED = "2600000000017", "2600000000024", "2600000000031", "2600000000048", "2600000000055"
PHONES = {"anna": "+79161234567", "boris": "+79161234568", "twin": "+79161234568", "fresh": "+79161234569"}
SWEETS = BasketLine(id="2", name="Конфеты", price="649.00", quantity="0.347", unit="kg", category="sweets")


@dataclass
class Desk:
    """The checkout with what a test needs at hand."""

    ANNA, BORIS, LOST, FRESH, BLOCKED = ANNA, BORIS, LOST, FRESH, BLOCKED
    DAY = DAY
    BLANK, BLANK_2 = "2600000000116", "2600000000123"
    SWEETS = SWEETS

    checkout: Checkout
    cache: Cache
    key: Ed25519PrivateKey
    online: list[bool] = field(default_factory=lambda: [True])
    now: datetime = NOW

    def do(self, command: Any) -> Reply:
        return listed(command, self.checkout.handle(command, self.now))

    def code(self, text: str) -> Reply:
        return self.do(Code(text=text))

    def basket(self, *lines: BasketLine) -> Reply:
        return self.do(SetBasket(lines=lines or (self.chocolate(3), SWEETS)))

    @staticmethod
    def chocolate(pieces: int) -> BasketLine:
        return BasketLine(id="1", name="Шоколад «Алёнка»", price="89.90", quantity=str(pieces), category="chocolate")

    def pay(self, sale: str) -> Reply:
        return self.do(Pay(sale=sale, day=DAY))

    def stored(self, sale: str) -> list[Any]:
        stored = self.cache.sale(SaleNumber(day=DAY, number=sale))
        return [operation.body for operation in stored.operations] if stored else []

    def points(self, member: str) -> int:
        """The balance as the till knows it now."""
        found = self.cache.members.member(member)
        assert found is not None
        return balance(found.standing(load_programme("alenka")).account, self.now)

    def coupon(
        self,
        campaign: str = "ten-percent",
        *,
        serial: bytes = b"s" * 16,
        hours: int = 1,
        programme: str = "alenka",
        valid_from: datetime = NOW - timedelta(days=1),
        valid_to: datetime | None = None,
        **claims_more: Any,
    ) -> str:
        claims = CouponClaims(
            serial=serial.hex(),
            programme=programme,
            campaign=campaign,
            valid_from=valid_from,
            valid_to=NOW + timedelta(hours=hours) if valid_to is None else valid_to,
            zone="Europe/Moscow",
            **claims_more,
        )
        return seal_coupon(claims, 1, self.key.sign)


def member(name: str, points: int, *cards: tuple[str, str], **other: Any) -> MemberSnapshot:
    phone = PHONES.get(name)
    begun = utc_text(NOW - timedelta(days=1))
    return MemberSnapshot(
        member=name,
        lots=(LotSnapshot(id=f"told/{name}", points=points, active_from=begun),) if points > 0 else (),
        debt=max(0, -points),
        cards=tuple(CardSnapshot(number=number, status=status) for number, status in cards),
        phone_key=phone_key(PHONE_KEY, phone).hex() if phone else None,
        **other,
    )


KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)


def known_members(folder: Path) -> Cache:
    """A till's file as after a contact with the hub."""
    cache = Cache(folder / "till.db", "till-1")
    cache.changes.apply(
        Page(
            members=[
                member("anna", 150, (ANNA, "active")),
                member("boris", 5_000, (BORIS, "active"), (LOST, "replaced")),
                member("twin", 10),
                member("fresh", 200, (FRESH, "issued")),
                member("blocked", 70, (BLOCKED, "blocked")),
            ],
            used_coupons=[],
            coupon_keys={1: KEY.public_key().public_bytes_raw()},
            phone_hash_key=PHONE_KEY,
            watermark=Key(1, 0),
            cursor="5",
            pulled_at=NOW,
        )
    )
    return cache


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    cache = known_members(tmp_path)
    online = [True]
    checkout = Checkout(
        cache, load_programme("alenka"), language="en", receipt_language="ru", is_online=lambda: online[0]
    )
    yield Desk(checkout=checkout, cache=cache, key=KEY, online=online)
    cache.close()
