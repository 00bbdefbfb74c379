"""A till's file, and short ways to say what happened at the till and what the hub sent."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.programmes import load_programme
from loyalty.bodies import Accrued, CouponUse, Redeemed, Sale, SaleNumber
from loyalty.lots import balance
from loyalty.operation import Key, Operation, Store, utc_text
from loyalty.snapshot import CardSnapshot, LotSnapshot, MemberSnapshot
from offline_cache.cache import Cache, Rules
from offline_cache.packed import pack_text, unpack_text
from offline_cache.records import Page, Paper, SetAside
from storage import engine

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DAY = "2026-03-02"
ALENKA = load_programme("alenka")
RULES = Rules(programme="alenka", programme_hash="a" * 64)


def know_packed(connection: engine.Connection) -> None:
    """Its SQL can say `packed(text)` and `unpacked(text)` from now on."""

    def packed(*said: Any) -> Any:
        return pack_text(said[0])

    def unpacked(*kept: Any) -> Any:
        return unpack_text(kept[0])

    connection.create_scalar_function("packed", packed)
    connection.create_scalar_function("unpacked", unpacked)


class Till:
    """A cache with the words of the tests."""

    NOW, DAY, RULES, ALENKA = NOW, DAY, RULES, ALENKA

    def __init__(self, path: Path, till: str = "t1", store: Store | None = None) -> None:
        self.path = path
        self.cache = Cache(path, till, store)

    def close(self) -> None:
        self.cache.close()

    def restart(self) -> None:
        self.close()
        self.cache = Cache(self.path, self.cache.till)

    @staticmethod
    def sale(
        number: int,
        *,
        member: str | None = "anna",
        earned: int = 0,
        spent: int = 0,
        coupons: tuple[str, ...] = (),
        accrued: dict[str, Any] | None = None,
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
            "redeemed": Redeemed(points=spent, kopecks=spent),
            "accrued": Accrued(points=earned, **accrued or {}),
            "coupons": tuple(CouponUse(serial=serial, campaign="c", discount_kopecks=1) for serial in coupons),
        }
        return Sale(**fields | more)

    def record(self, *bodies: Any, paper: Callable[[Any], bytes] = lambda made: b"paper") -> tuple[Operation, ...]:
        sale = getattr(bodies[0], "sale", None)

        def papers(made: Any) -> list[Paper]:
            return [Paper(kind="receipt", label=sale.number, document=paper(made))] if sale else []

        return self.cache.record(bodies, sale=sale, rules=RULES, papers=papers, at=NOW)

    def sell(self, number: int, **what: Any) -> Operation:
        return self.record(self.sale(number, **what))[-1]

    def page(
        self,
        *members: MemberSnapshot,
        watermark: int = 0,
        cursor: str = "1",
        coupons: tuple[str, ...] = (),
        returned: tuple[str, ...] = (),
        aside: Sequence[SetAside] = (),
        covered: int = 0,
        keys: Mapping[int, bytes] | None = None,
    ) -> None:
        """The hub's page comes."""
        self.cache.changes.apply(
            Page(
                members=members,
                used_coupons=coupons,
                returned_coupons=returned,
                coupon_keys={1: bytes(32)} if keys is None else keys,
                phone_hash_key=bytes(range(32)),
                watermark=Key(1, watermark),
                cursor=cursor,
                pulled_at=NOW,
                set_aside=aside,
                covered=(Key(1, covered),) if covered else (),
            )
        )

    @staticmethod
    def snapshot(member: str = "anna", points: int = 0, phone_key: str | None = None, **cards: str) -> MemberSnapshot:
        """`cards`: their statuses by number, with a letter before it."""
        held = tuple(CardSnapshot(number=number[1:], status=status) for number, status in cards.items())
        begun = utc_text(NOW - timedelta(days=1))
        lots = (LotSnapshot(id="told", points=points, active_from=begun),) if points > 0 else ()
        return MemberSnapshot(member=member, lots=lots, debt=max(0, -points), cards=held, phone_key=phone_key)

    def points(self, member: str = "anna") -> int:
        found = self.cache.members.member(member)
        assert found is not None
        return balance(found.standing(ALENKA).account, NOW)

    def cards(self, member: str = "anna") -> dict[str, str]:
        return {card.number: card.status for card in self.cache.members.cards(member)}

    def rows(self, table: str) -> list[tuple[Any, ...]]:
        with self.cache.file.reading() as connection:
            return connection.execute(f"SELECT * FROM {table}").fetchall()


@pytest.fixture
def open_till() -> Iterator[Callable[..., Till]]:
    opened: list[Till] = []

    def make(path: Path, till: str = "t1", store: Store | None = None) -> Till:
        opened.append(Till(path, till, store))
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
