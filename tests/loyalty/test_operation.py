"""Operations as text: written once, read strictly, hashed as they stand."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest

from loyalty.operation import (
    FIRST_HASH,
    BadOperation,
    CardIssued,
    CardReissued,
    Grant,
    MemberJoined,
    MemberRegistered,
    Operation,
    Sale,
    SaleNumber,
    SoldLine,
    hash_operation,
    points_delta,
    read_operation,
    utc_text,
    write_operation,
)


@pytest.fixture
def elsewhere() -> Iterator[None]:
    """A machine whose own clock is far from UTC: no answer may depend on that."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "Asia/Vladivostok")
        time.tzset()
        yield
    time.tzset()


NUMBER = SaleNumber(day="2026-06-01", number="17")
LINE = SoldLine(
    id="1",
    name="Шоколад",
    unit="pc",
    price_kopecks=8990,
    quantity_m=3000,
    net_before_kopecks=26_970,
    discount_kopecks=13_460,
    net_kopecks=13_510,
)
SALE = Sale(
    sale=NUMBER,
    member="m1",
    card="2600000000017",
    link="online",
    lines=(LINE,),
    total_kopecks=13_510,
    paid_kopecks=13_510,
    redeemed_points=134,
    redeemed_kopecks=13_460,
    accrued_points=2,
    accrued_parts=(("base", 2),),
    accrued_active_from="2026-06-01T09:00:00+00:00",
)
BODIES = [
    SALE,
    CardIssued(sale=NUMBER, member="m1", card="2600000000017"),
    CardReissued(sale=NUMBER, member="m1", old_card="2600000000017", new_card="2600000000024", fee_kopecks=5000),
    MemberJoined(member="m1", card=None, registered=False),
    MemberRegistered(member="m1"),
    Grant(member="m1", points=150, reason="welcome", active_from="2026-06-01T09:00:00Z"),
]


def operation(body: Any) -> Operation:
    return Operation(
        till="till-1",
        generation=1,
        sequence=1,
        previous_hash=FIRST_HASH,
        at="2026-06-01T09:00:00.000000+00:00",
        programme="alenka",
        programme_hash="ab" * 32,
        body=body,
    )


@pytest.mark.parametrize("body", BODIES, ids=lambda body: type(body).__name__)
def test_an_operation_survives_its_text(body: Any) -> None:
    text = write_operation(operation(body))
    assert read_operation(text) == operation(body)
    assert write_operation(read_operation(text)) == text


def test_the_text_is_the_same_for_equal_operations_and_names_are_kept() -> None:
    text = write_operation(operation(SALE))
    assert text == write_operation(operation(msgspec.structs.replace(SALE)))
    assert "Шоколад" in text
    assert hash_operation(text) == hashlib.sha256(text.encode()).hexdigest()
    assert hash_operation(text) != hash_operation(text + " ")


GOOD = write_operation(operation(SALE))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"sequence":1', '"sequence":0'),
        ('"sequence":1', '"sequence":"1"'),
        ('"sequence":1', '"sequence":1.5'),
        ('"redeemed_points":134', '"redeemed_points":-1'),
        ('"redeemed_points":134', '"redeemed_points":1e400'),
        ('"accrued_points":2', '"accrued_points":100000000000000001'),
        ('"type":"sale"', '"type":"theft"'),
        ('"at":"2026-06-01T09:00:00.000000+00:00"', '"at":"2026-06-01T09:00:00"'),
        ('"at":"2026-06-01T09:00:00.000000+00:00"', '"at":"2026-06-01T12:00:00+03:00"'),
        ('"at":"2026-06-01T09:00:00.000000+00:00"', '"at":"yesterday"'),
        ('"accrued_active_from":"2026-06-01T09:00:00+00:00"', '"accrued_active_from":"2026-06-01"'),
        ('"day":"2026-06-01"', '"day":"2026-06-31"'),
        ('"till":"till-1",', ""),
    ],
)
def test_a_text_that_is_no_operation_is_refused(old: str, new: str) -> None:
    assert GOOD.count(old) == 1
    with pytest.raises(BadOperation, match=r"\w"):
        read_operation(GOOD.replace(old, new))


def test_the_refusal_names_the_field() -> None:
    with pytest.raises(BadOperation, match=r"`\$\.sequence`"):
        read_operation(GOOD.replace('"sequence":1', '"sequence":0'))


@pytest.mark.parametrize("text", ["", "null", "[" * 100_000, GOOD[:-1], GOOD + "x", "\ud800"])
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(BadOperation):
        read_operation(text)


def test_every_end_of_points_is_in_utc() -> None:
    moscow = "2026-06-01T12:00:00+03:00"
    with pytest.raises(ValueError, match="is not a time in UTC"):
        Grant(member="m1", points=1, reason="x", active_from="2026-06-01T09:00:00Z", expires_at=moscow)
    with pytest.raises(ValueError, match="is not a time in UTC"):
        msgspec.structs.replace(SALE, accrued_expires_at=moscow)


def test_a_grant_has_its_times_in_utc() -> None:
    with pytest.raises(ValueError, match=r"^'2026-06-01T12:00:00\+03:00' is not a time in UTC$"):
        Grant(member="m1", points=1, reason="x", active_from="2026-06-01T12:00:00+03:00")


@pytest.mark.parametrize(("body", "points"), list(zip(BODIES, [-132, 0, 0, 0, 0, 150], strict=True)))
def test_what_an_operation_does_to_the_balance(body: Any, points: int) -> None:
    assert points_delta(body) == points


def test_times_are_written_in_utc_to_the_microsecond(elsewhere: None) -> None:
    moscow = timezone(timedelta(hours=3))
    assert utc_text(datetime(2026, 6, 1, 12, tzinfo=moscow)) == "2026-06-01T09:00:00.000000+00:00"
    assert utc_text(datetime(2026, 6, 1, 9, 0, 0, 5, tzinfo=UTC)) == "2026-06-01T09:00:00.000005+00:00"
