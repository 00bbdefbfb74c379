"""A till's file, and short ways to say what happened at the till and what the hub sent."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from loyalty.operation import CouponUse, Operation, Sale, SaleNumber
from loyalty.snapshot import CardSnapshot, MemberSnapshot
from offline_cache.cache import Cache, Rules
from offline_cache.records import Paper

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DAY = "2026-03-02"
RULES = Rules(programme="alenka", programme_hash="a" * 64)


class Till:
    """A cache with the words of the tests."""

    NOW, DAY, RULES = NOW, DAY, RULES

    def __init__(self, path: Path, till: str = "t1") -> None:
        self.path = path
        self.cache = Cache(path, till)

    def close(self) -> None:
        self.cache.close()

    def restart(self) -> None:
        self.close()
        self.cache = Cache(self.path, self.cache.till)

    @staticmethod
    def sale(
        number: int,
        *,
        member: str = "anna",
        earned: int = 0,
        spent: int = 0,
        coupons: tuple[str, ...] = (),
        **more: Any,
    ) -> Sale:
        fields: dict[str, Any] = {
            "sale": SaleNumber(day=DAY, number=str(number)),
            "member": member,
            "card": None,
            "link": "online",
            "lines": (),
            "total_kopecks": 1_000,
            "paid_kopecks": 1_000,
            "redeemed_points": spent,
            "redeemed_kopecks": spent,
            "accrued_points": earned,
            "coupons": tuple(CouponUse(serial=serial, campaign="c", discount_kopecks=1) for serial in coupons),
        }
        return Sale(**fields | more)

    def record(self, *bodies: Any, paper: Callable[[Any], bytes] = lambda made: b"paper") -> tuple[Operation, ...]:
        sale = bodies[0].sale

        def papers(made: Any) -> list[Paper]:
            return [Paper(kind="receipt", label=sale.number, document=paper(made))]

        return self.cache.record(bodies, sale=sale, rules=RULES, papers=papers, at=NOW)

    def sell(self, number: int, **what: Any) -> Operation:
        return self.record(self.sale(number, **what))[-1]

    def page(
        self, *members: MemberSnapshot, watermark: int = 0, cursor: int = 1, coupons: tuple[str, ...] = ()
    ) -> None:
        """The hub's page comes."""
        self.cache.apply_page(
            members=members,
            used_coupons=coupons,
            coupon_keys={1: bytes(32)},
            phone_hash_key=bytes(range(32)),
            watermark=watermark,
            cursor=cursor,
            pulled_at=NOW,
        )

    @staticmethod
    def snapshot(member: str = "anna", points: int = 0, phone_key: str | None = None, **cards: str) -> MemberSnapshot:
        """`cards`: their statuses by number, with a letter before it."""
        held = tuple(CardSnapshot(number=number[1:], status=status) for number, status in cards.items())
        return MemberSnapshot(member=member, points=points, cards=held, phone_key=phone_key)

    def points(self, member: str = "anna") -> int:
        found = self.cache.members.member(member)
        assert found is not None
        return found.points

    def cards(self, member: str = "anna") -> dict[str, str]:
        return {card.number: card.status for card in self.cache.members.cards(member)}

    def rows(self, table: str) -> list[tuple[Any, ...]]:
        with self.cache.file.reading() as connection:
            return connection.execute(f"SELECT * FROM {table}").fetchall()


@pytest.fixture
def open_till() -> Iterator[Callable[..., Till]]:
    opened: list[Till] = []

    def make(path: Path, till: str = "t1") -> Till:
        opened.append(Till(path, till))
        return opened[-1]

    yield make
    for till in opened:
        till.close()


@pytest.fixture
def till(open_till: Callable[..., Till], tmp_path: Path) -> Till:
    return open_till(tmp_path / "till.db")


@pytest.fixture
def chance() -> random.Random:
    """Chance that can be had again: POS_TEST_SEED=… with the number that a failed test shows."""
    seed = int(os.environ.get("POS_TEST_SEED") or random.SystemRandom().randrange(10**9))
    print(f"POS_TEST_SEED={seed}")
    return random.Random(seed)
