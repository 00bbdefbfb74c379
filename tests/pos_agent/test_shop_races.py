"""Tills of one shop spend a member's points at once while the hub is away: real files and checkouts (SEC10)."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_agent.protocol import Cancel, Pay, Redeem
from tests.pos_agent.shop_of_tills import ShopOfTills
from tests.there import there

RACES = int(os.environ.get("TILL_RACES", "12"))  # `make long`: 10,000


def test_in_races_of_tills_that_all_answer_no_point_is_spent_twice_sec10(tmp_path: Path) -> None:
    seed = int(os.environ.get("SHOP_SEED", random.SystemRandom().randrange(2**32)))
    print(f"SHOP_SEED={seed}")
    shop = ShopOfTills(tmp_path, 3)
    try:
        for race in range(RACES):
            shop.race(random.Random(f"{seed}/{race}").randrange, kills=race % 2 == 1)
    finally:
        shop.close()
    print(f"{shop.redeemed} points redeemed")
    assert shop.redeemed > 100 * RACES


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[ShopOfTills]:
    tills = ShopOfTills(tmp_path, 2)
    yield tills
    tills.close()


def test_what_a_receipt_has_reserved_in_the_shop_is_known_after_a_kill(shop: ShopOfTills) -> None:
    one, other = shop.begin(600)
    assert shop.redeems(one, "1", 500) == 500
    one.start()
    assert shop.redeems(other, "1", 500) == 100


def test_two_receipts_of_one_till_are_two(shop: ShopOfTills) -> None:
    one, other = shop.begin(600)
    assert shop.redeems(one, "1", 300) == 300
    assert shop.redeems(one, "2", 250) == 250
    assert shop.redeems(other, "1", 500) == 50


def test_a_later_wish_takes_the_place_of_the_one_before(shop: ShopOfTills) -> None:
    one, other = shop.begin(600)
    assert shop.redeems(one, "1", 500) == 500
    assert shop.redeems(one, "1", 600) == 600
    shop.does(one, Redeem(points=0, sale="1"))
    assert shop.redeems(other, "1", 550) == 550


def test_a_sale_counts_once_however_its_till_says_it(shop: ShopOfTills) -> None:
    one, other = shop.begin(600)
    assert shop.redeems(one, "1", 500) == 500
    shop.does(one, Pay(sale="1"))
    assert shop.redeems(other, "1", 500) == 100
    shop.does(other, Cancel(sale="1"))
    one.start()
    assert shop.redeems(other, "2", 500) == 100


def test_a_till_that_dies_while_a_later_wish_is_asked_for_has_what_it_told_before(shop: ShopOfTills) -> None:
    """The customer was told of 500, and may pay so."""
    one, other = shop.begin(600)
    assert shop.redeems(one, "1", 500) == 500
    one.script = [Redeem(points=100, sale="1")]
    waiting = there(one.next())
    waiting.told.append(other.shop.asked(waiting.wanted.asked))
    one.decide(waiting.wanted.request.hold)  # 100 are granted, and nobody has heard of it
    one.start()
    assert shop.redeems(other, "1", 500) == 100
    shop.does(one, Pay(sale="1"))
    shop.does(other, Cancel(sale="1"))
    assert shop.redeems(other, "2", 500) == 100
