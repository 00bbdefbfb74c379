"""The rotating code of a phone at the till: fresh it lets a receipt spend more than the card alone, and whatever takes
its proof away leaves the card."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from loyalty.operation import Key
from loyalty.rotating_code import CLOCK_GOOD_FOR, certify, code_text, phone_id, slot_of
from offline_cache.records import Page
from pos_agent.answers import Reply
from pos_agent.protocol import Balance, Cancel, Code, Redeem
from tests.pos_agent.conftest import NOW, PHONE_KEY, Desk, member

ANNA, BORIS, LOST, BLOCKED, FRESH = Desk.ANNA, Desk.BORIS, Desk.LOST, Desk.BLOCKED, Desk.FRESH
STRANGE = "2600000000208"
HUB = Ed25519PrivateKey.from_private_bytes(b"h" * 32)
PHONE = Ed25519PrivateKey.from_private_bytes(b"p" * 32)
PUBLIC = PHONE.public_key().public_bytes_raw()
SECOND = timedelta(seconds=1)


def told(desk: Desk, at: datetime = NOW, keys: dict[int, bytes] | None = None, **anna: Any) -> None:
    """The hub tells its keys, and the time."""
    desk.cache.changes.apply(
        Page(
            members=[member("anna", 150, (ANNA, "active"), **anna)] if anna else [],
            used_coupons=[],
            coupon_keys={},
            phone_hash_key=PHONE_KEY,
            watermark=Key(1, 0),
            cursor="6",
            pulled_at=at,
            rotating_keys={1: HUB.public_key().public_bytes_raw()} if keys is None else keys,
        )
    )


@pytest.fixture
def till(desk: Desk) -> Iterator[Desk]:
    house = desk.checkout.house
    house.programme = replace(house.programme, redemption=replace(house.programme.redemption, card_alone_max_points=50))
    told(desk)
    yield desk


def code(card: str = ANNA, at: datetime = NOW, *, hub: Ed25519PrivateKey = HUB, days: int = 100) -> str:
    certificate = certify(card, PUBLIC, NOW + timedelta(days=days), 1, hub.sign)
    return code_text(certificate, slot_of(at), PHONE.sign)


def limit(till: Desk) -> int:
    """Of the receipt in front."""
    answer = till.do(Redeem(preview=True))
    assert answer.told is not None and answer.told.limit is not None
    return answer.told.limit.points


def only_identifies(till: Desk, answer: Reply, words: str) -> None:
    assert answer.ok and answer.code == "member_found" and words in answer.text, answer.text
    assert limit(till) == 50


def test_a_fresh_code_spends_more_than_the_card_alone(till: Desk) -> None:
    assert till.basket().ok
    only_identifies(till, till.code(ANNA), "Card")
    answer = till.code(code())
    assert answer.code == "member_found" and "the member's phone is confirmed: 150" in answer.text
    assert limit(till) == 150
    assert till.do(Redeem()).ok and till.pay("1").ok
    (sale,) = till.stored("1")
    assert sale.redeemed.points == 150 and sale.seen.second_factor
    assert sale.seen.proof == f"phone:{phone_id(PUBLIC)}:{slot_of(NOW)}"


@pytest.mark.parametrize(("later_s", "limit_points"), [(0, 150), (59, 150), (60, 50), (90, 50), (120, 50)])
def test_a_picture_of_it_dies(till: Desk, later_s: int, limit_points: int) -> None:
    picture = code()
    till.now += later_s * SECOND
    told(till, till.now)
    assert till.basket().ok
    answer = till.code(picture)
    assert answer.ok and ("a picture perhaps" in answer.text) == (limit_points == 50)
    assert limit(till) == limit_points


def test_a_code_proves_once_at_a_till_and_twice_at_its_own_receipt(till: Desk) -> None:
    text = code()
    assert till.basket().ok and till.code(text).ok and limit(till) == 150
    assert "confirmed" in till.code(text).text and limit(till) == 150, "scanned once more"
    assert till.do(Cancel()).ok and till.basket().ok
    only_identifies(till, till.code(text), "was shown here before")
    till.now += 30 * SECOND
    assert till.code(code(at=till.now)).ok and limit(till) == 150, "the next half minute's"


def test_it_stays_used_up_when_the_till_starts_anew(till: Desk) -> None:
    assert till.cache.used_slots.take("a", 5) and not till.cache.used_slots.take("a", 5)
    assert till.cache.used_slots.take("b", 5) and till.cache.used_slots.take("a", 6)
    assert till.cache.used_slots.take("a", 26), "and what is long dead is forgotten"
    with till.cache.file.reading() as connection:
        rows = connection.execute("SELECT phone, slot FROM used_slots ORDER BY 1, 2").fetchall()
    assert [tuple(row) for row in rows] == [("a", 6), ("a", 26)]


def test_a_till_that_did_not_hear_the_hub_for_a_day_only_identifies(till: Desk) -> None:
    till.now += CLOCK_GOOD_FOR
    assert till.basket().ok
    assert till.code(code(at=till.now)).ok and limit(till) == 150
    till.now += 30 * SECOND
    only_identifies(till, till.code(code(at=till.now)), "clock was not set by the hub for a day")


def test_a_clock_that_was_put_back_brings_no_picture_back(till: Desk) -> None:
    picture = code()
    told(till, NOW + timedelta(hours=2))
    assert till.basket().ok
    only_identifies(till, till.code(picture), "clock was not set")


def test_a_phone_that_is_ahead_only_identifies(till: Desk) -> None:
    assert till.basket().ok
    only_identifies(till, till.code(code(at=NOW + timedelta(minutes=3))), "phone's clock is ahead")


def test_a_certificate_that_is_over_only_identifies(till: Desk) -> None:
    assert till.basket().ok
    only_identifies(till, till.code(code(days=-1)), "certificate is over")


def test_a_key_that_the_hub_tells_no_more_only_identifies(till: Desk) -> None:
    told(till, keys={2: HUB.public_key().public_bytes_raw()})
    assert list(till.cache.changes.rotating_keys()) == [2]
    assert till.basket().ok
    only_identifies(till, till.code(code()), "no such key")


def test_a_phone_that_was_taken_off_the_card_only_identifies(till: Desk) -> None:
    told(till, revoked_phones=(phone_id(PUBLIC),))
    assert till.basket().ok
    only_identifies(till, till.code(code()), "was taken off the card")


def test_a_forged_one_is_refused_and_changes_nothing(till: Desk) -> None:
    assert till.basket().ok and till.code(BORIS).ok
    forged = till.code(code(hub=PHONE))
    assert not forged.ok and forged.code == "phone_code_forged"
    assert till.code("PAR:HELLO.").code == "phone_code_malformed"
    assert till.checkout.visit.who is not None and till.checkout.visit.who.card == BORIS


def test_a_blocked_or_replaced_card_is_what_its_number_is(till: Desk) -> None:
    assert till.basket().ok
    assert till.code(code(LOST)).code == "card_replaced"
    assert till.code(code(BLOCKED)).ok and limit(till) == 0
    till.now += 30 * SECOND
    assert till.code(code(FRESH, till.now)).ok and limit(till) == 0, "not registered"


def test_it_is_said_what_is_on_the_card_and_no_proof_is_used_up(till: Desk) -> None:
    text = code()
    assert till.do(Balance(text=text)).code in ("balance_told", "member_known")
    assert till.basket().ok and till.code(text).ok and limit(till) == 150


def test_where_the_card_alone_is_enough_nobody_hears_why_it_is_no_proof(till: Desk) -> None:
    house = till.checkout.house
    house.programme = replace(
        house.programme, redemption=replace(house.programme.redemption, card_alone_max_points=None)
    )
    assert till.basket().ok
    answer = till.code(code(at=NOW - timedelta(minutes=5)))
    assert answer.ok and "picture" not in answer.text and limit(till) == 150


def test_the_next_customers_code_waits_with_its_proof(till: Desk) -> None:
    from pos_agent.protocol import SetBasket

    first = msgspec.structs.replace(SetBasket(lines=(till.chocolate(3),)), sale="7")
    assert till.do(first).ok and till.do(Code(text=BORIS, sale="7")).ok
    waits = till.code(code())
    assert waits.code == "card_for_next"
    assert till.pay("7").ok
    assert till.do(msgspec.structs.replace(first, sale="8")).ok
    who = till.checkout.visit.who
    assert who is not None and who.card == ANNA and who.second_factor


def test_a_strangers_code_is_taken_for_his_card(till: Desk) -> None:
    """Where the till is told of its own shop's members alone."""
    till.cache.changes.apply(
        Page(
            members=[],
            used_coupons=[],
            coupon_keys={},
            phone_hash_key=PHONE_KEY,
            watermark=Key(1, 0),
            cursor="7",
            pulled_at=NOW,
            scope="shop:77",
            rotating_keys={1: HUB.public_key().public_bytes_raw()},
        )
    )
    assert till.basket().ok
    answer = till.code(code(STRANGE))
    assert answer.ok and answer.code == "stranger"
    who = till.checkout.visit.who
    assert who is not None and who.card == STRANGE and who.stranger
