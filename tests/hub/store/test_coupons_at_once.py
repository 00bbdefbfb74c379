"""Many tills at once over one coupon and one campaign, on each database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from hub.store.records import Place
from hub.store.seam import Store
from tests.hub.conftest import AA, PROGRAMMES, Pen
from tests.hub.coupons.conftest import RULES, Shop, campaign

TILLS = 6


@pytest.fixture
def shop(store: Store, tmp_path: Path) -> Iterator[Shop]:
    offers = (campaign("plain"), campaign("three", in_all=3))
    yield Shop(tmp_path, {**PROGRAMMES, "alenka": replace(RULES, coupons=offers)}, store)


def test_one_use_is_one_tills_and_three_of_a_campaign_are_three(shop: Shop) -> None:
    with ThreadPoolExecutor(TILLS) as threads:
        same = list(threads.map(lambda n: shop.hold(AA, till=f"t{n}"), range(TILLS)))
        own = list(threads.map(lambda n: shop.hold(f"{n:032x}", "three", till=f"t{n}"), range(TILLS)))
    assert Counter(said[:6] for said in same) == {"2026-0": 1, "coupon": TILLS - 1} and "coupon_held" in same
    assert Counter(said[:6] for said in own) == {"2026-0": 3, "coupon": TILLS - 3} and "coupon_limit" in own


def test_receipts_that_come_at_once_are_all_counted_and_one_has_the_use(shop: Shop) -> None:
    shop.join("anna")
    pens = [Pen(f"t{n}") for n in range(TILLS)]
    texts = [pen.write(shop.used(AA, member="anna")) for pen in pens]

    def take(till: int) -> str | None:
        (answer,) = shop.hub.take(f"t{till}", [texts[till]]).answers
        return answer.reason

    with ThreadPoolExecutor(TILLS) as threads:
        assert list(threads.map(take, range(TILLS))) == [None] * TILLS
    with shop.hub.store.reading() as reader:
        (use,) = reader.coupon_uses([AA])
        conflicts = reader.coupon_conflicts([AA])
    assert {row.place for row in (use, *conflicts)} == {Place(f"t{n}", 1, 1) for n in range(TILLS)}
    assert shop.counted("plain") == (TILLS, TILLS * 100) == shop.counted("plain", "anna")
    assert shop.case_costs() == {"coupon_twice": (TILLS - 1) * 100} and shop.is_sound()
