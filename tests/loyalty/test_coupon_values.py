"""A coupon's own value in the place of its campaign's: in the quote, in the sale that is judged, in what comes back.
And the most that a campaign takes off a receipt, whatever the value."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as changed

from loyalty.basket import Basket, Line
from loyalty.bodies import Sale
from loyalty.by_rules import against_rules
from loyalty.member import MemberView
from loyalty.offers import of_value
from loyalty.operation import Operation
from loyalty.programme import Offer, Programme, ReturnRules
from loyalty.quote import quote
from loyalty.returns import LineReturn, reverse
from tests.loyalty.judged import sold_as
from tests.loyalty.test_properties import AT, baskets, checked, programmes

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
TEA = Line(id="A", name="", price_kopecks=60_000, category="tea")
CHOCOLATE = Line(id="B", name="", price_kopecks=40_000, category="chocolate")
ANNA = MemberView()


def offer(kind: str, **more: Any) -> Offer:
    return Offer(id="own", ru="", en="", kind=kind, **more)  # type: ignore[arg-type]


def of_1000_rubles(programme: Programme, coupon: Offer) -> tuple[int, int]:
    """Kopecks off, and points more than without it."""
    answer = quote(programme, Basket(lines=(TEA, CHOCOLATE), coupons=(coupon,)), ANNA, at=NOON, requested_points=0)
    return answer.coupons[0].discount_kopecks, dict(answer.accrual.offers).get("own", 0)


@pytest.mark.parametrize(
    ("campaign", "value", "gives"),
    [
        (offer("percent_off", percent_bp=500), 0, (5_000, 0)),
        (offer("percent_off", percent_bp=500), 2_000, (20_000, 0)),
        (offer("percent_off", percent_bp=500, most_kopecks=12_000), 2_000, (12_000, 0)),
        (offer("percent_off", percent_bp=500), 30_000, (99_000, 0)),  # more than all of it is all of it but the floors
        (offer("amount_off", amount_kopecks=1_000), 0, (1_000, 0)),
        (offer("amount_off", amount_kopecks=1_000), 7_777, (7_777, 0)),
        (offer("amount_off", amount_kopecks=1_000, most_kopecks=5_000), 7_777, (5_000, 0)),
        (offer("extra_points", points=10), 0, (0, 10)),
        (offer("extra_points", points=10), 45, (0, 45)),
        (offer("gift"), 9_999, (39_999, 0)),  # a gift has no value of its own
        (offer("gift", most_kopecks=10_000), 0, (10_000, 0)),
    ],
)
def test_a_value_of_its_own_is_what_the_coupon_gives(
    alenka: Programme, campaign: Offer, value: int, gives: tuple[int, int]
) -> None:
    floor = replace(alenka, redemption=replace(alenka.redemption, unit_floor_kopecks=500))
    programme = (
        floor if value == 30_000 else replace(alenka, redemption=replace(alenka.redemption, unit_floor_kopecks=0))
    )
    assert of_1000_rubles(programme, of_value(campaign, value)) == gives


def test_a_multiplier_is_its_campaigns() -> None:
    double = offer("multiplier", times=2)
    assert of_value(double, 5) is double


def sold(programme: Programme, campaign: Offer, value: int) -> Operation:
    programme = replace(programme, coupons=(campaign,), returns=ReturnRules(coupon="recompute"))
    basket = Basket(lines=(TEA, CHOCOLATE), coupons=(of_value(campaign, value),))
    answer = quote(programme, basket, ANNA, at=NOON, requested_points=0)
    return sold_as(programme, basket, ANNA, answer, NOON, values={"own": value})


def test_the_rest_of_a_return_is_priced_with_the_coupons_own_value(alenka: Programme) -> None:
    """100 off from 500 by the campaign, 200 by this coupon: without tea, chocolate alone has neither; tea alone would
    have 200, so that it keeps what it has. By the campaign's 100 it would have to pay 20 more."""
    campaign = offer("amount_off", amount_kopecks=10_000, min_basket_kopecks=50_000)
    operation = sold(alenka, campaign, 20_000)
    programme = replace(alenka, coupons=(campaign,), returns=ReturnRules(coupon="recompute"))

    def refund(id: str) -> int:
        return reverse(programme, operation, [[LineReturn(id=id, quantity_m=1_000)]])[0].refund_kopecks

    assert refund("A") == 80_000 - 40_000  # chocolate costs its 400 now
    assert refund("B") == 80_000 - 48_000
    both = [[LineReturn(id="A", quantity_m=1_000)], [LineReturn(id="B", quantity_m=1_000)]]
    assert sum(step.refund_kopecks for step in reverse(programme, operation, both)) == 80_000


def test_a_sale_is_judged_by_the_value_that_it_names(alenka: Programme) -> None:
    campaign = offer("percent_off", percent_bp=500)
    programme = replace(alenka, coupons=(campaign,), returns=ReturnRules(coupon="recompute"))
    operation = sold(alenka, campaign, 2_000)
    assert isinstance(operation.body, Sale)
    assert against_rules(operation, programme) is None
    (use,) = operation.body.coupons
    other = changed(operation, body=changed(operation.body, coupons=(changed(use, value=0),)))
    assert against_rules(other, programme) is not None


@settings(parent=checked, max_examples=100)
@given(programmes(), baskets(), st.lists(st.sampled_from([0, 1, 50, 3_000, 25_000]), min_size=2, max_size=2))
def test_whatever_the_values_a_sale_is_by_the_rules_and_comes_back_whole(
    programme: Programme, basket: Basket, drawn: list[int]
) -> None:
    """Also where one coupon is idle because another gives more."""
    programme = replace(programme, coupons=basket.coupons)
    values = {coupon.id: value for coupon, value in zip(basket.coupons, drawn, strict=False)}
    own = replace(basket, coupons=tuple(of_value(coupon, values[coupon.id]) for coupon in basket.coupons))
    answer = quote(programme, own, ANNA, at=AT)
    operation = sold_as(programme, own, ANNA, answer, AT, values=values)
    assert against_rules(operation, programme) is None
    steps = [[LineReturn(id=line.id, quantity_m=line.quantity_m)] for line in basket.lines]
    returned = reverse(programme, operation, steps)
    assert sum(step.refund_kopecks for step in returned) == answer.total_kopecks
    assert sum(step.points_clawed_back for step in returned) == answer.accrual.points
