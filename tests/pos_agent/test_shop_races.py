"""Tills of one shop spend a member's points at once while the hub is away: real files and checkouts (SEC10)."""

from __future__ import annotations

import os
import random
from pathlib import Path

from tests.pos_agent.shop_of_tills import ShopOfTills

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
