"""Days are the store's: offers, coupons, birthdays and the life of points follow the clock on the shop's wall, whatever
zone the chain's programme names. A shop in Vladivostok: 15:00 UTC of the 2nd is one in the morning of the 3rd."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from loyalty.bodies import Sale, SaleNumber
from loyalty.operation import Operation, Store
from loyalty.programme import Offer
from loyalty.returns import Back, LineReturn, take_back
from loyalty.sold import return_of
from pos_agent.protocol import BasketLine, Pay, Prepare

THIRD = date(2026, 3, 3)
TEA = BasketLine(id="1", name="Чай", price="1000.00", quantity="2", category="tea")
DOUBLE = Offer(id="double", ru="", en="", kind="multiplier", times=2, first_day=THIRD)
TENTH = Offer(id="tenth", ru="", en="", kind="percent_off", percent_bp=1000, first_day=THIRD)


@pytest.fixture(params=["Asia/Vladivostok", None])
def shop(request: pytest.FixtureRequest, desk: Any) -> Any:
    desk.zone = request.param
    desk.cache.store = Store(id="vl", timezone=request.param) if request.param else None
    desk.now = datetime(2026, 3, 2, 15, tzinfo=UTC)
    house = desk.checkout.house
    house.programme = replace(house.programme, promotions=(DOUBLE, TENTH))
    return desk


def sold(shop: Any) -> Operation:
    shop.code(shop.ANNA)
    shop.basket(TEA)
    assert shop.do(Pay(sale="1")).ok
    day = "2026-03-03" if shop.zone else "2026-03-02"
    (operation,) = shop.cache.sale(SaleNumber(day=day, number="1")).operations
    assert isinstance(operation, Operation)
    return operation


def test_an_offer_begins_with_the_stores_day(shop: Any) -> None:
    sale = sold(shop).body
    assert isinstance(sale, Sale)
    by_the_store = {"paid": 180_000, "points": 108}  # 3 % from 1,500.00 on, twice
    by_the_programme = {"paid": 200_000, "points": 60}
    assert {"paid": sale.paid_kopecks, "points": sale.accrued.points} == (
        by_the_store if shop.zone else by_the_programme
    )


def test_a_promise_told_before_the_stores_midnight_says_that_the_day_has_changed(shop: Any) -> None:
    shop.now = datetime(2026, 3, 2, 13, 55, tzinfo=UTC)
    shop.basket(TEA)
    shop.now = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
    assert shop.do(Prepare()).code == ("changed_day" if shop.zone else "prepared")


def test_points_live_to_the_end_of_a_day_of_the_store(shop: Any) -> None:
    sale = sold(shop).body
    assert isinstance(sale, Sale)
    assert sale.accrued.expires_at is None or sale.accrued.expires_at[11:13] == ("14" if shop.zone else "21")


def test_a_return_is_worked_out_by_the_day_of_the_sales_own_store(shop: Any) -> None:
    """One of two comes back: half of the doubled points, and they live by that shop's midnights."""
    operation = sold(shop)
    programme = shop.checkout.house.programme
    half = (LineReturn(id="1", quantity_m=1000),)
    step = take_back(programme, operation, Back(), half)
    assert isinstance(operation.body, Sale)
    # 2 % of what stays, for 3 % begins at 1,500.00; twice in the shop where the offer had begun
    kept = 36 if shop.zone else 20
    assert step.points_clawed_back == operation.body.accrued.points - kept
    back = return_of(programme, operation, step, shop.now)
    assert back.restored.dead_until is not None
    assert back.restored.dead_until[11:13] == ("14" if shop.zone else "21")
