"""What dies next, as a till can know it: never a wrong number, and a number wherever one is certain."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from loyalty.expiring import Expiring, expiring_after
from loyalty.lots import Account, Lot, account_of, accrue_lot, burn, next_expiry
from loyalty.operation import CardIssued, Operation, Sale, SaleNumber, utc_text
from loyalty.snapshot import ExpiringPoints

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SALE = SaleNumber(day="2026-03-02", number="1")


def in_days(days: int) -> datetime:
    return NOW + timedelta(days=days)


def told(points: int = 40, days: int = 10) -> ExpiringPoints:
    return ExpiringPoints(points=points, at=utc_text(in_days(days)))


def operation(body: Sale | CardIssued, at: datetime = NOW) -> Operation:
    return Operation(
        till="t1",
        generation=1,
        sequence=1,
        previous_hash="0" * 64,
        at=utc_text(at),
        programme="alenka",
        programme_hash="a" * 64,
        body=body,
    )


def sale(spent: int = 0, earned: int = 0, days: int | None = None, *, starts: int = 0, at: datetime = NOW) -> Operation:
    body = Sale(
        sale=SALE,
        member="anna",
        card=None,
        link="online",
        lines=(),
        total_kopecks=0,
        paid_kopecks=0,
        redeemed_points=spent,
        redeemed_kopecks=0,
        accrued_points=earned,
        accrued_active_from=utc_text(at + timedelta(days=starts)),
        accrued_expires_at=None if days is None else utc_text(in_days(days)),
    )
    return operation(body, at)


TEN = in_days(10)


@pytest.mark.parametrize(
    "own, expected",
    [
        ([], Expiring(40, TEN)),
        ([sale(spent=15)], Expiring(25, TEN)),
        ([sale(spent=15), sale(spent=24)], Expiring(1, TEN)),
        ([sale(spent=40)], None),  # the next ones are the hub's to know
        ([sale(spent=41)], None),
        ([sale(earned=9, days=365)], Expiring(40, TEN)),
        ([sale(earned=9)], Expiring(40, TEN)),  # for ever
        ([sale(earned=9, days=10)], Expiring(49, TEN)),  # the same day: one group
        ([sale(earned=9, days=5)], Expiring(9, in_days(5))),
        ([sale(earned=9, days=5), sale(spent=10)], Expiring(39, TEN)),
        ([sale(spent=40, earned=9, days=10)], Expiring(9, TEN)),  # spent first, earned after
        ([sale(spent=41, earned=9, days=10)], None),
        ([sale(earned=9, days=5, starts=1)], None),  # a redemption may pass it by
        ([sale(earned=9, days=15, starts=1)], Expiring(40, TEN)),
        ([sale(earned=0, days=5)], Expiring(40, TEN)),
        ([operation(CardIssued(sale=SALE, member="anna", card="1"))], Expiring(40, TEN)),
    ],
)
def test_own_sales_since_the_hubs_word_are_carried_on(own: list[Operation], expected: Expiring | None) -> None:
    assert expiring_after(told(), own, NOW) == expected


def test_nothing_told_is_nothing_said() -> None:
    assert expiring_after(None, [sale(earned=9, days=5)], NOW) is None


@pytest.mark.parametrize("moment, alive", [(TEN - timedelta(microseconds=1), True), (TEN, False)])
def test_what_has_died_is_not_said(moment: datetime, alive: bool) -> None:
    assert (expiring_after(told(), [], moment) is not None) is alive


def test_a_sale_after_they_died_leaves_nothing_certain() -> None:
    assert expiring_after(told(), [sale(earned=9, days=10, at=TEN)], in_days(9)) is None


def test_whatever_is_said_is_what_the_ledger_would_say() -> None:
    seed = random.SystemRandom().randrange(10**9)
    print(f"seed {seed}")
    chance, said = random.Random(seed), 0
    for _ in range(2_000):
        lots = [
            Lot(
                id=f"{number:03}",
                points=chance.randint(1, 50),
                active_from=in_days(-1),
                expires_at=chance.choice([None, in_days(chance.randint(1, 6))]),
            )
            for number in range(chance.randint(0, 4))
        ]
        account = account_of(lots)
        first = next_expiry(account, NOW)
        word = ExpiringPoints(points=first[0], at=utc_text(first[1])) if first else None
        own: list[Operation] = []
        for number in range(chance.randint(0, 4)):
            account, made = sold(chance, account, number)
            own.append(made)
        answer = expiring_after(word, own, NOW)
        said += answer is not None
        assert answer is None or answer == next_expiry(account, NOW)
    assert said > 200  # it does speak: of 2,000 some 440 times


def sold(chance: random.Random, account: Account, number: int) -> tuple[Account, Operation]:
    """A sale on the true account, and the operation that the till keeps of it."""
    spent = chance.randint(0, sum(lot.points for lot in account.lots if lot.active(NOW)))
    earned, days = chance.randint(0, 20), chance.choice([None, chance.randint(1, 8)])
    account, _ = burn(account, spent, NOW)
    expires_at = None if days is None else in_days(days)
    lot = Lot(id=f"own{number}", points=earned, active_from=NOW, expires_at=expires_at)
    return accrue_lot(account, lot), sale(spent, earned, days)
