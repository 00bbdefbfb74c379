"""R25: least baskets count only goods that the offer may touch, at the sale and at its return alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from loyalty.basket import Basket, Line
from loyalty.member import MemberView
from loyalty.programme import Offer, Programme
from loyalty.quote import quote
from loyalty.returns import LineReturn
from loyalty.sold import reverse_quoted

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)


def goods(id: str, price: int, category: str | None, least: int | None = None) -> Line:
    return Line(id=id, name=id, price_kopecks=price, category=category, min_unit_price_kopecks=least)


def hundred(**more: Any) -> Offer:
    return Offer(
        id="hundred", ru="", en="", kind="amount_off", amount_kopecks=10_000, min_basket_kopecks=100_000, **more
    )


FIFTY = Offer(id="fifty", ru="", en="", kind="extra_points", points=50, min_basket_kopecks=30_000)
DOUBLE = Offer(id="double", ru="", en="", kind="multiplier", times=2, min_basket_kopecks=30_000)


@pytest.mark.parametrize(
    ("category", "least", "refusal"),
    [
        ("tobacco", None, "basket_too_small"),
        ("gift_certificate", None, "basket_too_small"),
        (None, None, "basket_too_small"),
        ("alcohol_strong", None, "basket_too_small"),  # no least price: no discount either
        ("alcohol_strong", 40_900, None),
        ("grocery", None, None),
    ],
)
def test_r25_a_discount_counts_goods_with_discounts(
    perekrestok: Programme, category: str | None, least: int | None, refusal: str | None
) -> None:
    """990.00 of these and bread for 10.00; the coupon is from 1000.00."""
    lines = (goods("big", 99_000, category, least), goods("bread", 1_000, "bread"))
    answer = quote(perekrestok, Basket(lines=lines, coupons=(hundred(),)), MemberView(), at=AT)
    assert answer.coupons[0].refusal == refusal
    assert answer.total_kopecks == (100_000 if refusal else 90_000)


def test_r25_a_promotion_counts_the_same_goods(perekrestok: Programme) -> None:
    promoted = replace(perekrestok, promotions=(hundred(),))
    for category, total in (("tobacco", 100_000), ("grocery", 90_000)):
        lines = (goods("big", 99_000, category), goods("bread", 1_000, "bread"))
        assert quote(promoted, Basket(lines=lines), MemberView(), at=AT).total_kopecks == total


def test_r25_goods_that_an_offer_does_not_name_help_it_to_hold(perekrestok: Programme) -> None:
    """«100 rubles off sweets from 500» is of the receipt: C2, C4 of docs/rules.md."""
    lines = (goods("big", 99_000, "grocery"), goods("bread", 1_000, "bread"))
    only_bread = hundred(categories=("bread",))
    answer = quote(perekrestok, Basket(lines=lines, coupons=(only_bread,)), MemberView(), at=AT)
    assert [line.net_kopecks for line in answer.lines] == [99_000, 1]


@pytest.mark.parametrize("offer", [FIFTY, DOUBLE])
@pytest.mark.parametrize(("category", "holds"), [("gift_certificate", False), ("tobacco", False), ("gifts", True)])
def test_r25_points_count_goods_that_earn(alenka: Programme, offer: Offer, category: str, holds: bool) -> None:
    """A certificate of 3000.00 and tea for 1.00; the points are from 300.00."""
    lines = (goods("big", 300_000, category), goods("tea", 100, "tea"))
    plain = quote(alenka, Basket(lines=lines), MemberView(), at=AT).accrual.points
    answer = quote(alenka, Basket(lines=lines, coupons=(offer,)), MemberView(), at=AT)
    assert (answer.coupons[0].refusal is None) == holds
    assert (answer.accrual.points > plain) == holds
    promoted = quote(replace(alenka, promotions=(offer,)), Basket(lines=lines), MemberView(), at=AT)
    assert (promoted.accrual.points > plain) == holds


def test_r25_what_remains_of_a_receipt_is_measured_in_the_same_way(alenka: Programme) -> None:
    """Tea 300.00 and a certificate 3000.00 with +50 from 300.00: half of the tea comes back, and the certificate does
    not keep the points."""
    lines = (replace(goods("tea", 15_000, "tea"), quantity_m=2000), goods("certificate", 300_000, "gift_certificate"))
    programme = replace(alenka, coupons=(FIFTY,))
    basket = Basket(lines=lines, coupons=(FIFTY,))
    answer = quote(programme, basket, MemberView(), at=AT)
    assert answer.accrual.points == 6 + 50
    steps = reverse_quoted(
        programme,
        basket,
        MemberView(),
        answer,
        AT,
        [[LineReturn(id="certificate", quantity_m=1000)], [LineReturn(id="tea", quantity_m=1000)]],
    )
    assert [step.points_clawed_back for step in steps] == [0, 53]


def test_favourites_are_those_that_the_programme_allows(perekrestok: Programme) -> None:
    assert perekrestok.favourite is not None
    lines = (goods("vodka", 100_000, "alcohol_strong", 40_900), goods("milk", 10_000, "dairy"))
    member = MemberView(favourites=("alcohol_strong", "dairy"))
    assert dict(quote(perekrestok, Basket(lines=lines), member, at=AT).accrual.parts)["favourite"] == 40
    anything = replace(perekrestok, favourite=replace(perekrestok.favourite, categories=()))
    assert dict(quote(anything, Basket(lines=lines), member, at=AT).accrual.parts)["favourite"] == 440
