"""SEC4: a till that was sent away, or has long not met its hub, forgets the members, and nothing that it did itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest

from loyalty.bodies import Accrued, Redeemed, Sale, SaleNumber
from loyalty.operation import Key
from loyalty.snapshot import CardSnapshot, MemberSnapshot
from offline_cache.cache import Cache, Rules
from offline_cache.records import Feed, Page
from pos_agent.sealing import sealing_in
from sync.hub_port import HubRefused, HubUnreachable
from sync.lease import LEASE, ends_soon, why_forget
from sync.worker import SyncWorker

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
KEY = bytes(range(32))
PHONE = 0xA5B6C7D8  # how hashes of phones begin here


def snapshot(number: int) -> MemberSnapshot:
    card = CardSnapshot(number=f"26000{number:08}", status="active")
    return MemberSnapshot(
        member=f"canary-{number}", cards=(card,), phone_key=f"{PHONE:08x}{number:08x}", name="Канарейка П."
    )


class Away:
    """Every call ends in the same error."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __getattr__(self, name: str) -> Any:
        def call(*args: Any, **named: Any) -> NoReturn:
            raise self._error

        return call


AWAY = HubUnreachable("The hub did not answer.")
SENT_AWAY = HubRefused("revoked", "the office has sent this till away")


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Cache]:
    cache = Cache(tmp_path / "till.db", "t1", seal=sealing_in(tmp_path / "keys", "phones"))
    cache.changes.apply(
        Page(
            members=[snapshot(number) for number in range(40)],
            used_coupons=[],
            coupon_keys={},
            phone_hash_key=KEY,
            watermark=Key(1, 0),
            cursor="9",
            pulled_at=NOW,
        )
    )
    sale = Sale(
        sale=SaleNumber(day="2026-03-02", number="1"),
        member="canary-7",
        card=None,
        link="online",
        lines=(),
        total_kopecks=100,
        paid_kopecks=100,
        redeemed=Redeemed(),
        accrued=Accrued(points=2),
    )
    rules = Rules(programme="alenka", programme_hash="a" * 64)
    cache.record([sale], sale=sale.sale, rules=rules, papers=lambda made: [], at=NOW)
    yield cache
    cache.close()


def worker(cache: Cache, error: Exception, now: datetime) -> SyncWorker:
    hub: Any = Away(error)
    return SyncWorker(cache, hub, programme="alenka", jitter=lambda: 0.0, clock=lambda: now)


def until_it_waits(one: SyncWorker) -> int:
    steps = 1
    while one.step(0.0) == 0.0:
        steps += 1
    return steps


def lying(cache: Cache) -> bytes:
    folder = cache.file.path.parent
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


def known(cache: Cache) -> int:
    return sum(cache.members.card(f"26000{number:08}") is not None for number in range(40))


@pytest.mark.parametrize(
    ("error", "days", "why"),
    [(SENT_AWAY, 0, "revoked"), (AWAY, 45, "lease"), (AWAY, 44, None), (SENT_AWAY, 99, "revoked")],
)
def test_sec4_members_are_forgotten_and_the_outbox_stays(
    cache: Cache, error: Exception, days: int, why: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("offline_cache.forgetting.FORGOTTEN_AT_ONCE", 7)
    assert b"canary-3" in lying(cache)
    one = worker(cache, error, NOW + timedelta(days=days))
    assert (until_it_waits(one) > 6) is (why is not None), "some at a time"
    forgotten = cache.forgetting.forgotten()
    assert (forgotten.why if forgotten else None) == why
    assert cache.outbox_length() == 1
    if why is None:
        assert known(cache) == 40
        return
    assert known(cache) == 0 and cache.members.member("canary-7") is None and cache.phones.keys == ()
    assert cache.changes.feed() == Feed(cursor="", pulled_at=None, latest_at=NOW)
    left = lying(cache)
    for secret in (
        b"canary-3",
        "Канарейка".encode(),
        bytes.fromhex(f"{PHONE:08x}{3:08x}"),
        b"2600000000003",
        KEY.hex().encode(),
    ):
        assert secret not in left
    assert b"canary-7" in left, "whose sale waits for the hub"
    assert until_it_waits(one) == 1, "nothing is forgotten twice"


def test_with_the_hub_they_come_back(cache: Cache) -> None:
    until_it_waits(worker(cache, AWAY, NOW + LEASE))
    cache.changes.apply(
        Page(
            members=[snapshot(7)],
            used_coupons=[],
            coupon_keys={},
            phone_hash_key=KEY,
            watermark=Key(1, 1),
            cursor="1",
            pulled_at=NOW + LEASE,
        )
    )
    assert cache.forgetting.forgotten() is None and known(cache) == 1 and cache.changes.feed().met_at == NOW + LEASE


def test_what_was_begun_goes_on_after_a_start(cache: Cache, tmp_path: Path) -> None:
    """Killed between two steps."""
    cache.forgetting.begin("lease", NOW)
    cache.close()
    with closing(Cache(tmp_path / "till.db", "t1")) as again:
        assert again.forgetting.forgotten() is not None
        until_it_waits(worker(again, AWAY, NOW))
        assert known(again) == 0 and b"canary-3" not in lying(again)


def feed(met: datetime | None, latest: datetime | None = None) -> Feed:
    return Feed(cursor="1", pulled_at=None, met_at=met, latest_at=latest)


def test_a_clock_that_was_set_back_does_not_help() -> None:
    assert why_forget(feed(NOW, NOW + LEASE), "unreachable", NOW - LEASE, LEASE) == "lease"
    assert why_forget(feed(NOW, NOW), "unreachable", NOW + LEASE - timedelta(seconds=1), LEASE) is None
    assert why_forget(feed(None), "revoked", NOW, LEASE) is None, "nobody is known"


def test_it_is_told_a_week_before() -> None:
    assert ends_soon(feed(NOW), LEASE, NOW + timedelta(days=37)) is None
    assert ends_soon(feed(NOW), LEASE, NOW + timedelta(days=38)) == NOW + LEASE
